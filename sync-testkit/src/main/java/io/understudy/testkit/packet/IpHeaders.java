package io.understudy.testkit.packet;

import static io.understudy.testkit.packet.Bytes.i64;
import static io.understudy.testkit.packet.Bytes.u16;
import static io.understudy.testkit.packet.Bytes.u32;
import static io.understudy.testkit.packet.Bytes.u8;

/**
 * Decodes IPv4 and IPv6 headers and hands on to the transport header.
 *
 * <p>Two ends matter, and they are not the same: a length field is checked against where the packet ends, reading
 * against where packet or capture ends, whichever comes first.
 *
 * <p>Source: RFC 791, RFC 8200, RFC 2675 (jumbograms), RFC 6946 (atomic fragments), RFC 4302 (AH).
 */
final class IpHeaders {
  static final int HOP_BY_HOP = 0;
  static final int ROUTING = 43;
  static final int FRAGMENT = 44;
  static final int AUTHENTICATION = 51;
  static final int DESTINATION_OPTIONS = 60;
  private static final int JUMBO_PAYLOAD = 0xc2;

  private IpHeaders() {}

  static void readIpv4(Packet packet, int at) {
    byte[] bytes = packet.bytes;
    MalformedReason reason = ipv4Length(packet, at);
    if (reason != MalformedReason.NONE) {
      packet.reject(reason);
      return;
    }
    packet.decodedAs(Packet.Kind.IPV4);
    packet.ipAt = at;
    packet.sourceLow = u32(bytes, at + 12);
    packet.destinationLow = u32(bytes, at + 16);
    int fragment = u16(bytes, at + 6);
    packet.laterFragment = (fragment & 0x1fff) != 0;
    packet.moreFragments = (fragment & 0x2000) != 0;
    Transport.read(packet, u8(bytes, at + 9), at + headerLength(bytes, at));
  }

  /** Checks the fixed header and finds where the packet ends. */
  private static MalformedReason ipv4Length(Packet packet, int at) {
    byte[] bytes = packet.bytes;
    int captured = packet.captureEnd - at;
    if (captured > 0 && u8(bytes, at) >>> 4 != 4) {
      return MalformedReason.IP_VERSION;
    }
    if (captured < 20) {
      return MalformedReason.IP_HEADER_CUT;
    }
    int headerLength = headerLength(bytes, at);
    if (headerLength < 20) {
      return MalformedReason.IPV4_HEADER_LENGTH;
    }
    int totalLength = u16(bytes, at + 2);
    if (totalLength == 0) {
      packet.packetEnd = packet.captureEnd; // a large segment, recorded before the card cut it up
    } else if (totalLength < headerLength) {
      return MalformedReason.IPV4_TOTAL_LENGTH;
    } else if (totalLength > packet.wireEnd - at) {
      return MalformedReason.IP_LENGTH_BEYOND_WIRE;
    } else {
      packet.packetEnd = at + totalLength;
    }
    return captured < headerLength ? MalformedReason.IP_HEADER_CUT : MalformedReason.NONE;
  }

  private static int headerLength(byte[] bytes, int at) {
    return (bytes[at] & 0xf) * 4;
  }

  static void readIpv6(Packet packet, int at) {
    byte[] bytes = packet.bytes;
    MalformedReason reason = ipv6Length(packet, at);
    if (reason != MalformedReason.NONE) {
      packet.reject(reason);
      return;
    }
    packet.decodedAs(Packet.Kind.IPV6);
    packet.ipAt = at;
    packet.sourceHigh = i64(bytes, at + 8);
    packet.sourceLow = i64(bytes, at + 16);
    packet.destinationHigh = i64(bytes, at + 24);
    packet.destinationLow = i64(bytes, at + 32);
    readExtensions(packet, u8(bytes, at + 6), at + 40);
  }

  /** Checks the fixed header and finds where the packet ends. */
  private static MalformedReason ipv6Length(Packet packet, int at) {
    byte[] bytes = packet.bytes;
    int captured = packet.captureEnd - at;
    if (captured > 0 && u8(bytes, at) >>> 4 != 6) {
      return MalformedReason.IP_VERSION;
    }
    if (captured < 40) {
      return MalformedReason.IP_HEADER_CUT;
    }
    int payloadLength = u16(bytes, at + 4);
    if (payloadLength == 0 && u8(bytes, at + 6) == HOP_BY_HOP) {
      packet.jumbo = true;
      packet.packetEnd = jumboEnd(packet, at + 40);
      if (packet.packetEnd > packet.wireEnd) {
        return MalformedReason.IP_LENGTH_BEYOND_WIRE;
      }
    } else if (payloadLength == 0) {
      packet.packetEnd = packet.captureEnd; // a large segment, as in IPv4
    } else if (40 + payloadLength > packet.wireEnd - at) {
      return MalformedReason.IP_LENGTH_BEYOND_WIRE;
    } else {
      packet.packetEnd = at + 40 + payloadLength;
    }
    return MalformedReason.NONE;
  }

  /**
   * Where a packet ends whose payload length is 0 and whose length is left to the hop-by-hop header at {@code at}.
   *
   * <p>Such an option stands at 4n + 2 (RFC 2675, 2); elsewhere it is none. Without one, or with one that has no room for the header it is in, the packet is treated like an
   * IPv4 packet of total length 0: the captured length serves.
   */
  private static int jumboEnd(Packet packet, int at) {
    byte[] bytes = packet.bytes;
    int end = packet.captureEnd;
    if (at + 8 <= end) {
      int optionsEnd = Math.min(end, at + (u8(bytes, at + 1) + 1) * 8);
      int option = at + 2;
      while (option + 6 <= optionsEnd) {
        int type = u8(bytes, option);
        if (type == JUMBO_PAYLOAD && (option - at & 3) == 2) {
          long length = u32(bytes, option + 2);
          return length >= 8 ? (int) Math.min(Integer.MAX_VALUE, at + length) : end;
        }
        option += type == 0 ? 1 : 2 + u8(bytes, option + 1); // type 0 is one byte of padding
      }
    }
    return end;
  }

  /** Walks the extension headers; each is at least 8 bytes long, so the capture bounds the loop. */
  private static void readExtensions(Packet packet, int firstHeader, int firstAt) {
    byte[] bytes = packet.bytes;
    int readableEnd = packet.readableEnd();
    int header = firstHeader;
    int at = firstAt;
    while (isExtension(header)) {
      int length = at + 8 <= readableEnd ? extensionLength(bytes, header, at) : 8;
      if (at + length > readableEnd) {
        packet.reject(MalformedReason.EXTENSION_HEADER_CUT);
        return;
      }
      if (header == FRAGMENT) {
        int fragment = u16(bytes, at + 2);
        packet.laterFragment = (fragment & 0xfff8) != 0;
        packet.moreFragments = (fragment & 1) != 0;
      }
      header = u8(bytes, at);
      at += length;
      if (packet.isLaterFragment()) {
        break; // what follows is the middle of something
      }
    }
    Transport.read(packet, header, at);
  }

  static boolean isExtension(int header) {
    return header == HOP_BY_HOP
        || header == ROUTING
        || header == FRAGMENT
        || header == AUTHENTICATION
        || header == DESTINATION_OPTIONS;
  }

  static int extensionLength(byte[] bytes, int header, int at) {
    return switch (header) {
      case FRAGMENT -> 8;
      case AUTHENTICATION ->
          Math.max(8, (u8(bytes, at + 1) + 2) * 4); // it counts in words of four bytes
      default -> (u8(bytes, at + 1) + 1) * 8;
    };
  }
}
