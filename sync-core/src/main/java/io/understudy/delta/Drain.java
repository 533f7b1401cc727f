package io.understudy.delta;

import io.understudy.table.Authority;
import io.understudy.table.Partition;
import io.understudy.table.Row;
import io.understudy.table.SlotReference;
import io.understudy.table.TableRows;
import io.understudy.wire.ColumnGroup;
import io.understudy.wire.RecordSchema;

/**
 * Takes dirty records out of a partition, a few for each time it holds the lock, and decides what each becomes.
 *
 * <p>Thread: the duty cycle. Allocates nothing.
 */
public final class Drain {
  /** Kinds of batches as on the wire. */
  public static final int HOLDER = 0;

  public static final int DELETE = 1;
  public static final int FACTS = 2;
  public static final int CANDIDATE = 3;

  /** Added on the wire to each of them in a term that began without history. */
  public static final int UNSYNCED = 4;

  /** The longest that a dataplane thread waits for this one is the copying of so many records (promise P1). */
  public static final int RECORDS_PER_LOCK = 16;

  static final int FACT_GROUPS =
      ColumnGroup.FACTS
          | ColumnGroup.OPEN_FORWARD
          | ColumnGroup.OPEN_REVERSE
          | ColumnGroup.FIN_FORWARD
          | ColumnGroup.FIN_REVERSE;

  private final Authority authority;
  private final Settlement settlement;
  private final int[] dirty = new int[RECORDS_PER_LOCK];

  /** Of the group of the record before: it is nearly always the same, and only this thread changes either. */
  private int runGroup;

  private boolean holds;
  private int sync;

  /** What was read ahead; kept, or it would not be read. */
  @SuppressWarnings("unused")
  private long touched;

  public Drain(Authority authority, Settlement settlement) {
    this.authority = authority;
    this.settlement = settlement;
  }

  /**
   * Takes up to {@code max} dirty records of a partition that go into one batch with those that are there already: the first one of a batch
   * decides group and kind.
   *
   * @param frame serial of the frame they will be in; their marks say so from here on
   * @return how many were taken
   */
  public int collect(
      PeerDelta peer,
      TableDelta delta,
      Partition partition,
      long frame,
      int max,
      long nowNs,
      Drained out) {
    runGroup = -1;
    int before = out.count;
    int slot = 0;
    while (slot != Partition.NONE && out.count - before < max) {
      partition.lock();
      try {
        int wanted = Math.min(RECORDS_PER_LOCK, max - out.count + before);
        int found = findDirty(delta, partition, slot, wanted);
        for (int i = 0; i < found; i++) {
          take(peer, delta, partition, dirty[i], frame, nowNs, out);
        }
        slot = found < wanted ? Partition.NONE : dirty[found - 1] + 1;
      } finally {
        partition.unlock();
      }
    }
    return out.count - before;
  }

  /** Lists the records that are copied next and reads their rows, so that the cache misses overlap. */
  private int findDirty(TableDelta delta, Partition partition, int from, int wanted) {
    int found = delta.listDirty(partition, from, wanted, dirty);
    long read = 0;
    // a loop by itself: guessing wrong where the next bit is would hold up the reads
    for (int i = 0; i < found; i++) {
      read ^= partition.touchRow(dirty[i]);
    }
    touched = read;
    return found;
  }

