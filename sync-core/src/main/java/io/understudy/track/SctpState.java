package io.understudy.track;

/**
 * State of an SCTP association as a middle box sees it.
 *
 * <p><b>Facts.</b> Per direction: the chunks of handshake and shut-down that it sent; a COOKIE-ECHO
 * or COOKIE-ACK that came before what it answers was known (<i>ahead</i>); that this was then seen
 * here after all (<i>late</i>). They work as in {@link TcpState}: the facts of two members make one
 * handshake in any order, those of one member alone only in the right one. Which of the two steps was
 * ahead follows from the INIT: an end that sent one was ahead with its COOKIE-ECHO, one that did not
 * with its COOKIE-ACK. ABORT and SHUTDOWN-COMPLETE are one fact, <i>closed</i>.
 *
 * <p><b>Restart.</b> An INIT on an established association is a new generation that <i>replaces</i>
 * it: it keeps the old tags and counts as established until its own COOKIE-ACK, so that a forged
 * INIT and COOKIE-ECHO do not end the association.
 */
public enum SctpState implements SessionState {
  NONE(TimeoutClass.SCTP_HANDSHAKE),
  /** An INIT, perhaps answered. */
  COOKIE_WAIT(TimeoutClass.SCTP_HANDSHAKE),
  /** INIT, INIT-ACK and COOKIE-ECHO. */
  COOKIE_ECHOED(TimeoutClass.SCTP_HANDSHAKE),
  /** The cookie was acknowledged. */
  ESTABLISHED(TimeoutClass.SCTP_ESTABLISHED),
  /** A SHUTDOWN in the forward direction. */
  SHUTDOWN_SENT(TimeoutClass.SCTP_SHUTDOWN),
  /** A SHUTDOWN in the reverse direction. */
  SHUTDOWN_RECD(TimeoutClass.SCTP_SHUTDOWN),
  SHUTDOWN_ACK_SENT(TimeoutClass.SCTP_SHUTDOWN),
  /** SHUTDOWN-COMPLETE or ABORT. */
  CLOSED(TimeoutClass.SCTP_SHUTDOWN);

  static final int INIT = FactWords.OPENING;
  static final int INIT_ACK = 1 << 1;
  static final int COOKIE_ECHO = 1 << 2;
  static final int COOKIE_ACK = 1 << 3;
  static final int SHUTDOWN = 1 << 4;
  static final int SHUTDOWN_ACK = 1 << 5;
  static final int CLOSE = 1 << 6;
  static final int AHEAD = 1 << 7;
  static final int LATE = 1 << 8;
  static final int REPLACES = 1 << 9;

  /** All bits that a direction may have. */
  static final int ALL = (1 << 10) - 1;

  private final TimeoutClass timeoutClass;

  SctpState(TimeoutClass timeoutClass) {
    this.timeoutClass = timeoutClass;
  }

  @Override
  public TimeoutClass timeoutClass() {
    return timeoutClass;
  }

  @Override
  public boolean isEstablished() {
    return ordinal() >= ESTABLISHED.ordinal() && this != CLOSED;
  }

  @Override
  public boolean isClosed() {
    return this == CLOSED;
  }

  /** The state that follows from the bits of both directions. */
  static SctpState of(int forward, int reverse) {
    int either = forward | reverse;
    if ((either & CLOSE) != 0) {
      return CLOSED;
    }
    if (!isHandshakeComplete(forward, reverse)
        && !isReplacing(forward, reverse)
        && !isPickedUp(forward, reverse)) {
      return opening(forward, reverse);
    }
    if ((either & SHUTDOWN_ACK) != 0) {
      return SHUTDOWN_ACK_SENT;
    }
    if ((forward & SHUTDOWN) != 0) {
      return SHUTDOWN_SENT;
    }
    return (reverse & SHUTDOWN) != 0 ? SHUTDOWN_RECD : ESTABLISHED;
  }

  /** All four steps, begun by either end. */
  static boolean isHandshakeComplete(int forward, int reverse) {
    return isComplete(forward, reverse) || isComplete(reverse, forward);
  }

  /** The association that this one replaces may still be the one in use. */
  static boolean isReplacing(int forward, int reverse) {
    return ((forward | reverse) & REPLACES) != 0 && !isHandshakeComplete(forward, reverse);
  }

  /** The COOKIE-ECHO of either end was seen in its place. */
  private static boolean isEchoed(int forward, int reverse) {
    return hasEcho(forward, reverse) || hasEcho(reverse, forward);
  }

  /** Seen in both directions without its opening. */
  private static boolean isPickedUp(int forward, int reverse) {
    return ((forward | reverse) & (INIT | INIT_ACK)) == 0 && (forward & reverse & AHEAD) != 0;
  }

  private static boolean isComplete(int initiator, int responder) {
    return hasEcho(initiator, responder)
        && ((responder & COOKIE_ACK) != 0 || (responder & (INIT | AHEAD | LATE)) == AHEAD);
  }

  private static boolean hasEcho(int initiator, int responder) {
    return (initiator & INIT) != 0
        && (responder & INIT_ACK) != 0
        && ((initiator & COOKIE_ECHO) != 0 || (initiator & (AHEAD | LATE)) == AHEAD);
  }

  private static SctpState opening(int forward, int reverse) {
    if (isEchoed(forward, reverse)) {
      return COOKIE_ECHOED;
    }
    return (forward | reverse) == 0 ? NONE : COOKIE_WAIT;
  }
}
