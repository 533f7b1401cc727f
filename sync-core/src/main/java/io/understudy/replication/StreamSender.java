package io.understudy.replication;

import io.understudy.delta.Drain;
import io.understudy.delta.Drained;
import io.understudy.delta.FrameFiller;
import io.understudy.delta.InFlight;
import io.understudy.delta.OutFrame;
import io.understudy.delta.PeerDelta;
import io.understudy.delta.TableDelta;
import io.understudy.metrics.CounterSet;
import io.understudy.metrics.SyncCounter;
import io.understudy.table.HotTable;
import io.understudy.transport.Link;
import io.understudy.transport.SendResult;

/**
 * Sends one peer what it is owed: fills frames from what is dirty, and from the bulk's walk beside it, as long as the window
 * has room.
 *
 * <p>A frame is numbered and noted as in flight before it is given to the link. If the link's buffer is full, that frame waits
 * and nothing further is drained: what is dirty stays dirty (protocol, rule 14).
 *
 * <p>Thread: the duty cycle. Allocates nothing in the steady state.
 */
final class StreamSender {
  /** Frames one turn sends at most, so that other peers and heartbeats get theirs. */
  private static final int FRAMES_PER_RUN = 16;

  /** So many dirty records of one partition do not wait for company any longer. */
  static final int WORTH_SENDING = 64;

  /** The bulk's part of the window at least, as a divisor. */
  private static final int BULK_SHARE = 5;

  private final PeerDelta peer;
  private final Groups groups;
  private final Drain drain;
  private final CounterSet counters;
  private final InFlight inFlight;
  private final OutFrame frame;
  private final FrameFiller bulk;
  private final int frameBytes;
  private final long batchingNs;
  private Link link;
  private boolean unsent;
  private boolean flushing;
  private int cursor;

  /** Of the batch that is being taken. */
  private int openTable;

  private int bulkBytes;

  StreamSender(
      PeerDelta peer,
      Groups groups,
      Drain drain,
      FrameFiller bulk,
      StreamSettings settings,
      int maxWords,
      CounterSet counters) {
    this.peer = peer;
    this.groups = groups;
    this.drain = drain;
    this.bulk = bulk;
    this.counters = counters;
    frameBytes = settings.frameBytes();
    batchingNs = settings.batchingNs();
    inFlight = new InFlight(settings.windowBytes());
    frame = new OutFrame(inFlight, frameBytes, maxWords, counters);
  }

  InFlight inFlight() {
    return inFlight;
  }

  void open(Link link, long epoch) {
    this.link = link;
    frame.setEpoch(epoch);
    unsent = false;
    bulkBytes = 0;
  }

  /** The frames from here on are of this epoch. */
  void beginEpoch(long epoch) {
    frame.setEpoch(epoch);
  }

  void close() {
    link = null;
    unsent = false;
  }

  boolean isOpen() {
    return link != null;
  }

  /** Everything owed now is due now. */
  void flush() {
    flushing = true;
  }

  /** Nothing but usage is owed or in flight. */
  boolean isFlushed() {
    return inFlight.isEmpty() && !unsent && peer.stateDirty() == 0 && !bulk.hasMore();
  }

  /** Sends what is due. Answers the frames sent. */
  int run(AckBuilder ack, long nowNs) {
    if (link == null || unsent && !resend()) {
      return 0;
    }
    int sent = 0;
    while (sent < FRAMES_PER_RUN && inFlight.hasRoom(frameBytes, 0) && fillFrame(ack, nowNs)) {
      sent++;
      if (!send()) {
        break;
      }
    }
    return sent;
  }

  private boolean fillFrame(AckBuilder ack, long nowNs) {
    frame.begin();
    int beforeAck = frame.writer().length();
    boolean bulkFirst = bulk.hasMore() && bulkBytes < inFlight.windowBytes() / BULK_SHARE;
    int added = 0;
    if (ack.isOwed() && hasSomethingDue(nowNs)) {
      int most = AckLimits.besideRecords(frame.writer().remaining(), frameBytes);
      if (!ack.write(frame.writer(), most)) {
        return false; // it needs a frame of its own, and would never get one behind frames of
        // records
      }
    }
    int empty = frame.writer().length();
    if (bulkFirst) {
      added += bulk.fill(frame, nowNs);
      bulkBytes += frame.writer().length() - empty;
    }
    added += fillLive(nowNs);
    if (!bulkFirst && bulk.hasMore()) {
      added += bulk.fill(frame, nowNs);
    }
    if (added == 0 && empty == beforeAck) {
      flushing = false;
      return false;
    }
    frame.end();
    counters.add(SyncCounter.RECORDS_SENT, added - frame.marks());
    counters.add(SyncCounter.PAYLOAD_BYTES_SENT, frame.writer().length());
    return true;
  }

  private boolean hasSomethingDue(long nowNs) {
    return bulk.hasMore() || nextDueNs(nowNs) <= nowNs;
  }

