package io.understudy.wire;

/**
 * Writes staged records as the columns of a batch: fields 8 and up of {@code Batch}.
 *
 * <p>A column is first gathered from the records into a dense array, where its values are seen to be all zero (it is
 * left out), all equal (one value is written) or neither, then encoded from there. So no loop branches on a record.
 *
 * <p>Shape: one dense array for values and one for the positions of the records that carry a group, both claimed at
 * start.
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
  private final int[] carriers = new int[FrameLimits.MAX_BATCH_RECORDS];

  private byte[] out;
  private int at;
  private long[] staged;
  private int words;
  private int count;

  /** The bits that all records have in {@code present}, and those that any has. */
  private int all;

  private int any;

  /** The group whose records {@link #carriers} holds the positions of, and how many they are; 0: none. */
  private int carriersGroup;

  private int carriersCount;

  /** Of the values gathered last: all together, bit by bit, and the bits in which any differs from the first. */
  private long or;

  private long differing;

  RecordWriter() {}

  /** The most bytes that one record of a table takes. */
  public static int maxRecordBytes(RecordSchema schema) {
    return maxRecordBytes(schema, RecordSchema.PRESENT_MASK);
  }

  /** The most bytes that one record takes if its {@code present} has no other bits than {@code groups}. */
  public static int maxRecordBytes(RecordSchema schema, int groups) {
    return ColumnPlan.HEADER.maxRecordBytes(groups) + schema.plan().maxRecordBytes(groups);
  }

  /** The most bytes that a batch takes besides its records. */
  public static int maxBatchBytes(RecordSchema schema) {
    return BATCH_HEADER_BYTES + maxColumnBytes(schema);
  }

  /**
   * Writes records, slots strictly ascending.
   *
   * @param limit position the records must not reach beyond; {@link Varints#SLACK_BYTES} follow it
   * @return the position behind them
   */
  int write(
      byte[] target,
      int position,
      int limit,
      RecordSchema schema,
      long[] records,
      int recordCount) {
    out = target;
    at = position;
    staged = records;
    words = schema.words();
    count = recordCount;
    carriersGroup = 0;
    scanPresent();
    checkRoom(schema, limit - position);
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

  private static int maxColumnBytes(RecordSchema schema) {
    return COUNT_AND_COLUMNS_BYTES
        + ColumnPlan.HEADER.maxOverheadBytes()
        + schema.plan().maxOverheadBytes();
  }

  private void scanPresent() {
    long both = -1;
    long either = 0;
    for (int i = 0, r = RecordSchema.HEAD; i < count; i++, r += words) {
      long head = staged[r];
      both &= head;
      either |= head;
    }
    all = (int) both & RecordSchema.PRESENT_MASK;
    any = (int) either & RecordSchema.PRESENT_MASK;
  }

  private void checkRoom(RecordSchema schema, int room) {
    long most = maxColumnBytes(schema) + (long) count * maxRecordBytes(schema, any);
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
    for (int c = 0; c < plan.size; c++) {
      int group = plan.group[c];
      if (group == 0 || (any & group) != 0) {
        writeColumn(plan, c);
      }
    }
  }

  private void writeColumn(ColumnPlan plan, int c) {
    int group = plan.group[c];
    int number = count;
    if ((all & group) == group) {
      gatherAll(plan.word[c], plan.shift[c], plan.mask[c]);
    } else {
      listCarriers(group);
      number = carriersCount;
      gatherCarriers(plan.word[c], plan.shift[c], plan.mask[c]);
    }
    switch (plan.difference[c]) {
      case ColumnPlan.ASCENDING -> toAscending(number);
      case ColumnPlan.ZIGZAG -> toZigzag(number);
      default -> {
        if (or == 0) {
          return;
        }
        if (differing == 0) {
          number = 1;
        }
      }
    }
    at = Varints.write(out, at, plan.tag[c]);
    int width = plan.width[c];
    if (width == 0) {
      writeVarints(number);
    } else {
      at = Varints.write(out, at, number * width);
      writeFixed(width, number);
      at += number * width;
    }
  }

  private void gatherAll(int word, int shift, long mask) {
    long[] from = staged;
    long[] to = values;
    int step = words;
    int n = count;
    long first = from[word] >>> shift & mask;
    long either = 0;
    long unlike = 0;
    for (int i = 0, r = word; i < n; i++, r += step) {
      long value = from[r] >>> shift & mask;
      to[i] = value;
      either |= value;
      unlike |= value ^ first;
    }
    or = either;
    differing = unlike;
  }

  private void gatherCarriers(int word, int shift, long mask) {
    long[] from = staged;
    long[] to = values;
    int[] carrier = carriers;
    int n = carriersCount;
    long first = from[carrier[0] + word] >>> shift & mask;
    long either = 0;
    long unlike = 0;
    for (int i = 0; i < n; i++) {
      long value = from[carrier[i] + word] >>> shift & mask;
      to[i] = value;
      either |= value;
      unlike |= value ^ first;
    }
    or = either;
    differing = unlike;
  }

  private void listCarriers(int group) {
    if (carriersGroup == group) {
      return;
    }
    carriersGroup = group;
    int bit = Integer.numberOfTrailingZeros(group);
    int n = 0;
    for (int i = 0, r = 0; i < count; i++, r += words) {
      carriers[n] = r; // overwritten unless the record carries the group
      n += (int) (staged[r + RecordSchema.HEAD] >>> bit) & 1;
    }
    carriersCount = n;
  }

  private void toAscending(int number) {
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
    or = either;
  }

  private void toZigzag(int number) {
    long before = 0;
    long either = 0;
    for (int i = 0; i < number; i++) {
      long difference = values[i] - before;
      before = values[i];
      long zigzag = difference << 1 ^ difference >> 63;
      values[i] = zigzag;
      either |= zigzag;
    }
    or = either;
  }

  /** The length of the values is not known before: as many bytes are reserved for it as the longest would need. */
  private void writeVarints(int number) {
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
