package io.understudy.wire;

/**
 * Writes staged records as the columns of a batch: fields 8 and up of {@code Batch}.
 *
 * <p>A column is first gathered into a dense array, where its values are seen to be all zero (it is
 * left out), all equal (one value is written) or neither, and encoded from there.
 *
 * <p>Shape: one dense array for a column's values, claimed at start.
 * <p>Thread: one. Allocates nothing.
 * <p>Source: {@code docs/reference/wire.md}.
 */
public final class RecordWriter {
  /** Tag, padded length of {@code Batch}; tags and values of its fields 1 to 7. */
  static final int BATCH_HEADER_BYTES = 1 + Varints.PADDED_BYTES + 7 + 5 * 5 + 2 * 10;

  /** Field {@code count}; tag and padded length of the table's columns. */
  private static final int COUNT_AND_COLUMNS_BYTES = 1 + 5 + 5 + Varints.PADDED_BYTES;

  private static final int COUNT_TAG = 8 << 3;

  private final long[] values = new long[FrameLimits.MAX_BATCH_RECORDS];
  private final StagedRecords staged = new StagedRecords();

  private byte[] out;
  private int at;

  RecordWriter() {}

  /** The most bytes that one record of a table takes. */
  public static int maxRecordBytes(RecordSchema schema) {
    return maxRecordBytes(schema, RecordSchema.PRESENT_MASK);
  }

  /**
   * The most bytes that one record takes if its {@code present} has no other bits than {@code
   * groups}.
   */
  public static int maxRecordBytes(RecordSchema schema, int groups) {
    return ColumnPlan.HEADER.maxRecordBytes(groups) + schema.plan().maxRecordBytes(groups);
  }

  /** The most bytes that a batch takes besides its records. */
  public static int maxBatchBytes(RecordSchema schema) {
    return maxBatchBytes(schema, RecordSchema.PRESENT_MASK);
  }

  /**
   * The most bytes that a batch takes besides records that carry no other bits than {@code groups}.
   */
  public static int maxBatchBytes(RecordSchema schema, int groups) {
    return BATCH_HEADER_BYTES + maxColumnBytes(schema, groups);
  }

  /**
   * Writes records, slots strictly ascending.
   *
   * @param limit position the records must not reach beyond; {@link Varints#SLACK_BYTES} follow it
   * @return the position behind them
   */
  int write(
      byte[] target, int position, int limit, RecordSchema schema, long[] records, int count) {
    out = target;
    at = position;
    staged.wrap(records, schema.words(), count);
    staged.scanPresent();
    checkRoom(schema, limit - position);
    if ((staged.groups() & ColumnGroup.KEY) != 0) {
      staged.compare(); // most columns of new entries are the same for all
    }
    at = Varints.write(out, at, COUNT_TAG);
    at = Varints.write(out, at, count);
    writeColumns(ColumnPlan.HEADER);
    int message = at;
    at = Varints.write(out, at, schema.columnsField() << 3 | WireInput.LENGTH_DELIMITED);
    int length = at;
    at += Varints.PADDED_BYTES;
    writeColumns(schema.plan());
    int bytes = at - length - Varints.PADDED_BYTES;
    if (bytes == 0) {
      return message;
    }
    Varints.patch(out, length, bytes, Varints.PADDED_BYTES);
    return at;
  }

  private static int maxColumnBytes(RecordSchema schema, int groups) {
    return COUNT_AND_COLUMNS_BYTES
        + ColumnPlan.HEADER.maxColumnBytes(groups)
        + schema.plan().maxColumnBytes(groups);
  }

  private void checkRoom(RecordSchema schema, int room) {
    int count = staged.count();
    int groups = staged.groups();
    long most = maxColumnBytes(schema, groups) + (long) count * maxRecordBytes(schema, groups);
    if (most > room) {
      throw new IllegalStateException(
          count
              + " records of "
              + schema.name()
              + " may take "
              + most
              + " bytes, "
              + room
              + " are left");
    }
  }

  private void writeColumns(ColumnPlan plan) {
    int groups = staged.groups();
    for (int c = 0; c < plan.size; c++) {
      int group = plan.group[c];
      if (group == 0 || (groups & group) != 0) {
        writeColumn(plan, c);
      }
    }
  }

  private void writeColumn(ColumnPlan plan, int c) {
    int number = staged.select(plan.group[c]);
    int word = plan.word[c];
    if (plan.difference[c] == ColumnPlan.PLAIN
        && staged.isSame(word, plan.shift[c], plan.mask[c])) {
      values[0] = staged.first(word, plan.shift[c], plan.mask[c]);
      if (values[0] != 0) {
        writeValues(plan, c, 1, values[0]);
      }
      return;
    }
    staged.gather(word, plan.shift[c], plan.mask[c], values);
    long or = staged.or();
    switch (plan.difference[c]) {
      case ColumnPlan.ASCENDING -> or = toAscending(number);
      case ColumnPlan.ZIGZAG -> or = toZigzag(number);
      default -> {
        if (or == 0) {
          return;
        }
        if (staged.isConstant()) {
          number = 1;
        }
      }
    }
    writeValues(plan, c, number, or);
  }

  private void writeValues(ColumnPlan plan, int c, int number, long or) {
    at = Varints.write(out, at, plan.tag[c]);
    int width = plan.width[c];
    if (width == 0) {
      writeVarints(number, or);
    } else {
      at = Varints.write(out, at, number * width);
      writeFixed(width, number);
      at += number * width;
    }
  }

  private long toAscending(int number) {
    long before = 0;
    long either = 0;
    long falling = 0;
    for (int i = 0; i < number; i++) {
      long value = values[i];
      long difference = value - before;
      falling |= i == 0 ? 0 : difference - 1;
      values[i] = difference;
      either |= difference;
      before = value;
    }
    if (falling < 0 || before > FrameLimits.MAX_SLOT) {
      throw new IllegalArgumentException(
          "slots of "
              + number
              + " records do not ascend up to "
              + before
              + ", limit "
              + FrameLimits.MAX_SLOT);
    }
    return either;
  }

  private long toZigzag(int number) {
    long before = 0;
    long either = 0;
    for (int i = 0; i < number; i++) {
      long difference = values[i] - before;
      before = values[i];
      long zigzag = difference << 1 ^ difference >> 63;
      values[i] = zigzag;
      either |= zigzag;
    }
    return either;
  }

  /**
   * The length of the values is not known before: as many bytes are reserved for it as the longest
   * would need.
   */
  private void writeVarints(int number, long or) {
    int length = at;
    int lengthBytes = Varints.size((long) number * Varints.size(or));
    int start = length + lengthBytes;
    at = Varints.writeAll(out, start, values, number, or);
    Varints.patch(out, length, at - start, lengthBytes);
  }

  private void writeFixed(int width, int number) {
    switch (width) {
      case 1 -> {
        for (int i = 0; i < number; i++) {
          out[at + i] = (byte) values[i];
        }
      }
      case 2 -> {
        for (int i = 0; i < number; i++) {
          Varints.SHORT.set(out, at + 2 * i, (short) values[i]);
        }
      }
      case 3 -> {
        for (int i = 0; i < number; i++) {
          Varints.INT.set(
              out, at + 3 * i, (int) values[i]); // the fourth byte is overwritten by the next value
        }
      }
      case 4 -> {
        for (int i = 0; i < number; i++) {
          Varints.INT.set(out, at + 4 * i, (int) values[i]);
        }
      }
      default -> {
        for (int i = 0; i < number; i++) {
          Varints.LONG.set(out, at + 8 * i, values[i]);
        }
      }
    }
  }
}
