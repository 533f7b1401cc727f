package io.understudy.testkit.packet;

import static io.understudy.testkit.packet.Bytes.i32;
import static io.understudy.testkit.packet.Bytes.u16;
import static io.understudy.testkit.packet.Bytes.u8;

/**
 * Decodes a frame of a link type into a {@link Packet}: link header, outermost IP header, transport header.
 *
 * <p>Thread: any; it keeps nothing.
 * <p>Errors: none, whatever the bytes; a packet that cannot be read is {@link Packet.Kind#MALFORMED} with a reason, and
 * a frame that carries no IP is {@link Packet.Kind#NOT_IP}, one that may carry some in a way that is not decoded here {@link
 * Packet.Kind#UNDECODED}. What was captured is never read beyond.
 */
public final class PacketReader {
  private static final int ETHERTYPE_IPV4 = 0x0800;
  private static final int ETHERTYPE_IPV6 = 0x86dd;
  private static final int LENGTH_MAX =
      1500; // an ethertype up to here is a length, and LLC follows
  private static final int SLL_NOVELL = 1;
  private static final int SLL_LLC = 4;
  private static final int PPP_IPV4 = 0x0021;
  private static final int PPP_IPV6 = 0x0057;

  private PacketReader() {}

  /** Decodes a frame that was captured whole. */
  public static void read(LinkType link, byte[] frame, long timestampNs, Packet into) {
    read(link, into.wrap(frame, 0, frame.length, frame.length, timestampNs));
  }

  /** Decodes the frame of a capture whose link type has this number. */
  static void read(int linkNumber, Packet packet) {
    packet.linkNumber = linkNumber;
    read(LinkType.of(linkNumber), packet);
  }

  /** Decodes the frame that a packet was {@linkplain Packet#wrap wrapped} around. */
  public static void read(LinkType link, Packet packet) {
    int start = packet.start;
    switch (link) {
      case ETHERNET -> typed(packet, start + 12, start + 14, false);
      case LINUX_COOKED -> typed(packet, start + 14, start + 16, true);
      case LINUX_COOKED_V2 -> typed(packet, start, start + 20, true);
      case NULL, LOOP -> addressFamily(packet);
      case PPP -> ppp(packet);
      case PPP_SERIAL -> serial(packet);
      case CISCO_HDLC -> typed(packet, start + 2, start + 4, false); // address, control, ethertype
      case IPV4 -> IpHeaders.readIpv4(packet, start);
      case IPV6 -> IpHeaders.readIpv6(packet, start);
      case RAW -> raw(packet);
      case OTHER -> packet.leave(Undecoded.LINK_TYPE, packet.linkNumber);
    }
  }

  /** Reads what follows a link header with an ethertype, through any number of VLAN tags. */
  private static void typed(Packet packet, int typeAt, int networkAt, boolean cooked) {
    if (networkAt > packet.captureEnd) {
      packet.reject(MalformedReason.LINK_HEADER_CUT);
      return;
    }
    int type = u16(packet.bytes, typeAt);
    int at = networkAt;
    packet.tagsAt = at;
    while (isVlanTag(type)) {
      if (at + 4 > packet.captureEnd) {
        packet.reject(MalformedReason.LINK_HEADER_CUT);
        return;
      }
      packet.vlanCount++;
      type = u16(packet.bytes, at + 2);
      at += 4;
    }
    if (type == ETHERTYPE_IPV4) {
      IpHeaders.readIpv4(packet, at);
    } else if (type == ETHERTYPE_IPV6) {
      IpHeaders.readIpv6(packet, at);
    } else if (cooked ? type == SLL_LLC : type <= LENGTH_MAX) {
      llc(packet, at);
    } else if (Undecoded.carriesNoIp(type) || cooked && type == SLL_NOVELL) {
      packet.decodedAs(Packet.Kind.NOT_IP);
    } else {
      packet.leave(Undecoded.ETHERTYPE, type);
    }
  }

