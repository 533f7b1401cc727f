package io.understudy.wire;

/**
 * The bounds of wire version 0, and the check a transport makes before it claims memory for a
 * frame.
 */
public final class FrameLimits {
  /** Bytes of the longest frame, without the length before it. */
  public static final int MAX_FRAME_BYTES = 65_536;

  /** Records of the longest batch. */
  public static final int MAX_BATCH_RECORDS = 4_096;

  /** Batches of one frame: with the records, what an acknowledgement may have to say of it fits a frame. */
  public static final int MAX_FRAME_BATCHES = 1_024;

  /** Records of all batches of one frame. */
  public static final int MAX_FRAME_RECORDS = 8_192;

  /** Ends of partitions' walks in one frame: each walks one partition at the receiver. */
  public static final int MAX_FRAME_MARKS = 256;

  /** The largest slot on the wire; a slot is never negative as an {@code int}. */
  public static final long MAX_SLOT = Integer.MAX_VALUE;

  private FrameLimits() {}

  /**
   * Refuses the length of a frame that no sender may send.
   *
   * @param length as read from the length before the frame
   * @return the length
   */
  public static int check(int length) throws WireFormatException {
    if (length < 0 || length > MAX_FRAME_BYTES) {
      throw new WireFormatException(
          "frame of "
              + Integer.toUnsignedString(length)
              + " bytes exceeds the limit of "
              + MAX_FRAME_BYTES);
    }
    return length;
  }
}
