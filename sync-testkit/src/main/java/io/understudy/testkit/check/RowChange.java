package io.understudy.testkit.check;

import io.understudy.table.Partition;
import io.understudy.table.Row;
import io.understudy.testkit.SimNode;

/**
 * A row of a member's table as it was and as it is. Filled again for the next one.
 *
 * <p>Shape: words from {@link Row#META} on, with payload and marks; those that are not watched are 0.
 */
public final class RowChange {
  /** Where a row would begin of which the words from {@link Row#META} on begin at 0. */
  static final int ROW = -Row.META;

  SimNode node;
  int table;

  /** Of the member's present life; of a life that is over, where the row was. */
  Partition partition;

  int slot;
  int tableNumber;
  boolean isMarksOnly;
  boolean isEndOfLife;
  long[] before = {};
  long[] now = {};

  public SimNode node() {
    return node;
  }

  /** Index among the member's tables. */
  public int table() {
    return table;
  }

  /** The table's number on the wire. */
  public int tableNumber() {
    return tableNumber;
  }

  public Partition partition() {
    return partition;
  }

  public int slot() {
    return slot;
  }

  /** The entry is what it was; only what is owed of it has changed. */
  public boolean isMarksOnly() {
    return isMarksOnly;
  }

  /** The member died: the row is no more. */
  public boolean isEndOfLife() {
    return isEndOfLife;
  }

  public int stateBefore() {
    return Row.state(before, ROW);
  }

  public int state() {
    return Row.state(now, ROW);
  }

  public boolean isLive() {
    return Row.isLive(now, ROW);
  }

  public int group() {
    return Row.group(now, ROW);
  }

  public int groupBefore() {
    return Row.group(before, ROW);
  }

  public long generation() {
    return Row.generation(now, ROW);
  }

  public int creator() {
    return Row.creator(now, ROW);
  }

  public long generationBefore() {
    return Row.generation(before, ROW);
  }

  public int creatorBefore() {
    return Row.creator(before, ROW);
  }
}
