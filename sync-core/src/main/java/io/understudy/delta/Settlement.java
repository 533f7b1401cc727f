package io.understudy.delta;

import io.understudy.metrics.CounterSet;
import io.understudy.metrics.SyncCounter;
import io.understudy.table.HotTable;
import io.understudy.table.Partition;
import io.understudy.table.Row;
import io.understudy.wire.ColumnGroup;

/**
 * What an acknowledgement, a refusal or the end of a connection does to the records of a frame, and when a tombstone has
 * served its time.
 *
 * <p>Thread: the duty cycle, under the partition's lock, but for {@link #retryRefused}, which takes it.
 */
public final class Settlement {
  /** Refusal reasons as on the wire. */
  public static final int FULL = 0;

  public static final int QUARANTINED = 2;
  public static final int UNKNOWN_HANDLE = 3;
  public static final int GONE_ENTRY = 4;

  /** A member that was told "unknown" tries again after this; the holder's create is on its way. */
  private static final long UNKNOWN_RETRY_NS = 20_000_000;

  private final CounterSet counters;
  private final long retryNs;
  private PeerDelta[] peers = new PeerDelta[0];

  /** @param batchingNs how much earlier than due a stream with nothing in flight sends */
  public Settlement(CounterSet counters, long batchingNs) {
    this.counters = counters;
    retryNs = UNKNOWN_RETRY_NS + batchingNs;
  }

  /** What is to wait for 20 ms is due after so long. */
  public long retryNs() {
    return retryNs;
  }

  /** Set-up: the peers in the order of their slots. */
  public void setPeers(PeerDelta[] peers) {
    this.peers = peers.clone();
  }

  /**
   * The record was applied by the peer. Answers true if this frame was its last.
   *
   * @param frame the frame's serial
   */
  public boolean acknowledged(
      PeerDelta peer,
      TableDelta delta,
      Partition partition,
      int slot,
      long frame,
      int kind,
      int group) {
    long mark = delta.mark(partition, slot);
    if (!PeerMarks.isInFlight(mark) || !PeerMarks.isLastFrame(mark, frame)) {
      return false;
    }
    mark = PeerMarks.landed(mark);
    if (kind == Drain.HOLDER) {
      mark |= PeerMarks.isStale(mark, peer.sync(group)) ? 0 : PeerMarks.INTRODUCED;
    } else if (kind == Drain.DELETE) {
      mark = deleted(peer, partition, slot, mark);
    } else if (kind == Drain.CANDIDATE && !PeerMarks.isDirty(mark)) {
      mark = PeerMarks.withSync(mark, peer.sync(partition, slot));
    }
    if (kind == Drain.DELETE) {
      delta.setMark(partition, slot, mark);
      if (PeerMarks.isDirty(mark)) {
        delta.dueBy(
            partition.number(), Long.MIN_VALUE); // nobody else may owe anything of this partition
      }
      freeIfSettled(delta.table(), partition, slot);
    } else {
      delta.keepDirty(partition, slot, mark);
    }
    return true;
  }

  /** A delete is complete only while the record is still ended and nothing newer is owed. */
  private static long deleted(PeerDelta peer, Partition partition, int slot, long mark) {
    boolean ended =
        Row.state(partition.slab(slot), partition.row(slot)) == Row.DEAD
            || Row.exclusion(partition.slab(slot), partition.row(slot)) != 0;
    if (ended && PeerMarks.isStale(mark, peer.sync(partition, slot))) {
      return mark & ~PeerMarks.INTRODUCED
          | ColumnGroup.KEY; // somebody may have given it to the peer again
    }
    if (!ended || PeerMarks.isDirty(mark)) {
      return mark & ~PeerMarks.INTRODUCED;
    }
    return mark & ~(PeerMarks.KNOWN | PeerMarks.INTRODUCED);
  }

  /** The connection ended, or the batch was dropped, before the peer applied the record: it is owed again. */
  public void lost(
      PeerDelta peer, TableDelta delta, Partition partition, int slot, long frame, long nowNs) {
    long mark = delta.mark(partition, slot);
    if (!PeerMarks.isInFlight(mark) || !PeerMarks.isLastFrame(mark, frame)) {
      return;
    }
    oweAgain(delta, partition, slot, mark, nowNs);
  }

