package io.understudy.testkit.check;

import io.understudy.metrics.Accounting;
import io.understudy.table.HotTable;
import io.understudy.table.Partition;
import io.understudy.table.Row;
import io.understudy.testkit.SimCluster;
import io.understudy.testkit.SimFailure;
import io.understudy.testkit.SimNode;
import java.util.ArrayList;
import java.util.List;

/**
 * Promise P2: the states of all entries sum up at every step, and what counts as acknowledged is there at the peer as it is here
 * (facts may have grown there).
 *
 * <p>The second half is looked at where two members hear each other and agree on who holds the entry's group: after a takeover that one of
 * them has not heard of, the other may have ended or changed what it acknowledged. There is no other exception.
 *
 * <p>An entry is compared when its row, its mark or the peer's row changed, and when it was not acknowledged at the last look; all of them
 * when the two begin to hear each other, when one's standing in a group changed, and whenever every row is looked at.
 */
public final class NothingLost implements RowCheck {
  private final SimCluster sim;
  private final Standings standings;
  private final List<Pair> pairs = new ArrayList<>();
  private final EntryComparison comparison = new EntryComparison();
  private RowWatch rows;
  private boolean[] isChanged = new boolean[0];

  /** What one member knows of another's acknowledgements. */
  private static final class Pair {
    final SimNode node;
    final SimNode peer;
    boolean wasHeard;
    long standing;
    long peerStanding;

    /** Entries that the peer has not acknowledged. */
    SlotList open = new SlotList();

    SlotList formerOpen = new SlotList();

    Pair(SimNode node, SimNode peer) {
      this.node = node;
      this.peer = peer;
    }
  }

  public NothingLost(SimCluster sim) {
    this.sim = sim;
    standings = new Standings(sim);
    for (SimNode node : sim.nodes()) {
      for (SimNode peer : sim.nodes()) {
        if (node != peer) {
          pairs.add(new Pair(node, peer));
        }
      }
    }
  }

  @Override
  public void afterLook(SimCluster cluster, RowWatch looked) {
    rows = looked;
    for (SimNode node : sim.nodes()) {
      if (!node.isAlive()) {
        standings.gone(node);
      } else if (rows.isActive(node.id())) {
        standings.look(node);
        checkCounts(node);
      }
    }
    for (Pair pair : pairs) {
      if (rows.isAll() && pair.node.isAlive() && pair.node.isPeerOf(pair.peer)) {
        checkSums(pair.node, pair.peer);
      }
      check(pair);
    }
  }

  private static void checkSums(SimNode node, SimNode peer) {
    Accounting sums = node.node().accounting(peer.id());
    if (!sums.isClosed()) {
      throw new SimFailure(
          "NothingLost",
          "at node "
              + node.id()
              + " towards node "
              + peer.id()
              + " the states do not sum: "
              + sums);
    }
  }

  /** Every live entry has one state, so the states sum up if the entries are those that are counted. */
  private void checkCounts(SimNode node) {
    for (int t = 0; t < rows.tableCount(node.id()); t++) {
      RowCopies copies = rows.rows(node.id(), t);
      for (int i = 0; i < copies.changedCount(); i++) {
        int p = copies.changed(i);
        int counted = copies.table().partition(p).liveCount();
        if (copies.live(p) != counted) {
          throw new SimFailure(
              "NothingLost",
              "at node "
                  + node.id()
                  + " partition "
                  + p
                  + " of table "
                  + copies.table().spec().name()
                  + " counts "
                  + counted
                  + " live entries and has "
                  + copies.live(p));
        }
      }
    }
  }

  private void check(Pair pair) {
    if (!hearEachOther(pair.node, pair.peer)) {
      pair.wasHeard = false;
      return;
    }
    long standing = standings.number(pair.node.id());
    long peerStanding = standings.number(pair.peer.id());
    boolean anew =
        rows.isAll()
            || !pair.wasHeard
            || pair.standing != standing
            || pair.peerStanding != peerStanding;
    pair.wasHeard = true;
    pair.standing = standing;
    pair.peerStanding = peerStanding;
    if (anew) {
      checkAll(pair);
    } else {
      checkChanged(pair);
    }
  }