  private void take(
      PeerDelta peer,
      TableDelta delta,
      Partition partition,
      int slot,
      long frame,
      long nowNs,
      Drained out) {
    long[] slab = partition.slab(slot);
    int row = partition.row(slot);
    boolean live = Row.isLive(slab, row) && Row.exclusion(slab, row) == 0;
    int group = Row.group(slab, row);
    long mark = delta.mark(partition, slot);
    if (PeerMarks.isLastFrame(mark, frame)) {
      return; // changed since it was put into this frame: twice in one, no verdict would be certain
    }
    if (group != runGroup) {
      runGroup = group;
      holds = authority.holds(group);
      sync = peer.sync(group);
    }
    if (holds) {
      Message message =
          Message.toSend(live, PeerMarks.isKnown(mark, sync), PeerMarks.isIntroduced(mark, sync));
      if (message == Message.NOTHING) {
        delta.setMark(partition, slot, mark & ~PeerMarks.DIRTY);
        settlement.freeIfSettled(delta.table(), partition, slot);
      } else if (accepts(out, group, message == Message.DELETE ? DELETE : HOLDER)) {
        takeAsHolder(peer, delta, partition, slot, mark, sync, message, frame, nowNs, out);
      }
    } else if (!live) {
      forget(delta, partition, slot, mark);
    } else if (accepts(out, group, PeerMarks.isStale(mark, sync) ? CANDIDATE : FACTS)) {
      takeAsMember(peer, delta, partition, slot, mark, frame, nowNs, out);
    }
  }

  /** A member that does not hold the entry's group ends nothing of it: that is the holder's to tell. */
  private void forget(TableDelta delta, Partition partition, int slot, long mark) {
    if (Row.isLive(partition.slab(slot), partition.row(slot))) {
      delta.setMark(
          partition, slot, mark & ~PeerMarks.DIRTY); // kept back while this member held it
    } else {
      delta.newSlot(partition, slot, true);
      settlement.freeIfSettled(delta.table(), partition, slot);
    }
  }

  private static boolean accepts(Drained out, int group, int kind) {
    if (out.count == 0) {
      out.group = group;
      out.kind = kind;
      return true;
    }
    return out.group == group && out.kind == kind;
  }

  private void takeAsHolder(
      PeerDelta peer,
      TableDelta delta,
      Partition partition,
      int slot,
      long mark,
      int sync,
      Message message,
      long frame,
      long nowNs,
      Drained out) {
    TableRows rows = delta.table().rows();
    boolean introduced = PeerMarks.isIntroduced(mark, sync);
    int groups;
    if (message == Message.DELETE) {
      groups = introduced ? 0 : ColumnGroup.KEY | ColumnGroup.NO_HANDLE;
    } else if (message == Message.CREATE || (mark & ColumnGroup.KEY) != 0) {
      groups = rows.introductionGroups(partition, slot, peer.peerSlot());
      out.creates++;
    } else {
      groups = updateGroups(mark);
    }
    stage(delta, partition, slot, groups, peer.peerSlot(), nowNs, out);
    long sent = PeerMarks.inFlight(mark, frame) | PeerMarks.KNOWN;
    if (!introduced) {
      sent &= ~PeerMarks.INTRODUCED;
    }
    if (message != Message.DELETE) {
      sent |= PeerMarks.PLAIN;
    }
    delta.setMark(partition, slot, PeerMarks.withSync(sent, sync));
  }

  /** A version travels with any of the holder's values, and the bits of the facts with any fact. */
  private static int updateGroups(long mark) {
    int groups = (int) (mark & PeerMarks.DIRTY);
    if ((groups & (ColumnGroup.NAT | ColumnGroup.OFFSETS)) != 0) {
      groups |= ColumnGroup.HOLDER;
    }
    if ((groups & FACT_GROUPS) != 0) {
      groups |= ColumnGroup.FACTS;
    }
    return groups;
  }

  private void takeAsMember(
      PeerDelta peer,
      TableDelta delta,
      Partition partition,
      int slot,
      long mark,
      long frame,
      long nowNs,
      Drained out) {
    TableRows rows = delta.table().rows();
    int groups = ColumnGroup.KEY | ColumnGroup.NO_HANDLE;
    long sent = PeerMarks.inFlight(mark, frame) | PeerMarks.KNOWN;
    if (out.kind == CANDIDATE) {
      // the mark stays stale until the acknowledgement: if it is lost, it goes again as a candidate
      groups |= rows.introductionGroups(partition, slot, peer.peerSlot());
      if (sawTrafficSince(peer.lostNs(), partition, slot, nowNs)) {
        groups |= ColumnGroup.SAW_TRAFFIC;
      }
    } else {
      boolean all = (mark & ColumnGroup.KEY) != 0;
      long owed = all ? rows.introductionGroups(partition, slot, peer.peerSlot()) : mark;
      groups |= updateGroups(owed & (FACT_GROUPS | ColumnGroup.USAGE));
      sent = PeerMarks.withSync(sent, peer.sync(partition, slot));
    }
    stage(delta, partition, slot, groups, peer.peerSlot(), nowNs, out);
    delta.setMark(partition, slot, sent);
  }

