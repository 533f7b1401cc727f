package io.understudy.delta;

import io.understudy.metrics.CounterSet;
import io.understudy.metrics.SyncCounter;
import io.understudy.proto.v1.BulkMark;
import io.understudy.wire.FrameLimits;
import io.understudy.wire.FrameWriter;
import io.understudy.wire.MessageType;
import io.understudy.wire.RecordSchema;
import io.understudy.wire.RecordWriter;

/**
 * The frame being filled for one peer: what is written into it is noted as in flight at the same time.
 *
 * <p>Thread: the duty cycle. Batches allocate nothing.
 */
public final class OutFrame {
  /** A batch is worth beginning if so many records surely fit. */
  private static final int MIN_RECORDS = Drain.RECORDS_PER_LOCK;

  /** Words of the in-flight log that stay free. */
  private static final int LOG_RESERVE = 64;

  private static final int ALL_GROUPS = 0xFFFF;

  private final FrameWriter writer;
  private final InFlight inFlight;
  private final Drained drained;
  private final CounterSet counters;
  private long epoch;
  private boolean open;
  private int marks;

  /** Records that the batch has room for in all. */
  private int batchRoom;

  /**
   * @param frameBytes the frame's limit
   * @param maxWords of a record of any table
   */
  public OutFrame(InFlight inFlight, int frameBytes, int maxWords, CounterSet counters) {
    writer = new FrameWriter(frameBytes);
    this.inFlight = inFlight;
    this.counters = counters;
    drained = new Drained(maxWords);
  }

  /** How much of a frame records get, whatever else is in it. */
  public static int recordsBytes(int frameBytes) {
    return frameBytes / 4 * 3;
  }

  /** The shortest frame that takes a batch of this table: bytes. */
  public static int leastFrameBytes(RecordSchema schema) {
    int batch = RecordWriter.maxBatchBytes(schema, ALL_GROUPS);
    int records = MIN_RECORDS * RecordWriter.maxRecordBytes(schema, ALL_GROUPS);
    return (batch + records + 3) / 3 * 4;
  }

  /** The streams' epoch on the present connection. */
  public void setEpoch(long epoch) {
    this.epoch = epoch;
  }

  public long epoch() {
    return epoch;
  }

  /** Begins the next numbered frame. */
  public void begin() {
    writer.reset();
    writer.number(inFlight.nextFrame());
    inFlight.beginFrame();
    marks = 0;
    drained.clear();
    open = true;
  }

  /** Marks of the present frame. */
  public int marks() {
    return marks;
  }

  public FrameWriter writer() {
    return writer;
  }

  /** The serial of this frame. */
  public long serial() {
    return inFlight.serial(inFlight.nextFrame());
  }

  /** Where the drain puts records for the next batch. */
  public Drained drained() {
    return drained;
  }

  /** How many more records of this table may be drained for the batch; 0: batch or frame is full. */
  public int recordRoom(RecordSchema schema) {
    if (drained.count() == 0) { // what is in the frame stays as it is until the batch is written
      int most = Math.min(writer.recordRoom(schema, ALL_GROUPS), inFlight.free() - LOG_RESERVE);
      batchRoom = Math.min(Drained.MAX_RECORDS, most);
    }
    int room = batchRoom - drained.count();
    return room < MIN_RECORDS ? 0 : room;
  }

  /**
   * Writes what was drained as one batch; the next one is empty.
   *
   * @param unsynced the term began without history
   */
  public void add(
      int tableIndex, TableDelta delta, long termNumber, int termNode, boolean unsynced) {
    RecordSchema schema = delta.table().spec().schema();
    int partition = drained.firstPartition();
    int kind = drained.kind() | (unsynced ? Drain.UNSYNCED : 0);
    drained.countSlotsOn(schema.words());
    writer.beginBatch(
        schema.table(), partition, drained.group(), termNumber, termNode, epoch, kind);
    writer.records(schema, drained.records(), drained.count());
    writer.endBatch();
    inFlight.add(tableIndex, drained.group(), drained.kind(), drained.references, drained.count());
    count();
    drained.clear();
  }

  /** Once a batch: counting is a locked operation, which would wait for every row that was written before it. */
  private void count() {
    if (drained.kind() == Drain.DELETE) {
      counters.add(SyncCounter.DELETES_SENT, drained.count());
    } else {
      counters.add(SyncCounter.CREATES_SENT, drained.creates);
      counters.add(SyncCounter.UPDATES_SENT, drained.count() - drained.creates);
    }
  }

  /** Writes the end of a partition's walk, if there is room. */
  public boolean addMark(int tableIndex, BulkMark mark) {
    if (marks == FrameLimits.MAX_FRAME_MARKS
        || !writer.hasRoom(FrameWriter.bytesFor(mark))
        || inFlight.free() < LOG_RESERVE) {
      return false;
    }
    marks++;
    writer.message(MessageType.BULK_MARK, mark);
    inFlight.addMark(tableIndex, mark.getPartition(), mark.getGroup());
    return true;
  }

  /** The frame is complete and counts as in flight. */
  public void end() {
    inFlight.endFrame(writer.length());
    open = false;
  }

  public boolean isOpen() {
    return open;
  }
}
