package io.understudy.replication;

import com.google.protobuf.ByteString;
import io.understudy.proto.v1.Ack;
import io.understudy.proto.v1.DropReason;
import io.understudy.proto.v1.DroppedBatch;
import io.understudy.proto.v1.RefusedRecords;
import io.understudy.wire.FrameWriter;
import io.understudy.wire.MessageType;
import java.util.ArrayList;
import java.util.List;

/**
 * The acknowledgement that one data connection owes: the last frame applied, and what of it was dropped or refused.
 *
 * <p>Thread: the duty cycle. The plain case allocates nothing.
 */
final class AckBuilder {
  /** Refused records in one acknowledgement, so that it fits a frame; more close the connection's turn early. */
  private static final int MAX_EXCEPTIONS = 4_096;

  private final List<DroppedBatch> dropped = new ArrayList<>();
  private final List<RefusedRecords.Builder> refused = new ArrayList<>();
  private final List<byte[]> reasons = new ArrayList<>();
  private int exceptions;
  private long applied;
  private long acknowledged;
  private boolean room;

  void reset() {
    dropped.clear();
    refused.clear();
    reasons.clear();
    exceptions = 0;
    applied = 0;
    acknowledged = 0;
    room = false;
  }

  void applied(long frame) {
    applied = frame;
  }

  long applied() {
    return applied;
  }

  void dropped(long frame, int batch, DropReason reason) {
    dropped.add(
        DroppedBatch.newBuilder().setFrame(frame).setBatch(batch).setReason(reason).build());
    exceptions++;
  }

  void refused(long frame, int batch, int record, int reason) {
    int last = refused.size() - 1;
    RefusedRecords.Builder builder = last < 0 ? null : refused.get(last);
    if (builder == null || builder.getFrame() != frame || builder.getBatch() != batch) {
      builder = RefusedRecords.newBuilder().setFrame(frame).setBatch(batch);
      refused.add(builder);
      reasons.add(new byte[0]);
      last++;
    }
    builder.addRecord(record);
    byte[] before = reasons.get(last);
    byte[] after = java.util.Arrays.copyOf(before, before.length + 1);
    after[before.length] = (byte) reason;
    reasons.set(last, after);
    exceptions++;
  }

  /** There is room again after records were refused as full. */
  void room() {
    room = true;
  }

  boolean isOwed() {
    return applied > acknowledged || room;
  }

  /** So much is refused that the acknowledgement should leave before another frame is read. */
  boolean isLarge() {
    return exceptions >= MAX_EXCEPTIONS;
  }

  boolean write(FrameWriter writer) {
    if (exceptions == 0 && !room) {
      if (!writer.hasRoom(16)) {
        return false;
      }
      writer.ack(applied);
      acknowledged = applied;
      return true;
    }
    Ack.Builder ack = Ack.newBuilder().setFrame(applied).setRoom(room).addAllDropped(dropped);
    for (int i = 0; i < refused.size(); i++) {
      ack.addRefused(refused.get(i).setReason(ByteString.copyFrom(reasons.get(i))));
    }
    Ack message = ack.build();
    if (!writer.hasRoom(FrameWriter.bytesFor(message))) {
      return false;
    }
    writer.message(MessageType.ACK, message);
    long frame = applied;
    reset();
    applied = frame;
    acknowledged = frame;
    return true;
  }
}
