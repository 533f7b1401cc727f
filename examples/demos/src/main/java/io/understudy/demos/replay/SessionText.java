package io.understudy.demos.replay;

import io.understudy.model.IpProtocol;
import io.understudy.tables.session.SessionView;

/** A session in words: {@code tcp 192.0.2.1:1 > 198.51.100.1:80}, IPv6 in brackets, of ICMP the id alone. */
final class SessionText {
  private static final int GROUPS = 8;

  private SessionText() {}

  static String of(SessionView session) {
    boolean icmp = IpProtocol.isIcmp(session.protocol());
    boolean ports = !icmp && IpProtocol.hasPorts(session.protocol());
    String from = address(session.isIpv6(), session.originatorHigh(), session.originatorLow());
    String to = address(session.isIpv6(), session.responderHigh(), session.responderLow());
    return protocol(session.protocol())
        + " "
        + from
        + (icmp || ports ? ":" + session.originatorPort() : "")
        + " > "
        + to
        + (ports ? ":" + session.responderPort() : "");
  }

  private static String protocol(int protocol) {
    return switch (protocol) {
      case IpProtocol.TCP -> "tcp";
      case IpProtocol.UDP -> "udp";
      case IpProtocol.ICMP -> "icmp";
      case IpProtocol.ICMPV6 -> "icmpv6";
      case IpProtocol.SCTP -> "sctp";
      default -> Integer.toString(protocol);
    };
  }

  private static String address(boolean ipv6, long high, long low) {
    if (ipv6) {
      return "[" + ipv6(high, low) + "]";
    }
    return (low >>> 24) + "." + (low >>> 16 & 0xff) + "." + (low >>> 8 & 0xff) + "." + (low & 0xff);
  }

  /** As RFC 5952 writes it: the longest run of zeros, the first of the longest, is left out. */
  static String ipv6(long high, long low) {
    int[] groups = new int[GROUPS];
    for (int i = 0; i < GROUPS; i++) {
      groups[i] = (int) ((i < 4 ? high : low) >>> 48 - 16 * (i & 3)) & 0xffff;
    }
    int from = GROUPS;
    int length = 1; // one group of zeros is written
    for (int i = 0; i < GROUPS; i++) {
      int zeros = 0;
      while (i + zeros < GROUPS && groups[i + zeros] == 0) {
        zeros++;
      }
      if (zeros > length) {
        from = i;
        length = zeros;
      }
    }
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < GROUPS; i++) {
      if (i == from) {
        text.append("::");
        i += length - 1;
      } else {
        boolean follows = text.length() > 0 && text.charAt(text.length() - 1) != ':';
        text.append(follows ? ":" : "").append(Integer.toHexString(groups[i]));
      }
    }
    return text.toString();
  }
}
