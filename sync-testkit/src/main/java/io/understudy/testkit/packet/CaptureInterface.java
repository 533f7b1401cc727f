package io.understudy.testkit.packet;

/**
 * An interface that a pcapng section describes, and how to read the time of its packets.
 *
 * @param linkNumber number of its link type; -1: not described
 * @param snapLength bytes of a frame that are kept, 0 for all
 * @param resolution ticks per second: 10 to the power of it, with the high bit set 2 to the power of the rest
 * @param offsetSeconds what to add to the time
 */
record CaptureInterface(int linkNumber, long snapLength, int resolution, long offsetSeconds) {
  /** The option that holds the resolution. */
  static final int RESOLUTION = 9;

  /** The option that holds the offset. */
  static final int OFFSET = 14;

  /** Stands for an interface that was never described. */
  static final CaptureInterface UNKNOWN = new CaptureInterface(-1, 0, 6, 0);

  private static final long SECOND = 1_000_000_000L;

  /** How much of a frame is kept. */
  long cut(long originalLength) {
    return snapLength == 0 ? originalLength : Math.min(originalLength, snapLength);
  }

  /** The time in nanoseconds since 1970 of an unsigned number of ticks; what does not fit a long wraps. */
  long timestampNs(long ticks) {
    boolean binary = (resolution & 0x80) != 0;
    int exponent = resolution & 0x7f;
    return offsetSeconds * SECOND
        + (binary ? binaryNs(ticks, exponent) : decimalNs(ticks, exponent));
  }

  private static long decimalNs(long ticks, int exponent) {
    if (exponent > 28) {
      return 0; // not one nanosecond, however many ticks
    }
    return exponent <= 9
        ? ticks * power(9 - exponent)
        : Long.divideUnsigned(ticks, power(exponent - 9));
  }

  private static long power(int exponent) {
    long power = 1;
    for (int i = 0; i < exponent; i++) {
      power *= 10;
    }
    return power; // 10^19, the largest asked for, fits an unsigned long
  }

  private static long binaryNs(long ticks, int exponent) {
    if (exponent >= 94) {
      return 0; // not one nanosecond, however many ticks
    }
    if (exponent >= 64) {
      return binaryNs(ticks >>> exponent - 63, 63);
    }
    long seconds = ticks >>> exponent;
    long fraction = ticks - (seconds << exponent);
    // 33 bits of fraction are finer than a nanosecond, and leave room for the 30 bits of a second
    int excess = Math.max(0, exponent - 33);
    return seconds * SECOND + ((fraction >>> excess) * SECOND >>> exponent - excess);
  }
}
