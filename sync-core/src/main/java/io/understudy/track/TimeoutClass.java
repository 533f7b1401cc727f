package io.understudy.track;

/**
 * A class of idle timeouts, by its stable code; {@link Timeouts} says how long each is.
 *
 * <p>Source: RFC 5382 and 7857 (TCP behind NAT), RFC 4787 (UDP), RFC 5508 (ICMP), RFC 9260 (SCTP), and the
 * defaults of netfilter for comparison.
 */
public enum TimeoutClass {
  TCP_SYN_SENT(1, 30, 240),
  TCP_SYN_RECV(2, 30, 240),
  TCP_ESTABLISHED(3, 3600, 7440),
  TCP_FIN_WAIT(4, 120, 240),
  TCP_CLOSE_WAIT(5, 60, 240),
  TCP_LAST_ACK(6, 30, 240),
  TCP_TIME_WAIT(7, 120, 240),
  TCP_CLOSE(8, 10, 240),
  UDP_UNREPLIED(9, 60, 120),
  UDP_REPLIED(10, 60, 120),
  UDP_STREAM(11, 120, 120),
  ICMP(12, 20, 60),
  SCTP_HANDSHAKE(13, 10, 0),
  SCTP_ESTABLISHED(14, 3600, 0),
  SCTP_SHUTDOWN(15, 10, 0),
  OTHER(16, 60, 0);

  private final int code;
  private final int defaultSeconds;
  private final int translatedSeconds;

  TimeoutClass(int code, int defaultSeconds, int translatedSeconds) {
    this.code = code;
    this.defaultSeconds = defaultSeconds;
    this.translatedSeconds = translatedSeconds;
  }

  /** 1 to 127; 128 to 255 are the embedder's own. */
  public int code() {
    return code;
  }

  public int defaultSeconds() {
    return defaultSeconds;
  }

  /** The least that a translation asks for, 0: nothing. */
  public int translatedSeconds() {
    return translatedSeconds;
  }
}
