package io.understudy.wire;

import java.io.ByteArrayOutputStream;

/** Protobuf bytes put together by hand, for what no writer would write. */
final class WireBytes {
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();

  /** Bytes as they are. */
  WireBytes raw(int... bytes) {
    for (int b : bytes) {
      out.write(b);
    }
    return this;
  }

  /** A number without a tag. */
  WireBytes number(long value) {
    long rest = value;
    while (rest >>> 7 != 0) {
      out.write((int) (rest | 0x80));
      rest >>>= 7;
    }
    out.write((int) rest);
    return this;
  }

  /** A field of a varint. */
  WireBytes varint(int field, long value) {
    return number((long) field << 3).number(value);
  }

  /** A field of bytes. */
  WireBytes bytes(int field, int... bytes) {
    return number((long) field << 3 | 2).number(bytes.length).raw(bytes);
  }

  /** A packed field of varints. */
  WireBytes packed(int field, long... values) {
    WireBytes packed = new WireBytes();
    for (long value : values) {
      packed.number(value);
    }
    return message(field, packed);
  }

  /** A field that is a message. */
  WireBytes message(int field, WireBytes message) {
    byte[] bytes = message.toArray();
    number((long) field << 3 | 2).number(bytes.length);
    out.writeBytes(bytes);
    return this;
  }

  byte[] toArray() {
    return out.toByteArray();
  }
}
