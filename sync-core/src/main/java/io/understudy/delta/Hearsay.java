package io.understudy.delta;

import io.understudy.table.ChangeSink;
import io.understudy.table.HotTable;
import io.understudy.table.Partition;
import io.understudy.table.Row;
import java.util.Arrays;
import java.util.List;

/**
 * Entries whose facts grew by what one peer told. While the peer lives it tells everybody itself; when its life is over it may have
 * told nobody but this member, which then owes the facts of these entries to all others.
 *
 * <p>Shape: for each table and partition one bit a slot, claimed with the first that is set. A bit may outlive its entry: the facts
 * of the one after it are then sent once in vain.
 *
 * <p>Thread: the duty cycle; one partition a turn, whose lock is held for 16 rows at a time.
 */
public final class Hearsay {
  private final List<HotTable> tables;
  private final ChangeSink sink;
  private final long[][] bits;
  private int at;

  /** For one peer that has told nothing yet. */
  public Hearsay(List<HotTable> tables, ChangeSink sink) {
    this.tables = tables;
    this.sink = sink;
    bits = new long[tables.size() * HotTable.PARTITIONS][];
    at = bits.length;
  }

  /** The peer told facts of this entry that were not known here. */
  public void note(int tableIndex, int partition, int slot) {
    int place = tableIndex * HotTable.PARTITIONS + partition;
    if (bits[place] == null) {
      bits[place] = new long[(tables.get(tableIndex).spec().partitionCapacity() + 63) / 64];
    }
    bits[place][slot >>> 6] |= 1L << slot;
  }

  /** The peer's life is over: begins to owe what it told here to all others. */
  public void tellOthers() {
    at = 0;
  }

  public boolean isRunning() {
    return at < bits.length;
  }

  /** Does the next partition that has anything. Answers the entries owed. */
  public int run(long nowNs) {
    while (isRunning()) {
      long[] told = bits[at];
      HotTable table = tables.get(at / HotTable.PARTITIONS);
      Partition partition = table.partition(at % HotTable.PARTITIONS);
      at++;
      int owed = told == null ? 0 : owe(table, partition, told, nowNs);
      if (owed > 0) {
        return owed;
      }
    }
    return 0;
  }

  private int owe(HotTable table, Partition partition, long[] told, long nowNs) {
    int owed = 0;
    for (int first = 0; first < partition.highWater(); first += Drain.RECORDS_PER_LOCK) {
      long sixteen = told[first >>> 6] >>> first & 0xFFFF;
      if (sixteen != 0) {
        owed += owe(table, partition, first, sixteen, nowNs);
      }
    }
    Arrays.fill(told, 0);
    return owed;
  }

  private int owe(HotTable table, Partition partition, int first, long sixteen, long nowNs) {
    int owed = 0;
    partition.lock();
    try {
      for (long rest = sixteen; rest != 0; rest &= rest - 1) {
        int slot = first + Long.numberOfTrailingZeros(rest);
        long[] slab = partition.slab(slot);
        int row = partition.row(slot);
        if (Row.isLive(slab, row) && Row.exclusion(slab, row) == 0) {
          sink.onChange(table, partition, slot, Drain.FACT_GROUPS, false, nowNs);
          owed++;
        }
      }
    } finally {
      partition.unlock();
    }
    return owed;
  }
}
