package io.understudy.testkit.firewall;

import io.understudy.model.IpProtocol;
import java.util.Locale;

/** The protocols by which sessions and packets are counted. */
public enum ProtocolClass {
  TCP,
  UDP,
  ICMP,
  SCTP,
  /** GRE, ESP, AH and whatever else has no ports. */
  OTHER;

  private static final ProtocolClass[] ALL = values();

  static int count() {
    return ALL.length;
  }

  /** The class of an IP protocol number. */
  public static ProtocolClass of(int protocol) {
    switch (protocol) {
      case IpProtocol.TCP:
        return TCP;
      case IpProtocol.UDP:
        return UDP;
      case IpProtocol.ICMP:
      case IpProtocol.ICMPV6:
        return ICMP;
      case IpProtocol.SCTP:
        return SCTP;
      default:
        return OTHER;
    }
  }

  /** As reports name it. */
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }
}
