package io.understudy.delta;

import io.understudy.table.Authority;
import io.understudy.table.HotTable;
import io.understudy.table.Partition;
import io.understudy.table.Row;

/**
 * What the entries of all tables are towards one peer: each is in exactly one state (promise P2).
 *
 * @param acknowledged live entries of groups this member holds that the peer applied as they are
 * @param inFlight sent and not acknowledged
 * @param queued owed: changed, or owed by a bulk sync
 * @param refused excluded by the peer's refusal
 * @param excluded kept back here by a backup reason
 * @param foreign entries of groups that others hold
 * @param foreignOwed of these, with facts that the peer has not acknowledged
 * @param tombstones ended, and not every peer acknowledged that
 * @param live all live entries; the sum of the first six
 */
public record Accounting(
    long acknowledged,
    long inFlight,
    long queued,
    long refused,
    long excluded,
    long foreign,
    long foreignOwed,
    long tombstones,
    long live) {

  /** Walks every table, a partition at a time. Thread: the duty cycle. */
  public static Accounting of(PeerDelta peer, Authority authority, InFlight inFlight) {
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
        counts[0], counts[1], counts[2], counts[3], counts[4], counts[5], counts[6], counts[7],
        live);
  }

  /** Records that are owed to the peer or not acknowledged by it: what a failure now could cost. */
  public long unacknowledged() {
    return inFlight + queued;
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
      counts[7]++;
    }
    if (!Row.isLive(slab, row)) {
      return;
    }
    long mark = delta.mark(partition, slot);
    if (Row.exclusion(slab, row) != 0) {
      counts[4]++;
    } else if (!authority.holds(Row.group(slab, row))) {
      counts[5]++;
      counts[6] += delta.isUnsettled(partition, slot) ? 1 : 0;
    } else if (PeerMarks.isRefused(mark)) {
      counts[3]++;
    } else if (PeerMarks.isDirty(mark)
        || !PeerMarks.isKnown(mark, peer.sync())
        || PeerMarks.isStale(mark, peer.sync())) {
      counts[2]++;
    } else if (PeerMarks.isInFlight(mark)) {
      counts[1]++;
    } else {
      counts[0]++;
    }
  }
}
