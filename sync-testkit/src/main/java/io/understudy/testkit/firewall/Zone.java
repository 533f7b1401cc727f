package io.understudy.testkit.firewall;

/** Where a packet comes from. */
public enum Zone {
  /** The side that may begin sessions. */
  INSIDE(1),
  /** The side that may only answer. */
  OUTSIDE(2);

  private final int id;

  Zone(int id) {
    this.id = id;
  }

  /** The number in a session's zone fields. */
  public int id() {
    return id;
  }
}
