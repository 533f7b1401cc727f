package io.understudy.delta;

import io.understudy.table.HotTable;
import io.understudy.table.Partition;
import java.util.List;

/**
 * What one peer is owed of all tables, and what must be remembered of it while it is away.
 *
 * <p>Thread: changed by the duty cycle; {@link #sync} and {@link #isRemembered} are read from any thread.
 */
public final class PeerDelta {
  private final int peerSlot;
  private final TableDelta[] tables;
  private volatile int sync = 1;
  private volatile boolean remembered;
  private volatile long lostNs = Long.MIN_VALUE;

  /** For the peer with this slot. */
  public PeerDelta(int peerSlot, List<HotTable> tables) {
    this.peerSlot = peerSlot;
    this.tables = new TableDelta[tables.size()];
    for (int i = 0; i < this.tables.length; i++) {
      this.tables[i] = new TableDelta(tables.get(i), this, peerSlot);
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
    for (TableDelta table : tables) {
      if (table.table().spec().number() == number) {
        return table;
      }
    }
    return null;
  }

  /** Rises with each change of holder and each new life of the peer; marks carry it. */
  int sync() {
    return sync;
  }

  /** From now on every mark reads as perhaps known, not introduced. Takes no time that grows with a table, but once in 32,767 calls. */
  public void raiseSync() {
    int next = sync + 1;
    if (next > PeerMarks.MAX_SYNC) {
      restamp();
      next = 1;
    }
    sync = next;
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

  /** All marks become stale under number 0, so that the numbers can begin again. */
  private void restamp() {
    for (TableDelta table : tables) {
      for (int i = 0; i < HotTable.PARTITIONS; i++) {
        Partition partition = table.table().partition(i);
        partition.lock();
        try {
          for (int slot = 0; slot < partition.highWater(); slot++) {
            table.setMark(partition, slot, PeerMarks.withSync(table.mark(partition, slot), 0));
          }
        } finally {
          partition.unlock();
        }
      }
    }
  }
}
