package io.understudy.replication;

import io.understudy.proto.v1.Ack;
import io.understudy.proto.v1.DropReason;
import io.understudy.proto.v1.DroppedBatch;
import io.understudy.proto.v1.RefusedRecords;
import io.understudy.wire.FrameLimits;
import io.understudy.wire.InputLimit;
import io.understudy.wire.WireFormatException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * What an acknowledgement that is not plain says of single batches and records. Thread: the duty cycle.
 */
final class AckVerdicts {
  static final int OLDER_HELD = 0x80;

  private final Set<Long> dropped = new HashSet<>();
  private final Map<Long, Map<Integer, Integer>> refused = new HashMap<>();
  private long lastTermStale;

  void read(Ack ack) throws WireFormatException {
    clear();
    for (DroppedBatch batch : ack.getDroppedList()) {
      checkPlace(ack, batch.getFrame(), batch.getBatch());
      dropped.add(key(batch.getFrame(), batch.getBatch()));
      if (batch.getReason() == DropReason.STALE_TERM) {
        lastTermStale = Math.max(lastTermStale, batch.getFrame());
      }
    }
    for (RefusedRecords records : ack.getRefusedList()) {
      checkPlace(ack, records.getFrame(), records.getBatch());
      read(records);
    }
  }

  private void read(RefusedRecords records) throws WireFormatException {
    if (records.getReason().size() != records.getRecordCount()) {
      throw new WireFormatException(
          "acknowledgement refuses "
              + records.getRecordCount()
              + " records with "
              + records.getReason().size()
              + " reasons");
    }
    Map<Integer, Integer> reasons =
        refused.computeIfAbsent(key(records.getFrame(), records.getBatch()), k -> new HashMap<>());
    for (int i = 0; i < records.getRecordCount(); i++) {
      int refusal = records.getReason().byteAt(i) & 0xFF;
      InputLimit.REFUSAL_REASON.check(reason(refusal));
      reasons.put(records.getRecord(i), refusal);
    }
  }

  /** An acknowledgement speaks of frames that it acknowledges. */
  private static void checkPlace(Ack ack, long frame, int batch) throws WireFormatException {
    if (frame < 1
        || frame > ack.getFrame()
        || batch < 0
        || batch >= FrameLimits.MAX_FRAME_BATCHES) {
      throw new WireFormatException(
          "acknowledgement of frame "
              + Long.toUnsignedString(ack.getFrame())
              + " speaks of batch "
              + Integer.toUnsignedString(batch)
              + " of frame "
              + Long.toUnsignedString(frame));
    }
  }

  void clear() {
    dropped.clear();
    refused.clear();
    lastTermStale = 0;
  }

  boolean isEmpty() {
    return dropped.isEmpty() && refused.isEmpty();
  }

  /** The last frame of which a batch was dropped because its term is not the peer's; 0: none. */
  long lastTermStale() {
    return lastTermStale;
  }

  boolean isDropped(long frame, int batch) {
    return !dropped.isEmpty() && dropped.contains(key(frame, batch));
  }

  /** The reason why a record was refused, with {@code 0x80} if the peer holds an older version; -1: it was applied. */
  int refusal(long frame, int batch, int record) {
    if (refused.isEmpty()) {
      return -1;
    }
    Map<Integer, Integer> reasons = refused.get(key(frame, batch));
    return reasons == null ? -1 : reasons.getOrDefault(record, -1);
  }

  static int reason(int refusal) {
    return refusal & ~OLDER_HELD;
  }

  static boolean isOlderHeld(int refusal) {
    return (refusal & OLDER_HELD) != 0;
  }

  private static long key(long frame, int batch) {
    return frame << 12 | batch;
  }
}
