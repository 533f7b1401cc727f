package io.understudy.testkit.packet;

import static io.understudy.testkit.packet.Bytes.u16;

/** Decodes what follows the IP headers: ports and the headers that a firewall tracks. */
final class Transport {
  private static final int UDP_HEADER = 8;

  private Transport() {}

  static void read(Packet packet, int protocol, int at) {
    packet.protocol = protocol;
    packet.payloadAt = at;
    packet.payloadEnd = packet.packetEnd;
    if (packet.isLaterFragment()) {
      return;
    }
    MalformedReason reason =
        switch (protocol) {
          case Packet.TCP -> packet.tcp().read(at);
          case Packet.UDP -> readUdp(packet, at);
          case Packet.SCTP -> packet.sctp().read(at);
          case Packet.ICMP -> packet.isIpv6() ? MalformedReason.NONE : packet.icmp().read(at);
          case Packet.ICMPV6 -> packet.isIpv6() ? packet.icmp().read(at) : MalformedReason.NONE;
          default -> MalformedReason.NONE;
        };
    if (reason != MalformedReason.NONE) {
      packet.reject(reason);
    } else if (packet.hasPorts()) {
      packet.sourcePort = u16(packet.bytes, at);
      packet.destinationPort = u16(packet.bytes, at + 2);
    }
  }

  private static MalformedReason readUdp(Packet packet, int at) {
    if (at + UDP_HEADER > packet.readableEnd()) {
      return MalformedReason.TRANSPORT_HEADER_CUT;
    }
    int length = u16(packet.bytes, at + 4);
    boolean unstated = length == 0 && packet.jumbo; // too long for the field (RFC 2675)
    if (length < UDP_HEADER && !unstated) {
      return MalformedReason.UDP_LENGTH;
    }
    if (!packet.isFragment() && length > packet.packetEnd - at) {
      return MalformedReason.UDP_LENGTH;
    }
    packet.payloadAt = at + UDP_HEADER;
    packet.payloadEnd = packet.isFragment() || unstated ? packet.packetEnd : at + length;
    return MalformedReason.NONE;
  }
}
