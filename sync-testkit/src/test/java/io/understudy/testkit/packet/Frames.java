package io.understudy.testkit.packet;

import java.util.Arrays;
import java.util.HexFormat;

/** Frames for tests, and short ways to decode them. */
final class Frames {
  static final int ETHERNET_HEADER = 14;
  static final int IPV4_HEADER = 20;
  static final int IPV6_HEADER = 40;
  static final String A4 = "192.0.2.1";
  static final String B4 = "198.51.100.2";
  static final String A6 = "2001:db8::1";
  static final String B6 = "2001:db8:0:1::2";

  private Frames() {}

  static PacketBuilder ipv4(Segment segment) {
    return PacketBuilder.between(A4, B4).carry(segment);
  }

  static PacketBuilder ipv6(Segment segment) {
    return PacketBuilder.between(A6, B6).carry(segment);
  }

  static TcpSegment syn() {
    return Segment.tcp(40_000, 80).flags(TcpHeader.SYN).sequence(1_000);
  }

  static Segment udp(int payloadLength) {
    return Segment.udp(40_000, 53, new byte[payloadLength]);
  }

  static SctpSegment init() {
    return Segment.sctp(40_000, 38_412, 0).init(0x1234_5678, 1);
  }

  static Segment ping() {
    return Segment.echoRequest(0x4711, 1, new byte[8]);
  }

  static Packet decode(byte[] frame) {
    return decode(LinkType.ETHERNET, frame);
  }

  static Packet decode(LinkType link, byte[] frame) {
    Packet packet = new Packet();
    PacketReader.read(link, frame, 0, packet);
    return packet;
  }

  /** Decodes what a snap length leaves of a frame. */
  static Packet decodeCut(byte[] frame, int capturedLength) {
    Packet packet =
        new Packet().wrap(Arrays.copyOf(frame, capturedLength), 0, capturedLength, frame.length, 0);
    PacketReader.read(LinkType.ETHERNET, packet);
    return packet;
  }

  /** A copy with one byte changed. */
  static byte[] with(byte[] frame, int at, int value) {
    byte[] copy = frame.clone();
    copy[at] = (byte) value;
    return copy;
  }

  /** A copy with two bytes changed. */
  static byte[] with16(byte[] frame, int at, int value) {
    byte[] copy = frame.clone();
    Bytes.put16(copy, at, value);
    return copy;
  }

  /** A copy with bytes put before it. */
  static byte[] after(String hex, byte[] bytes) {
    byte[] header = hex(hex);
    byte[] whole = Arrays.copyOf(header, header.length + bytes.length);
    System.arraycopy(bytes, 0, whole, header.length, bytes.length);
    return whole;
  }

  static byte[] hex(String hex) {
    return HexFormat.of().parseHex(hex.replace(" ", ""));
  }
}
