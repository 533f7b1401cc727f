package io.understudy.testkit.check;

import io.understudy.table.HotTable;
import io.understudy.table.Partition;
import io.understudy.table.Row;
import io.understudy.testkit.SimCluster;
import io.understudy.testkit.SimFailure;
import io.understudy.testkit.SimNode;
import io.understudy.track.FactWords;
import java.util.Arrays;

/**
 * What a peer acknowledged of an entry, compared with what it has. Three differences are none, and are let pass only while they last:
 *
 * <ul>
 *   <li>the peer has a higher generation, of its own reign in a split, and owes it here: the holder then decides;
 *   <li>another group's record of the key replaced it there, and may have ended since: a member that has that record or its tombstone
 *       owes it here, or is cut off from here;
 *   <li>facts that a third member told here and not yet there (it tells everybody itself): it owes the entry to the peer, was refused
 *       and has not heard of the room that the peer has by now, or is dead or cut off from it.
 * </ul>
 */
final class EntryComparison {
  private long[] own = new long[0];
  private long[] theirs = new long[0];

  /**
   * Compares the live entry in a slot of the node with the peer's.
   *
   * @return true if there is a difference that is let pass while it lasts
   */
  boolean isLetPass(SimCluster sim, SimNode node, SimNode peer, int t, int p, int at) {
    HotTable table = node.tables().get(t);
    if (own.length != table.spec().rowWords()) {
      own = new long[table.spec().rowWords()];
      theirs = new long[table.spec().rowWords()];
    }
    table.copyLive(table.partition(p), at, own);
    HotTable other = peer.tables().get(t);
    int slot = slotOf(other, p);
    String difference = "";
    boolean isLive = slot != Partition.NONE && other.copyLive(other.partition(p), slot, theirs);
    if (!isLive || Row.group(theirs, 0) != Row.group(own, 0)) {
      if (isOtherGroupComing(sim, node, t, p)) {
        return true;
      }
      difference = isLive ? "is of group " + Row.group(theirs, 0) : "is not there";
    } else if (compareGenerations() > 0 && isOwed(peer, node, t, p)) {
      return true;
    } else if (compareGenerations() != 0) {
      difference = "is generation " + Row.generation(theirs, 0) + "@" + Row.creator(theirs, 0);
    } else {
      difference = valueDifference(other);
      if (difference.isEmpty()) {
        difference = factsDifference(other);
        if (!difference.isEmpty() && isThirdToTell(sim, node, peer, t, p)) {
          return true;
        }
      }
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
    return false;
  }

  private int slotOf(HotTable table, int p) {
    return table.find(table.partition(p), own, 0, table.hash(own, Row.PAYLOAD));
  }

  private boolean isOwed(SimNode from, SimNode to, int t, int p) {
    HotTable table = from.tables().get(t);
    int slot = slotOf(table, p);
    return slot != Partition.NONE && from.node().isOwed(to.id(), table, table.partition(p), slot);
  }

  /** A member has a record of the key in another group, live or ended, of which this one has not heard. */
  private boolean isOtherGroupComing(SimCluster sim, SimNode node, int t, int p) {
    for (SimNode member : sim.nodes()) {
      if (member == node || !member.isAlive()) {
        continue;
      }
      HotTable table = member.tables().get(t);
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
    HotTable table = from.tables().get(t);
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

  private String valueDifference(HotTable table) {
    int rest = Row.PAYLOAD + table.spec().keyWords() + FactWords.WORDS;
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
    return "";
  }

  private String factsDifference(HotTable table) {
    int facts = Row.PAYLOAD + table.spec().keyWords();
    long[] before = Arrays.copyOfRange(theirs, facts, facts + FactWords.WORDS);
    return FactWords.merge(theirs, facts, own, facts) == 0
        ? ""
        : "has the facts " + words(before, 0) + " where they are " + words(own, facts);
  }

  private static String words(long[] row, int at) {
    return Long.toHexString(row[at])
        + ' '
        + Long.toHexString(row[at + 1])
        + ' '
        + Long.toHexString(row[at + 2]);
  }
}
