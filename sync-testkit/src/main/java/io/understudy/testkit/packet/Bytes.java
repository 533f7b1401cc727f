package io.understudy.testkit.packet;

/** Unsigned numbers in network byte order, read from and written to byte arrays; who calls has checked the bounds. */
final class Bytes {
  private Bytes() {}

  static int u8(byte[] bytes, int at) {
    return bytes[at] & 0xff;
  }

  static int u16(byte[] bytes, int at) {
    return (bytes[at] & 0xff) << 8 | bytes[at + 1] & 0xff;
  }

  static int i32(byte[] bytes, int at) {
    return u16(bytes, at) << 16 | u16(bytes, at + 2);
  }

  static long u32(byte[] bytes, int at) {
    return i32(bytes, at) & 0xffff_ffffL;
  }

  static long i64(byte[] bytes, int at) {
    return u32(bytes, at) << 32 | u32(bytes, at + 4);
  }

  static void put16(byte[] bytes, int at, int value) {
    bytes[at] = (byte) (value >>> 8);
    bytes[at + 1] = (byte) value;
  }

  static void put32(byte[] bytes, int at, int value) {
    put16(bytes, at, value >>> 16);
    put16(bytes, at + 2, value);
  }

  /** The sum of the 16-bit words of a range, an odd last byte padded with zero: folded by {@link #checksum}. */
  static long sum(byte[] bytes, int from, int to) {
    long sum = 0;
    int at = from;
    for (; at + 1 < to; at += 2) {
      sum += u16(bytes, at);
    }
    return at < to ? sum + (u8(bytes, at) << 8) : sum;
  }

  /** The internet checksum (RFC 1071) of a sum of words. */
  static int checksum(long sum) {
    long folded = sum;
    while (folded >>> 16 != 0) {
      folded = (folded & 0xffff) + (folded >>> 16);
    }
    return (int) ~folded & 0xffff;
  }

  /** The checksum of a segment that covers its addresses, protocol and length. */
  static int segmentChecksum(byte[] segment, int protocol, long addressSum) {
    return checksum(addressSum + protocol + segment.length + sum(segment, 0, segment.length));
  }
}
