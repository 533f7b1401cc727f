package io.understudy.testkit.packet;

import java.io.ByteArrayOutputStream;

/** A TCP segment for {@link PacketBuilder}, made by {@link Segment#tcp}. */
public final class TcpSegment implements Segment {
  private static final int HEADER = 20;

  private final int sourcePort;
  private final int destinationPort;
  private final ByteArrayOutputStream options = new ByteArrayOutputStream();
  private int flags;
  private int sequence;
  private int acknowledgement;
  private int window = 0xffff;
  private byte[] payload = {};

  TcpSegment(int sourcePort, int destinationPort) {
    this.sourcePort = sourcePort;
    this.destinationPort = destinationPort;
  }

  /** Sets all flags at once, see {@link TcpHeader}. */
  public TcpSegment flags(int bits) {
    flags = bits;
    return this;
  }

  /** Sets the sequence number. */
  public TcpSegment sequence(int number) {
    sequence = number;
    return this;
  }

  /** Sets the acknowledgement number; the ACK flag is set apart. */
  public TcpSegment acknowledgement(int number) {
    acknowledgement = number;
    return this;
  }

  /** Sets the unscaled window; 65535 by default. */
  public TcpSegment window(int bytes) {
    window = bytes;
    return this;
  }

  /** Adds the maximum segment size option. */
  public TcpSegment mss(int bytes) {
    return option(2, bytes >>> 8, bytes);
  }

  /** Adds the window scale option. */
  public TcpSegment windowScale(int shift) {
    return option(3, shift);
  }

  /** Adds the SACK-permitted option. */
  public TcpSegment sackPermitted() {
    return option(4);
  }

  /** Adds the timestamps option. */
  public TcpSegment timestamps(int value, int echo) {
    return option(
        8,
        value >>> 24,
        value >>> 16,
        value >>> 8,
        value,
        echo >>> 24,
        echo >>> 16,
        echo >>> 8,
        echo);
  }

  private TcpSegment option(int kind, int... body) {
    options.write(kind);
    options.write(body.length + 2);
    for (int octet : body) {
      options.write(octet);
    }
    return this;
  }

  /** Sets the payload. */
  public TcpSegment payload(byte... content) {
    payload = content;
    return this;
  }

  @Override
  public int protocol(boolean ipv6) {
    return Packet.TCP;
  }

  @Override
  public byte[] encode(boolean ipv6, long addressSum) {
    int headerLength =
        HEADER + (options.size() + 3 & ~3); // padded with zeros, the end of the options
    if (headerLength > 60) {
      throw new IllegalArgumentException(
          "TCP header of " + headerLength + " bytes exceeds the limit of 60");
    }
    byte[] segment = new byte[headerLength + payload.length];
    Bytes.put16(segment, 0, sourcePort);
    Bytes.put16(segment, 2, destinationPort);
    Bytes.put32(segment, 4, sequence);
    Bytes.put32(segment, 8, acknowledgement);
    segment[12] = (byte) (headerLength / 4 << 4);
    segment[13] = (byte) flags;
    Bytes.put16(segment, 14, window);
    System.arraycopy(options.toByteArray(), 0, segment, HEADER, options.size());
    System.arraycopy(payload, 0, segment, headerLength, payload.length);
    Bytes.put16(segment, 16, Bytes.segmentChecksum(segment, Packet.TCP, addressSum));
    return segment;
  }
}