  /** LLC carries control protocols, except with SNAP, which has an ethertype again, and where IP has an access point of its own. */
  private static void llc(Packet packet, int at) {
    byte[] bytes = packet.bytes;
    int accessPoint = at < packet.captureEnd ? u8(bytes, at) : 0;
    boolean snap = accessPoint == 0xaa && at + 8 <= packet.captureEnd;
    if (accessPoint == 0x06) {
      packet.leave(Undecoded.LLC, accessPoint);
    } else if (snap && isEthertypeOfSnap(packet, at + 3) && !isQuiet(u16(bytes, at + 6))) {
      packet.leave(Undecoded.LLC, 0xaa0000 | u16(bytes, at + 6));
    } else {
      packet.decodedAs(Packet.Kind.NOT_IP);
    }
  }

  /** The organisation is none (RFC 1042), or the one that stands for the bridge tunnel encapsulation. */
  private static boolean isEthertypeOfSnap(Packet packet, int organisationAt) {
    int organisation =
        u8(packet.bytes, organisationAt) << 16 | u16(packet.bytes, organisationAt + 1);
    return organisation == 0 || organisation == 0xf8;
  }

  private static boolean isQuiet(int ethertype) {
    return ethertype <= LENGTH_MAX || Undecoded.carriesNoIp(ethertype);
  }

  private static boolean isVlanTag(int type) {
    return type == 0x8100 || type == 0x88a8 || type == 0x9100;
  }

  private static void addressFamily(Packet packet) {
    int at = packet.start;
    if (at + 4 > packet.captureEnd) {
      packet.reject(MalformedReason.LINK_HEADER_CUT);
      return;
    }
    int family = i32(packet.bytes, at);
    if ((family & 0xffff_0000) != 0) {
      family =
          Integer.reverseBytes(
              family); // NULL is in the byte order of a machine that the file does not name
    }
    if (family == 2) {
      IpHeaders.readIpv4(packet, at + 4);
    } else if (isIpv6Family(family)) {
      IpHeaders.readIpv6(packet, at + 4);
    } else {
      packet.leave(Undecoded.ADDRESS_FAMILY, family);
    }
  }

  /** AF_INET6 has a number of its own on Linux, Windows, NetBSD and OpenBSD, FreeBSD, macOS. */
  private static boolean isIpv6Family(int family) {
    return family == 10 || family == 23 || family == 24 || family == 28 || family == 30;
  }

  private static void ppp(Packet packet) {
    byte[] bytes = packet.bytes;
    int end = packet.captureEnd;
    int at = packet.start;
    if (at + 2 <= end && u16(bytes, at) == 0xff03) {
      at += 2; // address and control, which peers may agree to leave out
    }
    boolean compressed =
        at < end && (bytes[at] & 1) != 0; // a first byte that is odd is the whole protocol field
    int protocolLength = compressed ? 1 : 2;
    if (at + protocolLength > end) {
      packet.reject(MalformedReason.LINK_HEADER_CUT);
      return;
    }
    int protocol = compressed ? u8(bytes, at) : u16(bytes, at);
    if (protocol == PPP_IPV4) {
      IpHeaders.readIpv4(packet, at + protocolLength);
    } else if (protocol == PPP_IPV6) {
      IpHeaders.readIpv6(packet, at + protocolLength);
    } else if (Undecoded.carriesNoIpOverPpp(protocol)) {
      packet.decodedAs(Packet.Kind.NOT_IP);
    } else {
      packet.leave(Undecoded.PPP_PROTOCOL, protocol);
    }
  }

  private static void serial(Packet packet) {
    int at = packet.start;
    boolean cisco = at < packet.captureEnd && (u8(packet.bytes, at) & 0x7f) == 0x0f;
    if (cisco) {
      typed(packet, at + 2, at + 4, false); // address 0x0f or 0x8f, control, ethertype
    } else {
      ppp(packet);
    }
  }

  private static void raw(Packet packet) {
    int at = packet.start;
    if (at == packet.captureEnd) {
      packet.reject(MalformedReason.IP_HEADER_CUT);
      return;
    }
    switch (u8(packet.bytes, at) >>> 4) {
      case 4 -> IpHeaders.readIpv4(packet, at);
      case 6 -> IpHeaders.readIpv6(packet, at);
      default -> packet.reject(MalformedReason.IP_VERSION);
    }
  }
}
