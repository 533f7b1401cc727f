package io.understudy.track;

/**
 * State of a TCP session as a middle box sees it.
 *
 * <p><b>Facts.</b> Per direction d, whose other end is o: d's SYN was seen; o acknowledged it; d
 * acknowledged o's SYN before that was known (<i>ahead</i>); o's SYN was then seen here after all
 * (<i>late</i>); d's FIN was seen; o acknowledged it; d sent a RST; d was picked up in mid-stream.
 *
 * <p><b>Ahead and late.</b> On asymmetric paths the member that sees only d cannot check what d
 * acknowledges. It notes that d acknowledged something; together with the SYN that only the other
 * member saw, the handshake is complete, whichever fact arrives first. One member alone never
 * completes a handshake with it: o's SYN is missing, and when that member sees it later, the
 * acknowledgement came too early to mean it, so <i>late</i> voids <i>ahead</i> for good and the
 * next acknowledgement is checked against the number now known.
 */
public enum TcpState implements SessionState {
  NONE(TimeoutClass.TCP_SYN_SENT),
  /** One SYN. */
  SYN_SENT(TimeoutClass.TCP_SYN_SENT),
  /** Two SYNs that crossed, neither acknowledged. */
  SYN_SENT2(TimeoutClass.TCP_SYN_SENT),
  /** Both SYNs, one acknowledged; or a session picked up of which one direction was seen. */
  SYN_RECV(TimeoutClass.TCP_SYN_RECV),
  /** Each end acknowledged the other's SYN. */
  ESTABLISHED(TimeoutClass.TCP_ESTABLISHED),
  /** The first FIN. */
  FIN_WAIT(TimeoutClass.TCP_FIN_WAIT),
  /** The first FIN is acknowledged; the other direction may go on for long. */
  CLOSE_WAIT(TimeoutClass.TCP_CLOSE_WAIT),
  /** Both FINs, at least one not acknowledged. */
  LAST_ACK(TimeoutClass.TCP_LAST_ACK),
  /** Both FINs are acknowledged. */
  TIME_WAIT(TimeoutClass.TCP_TIME_WAIT),
  /** Reset. */
  CLOSE(TimeoutClass.TCP_CLOSE);

  static final int SYN = FactWords.OPENING;
  static final int SYN_ACKNOWLEDGED = 1 << 1;
  static final int AHEAD = 1 << 2;
  static final int LATE = 1 << 3;
  static final int FIN = 1 << 4;
  static final int FIN_ACKNOWLEDGED = 1 << 5;
  static final int RST = 1 << 6;
  static final int PICKED_UP = 1 << 7;

  /** All bits that a direction may have. */
  static final int ALL = (1 << 8) - 1;

  private final TimeoutClass timeoutClass;

  TcpState(TimeoutClass timeoutClass) {
    this.timeoutClass = timeoutClass;
  }

  @Override
  public TimeoutClass timeoutClass() {
    return timeoutClass;
  }

  /** The handshake is complete, and no RST came. */
  @Override
  public boolean isEstablished() {
    return ordinal() >= ESTABLISHED.ordinal() && this != CLOSE;
  }

  @Override
  public boolean isClosed() {
    return this == TIME_WAIT || this == CLOSE;
  }

  /** The state that follows from the bits of both directions. */
  static TcpState of(int forward, int reverse) {
    if (((forward | reverse) & RST) != 0) {
      return CLOSE;
    }
    if (isHandshakeComplete(forward, reverse)) {
      return closing(forward, reverse);
    }
    if (((forward | reverse) & PICKED_UP) != 0) {
      return SYN_RECV;
    }
    return opening(forward, reverse);
  }

  /** Each end's SYN was acknowledged, or both directions were picked up. */
  static boolean isHandshakeComplete(int forward, int reverse) {
    return isAcknowledged(forward, reverse) && isAcknowledged(reverse, forward)
        || (forward & reverse & PICKED_UP) != 0;
  }

  /** The SYN of the direction with {@code bits} was seen, and acknowledged by the other end. */
  static boolean isAcknowledged(int bits, int otherBits) {
    return (bits & SYN) != 0
        && ((bits & SYN_ACKNOWLEDGED) != 0 || (otherBits & (AHEAD | LATE)) == AHEAD);
  }

  private static TcpState opening(int forward, int reverse) {
    if ((forward & reverse & SYN) == 0) {
      return (forward | reverse) == 0 ? NONE : SYN_SENT;
    }
    return isAcknowledged(forward, reverse) || isAcknowledged(reverse, forward)
        ? SYN_RECV
        : SYN_SENT2;
  }

  private static TcpState closing(int forward, int reverse) {
    if ((forward & reverse & FIN) != 0) {
      return (forward & reverse & FIN_ACKNOWLEDGED) != 0 ? TIME_WAIT : LAST_ACK;
    }
    int one = (forward & FIN) != 0 ? forward : reverse;
    if ((one & FIN) == 0) {
      return ESTABLISHED;
    }
    return (one & FIN_ACKNOWLEDGED) != 0 ? CLOSE_WAIT : FIN_WAIT;
  }
}
