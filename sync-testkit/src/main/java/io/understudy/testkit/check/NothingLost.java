package io.understudy.testkit.check;

import io.understudy.metrics.Accounting;
import io.understudy.table.HotTable;
import io.understudy.table.Partition;
import io.understudy.table.Row;
import io.understudy.testkit.SimCluster;
import io.understudy.testkit.SimFailure;
import io.understudy.testkit.SimNode;
import io.understudy.track.FactWords;

/**
 * Promise P2: the states of all entries sum up at every step, and what counts as acknowledged is there at the peer as it is here
 * (facts may have grown there).
 *
 * <p>The second half is looked at where two members hear each other and agree on who holds the entry's group: after a takeover that one of
 * them has not heard of, the other may have ended or changed what it acknowledged. Three differences are none, and are let pass only while
 * they last:
 *
 * <ul>
 *   <li>the peer has a higher generation, of its own reign in a split, and owes it here: the holder then decides;
 *   <li>another group's record of the key replaced it there, and may have ended since: a member that has that record or its tombstone
 *       owes it here, or is cut off from here;
 *   <li>facts that a third member told here and not yet there (it tells everybody itself): it owes the entry to the peer, was refused
 *       and has not heard of the room that the peer has by now, or is dead or cut off from it.
 * </ul>
 */
public final class NothingLost implements StepCheck {
  private long[] own = new long[0];
  private long[] theirs = new long[0];

  @Override
  public void afterStep(SimCluster sim) {
    for (SimNode node : sim.nodes()) {
      for (SimNode peer : sim.nodes()) {
        if (node != peer && node.isAlive()) {
          checkSums(node, peer);
          if (hearEachOther(node, peer)) {
            checkAcknowledged(sim, node, peer);
          }
        }
      }
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

  /** Both are on one connection of their present lives. */
  private static boolean hearEachOther(SimNode node, SimNode peer) {
    return peer.isAlive()
        && node.node().isConnected(peer.id())
        && peer.node().isConnected(node.id());
  }

  private void checkAcknowledged(SimCluster sim, SimNode node, SimNode peer) {
    for (int t = 0; t < node.node().tables().size(); t++) {
      HotTable table = node.node().tables().get(t);
      if (own.length < table.spec().rowWords()) {
        own = new long[table.spec().rowWords()];
        theirs = new long[table.spec().rowWords()];
      }
      for (int p = 0; p < HotTable.PARTITIONS; p++) {
        Partition partition = table.partition(p);
        for (int slot = 0; slot < partition.highWater(); slot++) {
          if (node.node().isAcknowledged(peer.id(), table, partition, slot)) {
            table.copyLive(partition, slot, own);
            int group = Row.group(own, 0);
            if (node.node().term(group).equals(peer.node().term(group))) {
              compare(sim, node, peer, t, p);
            }
          }
        }
      }
    }
  }

  private void compare(SimCluster sim, SimNode node, SimNode peer, int t, int p) {
    HotTable other = peer.node().tables().get(t);
    int slot = slotOf(other, p);
    String difference = "";
    boolean isLive = slot != Partition.NONE && other.copyLive(other.partition(p), slot, theirs);
    if (!isLive || Row.group(theirs, 0) != Row.group(own, 0)) {
      if (isOtherGroupComing(sim, node, t, p)) {
        return;
      }
      difference = isLive ? "is of group " + Row.group(theirs, 0) : "is not there";
    } else if (compareGenerations() > 0 && isOwed(peer, node, t, p)) {
      return;
    } else if (compareGenerations() != 0) {
      difference = "is generation " + Row.generation(theirs, 0) + "@" + Row.creator(theirs, 0);
    } else {
      difference = payloadDifference(other, isThirdToTell(sim, node, peer, t, p));
    }
    if (!difference.isEmpty()) {
      throw new SimFailure(
          "NothingLost",
          "node "
              + peer.id()
              + " acknowledged generation "
              + Row.generation(own, 0)
              + "@"
              + Row.creator(own, 0)
              + " in partition "
              + p
              + " of table "
              + other.spec().name()
              + " to node "
              + node.id()
              + ", but there it "
              + difference);
    }
  }

  private int slotOf(HotTable table, int p) {
    return table.find(table.partition(p), own, 0, table.hash(own, Row.PAYLOAD));
  }

  private boolean isOwed(SimNode from, SimNode to, int t, int p) {
    HotTable table = from.node().tables().get(t);
    int slot = slotOf(table, p);
    return slot != Partition.NONE && from.node().isOwed(to.id(), table, table.partition(p), slot);
  }

  /** A member has a record of the key in another group, live or ended, of which this one has not heard. */
  private boolean isOtherGroupComing(SimCluster sim, SimNode node, int t, int p) {
    for (SimNode member : sim.nodes()) {
      if (member == node || !member.isAlive()) {
        continue;
      }
      HotTable table = member.node().tables().get(t);
      int slot = slotOf(table, p);
      if (slot == Partition.NONE) {
        continue;
      }
      Partition partition = table.partition(p);
      int group = Row.group(partition.slab(slot), partition.row(slot));
      boolean isOwedByHolder =
          member.mayDecide(group)
              && !member.node().isAcknowledged(node.id(), table, partition, slot);
      if (group != Row.group(own, 0)
          && (isOwed(member, node, t, p)
              || isOwedByHolder
              || !member.node().isConnected(node.id()))) {
        return true;
      }
    }
    return false;
  }

  /** A member beside these two may have told facts of the entry here that are still on their way to the peer. */
  private boolean isThirdToTell(SimCluster sim, SimNode node, SimNode peer, int t, int p) {
    for (SimNode third : sim.nodes()) {
      if (third != node
          && third != peer
          && (!third.isAlive()
              || !third.node().isConnected(peer.id())
              || isOwed(third, peer, t, p)
              || isRefused(third, peer, t, p))) {
        return true;
      }
    }
    return false;
  }

  private boolean isRefused(SimNode from, SimNode by, int t, int p) {
    HotTable table = from.node().tables().get(t);
    int slot = slotOf(table, p);
    return slot != Partition.NONE
        && from.node().isRefused(by.id(), table, table.partition(p), slot);
  }

  /** Theirs against ours, as members compare them: by counter, then by creator. */
  private int compareGenerations() {
    int byCounter = Long.compare(Row.generation(theirs, 0), Row.generation(own, 0));
    return byCounter != 0
        ? byCounter
        : Integer.compare(Row.creator(theirs, 0), Row.creator(own, 0));
  }

  private String payloadDifference(HotTable table, boolean thirdToTell) {
    int facts = Row.PAYLOAD + table.spec().keyWords();
    int rest = facts + FactWords.WORDS;
    for (int i = rest; i < Row.PAYLOAD + table.spec().payloadWords(); i++) {
      if (own[i] != theirs[i]) {
        return "has "
            + Long.toHexString(theirs[i])
            + " in word "
            + i
            + " where it is "
            + Long.toHexString(own[i]);
      }
    }
    String before = words(theirs, facts);
    return !thirdToTell && FactWords.merge(theirs, facts, own, facts) != 0
        ? "has the facts " + before + " where they are " + words(own, facts)
        : "";
  }

  private static String words(long[] row, int at) {
    return Long.toHexString(row[at])
        + ' '
        + Long.toHexString(row[at + 1])
        + ' '
        + Long.toHexString(row[at + 2]);
  }
}