  /** Both are on one connection of their present lives. */
  private static boolean hearEachOther(SimNode node, SimNode peer) {
    return node.isAlive()
        && peer.isAlive()
        && peer.isMetBy(node)
        && node.isMetBy(peer)
        && node.node().isConnected(peer.id())
        && peer.node().isConnected(node.id());
  }

  private void checkAll(Pair pair) {
    pair.open.clear();
    for (int t = 0; t < rows.tableCount(pair.node.id()); t++) {
      for (int p = 0; p < HotTable.PARTITIONS; p++) {
        check(pair, t, p);
      }
    }
  }

  private void checkChanged(Pair pair) {
    int tables = rows.tableCount(pair.node.id());
    if (isChanged.length != tables * HotTable.PARTITIONS) {
      isChanged = new boolean[tables * HotTable.PARTITIONS];
    }
    for (int t = 0; t < tables; t++) {
      note(t, rows.rows(pair.node.id(), t));
      note(t, rows.rows(pair.peer.id(), t));
    }
    SlotList open = pair.open;
    pair.open = pair.formerOpen;
    pair.formerOpen = open;
    if (rows.isActive(pair.node.id())) {
      checkAgain(pair, open);
    } else {
      keep(open, pair.open);
    }
    for (int t = 0; t < tables; t++) {
      checkNoted(pair, t, rows.rows(pair.node.id(), t));
      checkNoted(pair, t, rows.rows(pair.peer.id(), t));
    }
  }

  private void note(int t, RowCopies copies) {
    for (int i = 0; i < copies.changedCount(); i++) {
      isChanged[t * HotTable.PARTITIONS + copies.changed(i)] = true;
    }
  }

  /** What is in a changed partition is looked at with that. */
  private void checkAgain(Pair pair, SlotList slots) {
    for (int i = 0; i < slots.count(); i++) {
      int t = slots.table(i);
      if (!isChanged[t * HotTable.PARTITIONS + slots.partition(i)]) {
        check(pair, t, slots.partition(i), slots.slot(i));
      }
    }
    slots.clear();
  }

  /** The member did nothing, so none of its marks is another. */
  private void keep(SlotList slots, SlotList into) {
    for (int i = 0; i < slots.count(); i++) {
      int t = slots.table(i);
      if (!isChanged[t * HotTable.PARTITIONS + slots.partition(i)]) {
        into.add(t, slots.partition(i), slots.slot(i));
      }
    }
    slots.clear();
  }

  private void checkNoted(Pair pair, int t, RowCopies copies) {
    for (int i = 0; i < copies.changedCount(); i++) {
      int at = t * HotTable.PARTITIONS + copies.changed(i);
      if (isChanged[at]) {
        isChanged[at] = false;
        check(pair, t, copies.changed(i));
      }
    }
  }

  private void check(Pair pair, int t, int p) {
    int end = rows.rows(pair.node.id(), t).highWater(p);
    for (int slot = 0; slot < end; slot++) {
      check(pair, t, p, slot);
    }
  }

  private void check(Pair pair, int t, int p, int slot) {
    SimNode node = pair.node;
    SimNode peer = pair.peer;
    RowCopies copies = rows.rows(node.id(), t);
    if (!copies.isLive(p, slot)) {
      return;
    }
    Partition partition = copies.table().partition(p);
    int group = Row.group(partition.slab(slot), partition.row(slot));
    if (node.node().isAcknowledged(peer.id(), copies.table(), partition, slot)) {
      if (standings.agree(node.id(), peer.id(), group)) {
        comparison.check(node, peer, t, p, slot);
      }
    } else if (standings.holds(node.id(), group)
        && Row.exclusion(partition.slab(slot), partition.row(slot)) == 0) {
      pair.open.add(t, p, slot);
    }
  }
}
