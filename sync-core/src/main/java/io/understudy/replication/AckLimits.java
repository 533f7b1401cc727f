package io.understudy.replication;

import io.understudy.delta.OutFrame;
import io.understudy.wire.FrameLimits;

/**
 * What one acknowledgement may say, in bytes. Whoever writes one asks here.
 *
 * <p>What was dropped and refused of a frame goes into one acknowledgement; the limits of a frame's batches and records see to it that it
 * always fits an empty one, so that an acknowledgement that is owed can always be sent. If several frames' do not fit together, those
 * that do are acknowledged, and the others by the next.
 */
final class AckLimits {
  /** Tag and length of the message, the frame it acknowledges, whether there is room, and the epoch. */
  static final int HEAD_BYTES = 1 + 3 + 11 + 2 + 11;

  /** Of each batch that was dropped, or of which records were refused: tag, length, frame, batch, and tags and lengths of two columns. */
  static final int BATCH_BYTES = 1 + 3 + 11 + 3 + 4 + 4;

  /** Of each record refused: its index and the reason. */
  static final int RECORD_BYTES = 2 + 1;

  /** What one frame may cost. */
  static final int MAX_FRAME_VERDICTS_BYTES =
      FrameLimits.MAX_FRAME_BATCHES * BATCH_BYTES + FrameLimits.MAX_FRAME_RECORDS * RECORD_BYTES;

  private AckLimits() {}

  /** For an acknowledgement in a frame that has so much left, when records are to follow: they get three quarters of the frame at least. */
  static int besideRecords(int remaining, int frameBytes) {
    return remaining - OutFrame.recordsBytes(frameBytes);
  }
}
