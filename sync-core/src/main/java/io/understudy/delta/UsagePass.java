package io.understudy.delta;

import io.understudy.table.ChangeSink;
import io.understudy.table.HotTable;
import io.understudy.table.Partition;
import io.understudy.table.Row;
import io.understudy.wire.ColumnGroup;
import java.util.List;

/**
 * Owes the usage of entries that saw traffic: each partition once an interval, one after the other, so that an entry's counters
 * travel at most once an interval and never in a burst.
 *
 * <p>Thread: the duty cycle.
 */
public final class UsagePass {
  private final List<HotTable> tables;
  private final ChangeSink sink;

  /** A node that has nothing else to do is woken for several partitions at once, so often in an interval. */
  private static final int WAKES = 64;

  private final long stepNs;
  private final long wakeNs;
  private long nextNs = Long.MIN_VALUE;
  private long lastNs = Long.MIN_VALUE / 2;
  private int at;

  public UsagePass(List<HotTable> tables, ChangeSink sink, long intervalNs) {
    this.tables = tables;
    this.sink = sink;
    stepNs = Math.max(1, intervalNs / total(tables));
    wakeNs = intervalNs / WAKES;
  }

  /** Does the partitions that are due; after a pause not more than all of them. */
  public int run(long nowNs) {
    if (nextNs == Long.MIN_VALUE) {
      nextNs = nowNs;
    }
    int owed = 0;
    lastNs = nextNs <= nowNs ? nowNs : lastNs;
    for (int i = 0; i < total(tables) && nextNs <= nowNs; i++, nextNs += stepNs) {
      owed += one(nowNs);
    }
    nextNs = Math.max(nextNs, nowNs - stepNs);
    return owed;
  }

  /** All partitions now: before a takeover rehearsal or a comparison. */
  public void runAll(long nowNs) {
    for (int i = 0; i < total(tables); i++) {
      one(nowNs);
    }
  }

  /** When the next partitions are worth a turn of their own. */
  public long nextDueNs() {
    return Math.max(nextNs, lastNs + wakeNs);
  }

  private int one(long nowNs) {
    HotTable table = tables.get(at / HotTable.PARTITIONS);
    Partition partition = table.partition(at % HotTable.PARTITIONS);
    at = (at + 1) % total(tables);
    int owed = 0;
    for (int first = 0; first < partition.highWater(); first += Long.SIZE) {
      long touched = partition.takeTouched(first);
      if (touched != 0) {
        owed += owe(table, partition, first, touched, nowNs);
      }
    }
    return owed;
  }

  private int owe(HotTable table, Partition partition, int first, long touched, long nowNs) {
    int owed = 0;
    partition.lock(); // for 64 marks at most, less than the copying of 16 records
    try {
      for (long bits = touched; bits != 0; bits &= bits - 1) {
        int slot = first + Long.numberOfTrailingZeros(bits);
        long[] slab = partition.slab(slot);
        int row = partition.row(slot);
        if (Row.isLive(slab, row) && Row.exclusion(slab, row) == 0) {
          sink.onChange(table, partition, slot, ColumnGroup.USAGE, true, nowNs);
          owed++;
        }
      }
    } finally {
      partition.unlock();
    }
    return owed;
  }

  private static int total(List<HotTable> tables) {
    return Math.max(1, tables.size() * HotTable.PARTITIONS);
  }
}
