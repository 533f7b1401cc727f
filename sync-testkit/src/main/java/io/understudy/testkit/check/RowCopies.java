package io.understudy.testkit.check;

import io.understudy.table.HotTable;
import io.understudy.table.Partition;
import io.understudy.table.Row;
import io.understudy.testkit.SimFailure;
import java.util.Arrays;
import java.util.function.Consumer;

/**
 * Copies of the rows of one table in one life of a member: what lives, key, values and marks of all slots ever used.
 *
 * <p>Shape: for each partition the rows one after the other, {@link #words} words each, from {@link Row#META} on.
 */
final class RowCopies {
  private static final int TIMES = Row.TIMES - Row.META;

  private final HotTable table;
  private final int words;
  private final int version;
  private final long[][] rows = new long[HotTable.PARTITIONS][];
  private final int[] highWater = new int[HotTable.PARTITIONS];
  private final int[] live = new int[HotTable.PARTITIONS];
  private final long[] writes = new long[HotTable.PARTITIONS];
  private final int[] changed = new int[HotTable.PARTITIONS];
  private int changedCount;

  RowCopies(HotTable table) {
    this.table = table;
    int end = Row.PAYLOAD + table.spec().payloadWords();
    version = end - Row.META;
    words = version + 1 + table.spec().peerSlots();
    Arrays.fill(rows, new long[0]);
  }

  HotTable table() {
    return table;
  }

  int highWater(int partition) {
    return highWater[partition];
  }

  /** Live rows. */
  int live(int partition) {
    return live[partition];
  }

  boolean isLive(int partition, int slot) {
    return Row.isLive(rows[partition], slot * words + RowChange.ROW);
  }

  /** How many partitions had changed rows at the last look. */
  int changedCount() {
    return changedCount;
  }

  int changed(int i) {
    return changed[i];
  }

  void nothingChanged() {
    changedCount = 0;
  }

  /**
   * Compares.
   *
   * @param all whatever the counts of writes say; a change that was not counted is a failure then
   * @param change filled for each row that is another than before
   */
  void look(boolean all, RowChange change, Consumer<RowChange> onRow) {
    changedCount = 0;
    for (int p = 0; p < HotTable.PARTITIONS; p++) {
      Partition partition = table.partition(p);
      boolean counted = partition.writes() != writes[p];
      if (counted || all && partition.highWater() > 0) {
        writes[p] = partition.writes();
        if (look(partition, counted, change, onRow) > 0) {
          changed[changedCount++] = p;
        }
      }
    }
  }

  private int look(
      Partition partition, boolean counted, RowChange change, Consumer<RowChange> onRow) {
    int p = partition.number();
    grow(p, partition.highWater());
    change.before = fit(change.before);
    change.now = fit(change.now);
    int differing = 0;
    for (int slot = 0; slot < highWater[p]; slot++) {
      int at = slot * words;
      read(partition, slot, change.now);
      if (!Arrays.equals(rows[p], at, at + words, change.now, 0, words)) {
        if (!counted) {
          throw notCounted(change, p, slot);
        }
        System.arraycopy(rows[p], at, change.before, 0, words);
        System.arraycopy(change.now, 0, rows[p], at, words);
        tell(partition, slot, change, onRow);
        differing++;
      }
    }
    return differing;
  }

  private void tell(Partition partition, int slot, RowChange change, Consumer<RowChange> onRow) {
    change.partition = partition;
    change.tableNumber = table.spec().number();
    change.isMarksOnly = Arrays.equals(change.before, 0, version, change.now, 0, version);
    change.slot = slot;
    live[partition.number()] += (change.isLive() ? 1 : 0) - (wasLive(change) ? 1 : 0);
    onRow.accept(change);
  }

  private static boolean wasLive(RowChange change) {
    return change.stateBefore() == Row.LIVE;
  }

  private SimFailure notCounted(RowChange change, int p, int slot) {
    return new SimFailure(
        "Counted",
        "at node "
            + change.node.id()
            + " the row in slot "
            + slot
            + " of partition "
            + p
            + " of table "
            + table.spec().name()
            + " changed, and its partition's count of writes did not");
  }

  /** The life is over: every row is gone. */
  void end(RowChange change, Consumer<RowChange> onRow) {
    change.before = fit(change.before);
    change.now = fit(change.now);
    Arrays.fill(change.now, 0);
    change.isEndOfLife = true;
    for (int p = 0; p < HotTable.PARTITIONS; p++) {
      for (int slot = 0; slot < highWater[p]; slot++) {
        System.arraycopy(rows[p], slot * words, change.before, 0, words);
        tell(table.partition(p), slot, change, onRow);
      }
    }
    change.isEndOfLife = false;
  }

  /** The words of a row that are watched. */
  private void read(Partition partition, int slot, long[] into) {
    System.arraycopy(partition.slab(slot), partition.row(slot) + Row.META, into, 0, words);
    into[TIMES] = 0;
    into[version] = 0;
  }

  private void grow(int p, int used) {
    if (used > highWater[p]) {
      if (used * words > rows[p].length) {
        rows[p] = Arrays.copyOf(rows[p], Math.max(8, used * 2) * words);
      }
      highWater[p] = used;
    }
  }

  private long[] fit(long[] scratch) {
    return scratch.length == words ? scratch : new long[words];
  }
}
