package io.understudy.testkit.sim;

/** How a member's process ends, as its peers see it. */
public enum Death {
  /** Its kernel closes the connections in order: what it had handed to the kernel arrives, then the close. */
  CLOSED,
  /** Its kernel resets the connections: what is on the way may be cut short, then the break. */
  RESET,
  /** The whole machine is gone: what is on the way arrives, then nothing, and no close is seen. */
  SILENT
}
