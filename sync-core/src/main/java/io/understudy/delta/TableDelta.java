package io.understudy.delta;

import io.understudy.table.HotTable;
import io.understudy.table.Partition;
import io.understudy.wire.ColumnGroup;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.concurrent.atomic.AtomicLongArray;

/**
 * What one peer is owed of one table.
 *
 * <p>Shape: the marks lie in the rows ({@link PeerMarks}), the dirty bits in the partitions; here are, for each partition, how many
 * records are dirty and when the first of them is due, and one bit that says that there are any.
 *
 * <p>Thread: marks and counts under the partition's lock; the bits and due times are read without it.
 */
public final class TableDelta {
  private static final int WORDS = HotTable.PARTITIONS / 64;

  private static final long AT_ONCE = Long.MIN_VALUE;

  /** Words of {@link #states} for each partition, in a cache line of their own: records dirty, with more than usage, the due time, records refused, and of these for want of room. */
  private static final int STATE_WORDS = 8;

  private static final int DIRTY = 0;
  private static final int STATE_DIRTY = 1;
  private static final int DUE = 2;
  private static final int REFUSED = 3;
  private static final int FULL = 4;

  private static final VarHandle WORD = MethodHandles.arrayElementVarHandle(long[].class);

  private final HotTable table;
  private final PeerDelta peer;
  private final int peerSlot;
  private final long[] states = new long[HotTable.PARTITIONS * STATE_WORDS];
  private final AtomicLongArray pending = new AtomicLongArray(WORDS);

  TableDelta(HotTable table, PeerDelta peer, int peerSlot) {
    this.table = table;
    this.peer = peer;
    this.peerSlot = peerSlot;
    for (int i = 0; i < HotTable.PARTITIONS; i++) {
      states[i * STATE_WORDS + DUE] = Long.MAX_VALUE;
    }
  }

  public HotTable table() {
    return table;
  }

  /** The record's mark as the acknowledgements so far leave it. */
  long mark(Partition partition, int slot) {
    return peer.read(partition.mark(peerSlot, slot));
  }

  /** Writes the marks of some slots as they read by now, so that none is read after the frames' serials came round. */
  void refresh(Partition partition, int from, int to) {
    for (int slot = from; slot < to; slot++) {
      if (peer.isSettled(partition.mark(peerSlot, slot))) {
        partition.setMark(peerSlot, slot, mark(partition, slot));
      }
    }
  }

  /** Writes a mark and keeps dirty bits and counts in step. Answers true if the record became dirty by it. */
  boolean setMark(Partition partition, int slot, long mark) {
    return setMark(partition, slot, partition.slab(slot), partition.markAt(peerSlot, slot), mark);
  }

  private boolean setMark(Partition partition, int slot, long[] slab, int at, long mark) {
    long before = slab[at];
    partition.written();
    slab[at] = mark;
    boolean wasDirty = PeerMarks.isDirty(before);
    boolean isDirty = PeerMarks.isDirty(mark);
    int number = partition.number();
    int state = number * STATE_WORDS;
    states[state + STATE_DIRTY] +=
        (PeerMarks.isStateDirty(mark) ? 1 : 0) - (PeerMarks.isStateDirty(before) ? 1 : 0);
    if (((before ^ mark) & PeerMarks.REFUSAL) != 0) {
      states[state + REFUSED] +=
          (PeerMarks.hasRefusal(mark) ? 1 : 0) - (PeerMarks.hasRefusal(before) ? 1 : 0);
      states[state + FULL] += (PeerMarks.isFull(mark) ? 1 : 0) - (PeerMarks.isFull(before) ? 1 : 0);
    }
    if (wasDirty == isDirty) {
      return false;
    }
    if (isDirty) {
      partition.setDirty(peerSlot, slot);
      if (states[state + DIRTY]++ == 0) {
        setPending(number);
      }
      return true;
    }
    partition.clearDirty(peerSlot, slot);
    if (--states[state + DIRTY] == 0) {
      clearPending(number);
      WORD.setOpaque(states, state + DUE, Long.MAX_VALUE);
    }
    return false;
  }

  /** Writes a mark whose dirty groups stay as they are. */
  void keepDirty(Partition partition, int slot, long mark) {
    assert ((mark(partition, slot) ^ mark) & PeerMarks.DIRTY) == 0 : "dirty groups differ";
    partition.setMark(peerSlot, slot, mark);
  }

