package io.understudy.replication;

import com.google.protobuf.ByteString;
import io.understudy.proto.v1.Ack;
import io.understudy.proto.v1.DropReason;
import io.understudy.proto.v1.DroppedBatch;
import io.understudy.proto.v1.RefusedRecords;
import java.util.ArrayList;
import java.util.List;

/**
 * What of one frame was not applied: batches dropped, records refused. Thread: the duty cycle.
 */
final class FrameVerdicts {
  final long frame;

  /** Bytes of all frames of the connection before this one. */
  final long bytesBefore;

  private final List<DroppedBatch> dropped = new ArrayList<>();
  private final List<RefusedRecords> refused = new ArrayList<>();
  private RefusedRecords.Builder open;
  private ByteString.Output reasons;
  private int bytes;

  FrameVerdicts(long frame, long bytesBefore) {
    this.frame = frame;
    this.bytesBefore = bytesBefore;
  }

  /** Answers by how many bytes {@link #bytes} rose. */
  int dropped(int batch, DropReason reason) {
    dropped.add(
        DroppedBatch.newBuilder().setFrame(frame).setBatch(batch).setReason(reason).build());
    bytes += AckLimits.BATCH_BYTES;
    return AckLimits.BATCH_BYTES;
  }

  /** Answers by how many bytes {@link #bytes} rose. */
  int refused(int batch, int record, int reason) {
    int before = bytes;
    if (open == null || open.getBatch() != batch) {
      close();
      reasons = ByteString.newOutput();
      open = RefusedRecords.newBuilder().setFrame(frame).setBatch(batch);
      bytes += AckLimits.BATCH_BYTES;
    }
    open.addRecord(record);
    reasons.write(reason);
    bytes += AckLimits.RECORD_BYTES;
    return bytes - before;
  }

  private void close() {
    if (open != null) {
      refused.add(open.setReason(reasons.toByteString()).build());
      open = null;
    }
  }

  /** What it adds to an acknowledgement at most. */
  int bytes() {
    return bytes;
  }

  void addTo(Ack.Builder ack) {
    close();
    ack.addAllDropped(dropped).addAllRefused(refused);
  }
}
