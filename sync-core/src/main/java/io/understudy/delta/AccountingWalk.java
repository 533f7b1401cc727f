package io.understudy.delta;

import io.understudy.metrics.Accounting;
import io.understudy.table.Authority;
import io.understudy.table.HotTable;
import io.understudy.table.Partition;
import io.understudy.table.Row;

/** Counts what the entries of all tables are towards one peer. Thread: the duty cycle. */
public final class AccountingWalk {
  private static final int ACKNOWLEDGED = 0;
  private static final int IN_FLIGHT = 1;
  private static final int QUEUED = 2;
  private static final int REFUSED = 3;
  private static final int EXCLUDED = 4;
  private static final int FOREIGN = 5;
  private static final int FOREIGN_OWED = 6;
  private static final int TOMBSTONES = 7;

  private AccountingWalk() {}

  /** Walks every table, a partition at a time. Thread: the duty cycle. */
  public static Accounting of(PeerDelta peer, Authority authority) {
    long[] counts = new long[8];
    long live = 0;
    for (int i = 0; i < peer.tableCount(); i++) {
      HotTable table = peer.table(i).table();
      live += table.liveCount();
      for (int p = 0; p < HotTable.PARTITIONS; p++) {
        Partition partition = table.partition(p);
        for (int slot = 0; slot < partition.highWater(); slot++) {
          count(peer, peer.table(i), partition, slot, authority, counts);
        }
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
        live);
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
