package io.understudy.model;

/** The two directions of a session; forward is that of the packet that created it. */
public enum Direction {
  FORWARD,
  REVERSE;

  public Direction opposite() {
    return this == FORWARD ? REVERSE : FORWARD;
  }
}
