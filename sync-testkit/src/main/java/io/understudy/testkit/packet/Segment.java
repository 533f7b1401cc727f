package io.understudy.testkit.packet;

/** What an IP packet carries, for {@link PacketBuilder}: a transport header, its payload and the right checksum. */
public sealed interface Segment
    permits TcpSegment, SctpSegment, Segment.Udp, Segment.Icmp, Segment.Other {
  /** The protocol number, which for ICMP depends on the IP version. */
  int protocol(boolean ipv6);

  /**
   * The bytes of the segment.
   *
   * @param addressSum the sum of the 16-bit words of both addresses, for checksums that cover them
   */
  byte[] encode(boolean ipv6, long addressSum);

  /** A TCP segment without flags. */
  static TcpSegment tcp(int sourcePort, int destinationPort) {
    return new TcpSegment(sourcePort, destinationPort);
  }

  /** A UDP datagram. */
  static Segment udp(int sourcePort, int destinationPort, byte... payload) {
    return new Udp(sourcePort, destinationPort, payload);
  }

  /** An ICMP or ICMPv6 echo request. */
  static Segment echoRequest(int identifier, int sequence, byte... payload) {
    return new Icmp(8, 128, 0, identifier << 16 | sequence & 0xffff, payload);
  }

  /** An ICMP or ICMPv6 echo reply. */
  static Segment echoReply(int identifier, int sequence, byte... payload) {
    return new Icmp(0, 129, 0, identifier << 16 | sequence & 0xffff, payload);
  }

  /** Any ICMP or ICMPv6 message; {@code rest} is the four bytes after the checksum. */
  static Segment icmp(int type, int code, int rest, byte... payload) {
    return new Icmp(type, type, code, rest, payload);
  }

  /** An SCTP packet without chunks. */
  static SctpSegment sctp(int sourcePort, int destinationPort, int verificationTag) {
    return new SctpSegment(sourcePort, destinationPort, verificationTag);
  }

  /** Bytes of any protocol. */
  static Segment other(int protocol, byte... payload) {
    return new Other(protocol, payload);
  }

  /** A UDP datagram. */
  record Udp(int sourcePort, int destinationPort, byte[] payload) implements Segment {
    private static final int HEADER = 8;

    @Override
    public int protocol(boolean ipv6) {
      return Packet.UDP;
    }

    @Override
    public byte[] encode(boolean ipv6, long addressSum) {
      byte[] segment = new byte[HEADER + payload.length];
      Bytes.put16(segment, 0, sourcePort);
      Bytes.put16(segment, 2, destinationPort);
      Bytes.put16(segment, 4, segment.length);
      System.arraycopy(payload, 0, segment, HEADER, payload.length);
      int checksum = Bytes.segmentChecksum(segment, Packet.UDP, addressSum);
      Bytes.put16(segment, 6, checksum == 0 ? 0xffff : checksum); // 0 would say that there is none
      return segment;
    }
  }

  /**
   * An ICMP or ICMPv6 message.
   *
   * @param rest the four bytes after the checksum
   */
  record Icmp(int type, int typeInIpv6, int code, int rest, byte[] payload) implements Segment {
    private static final int HEADER = 8;

    @Override
    public int protocol(boolean ipv6) {
      return ipv6 ? Packet.ICMPV6 : Packet.ICMP;
    }

    @Override
    public byte[] encode(boolean ipv6, long addressSum) {
      byte[] segment = new byte[HEADER + payload.length];
      segment[0] = (byte) (ipv6 ? typeInIpv6 : type);
      segment[1] = (byte) code;
      Bytes.put32(segment, 4, rest);
      System.arraycopy(payload, 0, segment, HEADER, payload.length);
      int checksum =
          ipv6
              ? Bytes.segmentChecksum(segment, Packet.ICMPV6, addressSum)
              : Bytes.checksum(
                  Bytes.sum(segment, 0, segment.length)); // ICMP does not cover the addresses
      Bytes.put16(segment, 2, checksum);
      return segment;
    }
  }

  /** Bytes of any protocol, as they are. */
  record Other(int number, byte[] payload) implements Segment {
    @Override
    public int protocol(boolean ipv6) {
      return number;
    }

    @Override
    public byte[] encode(boolean ipv6, long addressSum) {
      return payload.clone();
    }
  }
}
