package io.understudy.track;

/**
 * A class of idle timeouts, by its stable code; {@link Timeouts} says how long each is.
 *
 * <p>Source: RFC 5382 (TCP behind NAT), RFC 4787 (UDP), RFC 5508 (ICMP), RFC 9260 (SCTP), and the
 * defaults of netfilter for comparison.
 */
public enum TimeoutClass {
  TCP_SYN_SENT(1, 30),
  TCP_SYN_RECV(2, 30),
  TCP_ESTABLISHED(3, 3600),
  TCP_FIN_WAIT(4, 120),
  TCP_CLOSE_WAIT(5, 60),
  TCP_LAST_ACK(6, 30),
  TCP_TIME_WAIT(7, 120),
  TCP_CLOSE(8, 10),
  UDP_UNREPLIED(9, 60),
  UDP_REPLIED(10, 60),
  UDP_STREAM(11, 120),
  ICMP(12, 20),
  SCTP_HANDSHAKE(13, 10),
  SCTP_ESTABLISHED(14, 3600),
  SCTP_SHUTDOWN(15, 10),
  OTHER(16, 60);

  private final int code;
  private final int defaultSeconds;

  TimeoutClass(int code, int defaultSeconds) {
    this.code = code;
    this.defaultSeconds = defaultSeconds;
  }

  /** 1 to 127; 128 to 255 are the embedder's own. */
  public int code() {
    return code;
  }

  public int defaultSeconds() {
    return defaultSeconds;
  }
}
