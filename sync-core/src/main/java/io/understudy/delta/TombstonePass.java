package io.understudy.delta;

import io.understudy.table.Authority;
import io.understudy.table.HotTable;
import io.understudy.table.Partition;
import io.understudy.table.Row;
import java.util.List;

/**
 * Walks over the tombstones once more when some may have lost their reason: a peer need not be remembered any longer, or a group
 * has another holder.
 *
 * <p>Thread: the duty cycle, one partition a turn and 16 tombstones for each time it holds the lock.
 */
public final class TombstonePass {
  private final List<HotTable> tables;
  private final Authority authority;
  private final Settlement settlement;
  private int at;

  public TombstonePass(List<HotTable> tables, Authority authority, Settlement settlement) {
    this.tables = tables;
    this.authority = authority;
    this.settlement = settlement;
    at = tables.size() * HotTable.PARTITIONS;
  }

  /** Begins again at the first partition. */
  public void restart() {
    at = 0;
  }

  public boolean isRunning() {
    return at < tables.size() * HotTable.PARTITIONS;
  }

  /** Does one partition. Answers the tombstones freed. */
  public int run() {
    if (!isRunning()) {
      return 0;
    }
    HotTable table = tables.get(at / HotTable.PARTITIONS);
    Partition partition = table.partition(at % HotTable.PARTITIONS);
    at++;
    int freed = 0;
    int slot = 0;
    while (slot != Partition.NONE) {
      partition.lock();
      try {
        for (int i = 0; i < Drain.RECORDS_PER_LOCK; i++) {
          slot = partition.nextDead(slot);
          if (slot == Partition.NONE) {
            break;
          }
          freed += free(table, partition, slot) ? 1 : 0;
          slot++;
        }
      } finally {
        partition.unlock();
      }
    }
    return freed;
  }

  private boolean free(HotTable table, Partition partition, int slot) {
    int group = Row.group(partition.slab(slot), partition.row(slot));
    if (authority.holds(group)) {
      return settlement.freeIfSettled(table, partition, slot);
    }
    settlement.discard(table, partition, slot); // its end is the new holder's to tell
    return true;
  }
}
