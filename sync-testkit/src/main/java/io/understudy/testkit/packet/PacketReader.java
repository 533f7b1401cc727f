package io.understudy.testkit.packet;

import static io.understudy.testkit.packet.Bytes.i32;
import static io.understudy.testkit.packet.Bytes.u16;
import static io.understudy.testkit.packet.Bytes.u8;

/**
 * Decodes a frame of a link type into a {@link Packet}: link header, outermost IP header, transport header.
 *
 * <p>Thread: any; it keeps nothing.
 * <p>Errors: none, whatever the bytes; a packet that cannot be read is {@link Packet.Kind#MALFORMED} with a reason, and
 * a frame that carries no IP directly is {@link Packet.Kind#NOT_IP}. What was captured is never read beyond.
 */
public final class PacketReader {
  private static final int ETHERTYPE_IPV4 = 0x0800;
  private static final int ETHERTYPE_IPV6 = 0x86dd;
  private static final int PPP_IPV4 = 0x0021;
  private static final int PPP_IPV6 = 0x0057;

  private PacketReader() {}

  /** Decodes a frame that was captured whole. */
  public static void read(LinkType link, byte[] frame, long timestampNs, Packet into) {
    read(link, into.wrap(frame, 0, frame.length, frame.length, timestampNs));
  }

  /** Decodes the frame that a packet was {@linkplain Packet#wrap wrapped} around. */
  public static void read(LinkType link, Packet packet) {
    int start = packet.start;
    switch (link) {
      case ETHERNET -> typed(packet, start + 12, start + 14);
      case LINUX_COOKED -> typed(packet, start + 14, start + 16);
      case LINUX_COOKED_V2 -> typed(packet, start, start + 20);
      case NULL, LOOP -> addressFamily(packet);
      case PPP -> ppp(packet);
      case PPP_SERIAL -> serial(packet);
      case IPV4 -> IpHeaders.readIpv4(packet, start);
      case IPV6 -> IpHeaders.readIpv6(packet, start);
      case RAW -> raw(packet);
      case OTHER -> packet.decodedAs(Packet.Kind.NOT_IP);
    }
  }

  /** Reads what follows a link header with an ethertype, through any number of VLAN tags. */
  private static void typed(Packet packet, int typeAt, int networkAt) {
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
    network(packet, type == ETHERTYPE_IPV4, type == ETHERTYPE_IPV6, at);
  }

  private static boolean isVlanTag(int type) {
    return type == 0x8100 || type == 0x88a8 || type == 0x9100;
  }

  private static void network(Packet packet, boolean ipv4, boolean ipv6, int at) {
    if (ipv4) {
      IpHeaders.readIpv4(packet, at);
    } else if (ipv6) {
      IpHeaders.readIpv6(packet, at);
    } else {
      packet.decodedAs(Packet.Kind.NOT_IP);
    }
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
    network(packet, family == 2, isIpv6Family(family), at + 4);
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
    network(packet, protocol == PPP_IPV4, protocol == PPP_IPV6, at + protocolLength);
  }

  private static void serial(Packet packet) {
    int at = packet.start;
    boolean cisco = at < packet.captureEnd && (u8(packet.bytes, at) & 0x7f) == 0x0f;
    if (cisco) {
      typed(packet, at + 2, at + 4); // address 0x0f or 0x8f, control, ethertype
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
