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
          if (isSame(sim, node, peer)) {
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

  /** Both are on one connection of their present lives and agree on who holds what. */
  private static boolean isSame(SimCluster sim, SimNode node, SimNode peer) {
    boolean same =
        peer.isAlive() && node.node().isConnected(peer.id()) && peer.node().isConnected(node.id());
    for (int group = 1; same && group <= sim.settings().groups(); group++) {
      same = node.node().term(group).equals(peer.node().term(group));
    }
    return same;
  }

  private void checkAcknowledged(SimCluster sim, SimNode node, SimNode peer) {
    for (int t = 0; t < node.node().tables().size(); t++) {
      HotTable table = node.node().tables().get(t);
      HotTable other = peer.node().tables().get(t);
      if (own.length < table.spec().rowWords()) {
        own = new long[table.spec().rowWords()];
        theirs = new long[table.spec().rowWords()];
      }
      for (int p = 0; p < HotTable.PARTITIONS; p++) {
        Partition partition = table.partition(p);
        for (int slot = 0; slot < partition.highWater(); slot++) {
          if (node.node().isAcknowledged(peer.id(), table, partition, slot)) {
            table.copyLive(partition, slot, own);
            compare(sim, node, peer, other, p);
          }
        }
      }
    }
  }

  private void compare(SimCluster sim, SimNode node, SimNode peer, HotTable other, int p) {
    long hash = other.hash(own, Row.PAYLOAD);
    int slot = other.find(other.partition(p), own, 0, hash);
    String difference = "";
    if (slot == Partition.NONE || !other.copyLive(other.partition(p), slot, theirs)) {
      if (sim.settings().groups() > 1) {
        return; // another creator's record replaced it there and ended, which comes here
      }
      difference = "is not there";
    } else if (Row.group(theirs, 0) != Row.group(own, 0)) {
      return; // another creator's record replaced it there, and comes here
    } else if (compareGenerations() > 0) {
      return; // of its own reign in a split; it answers, and the holder decides
    } else if (compareGenerations() < 0) {
      difference = "is generation " + Row.generation(theirs, 0) + "@" + Row.creator(theirs, 0);
    } else {
      difference = payloadDifference(other, sim.settings().members() > 2);
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

  /** Theirs against ours, as members compare them: by counter, then by creator. */
  private int compareGenerations() {
    int byCounter = Long.compare(Row.generation(theirs, 0), Row.generation(own, 0));
    return byCounter != 0
        ? byCounter
        : Integer.compare(Row.creator(theirs, 0), Row.creator(own, 0));
  }

  private String payloadDifference(HotTable table, boolean thirdMember) {
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
    // with a third member facts travel by its own streams, and may be here already and not yet
    // there
    String before = words(theirs, facts);
    return !thirdMember && FactWords.merge(theirs, facts, own, facts) != 0
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