  /** The peer applied it before it held the group in the present term, and may have ended it since: it is told again, as facts. */
  public void toldBefore(
      PeerDelta peer, TableDelta delta, Partition partition, int slot, long frame, long nowNs) {
    long mark = delta.mark(partition, slot);
    if (!PeerMarks.isInFlight(mark) || !PeerMarks.isLastFrame(mark, frame)) {
      return;
    }
    oweAgain(delta, partition, slot, PeerMarks.withSync(mark, peer.sync(partition, slot)), nowNs);
  }

  /** The peer may have applied it all the same. */
  private void oweAgain(TableDelta delta, Partition partition, int slot, long mark, long nowNs) {
    boolean live = Row.isLive(partition.slab(slot), partition.row(slot));
    long owed = live ? PeerMarks.ALL_VALUES : ColumnGroup.KEY;
    delta.setMark(partition, slot, PeerMarks.landed(mark) | PeerMarks.KNOWN | owed);
    delta.dueBy(partition.number(), nowNs);
    counters.increment(SyncCounter.RECORDS_RESENT);
  }

  /**
   * The peer refused the record (protocol, rule 3). Answers true if this frame was its last.
   *
   * @param frame the frame's serial
   * @param kind of the batch: a holder's offer that is refused without anything older says that the peer has nothing on the key
   */
  public boolean refused(
      PeerDelta peer,
      TableDelta delta,
      Partition partition,
      int slot,
      long frame,
      int kind,
      int reason,
      boolean holdsOlder,
      long nowNs) {
    long mark = delta.mark(partition, slot);
    if (!PeerMarks.isInFlight(mark) || !PeerMarks.isLastFrame(mark, frame)) {
      return false;
    }
    mark = PeerMarks.landed(mark);
    if (reason == GONE_ENTRY) {
      delta.setMark(partition, slot, mark);
      return true;
    }
    if (reason == UNKNOWN_HANDLE) {
      delta.setMark(partition, slot, mark & ~PeerMarks.INTRODUCED | PeerMarks.ALL_VALUES);
      delta.dueBy(partition.number(), nowNs + retryNs);
      return true;
    }
    mark &= holdsOlder ? ~PeerMarks.INTRODUCED : ~(PeerMarks.INTRODUCED | PeerMarks.KNOWN);
    if (!Row.isLive(partition.slab(slot), partition.row(slot))) {
      if (holdsOlder || PeerMarks.isStale(mark, peer.sync(partition, slot))) {
        // a stale mark: somebody else may have given it to the peer
        delta.setMark(partition, slot, mark | ColumnGroup.KEY);
        delta.dueBy(partition.number(), nowNs);
      } else {
        delta.setMark(partition, slot, mark & ~PeerMarks.DIRTY);
        freeIfSettled(delta.table(), partition, slot);
      }
      return true;
    }
    delta.setMark(partition, slot, PeerMarks.refused(mark, reason));
    return true;
  }

  /**
   * Owes again what this peer refused as full, in one partition, of 16 slots from one on. Takes the lock.
   *
   * @param most how many records at most
   * @return how many there were
   */
  public int retryRefused(TableDelta delta, Partition partition, int from, int most, long nowNs) {
    int found = 0;
    partition.lock();
    try {
      int to = Math.min(partition.highWater(), from + Drain.RECORDS_PER_LOCK);
      for (int slot = from; slot < to && found < most; slot++) {
        if (PeerMarks.isFull(delta.mark(partition, slot))) {
          delta.oweWhole(partition, slot, nowNs);
          found++;
        }
      }
    } finally {
      partition.unlock();
    }
    return found;
  }

  /** Frees a tombstone that no remembered peer waits for. */
  public boolean freeIfSettled(HotTable table, Partition partition, int slot) {
    if (Row.state(partition.slab(slot), partition.row(slot)) != Row.DEAD) {
      return false;
    }
    for (PeerDelta peer : peers) {
      if (!peer.ofTable(table.spec().number()).isForgettable(partition, slot)) {
        return false;
      }
    }
    discard(table, partition, slot);
    return true;
  }

  /** Frees the slot and whatever is owed of it. */
  public void discard(HotTable table, Partition partition, int slot) {
    for (PeerDelta peer : peers) {
      peer.ofTable(table.spec().number()).newSlot(partition, slot, true);
    }
    table.rows().free(partition, slot);
  }
}
