package io.understudy.model;

/** Numbers of the IP protocols that the library treats by name (IANA, Assigned Internet Protocol Numbers). */
public final class IpProtocol {
  public static final int ICMP = 1;
  public static final int TCP = 6;
  public static final int UDP = 17;
  public static final int GRE = 47;
  public static final int ESP = 50;
  public static final int AH = 51;
  public static final int ICMPV6 = 58;
  public static final int SCTP = 132;

  private IpProtocol() {}

  /** ICMP of either version. */
  public static boolean isIcmp(int protocol) {
    return protocol == ICMP || protocol == ICMPV6;
  }

  /** Its sessions have two ports (ICMP: an id) in their key; those of others are told apart by addresses alone. */
  public static boolean hasPorts(int protocol) {
    return protocol == TCP || protocol == UDP || protocol == SCTP || isIcmp(protocol);
  }
}