  private int fillLive(long nowNs) {
    long dueBy = dueBy(nowNs);
    if (!flushing && !inFlight.isEmpty() && isAnyDue(dueBy, nowNs)) {
      // one turn for all that would soon wake the duty cycle one by one
      dueBy = nowNs + batchingNs / 2;
    }
    int added = fillPartitions(dueBy, nowNs);
    endBatch();
    return added;
  }

  private int fillPartitions(long dueBy, long nowNs) {
    int start = cursor;
    int added = fillRange(start, HotTable.PARTITIONS, dueBy, nowNs);
    if (added < 0) {
      return ~added;
    }
    int wrapped = fillRange(0, start, dueBy, nowNs);
    if (wrapped < 0) {
      return added + ~wrapped;
    }
    cursor = 0;
    return added + wrapped;
  }

  private boolean isAnyDue(long dueBy, long nowNs) {
    for (int i = 0; i < peer.tableCount(); i++) {
      TableDelta delta = peer.table(i);
      for (int p = delta.nextPending(0); p >= 0; p = delta.nextPending(p + 1)) {
        if (isDue(delta, p, dueBy, nowNs)) {
          return true;
        }
      }
    }
    return false;
  }

  /** Answers the records added, or their complement if the frame is full: the next one goes on there. */
  private int fillRange(int from, int to, long dueBy, long nowNs) {
    int added = 0;
    for (int i = 0; i < peer.tableCount(); i++) {
      TableDelta delta = peer.table(i);
      for (int p = delta.nextPending(from); p >= 0 && p < to; p = delta.nextPending(p + 1)) {
        if (isDue(delta, p, dueBy, nowNs)) {
          int taken = fillPartition(i, delta, p, nowNs);
          if (taken < 0) {
            cursor = p;
            return ~(added + ~taken);
          }
          added += taken;
        }
      }
    }
    return added;
  }

  /** With nothing in flight a single change leaves at once; otherwise it may wait for company until it is due. */
  private long dueBy(long nowNs) {
    return flushing ? Long.MAX_VALUE - 1 : inFlight.isEmpty() ? nowNs + batchingNs : nowNs;
  }

  /** Many leave before they are due, but for what waits longer than a batch does: it is tried again then. */
  private boolean isDue(TableDelta delta, int partition, long dueBy, long nowNs) {
    long dueNs = delta.dueNs(partition);
    return dueNs <= dueBy
        || dueNs <= nowNs + batchingNs && delta.dirtyCount(partition) >= WORTH_SENDING;
  }

  /** Answers the records taken, or their complement if the frame is full. */
  private int fillPartition(int tableIndex, TableDelta delta, int partition, long nowNs) {
    HotTable table = delta.table();
    Drained drained = frame.drained();
    int added = 0;
    if (tableIndex != openTable || !drained.isBehind(partition)) {
      endBatch();
      openTable = tableIndex;
    }
    while (true) {
      int room = frame.recordRoom(table.spec().schema());
      if (room > 0) {
        int taken =
            drain.collect(
                peer, delta, table.partition(partition), frame.serial(), room, nowNs, drained);
        added += taken;
        if (drained.count() == 0 || taken > 0 && delta.dirtyCount(partition) == 0) {
          return added;
        }
      } else if (drained.count() == 0) {
        return ~added;
      }
      endBatch(); // what is left goes into another one, if into any
    }
  }

  /** What was taken so far becomes a batch. */
  private void endBatch() {
    if (frame.drained().count() > 0) {
      int group = frame.drained().group();
      frame.add(
          openTable,
          peer.table(openTable),
          groups.termNumber(group),
          groups.holder(group),
          groups.isUnsynced(group));
    }
  }

  private boolean send() {
    SendResult result = link.send(frame.writer().bytes(), 0, frame.writer().length());
    unsent = result == SendResult.FULL;
    return result == SendResult.SENT;
  }

  /** The frame that found no room in the link's buffer. */
  private boolean resend() {
    SendResult result = link.send(frame.writer().bytes(), 0, frame.writer().length());
    unsent = result == SendResult.FULL;
    return !unsent;
  }

  boolean isWaitingForLink() {
    return unsent;
  }

  /** An acknowledgement freed the window. */
  void acknowledged() {
    if (inFlight.bytes() < inFlight.windowBytes() / 2) {
      bulkBytes = 0;
    }
  }

  /** When something will be due; {@link Long#MAX_VALUE}: nothing is owed, or the window is full and an acknowledgement comes first. */
  long nextDueNs(long nowNs) {
    if (link == null || unsent || !inFlight.hasRoom(frameBytes, 0)) {
      return Long.MAX_VALUE;
    }
    if (bulk.hasMore()) {
      return nowNs;
    }
    long due = Long.MAX_VALUE;
    long dueBy = dueBy(nowNs);
    for (int i = 0; i < peer.tableCount(); i++) {
      TableDelta delta = peer.table(i);
      for (int p = delta.nextPending(0); p >= 0; p = delta.nextPending(p + 1)) {
        if (isDue(delta, p, dueBy, nowNs)) {
          return nowNs;
        }
        due = Math.min(due, delta.dueNs(p) - (dueBy - nowNs));
      }
    }
    return due;
  }
}
