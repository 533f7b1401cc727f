package io.understudy.track;

/**
 * State of a UDP session, or of one of GRE, ESP, AH or any other protocol without ports: per
 * direction, that a first and a second packet were seen.
 */
public enum FlowState implements SessionState {
  NONE(TimeoutClass.UDP_UNREPLIED),
  /** Packets in the forward direction only. */
  UNREPLIED(TimeoutClass.UDP_UNREPLIED),
  /** A reply came. */
  REPLIED(TimeoutClass.UDP_REPLIED),
  /** A reply, then another packet forward. */
  STREAM(TimeoutClass.UDP_STREAM),
  /** One packet of another protocol. */
  OTHER_FIRST(TimeoutClass.OTHER),
  /** Two packets forward, or a reply, of another protocol. */
  OTHER_CONFIRMED(TimeoutClass.OTHER);

  static final int SEEN = FactWords.OPENING;
  static final int SECOND = 1 << 1;

  /** UDP: a packet forward came after a reply; a query that was repeated before is no stream. */
  static final int AFTER_REPLY = 1 << 2;

  /** All bits that a direction may have. */
  static final int ALL = SEEN | SECOND | AFTER_REPLY;

  private final TimeoutClass timeoutClass;

  FlowState(TimeoutClass timeoutClass) {
    this.timeoutClass = timeoutClass;
  }

  @Override
  public TimeoutClass timeoutClass() {
    return timeoutClass;
  }

  @Override
  public boolean isEstablished() {
    return this != NONE;
  }

  @Override
  public boolean isClosed() {
    return false;
  }

  /** The state of a UDP session. */
  static FlowState ofUdp(int forward, int reverse) {
    if ((forward | reverse) == 0) {
      return NONE;
    }
    if (reverse == 0) {
      return UNREPLIED;
    }
    return (forward & AFTER_REPLY) != 0 ? STREAM : REPLIED;
  }

  /** The state of a session of a protocol that is not tracked by name. */
  static FlowState ofOther(int forward, int reverse) {
    if ((forward | reverse) == 0) {
      return NONE;
    }
    return reverse != 0 || (forward & SECOND) != 0 ? OTHER_CONFIRMED : OTHER_FIRST;
  }
}