  /** Lists up to so many dirty slots at or after {@code from}, in their order. Answers how many. */
  int listDirty(Partition partition, int from, int most, int[] slots) {
    return partition.listDirty(peerSlot, from, most, slots);
  }

  void dueBy(int partition, long whenNs) {
    int at = partition * STATE_WORDS + DUE;
    if (whenNs < states[at]) {
      // under the partition's lock, so nobody else writes; before the question whether the duty
      // cycle sleeps
      WORD.setVolatile(states, at, whenNs);
    }
  }

  public long dueNs(int partition) {
    return (long) WORD.getVolatile(states, partition * STATE_WORDS + DUE);
  }

  public int dirtyCount(int partition) {
    return (int) states[partition * STATE_WORDS + DIRTY];
  }

  /** The next partition from here that owes anything, or -1. Thread: any. */
  public int nextPending(int from) {
    for (int at = from; at < HotTable.PARTITIONS; ) {
      long word = pending.get(at / 64) >>> at;
      if (word != 0) {
        return at + Long.numberOfTrailingZeros(word);
      }
      at = (at | 63) + 1;
    }
    return -1;
  }

  /** Records whose state is owed, usage left out. Thread: any; at about one moment. */
  public long stateDirty() {
    long sum = 0;
    for (int i = nextPending(0); i >= 0; i = nextPending(i + 1)) {
      sum += states[i * STATE_WORDS + STATE_DIRTY];
    }
    return sum;
  }

  /** Records of one partition that the peer had no room for, and that are not owed again. */
  public int full(int partition) {
    return (int) states[partition * STATE_WORDS + FULL];
  }

  /** Records that the peer refused for whatever reason, at some time, and that are not owed again; at about one moment. */
  long refused() {
    long sum = 0;
    for (int i = 0; i < HotTable.PARTITIONS; i++) {
      sum += states[i * STATE_WORDS + REFUSED];
    }
    return sum;
  }

  /** These groups changed here. Answers true if the record was not dirty before. */
  public boolean changed(Partition partition, int slot, int groups, boolean holds, long dueNs) {
    long[] slab = partition.slab(slot);
    int at = partition.markAt(peerSlot, slot);
    long mark = peer.read(slab[at]);
    if (PeerMarks.hasRefusal(mark) && PeerMarks.isRefused(mark, peer.sync(partition, slot))) {
      return false; // excluded by its reason until the peer has room
    }
    if (!holds && !PeerMarks.isDirty(mark) && !PeerMarks.isInFlight(mark)) {
      mark =
          PeerMarks.isFull(mark)
              ? mark & ~PeerMarks.REFUSAL | ColumnGroup.KEY // still a candidate
              : PeerMarks.withSync(mark & ~PeerMarks.REFUSAL, peer.sync(partition, slot))
                  | PeerMarks.KNOWN // facts, no candidate
                  | (PeerMarks.hasRefusal(mark) ? ColumnGroup.KEY : 0); // of a former term
    }
    boolean newly = setMark(partition, slot, slab, at, mark | groups & PeerMarks.DIRTY);
    dueBy(partition.number(), dueNs);
    return newly;
  }

  /** The entry ended here. Answers true if this peer must be told. */
  boolean ended(Partition partition, int slot, long dueNs) {
    long mark = mark(partition, slot) & ~PeerMarks.REFUSAL;
    boolean told = peer.isRemembered() && PeerMarks.isKnown(mark, peer.sync(partition, slot));
    setMark(partition, slot, told ? mark | ColumnGroup.KEY : mark & ~PeerMarks.DIRTY);
    if (told) {
      dueBy(partition.number(), dueNs);
    }
    return told;
  }

  /** The slot begins a generation; the peer may hold the one before it in place. */
  void newSlot(Partition partition, int slot, boolean fresh) {
    long mark = mark(partition, slot);
    long clean =
        PeerMarks.landed(mark) & ~(PeerMarks.DIRTY | PeerMarks.INTRODUCED | PeerMarks.REFUSAL);
    boolean perhaps = PeerMarks.isKnown(mark, peer.sync(partition, slot));
    setMark(
        partition,
        slot,
        fresh
            ? PeerMarks.fresh(peer.sync(partition, slot))
            : perhaps ? clean | PeerMarks.KNOWN : clean);
  }

  /** The group's sync numbers begin again: the mark reads as perhaps known, whatever the number is. */
  void restamp(Partition partition, int slot) {
    setMark(partition, slot, PeerMarks.withSync(mark(partition, slot), PeerMarks.NEVER));
  }