  private static boolean sawTrafficSince(long sinceNs, Partition partition, int slot, long nowNs) {
    long times = partition.slab(slot)[partition.row(slot) + Row.TIMES];
    return Row.lastSeenNs(times, nowNs) >= sinceNs;
  }

  private static void stage(
      TableDelta delta,
      Partition partition,
      int slot,
      int groups,
      int peerSlot,
      long nowNs,
      Drained out) {
    RecordSchema schema = delta.table().spec().schema();
    int at = out.count * schema.words();
    delta.table().rows().stage(partition, slot, out.records(), at, groups, peerSlot, nowNs);
    out.references[out.count++] = SlotReference.of(partition.number(), slot);
  }

  /**
   * Takes live records of a group from a slot on, whole, whether dirty or not: the bulk's walk.
   *
   * @return the slot to go on from, or {@link Partition#NONE} at the end of the partition
   */
  public int walk(
      PeerDelta peer,
      TableDelta delta,
      Partition partition,
      int fromSlot,
      int group,
      long frame,
      int max,
      long nowNs,
      Drained out) {
    out.clear();
    out.group = group;
    out.kind = HOLDER;
    int slot = fromSlot;
    while (out.count < max) {
      partition.lock();
      try {
        for (int i = 0; i < RECORDS_PER_LOCK && out.count < max; i++, slot++) {
          if (slot >= partition.highWater()) {
            return Partition.NONE;
          }
          long[] slab = partition.slab(slot);
          int row = partition.row(slot);
          long mark = delta.mark(partition, slot);
          boolean wanted =
              Row.isLive(slab, row)
                  && Row.exclusion(slab, row) == 0
                  && Row.group(slab, row) == group;
          oweEnd(peer, delta, partition, slot, group, nowNs);
          boolean inThisFrame = PeerMarks.isLastFrame(mark, frame); // so it counts as seen
          if (wanted && !inThisFrame && !PeerMarks.isRefused(mark, peer.sync(partition, slot))) {
            takeAsHolder(
                peer,
                delta,
                partition,
                slot,
                mark | ColumnGroup.KEY,
                peer.sync(group),
                Message.CREATE,
                frame,
                nowNs,
                out);
          }
        }
      } finally {
        partition.unlock();
      }
    }
    return slot;
  }

  /** A tombstone from before the peer's present life or this term: the peer may hold the entry, so its end is owed too. */
  private static void oweEnd(
      PeerDelta peer, TableDelta delta, Partition partition, int slot, int group, long nowNs) {
    long[] slab = partition.slab(slot);
    int row = partition.row(slot);
    boolean ended = Row.isLive(slab, row) ? Row.exclusion(slab, row) != 0 : isDead(slab, row);
    if (ended && Row.group(slab, row) == group) {
      long mark = delta.mark(partition, slot);
      int sync = peer.sync(group);
      // what is in flight under an older number is no end that counts: it may be the create
      boolean isOnItsWay = PeerMarks.isInFlight(mark) && !PeerMarks.isStale(mark, sync);
      if (PeerMarks.isKnown(mark, sync) && !PeerMarks.isDirty(mark) && !isOnItsWay) {
        delta.setMark(partition, slot, mark | ColumnGroup.KEY);
        delta.dueBy(partition.number(), nowNs);
      }
    }
  }

  private static boolean isDead(long[] slab, int row) {
    return Row.state(slab, row) == Row.DEAD;
  }
}
