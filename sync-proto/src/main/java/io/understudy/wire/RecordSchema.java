package io.understudy.wire;

import java.util.Comparator;
import java.util.List;

/**
 * How the records of one table lie in memory while they are staged for the wire, and which columns
 * they travel in.
 *
 * <p>Shape: a record is {@link #words()} consecutive longs. Three are the same in every table:
 *
 * <pre>
 *   word 5   slot (high 32 bits) | slot incarnation (low 32 bits): the handle
 *   word 6   version (high 32 bits) | creator (16 bits) | present (16 bits, {@link ColumnGroup})
 *   word 7   generation counter
 * </pre>
 *
 * <p>The others are the table's own, described by its columns. Those before are for what seldom travels: in a table the words
 * that every change reads then lie together.
 */
public final class RecordSchema {
  /** Index of the handle's word. */
  public static final int HANDLE = 5;

  /** Index of the word with version, creator and present bits. */
  public static final int HEAD = 6;

  /** Index of the generation counter's word. */
  public static final int GENERATION = 7;

  /** The bits of the head's word that hold {@code present}. */
  public static final int PRESENT_MASK = 0xFFFF;

  /** The first word behind the header. */
  public static final int AFTER_HEADER = GENERATION + 1;

  private final int table;
  private final String name;
  private final int words;
  private final int columnsField;
  private final List<Column> columns;
  private final ColumnPlan plan;

  /**
   * Describes a table's records.
   *
   * @param table the table's number on the wire
   * @param name the table's name
   * @param words words of a staged record, header included
   * @param columnsField field number of the table's columns message in {@code Batch}
   * @param columns the table's own columns, any order
   */
  public RecordSchema(int table, String name, int words, int columnsField, List<Column> columns) {
    this.table = table;
    this.name = name;
    this.words = words;
    this.columnsField = columnsField;
    this.columns = columns.stream().sorted(Comparator.comparingInt(Column::field)).toList();
    if (words < AFTER_HEADER) {
      throw new IllegalArgumentException(
          name
              + ": "
              + words
              + " words have no room for the header, at least "
              + AFTER_HEADER
              + " are needed");
    }
    if (columnsField <= ColumnPlan.LAST_HEADER_FIELD) {
      throw new IllegalArgumentException(
          name
              + ": columns field "
              + columnsField
              + " is taken, the first free one is "
              + (ColumnPlan.LAST_HEADER_FIELD + 1));
    }
    for (Column column : columns) {
      if (column.word() < 0 || column.word() >= words) {
        throw new IllegalArgumentException(
            "column "
                + column.name()
                + ": word "
                + column.word()
                + " is outside 0.."
                + (words - 1));
      }
      if (column.word() >= HANDLE && column.word() < AFTER_HEADER) {
        throw new IllegalArgumentException(
            "column "
                + column.name()
                + ": word "
                + column.word()
                + " is one of the header's, "
                + HANDLE
                + ".."
                + GENERATION);
      }
    }
    this.plan = ColumnPlan.ofTable(name, words, this.columns);
  }

  /** The table's number on the wire. */
  public int table() {
    return table;
  }

  /** The table's name. */
  public String name() {
    return name;
  }

  /** Words of a staged record, header included. */
  public int words() {
    return words;
  }

  /** Field number of the table's columns message in {@code Batch}. */
  public int columnsField() {
    return columnsField;
  }

  /** The table's own columns, ascending by field number. */
  public List<Column> columns() {
    return columns;
  }

  /** The columns as the codec's loops see them. */
  ColumnPlan plan() {
    return plan;
  }
}