  /** The record came from this peer. */
  public void received(Partition partition, int slot) {
    long mark = mark(partition, slot);
    if (!PeerMarks.isDirty(mark) && !PeerMarks.isInFlight(mark)) {
      // a refusal from before says nothing of what the peer has now
      long now = PeerMarks.withSync(mark & ~PeerMarks.REFUSAL, peer.sync(partition, slot));
      setMark(partition, slot, now | PeerMarks.KNOWN);
    }
  }

  /** The peer spoke of the key with a record, accepted or answered: it may hold it, so that it is told of its end (rule 1). */
  public void mayHold(Partition partition, int slot) {
    keepDirty(partition, slot, mark(partition, slot) | PeerMarks.KNOWN);
  }

  /** Owes the whole record, whatever the peer has of it. */
  public void oweWhole(Partition partition, int slot, long dueNs) {
    long mark = mark(partition, slot);
    setMark(partition, slot, mark & ~PeerMarks.REFUSAL | ColumnGroup.KEY);
    dueBy(partition.number(), dueNs);
  }

  /** The entry goes on under a new generation and handle, which the peer must learn. */
  public void renewed(Partition partition, int slot, long dueNs) {
    newSlot(partition, slot, false);
    oweWhole(partition, slot, dueNs);
  }

  /** Nothing of this record is owed any longer: its group has another holder. */
  public void forgetDebt(Partition partition, int slot) {
    setMark(partition, slot, mark(partition, slot) & ~PeerMarks.DIRTY);
  }

  /** The peer owes an answer about this record: it is dirty or in flight towards it. */
  public boolean isUnsettled(Partition partition, int slot) {
    long mark = mark(partition, slot);
    return PeerMarks.isDirty(mark) || PeerMarks.isInFlight(mark);
  }

  /** Something of what began in this slot was sent to the peer or came from it, at whatever time. */
  boolean wasSpokenOf(Partition partition, int slot) {
    return PeerMarks.wasSpokenOf(mark(partition, slot));
  }

  /** What this member sent or read of the entry says that the peer has it, or may have it. */
  boolean mayBeThere(Partition partition, int slot) {
    return PeerMarks.mayBeThere(mark(partition, slot));
  }

  /** Something of this record is on its way to the peer. */
  public boolean isInFlight(Partition partition, int slot) {
    return PeerMarks.isInFlight(mark(partition, slot));
  }

  /** The peer gets the whole record, whatever it answers to an earlier one. */
  public boolean isWholeOwed(Partition partition, int slot) {
    return (mark(partition, slot) & ColumnGroup.KEY) != 0;
  }

  /** The peer has no room for the entry; it says so when it has. */
  public boolean isRefused(Partition partition, int slot) {
    return PeerMarks.hasRefusal(mark(partition, slot));
  }

  /** The peer had no room for the entry, and has not spoken of it since: it does not have it. */
  public boolean isWithout(Partition partition, int slot) {
    long mark = mark(partition, slot);
    return PeerMarks.isFull(mark) && (mark & PeerMarks.KNOWN) == 0;
  }

  /** The peer has acknowledged that this member introduced the entry, in its present life and in the present term. */
  public boolean isIntroduced(Partition partition, int slot) {
    return PeerMarks.isIntroduced(mark(partition, slot), peer.sync(partition, slot));
  }

  /** Something that may begin the entry at the peer is in flight: a create from before another creator's joined it, or a candidate. */
  public boolean isOfferOnItsWay(Partition partition, int slot) {
    long mark = mark(partition, slot);
    return PeerMarks.isInFlight(mark) && PeerMarks.isStale(mark, peer.sync(partition, slot));
  }

  /** The tombstone need not wait for this peer. */
  boolean isForgettable(Partition partition, int slot) {
    long mark = mark(partition, slot);
    return !peer.isRemembered()
        || !PeerMarks.isDirty(mark)
            && (PeerMarks.isRefused(mark, peer.sync(partition, slot))
                || !PeerMarks.isKnown(mark, peer.sync(partition, slot)));
  }

  private void setPending(int partition) {
    int word = partition / 64;
    long bit = 1L << partition;
    long before = pending.get(word);
    while (!pending.compareAndSet(word, before, before | bit)) {
      before = pending.get(word);
    }
  }

  private void clearPending(int partition) {
    int word = partition / 64;
    long bit = 1L << partition;
    long before = pending.get(word);
    while (!pending.compareAndSet(word, before, before & ~bit)) {
      before = pending.get(word);
    }
  }
}
