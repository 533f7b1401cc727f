package io.understudy.testkit.packet;

import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;

/**
 * The bytes of a capture file, looked at through a window that moves forward.
 *
 * <p>Indexes of the accessors count from the position; {@link #require} makes them valid.
 */
final class CaptureInput implements AutoCloseable {
  /** The longest stretch that can be looked at: a frame of the longest kind with its header and options. */
  static final int LIMIT = 512 * 1024;

  /** The longest frame a record may hold: what libpcap writes and reads at most. */
  static final int FRAME_LIMIT = 256 * 1024;

  private static final int FIRST_CAPACITY = 64 * 1024;

  private final InputStream stream;
  private byte[] buffer = new byte[FIRST_CAPACITY];
  private int from;
  private int to;
  private long consumed;
  private String breakage = "";

  CaptureInput(InputStream stream) {
    this.stream = stream;
  }

  /** Brings the next bytes into the window; false if the file ends before. */
  boolean require(int length) throws IOException {
    if (length > LIMIT) {
      throw new IllegalArgumentException(
          "window of " + length + " bytes exceeds the limit of " + LIMIT);
    }
    if (available() < length) {
      makeRoom(length);
      while (available() < length) {
        int read = stream.read(buffer, to, buffer.length - to);
        if (read < 0) {
          return false;
        }
        to += read;
      }
    }
    return true;
  }

  private void makeRoom(int length) {
    if (length > buffer.length) {
      buffer = Arrays.copyOf(buffer, Math.min(LIMIT, Math.max(length, 2 * buffer.length)));
    }
    if (length > buffer.length - from) {
      System.arraycopy(buffer, from, buffer, 0, available());
      to -= from;
      from = 0;
    }
  }

  /** Moves the position; false if the file ends before. */
  boolean skip(long length) throws IOException {
    long left = length;
    while (left > available()) {
      left -= available();
      consumed += available();
      from = to = 0;
      if (!require(1)) {
        return false;
      }
    }
    from += (int) left;
    consumed += left;
    return true;
  }

  /** How many bytes are in the window. */
  int available() {
    return to - from;
  }

  /** Points a packet at a frame in the window; it stays there until the next {@link #require}. */
  void wrap(Packet into, int at, int capturedLength, long originalLength, long timestampNs) {
    int wireLength = (int) Math.min(Integer.MAX_VALUE, originalLength);
    into.wrap(buffer, from + at, capturedLength, wireLength, timestampNs);
  }

  int u8(int at) {
    return Bytes.u8(buffer, from + at);
  }

  int u16(int at, boolean littleEndian) {
    int value = Bytes.u16(buffer, from + at);
    return littleEndian ? Short.toUnsignedInt(Short.reverseBytes((short) value)) : value;
  }

  int i32(int at, boolean littleEndian) {
    int value = Bytes.i32(buffer, from + at);
    return littleEndian ? Integer.reverseBytes(value) : value;
  }

  long u32(int at, boolean littleEndian) {
    return Integer.toUnsignedLong(i32(at, littleEndian));
  }

  /** Notes where the file breaks, and answers false. */
  boolean breaks(String what) {
    breakage = what + " at byte " + consumed + "; the rest is not read";
    return false;
  }

  boolean isBroken() {
    return !breakage.isEmpty();
  }

  String breakage() {
    return breakage;
  }

  @Override
  public void close() throws IOException {
    stream.close();
  }
}
