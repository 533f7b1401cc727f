package io.understudy.wire;

/**
 * A position in bytes that a peer sent, with the end of the message that is being read.
 *
 * <p>Thread: one.
 * <p>Errors: whatever is wrong with the bytes is a {@link WireFormatException}; nothing is read
 * behind the end.
 */
final class WireInput {
  /** Wire type of varints. */
  static final int VARINT = 0;

  /** Wire type of eight bytes. */
  static final int FIXED64 = 1;

  /** Wire type of messages, bytes and packed values. */
  static final int LENGTH_DELIMITED = 2;

  /** Wire type of four bytes. */
  static final int FIXED32 = 5;

  byte[] bytes;
  int at;
  int end;

  private int start;

  WireInput(byte[] bytes) {
    this.bytes = bytes;
  }

  void wrap(byte[] source, int offset, int length) {
    bytes = source;
    start = offset;
    at = offset;
    end = offset + length;
  }

  boolean hasMore() {
    return at < end;
  }

  long varint() throws WireFormatException {
    int first = at;
    long value = 0;
    for (int shift = 0; shift < 64; shift += 7) {
      if (at >= end) {
        throw new WireFormatException(
            "varint at byte " + (first - start) + " runs past the end of its message");
      }
      byte next = bytes[at++];
      value |= (next & 0x7FL) << shift;
      if (next >= 0) {
        if (shift == 63 && next > 1) {
          break;
        }
        return value;
      }
    }
    throw new WireFormatException("varint at byte " + (first - start) + " exceeds 64 bits");
  }

  /** Reads a varint that must not exceed a limit. */
  long varint(String what, long limit) throws WireFormatException {
    long value = varint();
    if (Long.compareUnsigned(value, limit) > 0) {
      throw new WireFormatException(
          what
              + " is "
              + Long.toUnsignedString(value)
              + ", the limit is "
              + Long.toUnsignedString(limit));
    }
    return value;
  }

  /** Reads a field's tag: field number times eight, plus wire type. */
  int tag() throws WireFormatException {
    int tag = (int) varint("field tag", 0xFFFF_FFFFL);
    if (tag >>> 3 == 0) {
      throw new WireFormatException("field number 0 before byte " + (at - start));
    }
    return tag;
  }

  /** Reads the length of a field that must fit into the message that is being read. */
  int length(String what) throws WireFormatException {
    long length = varint();
    if (length < 0 || length > end - at) {
      throw new WireFormatException(
          what + " has " + Long.toUnsignedString(length) + " bytes, " + (end - at) + " are left");
    }
    return (int) length;
  }

  /** Reads past a field that this version does not know. */
  void skip(int tag) throws WireFormatException {
    switch (tag & 7) {
      case VARINT -> varint();
      case FIXED64 -> skipBytes(8);
      case LENGTH_DELIMITED -> skipBytes(length("unknown field"));
      case FIXED32 -> skipBytes(4);
      default ->
          throw new WireFormatException(
              "field "
                  + (tag >>> 3)
                  + " has wire type "
                  + (tag & 7)
                  + ", not one of 0, 1, 2 and 5");
    }
  }

  /** Refuses a field that does not have the wire type it must have. */
  static void expect(int tag, int wireType, String what) throws WireFormatException {
    if ((tag & 7) != wireType) {
      throw new WireFormatException(what + " has wire type " + (tag & 7) + ", not " + wireType);
    }
  }

  /**
   * Reads {@code count} varints that must end at {@code columnEnd}, which is behind the position.
   *
   * @return all values together, bit by bit
   */
  long varints(int columnEnd, long[] values, int count, String what) throws WireFormatException {
    byte[] source = bytes;
    if (source[columnEnd - 1] < 0) {
      throw new WireFormatException(what + " ends inside a varint at byte " + (columnEnd - start));
    }
    int lastWhole = source.length - Long.BYTES;
    int position = at;
    // branches on one and two bytes are mostly predicted, unless there are many longer values
    boolean small = columnEnd - position <= 2 * count;
    long or = 0;
    int i = 0;
    for (; i < count && position < columnEnd; i++) {
      long value;
      // may hold bytes behind the column, but its last byte ends its last varint
      long word = position <= lastWhole ? (long) Varints.LONG.get(source, position) : Varints.MORE;
      if (small && (word & 0x80) == 0) {
        value = word & 0x7F;
        position++;
      } else if (small && (word & 0x8000) == 0) {
        value = word & 0x7F | word >>> 1 & 0x3F80;
        position += 2;
      } else if ((word & Varints.MORE) != Varints.MORE) {
        long stops = ~word & Varints.MORE;
        value = Varints.join(word & (stops ^ (stops - 1)) & ~Varints.MORE);
        position += (Long.numberOfTrailingZeros(stops) + 1) >>> 3;
      } else {
        at = position;
        value = varint();
        position = at;
      }
      values[i] = value;
      or |= value;
    }
    at = position;
    if (i < count || position != columnEnd) {
      throw new WireFormatException(
          what
              + " has "
              + (i < count ? i : "more than " + i)
              + " values for "
              + count
              + " records");
    }
    return or;
  }

  private void skipBytes(int count) throws WireFormatException {
    if (count > end - at) {
      throw new WireFormatException(
          "unknown field has " + count + " bytes, " + (end - at) + " are left");
    }
    at += count;
  }
}
