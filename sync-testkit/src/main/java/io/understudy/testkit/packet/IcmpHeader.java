package io.understudy.testkit.packet;

import static io.understudy.testkit.packet.Bytes.u16;
import static io.understudy.testkit.packet.Bytes.u8;

/**
 * The ICMP or ICMPv6 header of a {@link Packet}.
 *
 * <p>A query has an answer and an identifier that plays the port; an error speaks about the packet it quotes; the rest
 * (neighbour discovery, group membership, redirects of IPv6) is neither. Absent, everything reads as 0 or false.
 *
 * <p>Source: RFC 792, RFC 950, RFC 4443, RFC 4620, RFC 8335.
 */
public final class IcmpHeader {
  private static final int ABSENT = -1;
  private static final int LENGTH = 8;

  private final Packet packet;
  private final QuotedPacket quoted = new QuotedPacket();
  private int at = ABSENT;

  IcmpHeader(Packet packet) {
    this.packet = packet;
  }

  void clear() {
    at = ABSENT;
    quoted.clear();
  }

  MalformedReason read(int headerAt) {
    if (headerAt + LENGTH > packet.readableEnd()) {
      return MalformedReason.TRANSPORT_HEADER_CUT;
    }
    at = headerAt;
    packet.payloadAt = headerAt + LENGTH;
    if (isError()) {
      quoted.read(packet.bytes, packet.payloadAt, packet.readableEnd());
    }
    return MalformedReason.NONE;
  }

  /** Whether the packet has an ICMP header. */
  public boolean isPresent() {
    return at != ABSENT;
  }

  /** The type; the numbers of ICMP and ICMPv6 differ. */
  public int type() {
    return isPresent() ? u8(packet.bytes, at) : 0;
  }

  /** The code. */
  public int code() {
    return isPresent() ? u8(packet.bytes, at + 1) : 0;
  }

  /** The identifier of a query, 0 for others. */
  public int identifier() {
    return isQuery() ? u16(packet.bytes, at + 4) : 0;
  }

  /** Whether this is an echo request. */
  public boolean isEchoRequest() {
    return isPresent() && type() == (packet.isIpv6() ? 128 : 8);
  }

  /** Whether this is an echo reply. */
  public boolean isEchoReply() {
    return isPresent() && type() == (packet.isIpv6() ? 129 : 0);
  }

  /** Whether this is a query or an answer: (extended) echo, timestamp, information, address mask, node information. */
  public boolean isQuery() {
    if (!isPresent()) {
      return false;
    }
    return packet.isIpv6()
        ? switch (type()) {
          case 128, 129, 139, 140, 160, 161 -> true;
          default -> false;
        }
        : switch (type()) {
          case 0, 8, 13, 14, 15, 16, 17, 18, 42, 43 -> true;
          default -> false;
        };
  }

  /** Whether this reports an error about the packet it quotes. */
  public boolean isError() {
    if (!isPresent()) {
      return false;
    }
    if (packet.isIpv6()) {
      return type() < 128;
    }
    return switch (type()) {
      case 3, 4, 5, 11, 12 -> true;
      default -> false;
    };
  }

  /** The packet that an error quotes; absent from all others. */
  public QuotedPacket quoted() {
    return quoted;
  }
}
