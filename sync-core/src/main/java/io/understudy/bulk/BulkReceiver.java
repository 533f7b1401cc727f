package io.understudy.bulk;

import io.understudy.delta.Drain;
import io.understudy.delta.PeerDelta;
import io.understudy.delta.SeenMarks;
import io.understudy.delta.Settlement;
import io.understudy.delta.TableDelta;
import io.understudy.metrics.CounterSet;
import io.understudy.metrics.SyncCounter;
import io.understudy.proto.v1.BulkMark;
import io.understudy.table.Authority;
import io.understudy.table.HotTable;
import io.understudy.table.Partition;
import io.understudy.table.Row;

/**
 * Takes the marks of a holder's bulk sync and sweeps: at a partition's mark the group's entries that the holder did not speak of
 * since its walk began are removed, but never one that this member still has something to say about.
 *
 * <p>Thread: the duty cycle; a partition is locked for 16 rows at a time.
 */
public final class BulkReceiver {
  private final Authority authority;
  private final Settlement settlement;
  private final CounterSet counters;
  private final Listener listener;

  /** Told what a bulk sync brought to an end. */
  public interface Listener {
    /** An entry is swept; under the partition's lock. */
    void onSwept(HotTable table, Partition partition, int slot);

    /** Everything of the group was received. */
    void onComplete(int group, long termNumber, int termNode);
  }

  public BulkReceiver(
      Authority authority, Settlement settlement, CounterSet counters, Listener listener) {
    this.authority = authority;
    this.settlement = settlement;
    this.counters = counters;
    this.listener = listener;
  }

  /** A mark arrived in stream order, of the group's holder in its present life, in the mark's term and in this connection's epoch. */
  public void onMark(BulkMark mark, PeerDelta from, int tableIndex, SeenMarks seen) {
    TableDelta owed = from.table(tableIndex);
    HotTable table = owed.table();
    Partition partition = table.partition(mark.getPartition());
    for (int slot = 0; slot < partition.highWater(); ) {
      partition.lock();
      try {
        for (int i = 0; i < Drain.RECORDS_PER_LOCK && slot < partition.highWater(); i++, slot++) {
          if (isLeftOver(mark, owed, partition, slot, seen)) {
            listener.onSwept(table, partition, slot);
            settlement.discard(table, partition, slot);
            counters.increment(SyncCounter.SWEPT);
          }
        }
      } finally {
        partition.unlock();
      }
    }
    seen.clear(mark.getPartition());
  }

  /** The last mark of a walk, also of a table that this member has not. */
  public void onLast(BulkMark mark) {
    listener.onComplete(mark.getGroup(), mark.getTermNumber(), mark.getTermNode());
  }

  private boolean isLeftOver(
      BulkMark mark, TableDelta owed, Partition partition, int slot, SeenMarks seen) {
    long[] slab = partition.slab(slot);
    int row = partition.row(slot);
    return Row.isLive(slab, row)
        && Row.group(slab, row) == mark.getGroup()
        && Row.exclusion(slab, row) == 0
        && !authority.holds(mark.getGroup())
        && !seen.isSet(mark.getPartition(), slot, mark.getEpoch(), mark.getTermNumber())
        && !owed.isUnsettled(partition, slot);
  }
}
