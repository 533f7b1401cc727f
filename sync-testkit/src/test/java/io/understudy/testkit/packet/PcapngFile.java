package io.understudy.testkit.packet;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Writes pcapng blocks of either byte order, for tests. */
final class PcapngFile {
  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
  private ByteOrder order = ByteOrder.LITTLE_ENDIAN;

  /** Begins a section; what follows is in its byte order. */
  PcapngFile section(ByteOrder byteOrder) {
    order = byteOrder;
    return block(
        0x0a0d0d0a,
        body(16).putInt(0x1a2b3c4d).putShort((short) 1).putShort((short) 0).putLong(-1));
  }

  PcapngFile link(int linkType, int snapLength) {
    return block(1, interfaceBody(linkType, snapLength, 0));
  }

  PcapngFile link(int linkType, int resolution, long offsetSeconds) {
    ByteBuffer body = interfaceBody(linkType, 0, 36);
    body.putShort((short) 2).putShort((short) 3).put(new byte[] {'e', 't', 'h', 0});
    body.putShort((short) 9)
        .putShort((short) 1)
        .putInt(order == ByteOrder.LITTLE_ENDIAN ? resolution : resolution << 24);
    body.putShort((short) 14).putShort((short) 8).putLong(offsetSeconds);
    return block(1, body.putInt(0));
  }

  private ByteBuffer interfaceBody(int linkType, int snapLength, int options) {
    return body(8 + options).putShort((short) linkType).putShort((short) 0).putInt(snapLength);
  }

  PcapngFile enhanced(int number, long ticks, byte[] frame, int originalLength) {
    ByteBuffer body = body(20 + padded(frame.length) + 12).putInt(number);
    packet(body, ticks, frame, originalLength);
    return block(
        6,
        body.putShort((short) 2).putShort((short) 4).putInt(0).putInt(0)); // flags, end of options
  }

  PcapngFile obsolete(int number, long ticks, byte[] frame, int originalLength) {
    ByteBuffer body = body(20 + padded(frame.length)).putShort((short) number).putShort((short) 0);
    packet(body, ticks, frame, originalLength);
    return block(2, body);
  }

  PcapngFile simple(byte[] frame, int originalLength) {
    return block(3, body(4 + padded(frame.length)).putInt(originalLength).put(frame));
  }

  private static void packet(ByteBuffer body, long ticks, byte[] frame, int originalLength) {
    body.putInt((int) (ticks >>> 32))
        .putInt((int) ticks)
        .putInt(frame.length)
        .putInt(originalLength)
        .put(frame);
    body.position(body.position() + padded(frame.length) - frame.length);
  }

  PcapngFile other(int type, int length) {
    return block(type, body(length));
  }

  private PcapngFile block(int type, ByteBuffer body) {
    return rawBlock(type, body.capacity() + 12, body.array(), body.capacity() + 12);
  }

  /** A block whose two lengths are given, right or wrong. */
  PcapngFile rawBlock(int type, int length, byte[] body, int lengthAgain) {
    bytes.writeBytes(body(8).putInt(type).putInt(length).array());
    bytes.writeBytes(body);
    bytes.writeBytes(body(4).putInt(lengthAgain).array());
    return this;
  }

  ByteBuffer body(int length) {
    return ByteBuffer.allocate(length).order(order);
  }

  private static int padded(int length) {
    return length + 3 & ~3;
  }

  byte[] bytes() {
    return bytes.toByteArray();
  }
}
