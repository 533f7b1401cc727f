package io.understudy.wire;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * Base-128 varints and little-endian numbers in a byte array, as protobuf writes them.
 *
 * <p>Shape: a value of up to 56 bits is spread over the eight bytes of a long and written with one
 * store, without a branch on its length. Such a store may overwrite up to {@link #SLACK_BYTES}
 * bytes behind the value, so an array that is written to is that much longer than what it may hold.
 */
final class Varints {
  /** Bytes that must exist behind the last one written. */
  static final int SLACK_BYTES = 8;

  /** Bytes of a length that is reserved before it is known. */
  static final int PADDED_BYTES = 3;

  static final VarHandle LONG =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
  static final VarHandle INT =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);
  static final VarHandle SHORT =
      MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.LITTLE_ENDIAN);

  /** The continuation bit of each byte of a long. */
  static final long MORE = 0x8080_8080_8080_8080L;

  private Varints() {}

  /** How many bytes a value takes, 1 to 10. */
  static int size(long value) {
    int bits = 64 - Long.numberOfLeadingZeros(value | 1);
    return (bits * 9 + 64) >>> 6; // = ceil(bits / 7) for 1..64
  }

  /** Writes a value and returns the position behind it. */
  static int write(byte[] out, int at, long value) {
    if (value >= 0 && value < 0x80) {
      out[at] = (byte) value;
      return at + 1;
    }
    if (value >>> 56 == 0) {
      return write56(out, at, value);
    }
    int end = at;
    long rest = value;
    while ((rest & ~0x7FL) != 0) {
      out[end++] = (byte) (rest | 0x80);
      rest >>>= 7;
    }
    out[end++] = (byte) rest;
    return end;
  }

  /**
   * Writes many values.
   *
   * @param or all values together, bit by bit: the widest length
   * @return the position behind the last one
   */
  static int writeAll(byte[] out, int at, long[] values, int count, long or) {
    if (or >>> 7 == 0) {
      for (int i = 0; i < count; i++) {
        out[at + i] = (byte) values[i];
      }
      return at + count;
    }
    if (or >>> 14 == 0) {
      return writeAll14(out, at, values, count);
    }
    int end = at;
    if (or >>> 28 == 0) {
      for (int i = 0; i < count; i++) {
        end = write28(out, end, (int) values[i]);
      }
      return end;
    }
    for (int i = 0; i < count; i++) {
      end = write(out, end, values[i]);
    }
    return end;
  }

  /**
   * Fills a reserved length of {@code bytes} bytes. Shorter values are padded with continuation
   * bytes, which every protobuf implementation reads: the format does not demand the shortest form.
   */
  static void patch(byte[] out, int at, int value, int bytes) {
    int rest = value;
    for (int i = 0; i < bytes - 1; i++) {
      out[at + i] = (byte) (rest | 0x80);
      rest >>>= 7;
    }
    assert rest < 0x80 : value + " does not fit " + bytes + " bytes";
    out[at + bytes - 1] = (byte) rest;
  }

  /** Values of one or two bytes. */
  private static int writeAll14(byte[] out, int at, long[] values, int count) {
    int end = at;
    for (int i = 0; i < count; i++) {
      int value = (int) values[i];
      int more = (0x7F - value) >>> 31;
      SHORT.set(out, end, (short) (value & 0x7F | more << 7 | value << 1 & 0x7F00));
      end += 1 + more;
    }
    return end;
  }

  private static int write28(byte[] out, int at, int value) {
    int length = size(value);
    int more = (int) MORE & ((1 << (8 * (length - 1))) - 1);
    int x = value & 0x3FFF | value << 2 & 0x3FFF_0000;
    x = x & 0x007F_007F | x << 1 & 0x7F00_7F00;
    INT.set(out, at, x | more);
    return at + length;
  }

  private static int write56(byte[] out, int at, long value) {
    int length = size(value);
    long more = MORE & ((1L << (8 * (length - 1))) - 1);
    LONG.set(out, at, spread(value) | more);
    return at + length;
  }

  /** Moves each group of seven bits into a byte of its own. */
  private static long spread(long value) {
    long x = (value & 0x0FFF_FFFFL) | ((value & 0x00FF_FFFF_F000_0000L) << 4);
    x = (x & 0x0000_3FFF_0000_3FFFL) | ((x & 0x0FFF_C000_0FFF_C000L) << 2);
    return (x & 0x007F_007F_007F_007FL) | ((x & 0x3F80_3F80_3F80_3F80L) << 1);
  }

  /** The reverse: joins the low seven bits of each byte; the others must be clear. */
  static long join(long bytes) {
    long x = (bytes & 0x007F_007F_007F_007FL) | ((bytes & 0x7F00_7F00_7F00_7F00L) >>> 1);
    x = (x & 0x0000_3FFF_0000_3FFFL) | ((x & 0x3FFF_0000_3FFF_0000L) >>> 2);
    return (x & 0x0FFF_FFFFL) | ((x & 0x0FFF_FFFF_0000_0000L) >>> 4);
  }
}
