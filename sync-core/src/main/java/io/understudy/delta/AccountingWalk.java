package io.understudy.delta;

import io.understudy.metrics.Accounting;
import io.understudy.table.Authority;
import io.understudy.table.HotTable;
import io.understudy.table.Partition;
import io.understudy.table.Row;

/**
 * Counts what the entries of all tables are towards one peer, beside any number of threads that publish.
 *
 * <p>A partition is walked 16 rows at a time under its lock. Where entries began or ended between two of these, the walk may have met
 * them or not: they are counted as under way.
 *
 * <p>Thread: the duty cycle.
 */
public final class AccountingWalk {
  private static final int ACKNOWLEDGED = 0;
  private static final int IN_FLIGHT = 1;
  private static final int QUEUED = 2;
  private static final int REFUSED = 3;
  private static final int EXCLUDED = 4;
  private static final int FOREIGN = 5;
  private static final int FOREIGN_OWED = 6;
  private static final int TOMBSTONES = 7;
  private static final int LIVE = 8;
  private static final int UNDER_WAY = 9;
  private static final int COUNTS = 10;

  /** Walked under the lock at once. */
  private static final int ROWS = 16;

  private AccountingWalk() {}

  /** Walks every table, a partition at a time. Thread: the duty cycle. */
  public static Accounting of(PeerDelta peer, Authority authority) {
    long[] counts = new long[COUNTS];
    for (int i = 0; i < peer.tableCount(); i++) {
      HotTable table = peer.table(i).table();
      for (int p = 0; p < HotTable.PARTITIONS; p++) {
        count(peer, peer.table(i), table.partition(p), authority, counts);
      }
    }
    return new Accounting(
        counts[ACKNOWLEDGED],
        counts[IN_FLIGHT],
        counts[QUEUED],
        counts[REFUSED],
        counts[EXCLUDED],
        counts[FOREIGN],
        counts[FOREIGN_OWED],
        counts[TOMBSTONES],
        counts[LIVE],
        counts[UNDER_WAY]);
  }

  private static void count(
      PeerDelta peer, TableDelta delta, Partition partition, Authority authority, long[] counts) {
    long changesBefore = 0;
    int slot = 0;
    boolean isMore;
    do {
      partition.lock();
      try {
        if (slot == 0) {
          changesBefore = partition.liveChanges();
          counts[LIVE] += partition.liveCount();
        }
        int end = Math.min(slot + ROWS, partition.highWater());
        for (; slot < end; slot++) {
          count(peer, delta, partition, slot, authority, counts);
        }
        isMore = slot < partition.highWater();
        if (!isMore) {
          counts[UNDER_WAY] += partition.liveChanges() - changesBefore;
        }
      } finally {
        partition.unlock();
      }
    } while (isMore);
  }

  /** The peer applied this live entry of a held group as it is now. */
  public static boolean isAcknowledged(
      PeerDelta peer, Authority authority, HotTable table, Partition partition, int slot) {
    TableDelta delta = peer.ofTable(table.spec().number());
    return Row.isLive(partition.slab(slot), partition.row(slot))
        && state(peer, delta, partition, slot, authority) == ACKNOWLEDGED;
  }

  private static void count(
      PeerDelta peer,
      TableDelta delta,
      Partition partition,
      int slot,
      Authority authority,
      long[] counts) {
    long[] slab = partition.slab(slot);
    int row = partition.row(slot);
    if (Row.state(slab, row) == Row.DEAD) {
      counts[TOMBSTONES]++;
    }
    if (!Row.isLive(slab, row)) {
      return;
    }
    int state = state(peer, delta, partition, slot, authority);
    counts[state]++;
    if (state == FOREIGN && delta.isUnsettled(partition, slot)) {
      counts[FOREIGN_OWED]++;
    }
  }

  /** The one state of a live entry. */
  private static int state(
      PeerDelta peer, TableDelta delta, Partition partition, int slot, Authority authority) {
    long[] slab = partition.slab(slot);
    int row = partition.row(slot);
    long mark = delta.mark(partition, slot);
    if (Row.exclusion(slab, row) != 0) {
      return EXCLUDED;
    }
    if (!authority.holds(Row.group(slab, row))) {
      return FOREIGN;
    }
    if (PeerMarks.isRefused(mark, peer.sync(partition, slot))) {
      return REFUSED;
    }
    if (PeerMarks.isDirty(mark)) {
      return QUEUED;
    }
    if (PeerMarks.isInFlight(mark)) {
      return IN_FLIGHT;
    }
    return PeerMarks.isIntroduced(mark, peer.sync(partition, slot))
        ? ACKNOWLEDGED
        : QUEUED; // owed by a bulk
  }
}
