package io.understudy.testkit.firewall;

/** Why a packet did not pass. */
public enum DropReason {
  /** It did pass. */
  NONE,
  /** It belongs to no session, and cannot or may not begin one. */
  NO_SESSION,
  /** It contradicts its session, or is none that could begin one. */
  INVALID,
  /** It would begin a session, or begin one anew, in a group for which this member may not decide. */
  NOT_HOLDER,
  /** It would begin a session anew, and comes from the side that may only answer. */
  FROM_OUTSIDE,
  /** This member holds no group: it forwards nothing. */
  STANDBY,
  /** It waited for its session, which did not come in time. */
  PARK_EXPIRED,
  /** It found all parking places taken. */
  PARK_FULL
}
