package io.understudy.track;

/**
 * State of an ICMP query session: per direction, that it was seen; and whether the query is an
 * echo, because other queries are tracked but never backed up.
 */
public enum IcmpState implements SessionState {
  NONE,
  /** An ECHO-REQUEST. */
  ECHO_REQUESTED,
  /** ECHO-REQUEST and ECHO-REPLY. */
  ECHO_REPLIED,
  /** Another query. */
  QUERIED,
  /** Another query and its reply. */
  QUERY_REPLIED;

  static final int SEEN = FactWords.OPENING;
  static final int ECHO = 1 << 1;

  /** All bits that a direction may have. */
  static final int ALL = SEEN | ECHO;

  @Override
  public TimeoutClass timeoutClass() {
    return TimeoutClass.ICMP;
  }

  @Override
  public boolean isEstablished() {
    return this != NONE;
  }

  @Override
  public boolean isClosed() {
    return false;
  }

  /** The session is an echo. */
  public boolean isEcho() {
    return this == ECHO_REQUESTED || this == ECHO_REPLIED;
  }

  /** The state that follows from the bits of both directions. */
  static IcmpState of(int forward, int reverse) {
    if ((forward | reverse) == 0) {
      return NONE;
    }
    boolean replied = (reverse & SEEN) != 0;
    if (((forward | reverse) & ECHO) != 0) {
      return replied ? ECHO_REPLIED : ECHO_REQUESTED;
    }
    return replied ? QUERY_REPLIED : QUERIED;
  }
}
