package io.understudy.delta;

import io.understudy.table.Authority;
import io.understudy.table.HotTable;
import io.understudy.table.Partition;
import io.understudy.table.Row;
import java.util.List;
import java.util.concurrent.atomic.AtomicIntegerArray;

/**
 * What one peer is owed of all tables, and what must be remembered of it while it is away.
 *
 * <p>Thread: changed by the duty cycle; {@link #sync(int)} and {@link #isRemembered} are read from any thread.
 */
public final class PeerDelta {
  private static final int EVERY_GROUP = -1;

  private final int peerSlot;
  private final TableDelta[] tables;
  private final TableDelta[] byNumber;
  private final AtomicIntegerArray syncs = new AtomicIntegerArray(Authority.GROUPS);
  private volatile long settled;
  private volatile boolean remembered;
  private volatile long lostNs = Long.MIN_VALUE;
  private int refreshTable;
  private int refreshPartition;
  private int refreshSlot;

  /** For the peer with this slot. */
  public PeerDelta(int peerSlot, List<HotTable> tables) {
    this.peerSlot = peerSlot;
    for (int i = 0; i < Authority.GROUPS; i++) {
      syncs.set(i, 1);
    }
    this.tables = new TableDelta[tables.size()];
    for (int i = 0; i < this.tables.length; i++) {
      this.tables[i] = new TableDelta(tables.get(i), this, peerSlot);
    }
    int highest = tables.stream().mapToInt(t -> t.spec().number()).max().orElse(0);
    byNumber = new TableDelta[highest + 1];
    for (TableDelta table : this.tables) {
      byNumber[table.table().spec().number()] = table;
    }
  }

  public int peerSlot() {
    return peerSlot;
  }

  public int tableCount() {
    return tables.length;
  }

  public TableDelta table(int index) {
    return tables[index];
  }

  /** The delta of the table with this number on the wire, or null. */
  public TableDelta ofTable(int number) {
    return number >= 0 && number < byNumber.length ? byNumber[number] : null;
  }

  /** Rises with each change of the group's holder and each new life of the peer; marks of the group's entries carry it. */
  int sync(int group) {
    return syncs.get(group);
  }

  /** The sync number of the group that a row belongs to. */
  int sync(Partition partition, int slot) {
    return syncs.get(Row.group(partition.slab(slot), partition.row(slot)));
  }

  /** The peer began a new life: from now on every mark reads as perhaps known, not introduced. */
  public void raiseSyncs() {
    boolean isOver = false;
    for (int group = 0; group < Authority.GROUPS; group++) {
      isOver |= syncs.get(group) >= PeerMarks.MAX_SYNC;
    }
    if (isOver) {
      restamp(EVERY_GROUP);
    }
    for (int group = 0; group < Authority.GROUPS; group++) {
      syncs.set(group, isOver ? 1 : syncs.get(group) + 1);
    }
  }

  /**
   * The group has another holder: from now on the marks of its entries read as perhaps known, not introduced. Takes no time that grows
   * with a table, but once in 16,383 calls.
   */
  public void raiseSync(int group) {
    int next = syncs.get(group) + 1;
    if (next > PeerMarks.MAX_SYNC) {
      restamp(group);
      next = 1;
    }
    syncs.set(group, next);
  }

  /** The frame that the mark names was acknowledged, and that is all there is to it (protocol, rule 2). */
  boolean isSettled(long mark) {
    return PeerMarks.isInFlight(mark) && PeerMarks.isPlain(mark) && PeerMarks.isUpTo(mark, settled);
  }

  /** The mark as the acknowledgements so far leave it. */
  long read(long mark) {
    return isSettled(mark) ? PeerMarks.acknowledged(mark) : mark;
  }

  /**
   * Every frame up to this serial was acknowledged. Plain marks need no visit for that: they read as acknowledged from here on. Before
   * that, whoever knows of a refusal or a drop in one of these frames has visited its records.
   */
  public void settle(long serial) {
    settled = Math.max(settled, serial);
  }

  /** The marks of some 16 slots are written as they read; once in 64 frames is often enough for the largest tables. */
  public void refreshSome() {
    TableDelta table = tables[refreshTable];
    Partition partition = table.table().partition(refreshPartition);
    partition.lock();
    try {
      int to = Math.min(partition.highWater(), refreshSlot + Drain.RECORDS_PER_LOCK);
      table.refresh(partition, refreshSlot, to);
      refreshSlot = to;
    } finally {
      partition.unlock();
    }
    if (refreshSlot >= partition.highWater()) {
      refreshSlot = 0;
      refreshPartition = (refreshPartition + 1) % HotTable.PARTITIONS;
      refreshTable = (refreshTable + (refreshPartition == 0 ? 1 : 0)) % tables.length;
    }
  }

  /** Tombstones wait for this peer: it is connected, or has not been away for long. */
  public boolean isRemembered() {
    return remembered;
  }

  public void setRemembered(boolean remembered) {
    this.remembered = remembered;
  }

  /** When the stream to this peer was last lost, on the node's clock. */
  public long lostNs() {
    return lostNs;
  }

  public void setLostNs(long lostNs) {
    this.lostNs = lostNs;
  }

  /** Records whose state is owed, usage left out. */
  public long stateDirty() {
    long sum = 0;
    for (TableDelta table : tables) {
      sum += table.stateDirty();
    }
    return sum;
  }

  /** Records that the peer refused and that wait until it has room, or for their end. */
  public long refused() {
    long sum = 0;
    for (TableDelta table : tables) {
      sum += table.refused();
    }
    return sum;
  }

  /** The group's marks become stale under number 0, so that its numbers can begin again. */
  private void restamp(int group) {
    for (TableDelta table : tables) {
      for (int i = 0; i < HotTable.PARTITIONS; i++) {
        Partition partition = table.table().partition(i);
        for (int slot = 0; slot < partition.highWater(); slot += Drain.RECORDS_PER_LOCK) {
          restamp(table, partition, slot, group);
        }
      }
    }
  }

  private static void restamp(TableDelta table, Partition partition, int from, int group) {
    partition.lock();
    try {
      int to = Math.min(partition.highWater(), from + Drain.RECORDS_PER_LOCK);
      for (int slot = from; slot < to; slot++) {
        if (group == EVERY_GROUP || Row.group(partition.slab(slot), partition.row(slot)) == group) {
          table.restamp(partition, slot);
        }
      }
    } finally {
      partition.unlock();
    }
  }
}
