package io.understudy.testkit.check;

import io.understudy.table.HotTable;
import io.understudy.table.Partition;
import io.understudy.table.Row;
import io.understudy.testkit.SimFailure;
import io.understudy.testkit.SimNode;
import io.understudy.track.FactWords;
import java.util.Arrays;

/** What a peer acknowledged of an entry, compared with what it has: at least the facts, and everything else as it is. */
final class EntryComparison {
  private long[] own = new long[0];
  private long[] theirs = new long[0];

  /** Compares the live entry in a slot of the node with the peer's. */
  void check(SimNode node, SimNode peer, int t, int p, int at) {
    HotTable table = node.tables().get(t);
    if (own.length != table.spec().rowWords()) {
      own = new long[table.spec().rowWords()];
      theirs = new long[table.spec().rowWords()];
    }
    table.copyLive(table.partition(p), at, own);
    HotTable other = peer.tables().get(t);
    int slot = slotOf(other, p);
    String difference;
    if (slot == Partition.NONE || !other.copyLive(other.partition(p), slot, theirs)) {
      difference = "is not there";
    } else if (Row.group(theirs, 0) != Row.group(own, 0)) {
      difference = "is of group " + Row.group(theirs, 0);
    } else if (isOtherGeneration()) {
      difference = "is generation " + Row.generation(theirs, 0) + "@" + Row.creator(theirs, 0);
    } else {
      String value = valueDifference(other);
      difference = value.isEmpty() ? factsDifference(other) : value;
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

  private boolean isOtherGeneration() {
    return Row.generation(theirs, 0) != Row.generation(own, 0)
        || Row.creator(theirs, 0) != Row.creator(own, 0);
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
