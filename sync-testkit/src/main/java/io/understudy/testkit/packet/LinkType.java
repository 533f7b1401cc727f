package io.understudy.testkit.packet;

/**
 * The link layers whose frames can be decoded, with their number in capture files.
 *
 * <p>Source: the LINKTYPE_ registry of tcpdump.org; RAW also goes by the numbers 12 and 14.
 */
public enum LinkType {
  /** BSD loopback: an address family in the byte order of the recording machine. */
  NULL(0),
  /** Ethernet II with any number of VLAN tags. */
  ETHERNET(1),
  /** PPP, with or without address and control field. */
  PPP(9),
  /** PPP in HDLC-like framing, or Cisco HDLC. */
  PPP_SERIAL(50),
  /** IPv4 or IPv6 without a link header. */
  RAW(101),
  /** OpenBSD loopback: an address family in network byte order. */
  LOOP(108),
  /** Cisco HDLC: address, control, ethertype. */
  CISCO_HDLC(104),
  /** Linux cooked capture, version 1. */
  LINUX_COOKED(113),
  /** IPv4 without a link header. */
  IPV4(228),
  /** IPv6 without a link header. */
  IPV6(229),
  /** Linux cooked capture, version 2. */
  LINUX_COOKED_V2(276),
  /** Any other: its frames are not decoded. */
  OTHER(-1);

  private static final LinkType[] ALL = values();

  private final int code;

  LinkType(int code) {
    this.code = code;
  }

  /** The number in capture files, -1 for {@link #OTHER}. */
  public int code() {
    return code;
  }

  /** The link type of a number in a capture file. */
  public static LinkType of(int code) {
    if (code == 12 || code == 14) {
      return RAW; // DLT_RAW of the BSDs, written to files by old tools
    }
    for (LinkType type : ALL) {
      if (type.code == code) {
        return type;
      }
    }
    return OTHER;
  }
}
