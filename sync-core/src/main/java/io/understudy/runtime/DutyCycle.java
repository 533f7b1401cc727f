package io.understudy.runtime;

/**
 * Work in bounded steps, turned by a thread, an event loop or a simulator.
 *
 * <p>Thread: one at a time; whoever turns it.
 */
public interface DutyCycle {
  /**
   * Does a bounded amount of work.
   *
   * @param nowNs monotonic time, never less than in the call before
   * @return how much was done; above 0 means: run again soon, there may be more
   */
  int run(long nowNs);

  /** When {@link #run} must be called again at the latest, on the same clock; {@link Long#MAX_VALUE}: only when woken. */
  long nextDueNs();
}
