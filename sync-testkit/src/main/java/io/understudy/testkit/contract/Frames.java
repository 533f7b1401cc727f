package io.understudy.testkit.contract;

/** Frames whose bytes follow from their number and length. */
final class Frames {
  static final int MAX_BYTES = 65536;

  private Frames() {}

  static byte[] frame(int number, int length) {
    byte[] frame = new byte[length];
    for (int i = 0; i < length; i++) {
      frame[i] = byteAt(number, length, i);
    }
    return frame;
  }

  /** Says what is wrong with a frame that should have this number, or nothing. */
  static String fault(int number, byte[] frame, int offset, int length) {
    for (int i = 0; i < length; i++) {
      if (frame[offset + i] != byteAt(number, length, i)) {
        return "byte "
            + i
            + " of "
            + length
            + " is "
            + frame[offset + i]
            + " instead of "
            + byteAt(number, length, i);
      }
    }
    return "";
  }

  private static byte byteAt(int number, int length, int i) {
    return (byte) (number * 31 + length * 17 + i * 7 + (i >>> 8));
  }
}
