package io.understudy.wire;

import java.util.Arrays;
import java.util.Comparator;
import java.util.List;

/**
 * Columns as arrays of primitives, ascending by field number: what the codec's loops look at
 * instead of objects.
 *
 * <p>Shape: one element for each column in every array.
 */
final class ColumnPlan {
  /** Positions of the columns of {@link #HEADER}; their field numbers follow each other from 9. */
  static final int PRESENT = 0;

  static final int SLOT = 1;

  static final int GENERATION = 3;

  /** Field number of the first column of {@link #HEADER}. */
  static final int FIRST_HEADER_FIELD = 9;

  /** Field number of the last one. */
  static final int LAST_HEADER_FIELD = 14;

  /** Every value stands for itself. */
  static final byte PLAIN = 0;

  /**
   * Each value is the difference to the one before, and at least 1 from the second on; never
   * shortened.
   */
  static final byte ASCENDING = 1;

  /** Each value is the zigzag difference to the one before; never shortened. */
  static final byte ZIGZAG = 2;

  /** The columns that every batch has: fields 9 to 14 of {@code Batch}. */
  static final ColumnPlan HEADER = header();

  final int size;

  /** Table and column, for messages. */
  final String[] name;

  final int[] field;
  final int[] tag;
  final int[] word;
  final int[] shift;
  final long[] mask;

  /** The bit of {@code present} that a record with a value has; 0 where all have one. */
  final int[] group;

  /** Bytes of each value, 0 for varints. */
  final byte[] width;

  /** {@link #PLAIN}, {@link #ASCENDING} or {@link #ZIGZAG}. */
  final byte[] difference;

  /** Stands for the columns that all records have, behind those of the 16 groups. */
  private static final int ALWAYS = 16;

  private final int[] recordBytes = new int[ALWAYS + 1];
  private final int[] columnBytes = new int[ALWAYS + 1];

  ColumnPlan(String table, List<Column> unordered) {
    List<Column> columns =
        unordered.stream().sorted(Comparator.comparingInt(Column::field)).toList();
    size = columns.size();
    name = new String[size];
    field = new int[size];
    tag = new int[size];
    word = new int[size];
    shift = new int[size];
    mask = new long[size];
    group = new int[size];
    width = new byte[size];
    difference = new byte[size];
    for (int c = 0; c < size; c++) {
      set(c, table, columns.get(c));
    }
  }

  /** A plan for the columns of a table, after checking that they can be told apart. */
  static ColumnPlan ofTable(String table, int words, List<Column> columns) {
    ColumnPlan plan = new ColumnPlan(table, columns);
    long[] used = new long[words];
    for (int c = 0; c < plan.size; c++) {
      long bits = plan.mask[c] << plan.shift[c];
      if ((used[plan.word[c]] & bits) != 0) {
        throw new IllegalArgumentException(plan.name[c] + " shares bits of word " + plan.word[c]);
      }
      used[plan.word[c]] |= bits;
      if (c > 0 && plan.field[c] == plan.field[c - 1]) {
        throw new IllegalArgumentException(
            plan.name[c] + " has the field number of another column");
      }
      if (Integer.bitCount(plan.group[c]) != 1 || plan.group[c] > RecordSchema.PRESENT_MASK) {
        throw new IllegalArgumentException(
            plan.name[c] + " needs one group of 16, has " + plan.group[c]);
      }
    }
    return plan;
  }

  /** The most bytes one record's values take if it carries these groups. */
  int maxRecordBytes(int groups) {
    return sum(recordBytes, groups);
  }

  /** The most bytes the tags and lengths of the columns take if records carry these groups. */
  int maxColumnBytes(int groups) {
    return sum(columnBytes, groups);
  }

  /** Over groups, not columns: it is asked for several times a batch. */
  private static int sum(int[] bytes, int groups) {
    int sum = bytes[ALWAYS];
    for (int rest = groups & RecordSchema.PRESENT_MASK; rest != 0; rest &= rest - 1) {
      sum += bytes[Integer.numberOfTrailingZeros(rest)];
    }
    return sum;
  }

  /** The position of a field, or something negative. */
  int find(int wanted) {
    return Arrays.binarySearch(field, wanted);
  }

  private void set(int c, String table, Column column) {
    name[c] = table + "." + column.name();
    field[c] = column.field();
    tag[c] = column.field() << 3 | WireInput.LENGTH_DELIMITED;
    word[c] = column.word();
    shift[c] = column.shift();
    mask[c] = column.mask();
    group[c] = column.group();
    width[c] = widthOf(column.encoding());
    if (width[c] != 0 && column.bits() > 8 * width[c]) {
      throw new IllegalArgumentException(
          name[c] + ": " + column.bits() + " bits do not fit " + column.encoding());
    }
    if (column.field() < 1 || column.field() > 0x1FFF_FFFF) {
      throw new IllegalArgumentException(name[c] + ": field number " + column.field());
    }
    int bit = group[c] == 0 ? ALWAYS : Integer.numberOfTrailingZeros(group[c]);
    if (bit <= ALWAYS) {
      recordBytes[bit] += width[c] == 0 ? Varints.size(column.mask()) : width[c];
      columnBytes[bit] += Varints.size(tag[c]) + Varints.PADDED_BYTES;
    }
  }

  private static byte widthOf(ColumnEncoding encoding) {
    return switch (encoding) {
      case VARINT -> 0;
      case BYTES1 -> 1;
      case BYTES2 -> 2;
      case BYTES3 -> 3;
      case FIXED32 -> 4;
      case FIXED64 -> 8;
    };
  }

  private static ColumnPlan header() {
    int handle = RecordSchema.HANDLE;
    int head = RecordSchema.HEAD;
    ColumnPlan plan =
        new ColumnPlan(
            "batch",
            List.of(
                varint(9, "present", 0, head, 0, 16),
                varint(10, "slot", 0, handle, 32, 32),
                varint(11, "slot_incarnation", 0, handle, 0, 32),
                varint(12, "generation", ColumnGroup.KEY, RecordSchema.GENERATION, 0, 64),
                varint(13, "creator", ColumnGroup.KEY, head, 16, 16),
                varint(14, "version", ColumnGroup.HOLDER, head, 32, 32)));
    plan.difference[SLOT] = ASCENDING;
    plan.difference[GENERATION] = ZIGZAG;
    return plan;
  }

  private static Column varint(int field, String name, int group, int word, int shift, int bits) {
    return new Column(field, name, group, word, shift, bits, ColumnEncoding.VARINT);
  }
}
