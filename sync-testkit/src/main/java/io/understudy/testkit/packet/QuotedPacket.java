package io.understudy.testkit.packet;

import static io.understudy.testkit.packet.Bytes.i32;
import static io.understudy.testkit.packet.Bytes.i64;
import static io.understudy.testkit.packet.Bytes.u16;
import static io.understudy.testkit.packet.Bytes.u32;
import static io.understudy.testkit.packet.Bytes.u8;

/**
 * The beginning of a packet as an ICMP error quotes it: enough to find the session that the error is about.
 *
 * <p>An error needs to quote no more than the IP header and eight bytes, and lengths in it mean nothing, so nothing is
 * checked but what is read. A quoted later fragment or a cut quotation is not readable: its values mean nothing.
 */
public final class QuotedPacket {
  private boolean readable;
  private boolean ipv6;
  private int protocol;
  private int sourcePort;
  private int destinationPort;
  private int identifier;
  private int icmpType;
  private int verificationTag;
  private long sourceHigh;
  private long sourceLow;
  private long destinationHigh;
  private long destinationLow;

  QuotedPacket() {}

  void clear() {
    readable = false;
    ipv6 = false;
    protocol = 0;
    sourcePort = 0;
    destinationPort = 0;
    identifier = 0;
    icmpType = 0;
    verificationTag = 0;
    sourceHigh = 0;
    sourceLow = 0;
    destinationHigh = 0;
    destinationLow = 0;
  }

  void read(byte[] bytes, int at, int end) {
    if (at >= end) {
      return;
    }
    switch (u8(bytes, at) >>> 4) {
      case 4 -> readIpv4(bytes, at, end);
      case 6 -> readIpv6(bytes, at, end);
      default -> clear();
    }
  }

  private void readIpv4(byte[] bytes, int at, int end) {
    int headerLength = (bytes[at] & 0xf) * 4;
    if (headerLength < 20 || headerLength > end - at || (u16(bytes, at + 6) & 0x1fff) != 0) {
      return;
    }
    sourceLow = u32(bytes, at + 12);
    destinationLow = u32(bytes, at + 16);
    readTransport(bytes, u8(bytes, at + 9), at + headerLength, end);
  }

  private void readIpv6(byte[] bytes, int at, int end) {
    if (end - at < 40) {
      return;
    }
    ipv6 = true;
    sourceHigh = i64(bytes, at + 8);
    sourceLow = i64(bytes, at + 16);
    destinationHigh = i64(bytes, at + 24);
    destinationLow = i64(bytes, at + 32);
    int header = u8(bytes, at + 6);
    int next = at + 40;
    while (IpHeaders.isExtension(header)) {
      if (next + 8 > end || header == IpHeaders.FRAGMENT && (u16(bytes, next + 2) & 0xfff8) != 0) {
        return;
      }
      int length = IpHeaders.extensionLength(bytes, header, next);
      header = u8(bytes, next);
      next += length;
    }
    readTransport(bytes, header, next, end);
  }

  private void readTransport(byte[] bytes, int quotedProtocol, int at, int end) {
    protocol = quotedProtocol;
    if (protocol == Packet.TCP || protocol == Packet.UDP || protocol == Packet.SCTP) {
      readable = at + 4 <= end;
      if (readable) {
        sourcePort = u16(bytes, at);
        destinationPort = u16(bytes, at + 2);
        verificationTag = protocol == Packet.SCTP && at + 8 <= end ? i32(bytes, at + 4) : 0;
      }
    } else if (protocol == (ipv6 ? Packet.ICMPV6 : Packet.ICMP)) {
      readable = at + 6 <= end;
      if (readable) {
        icmpType = u8(bytes, at);
        identifier = u16(bytes, at + 4);
      }
    } else {
      readable = true;
    }
  }

  /** Whether protocol, addresses and, where the protocol has them, ports or identifier could be read. */
  public boolean isReadable() {
    return readable;
  }

  /** Whether the quoted packet is IPv6. */
  public boolean isIpv6() {
    return ipv6;
  }

  /** The protocol of the quoted packet. */
  public int protocol() {
    return protocol;
  }

  /** The first eight bytes of its IPv6 source address. */
  public long sourceHigh() {
    return sourceHigh;
  }

  /** The last eight bytes of its IPv6 source address, or its IPv4 source address. */
  public long sourceLow() {
    return sourceLow;
  }

  /** The first eight bytes of its IPv6 destination address. */
  public long destinationHigh() {
    return destinationHigh;
  }

  /** The last eight bytes of its IPv6 destination address, or its IPv4 destination address. */
  public long destinationLow() {
    return destinationLow;
  }

  /** Its source port. */
  public int sourcePort() {
    return sourcePort;
  }

  /** Its destination port. */
  public int destinationPort() {
    return destinationPort;
  }

  /** The verification tag, if it is SCTP and was quoted so far; otherwise 0. */
  public int verificationTag() {
    return verificationTag;
  }

  /** The ICMP type, if it is ICMP. */
  public int icmpType() {
    return icmpType;
  }

  /** The ICMP identifier, if it is ICMP: of a query, or else whatever is in its place. */
  public int identifier() {
    return identifier;
  }
}
