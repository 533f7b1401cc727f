package io.understudy.wire;

import java.util.Arrays;

/**
 * Reads the columns of a batch, fields 8 and up of {@code Batch}, into staged records.
 *
 * <p>A column is first decoded into a dense array, checked there, and then spread over the records.
 *
 * <p>Shape: one dense array for a column's values, claimed at start.
 * <p>Thread: one. Allocates nothing.
 * <p>Errors: {@link WireFormatException} for any bytes that do not fit the schema. Unknown fields
 * are skipped and counted.
 * <p>Source: {@code docs/reference/wire.md}.
 */
final class RecordReader {
  private static final int COUNT_FIELD = 8;

  private final long[] values = new long[FrameLimits.MAX_BATCH_RECORDS];
  private final StagedRecords staged = new StagedRecords();

  private WireInput in;
  private int unknownFields;

  /** Unknown fields since this was last asked. */
  int takeUnknownFields() {
    int taken = unknownFields;
    unknownFields = 0;
    return taken;
  }

  /**
   * Reads from the input's position to its end.
   *
   * @param limit records that may be read at most
   * @return how many were read
   */
  int read(WireInput input, RecordSchema schema, long[] records, int limit)
      throws WireFormatException {
    in = input;
    staged.wrap(records, schema.words(), 0);
    int columnsField = schema.columnsField();
    int last = 0;
    boolean slots = false;
    boolean generations = false;
    while (in.hasMore()) {
      int tag = in.tag();
      int field = tag >>> 3;
      if (field > ColumnPlan.LAST_HEADER_FIELD && field != columnsField) {
        in.skip(tag);
        unknownFields++;
        continue;
      }
      if (field <= last || field < COUNT_FIELD) {
        throw new WireFormatException(
            "field " + field + " of a batch comes after field " + Math.max(last, 7));
      }
      last = field;
      if (field == COUNT_FIELD) {
        readCount(tag, schema.words(), records, limit);
      } else if (field == columnsField) {
        WireInput.expect(tag, WireInput.LENGTH_DELIMITED, "columns");
        readColumns(schema.plan());
      } else {
        int c = field - ColumnPlan.FIRST_HEADER_FIELD;
        readColumn(ColumnPlan.HEADER, c, tag);
        if (c == ColumnPlan.PRESENT) {
          staged.scanPresent();
        }
        slots |= c == ColumnPlan.SLOT;
        generations |= c == ColumnPlan.GENERATION;
      }
    }
    int count = staged.count();
    if (count > 0 && !slots) {
      throw new WireFormatException("batch of " + count + " records has no slots");
    }
    if ((staged.groups() & ColumnGroup.KEY) != 0 && !generations) {
      throw new WireFormatException("batch of " + count + " records with keys has no generations");
    }
    return count;
  }

  private void readCount(int tag, int words, long[] records, int limit) throws WireFormatException {
    WireInput.expect(tag, WireInput.VARINT, "batch.count");
    int count = (int) in.varint("batch.count", limit);
    Arrays.fill(records, 0, count * words, 0);
    staged.wrap(records, words, count);
  }

  private void readColumns(ColumnPlan plan) throws WireFormatException {
    int length = in.length("columns");
    int outerEnd = in.end;
    in.end = in.at + length;
    int next = 0;
    while (in.hasMore()) {
      int tag = in.tag();
      int field = tag >>> 3;
      int c = next;
      while (c < plan.size && plan.field[c] < field) {
        c++;
      }
      if (c < plan.size && plan.field[c] == field) {
        readColumn(plan, c, tag);
        next = c + 1;
      } else {
        skipUnlessKnown(plan, tag, next);
      }
    }
    in.end = outerEnd;
  }

  private void skipUnlessKnown(ColumnPlan plan, int tag, int next) throws WireFormatException {
    int known = plan.find(tag >>> 3);
    if (known >= 0) {
      throw new WireFormatException(
          plan.name[known]
              + ", field "
              + plan.field[known]
              + ", comes after field "
              + plan.field[next - 1]);
    }
    in.skip(tag);
    unknownFields++;
  }

  private void readColumn(ColumnPlan plan, int c, int tag) throws WireFormatException {
    WireInput.expect(tag, WireInput.LENGTH_DELIMITED, plan.name[c]);
    int length = in.length(plan.name[c]);
    int number = staged.select(plan.group[c]);
    if (number == 0 || length == 0) {
      throw new WireFormatException(
          plan.name[c] + " has " + length + " bytes for " + number + " records");
    }
    long or = decode(plan, c, length, number);
    if ((or & ~plan.mask[c]) != 0) {
      throw tooLarge(plan, c, number);
    }
    switch (plan.difference[c]) {
      case ColumnPlan.ASCENDING -> fromAscending(number);
      case ColumnPlan.ZIGZAG -> fromZigzag(number);
      default -> {}
    }
    if (or != 0) {
      staged.spread(plan.word[c], plan.shift[c], values);
    }
  }

  /** Fills {@code number} values and returns all together, bit by bit. */
  private long decode(ColumnPlan plan, int c, int length, int number) throws WireFormatException {
    int width = plan.width[c];
    int end = in.at + length;
    long or;
    int found;
    if (width != 0) {
      found = length == number * width ? number : 1;
      if (length != found * width) {
        throw new WireFormatException(
            plan.name[c] + " has " + length + " bytes for " + number + " records of " + width);
      }
      or = decodeFixed(width, found);
      in.at = end;
    } else {
      or = decodeOneByteEach(length, number);
      found = number;
      if (or < 0) {
        found = endsFirst(end) ? 1 : number;
        or = in.varints(end, values, found, plan.name[c]);
      }
    }
    if (found < number) {
      if (plan.difference[c] != ColumnPlan.PLAIN) {
        throw new WireFormatException(plan.name[c] + " has 1 value for " + number + " records");
      }
      Arrays.fill(values, 1, number, values[0]);
    }
    return or;
  }

  /**
   * The frequent case of small values only; answers -1, at the same position, where it is another
   * one.
   */
  private long decodeOneByteEach(int length, int number) {
    if (length != number) {
      return -1;
    }
    byte[] bytes = in.bytes;
    int at = in.at;
    long or = 0;
    for (int i = 0; i < number; i++) {
      byte value = bytes[at + i];
      values[i] = value;
      or |= value;
    }
    if (or >= 0) {
      in.at += length;
    }
    return or >= 0 ? or : -1;
  }

  /** Whether the varint at the input's position is the last one before {@code end}. */
  private boolean endsFirst(int end) {
    int at = in.at;
    while (at < end && in.bytes[at] < 0) {
      at++;
    }
    return at >= end - 1;
  }

  private long decodeFixed(int width, int number) {
    byte[] bytes = in.bytes;
    int at = in.at;
    long or = 0;
    switch (width) {
      case 1 -> {
        for (int i = 0; i < number; i++) {
          or |= values[i] = bytes[at + i] & 0xFFL;
        }
      }
      case 2 -> {
        for (int i = 0; i < number; i++) {
          or |= values[i] = (short) Varints.SHORT.get(bytes, at + 2 * i) & 0xFFFFL;
        }
      }
      case 3 -> {
        for (int i = 0; i < number; i++) {
          long low = (short) Varints.SHORT.get(bytes, at + 3 * i) & 0xFFFFL;
          or |= values[i] = low | (bytes[at + 3 * i + 2] & 0xFFL) << 16;
        }
      }
      case 4 -> {
        for (int i = 0; i < number; i++) {
          or |= values[i] = (int) Varints.INT.get(bytes, at + 4 * i) & 0xFFFF_FFFFL;
        }
      }
      default -> {
        for (int i = 0; i < number; i++) {
          or |= values[i] = (long) Varints.LONG.get(bytes, at + 8 * i);
        }
      }
    }
    return or;
  }

  private WireFormatException tooLarge(ColumnPlan plan, int c, int number) {
    int i = 0;
    while (i < number - 1 && (values[i] & ~plan.mask[c]) == 0) {
      i++;
    }
    return new WireFormatException(
        plan.name[c]
            + " is "
            + Long.toUnsignedString(values[i])
            + ", the limit is "
            + Long.toUnsignedString(plan.mask[c]));
  }

  private void fromAscending(int number) throws WireFormatException {
    long slot = values[0];
    long falling = 0;
    for (int i = 1; i < number; i++) {
      falling |= values[i] - 1;
      slot += values[i];
      values[i] = slot;
    }
    if (falling < 0) {
      throw new WireFormatException("batch.slot repeats one of " + number + " slots up to " + slot);
    }
    if (slot > FrameLimits.MAX_SLOT) {
      throw new WireFormatException(
          "batch.slot is " + slot + ", the limit is " + FrameLimits.MAX_SLOT);
    }
  }

  private void fromZigzag(int number) {
    long value = 0;
    for (int i = 0; i < number; i++) {
      long zigzag = values[i];
      value += zigzag >>> 1 ^ -(zigzag & 1);
      values[i] = value;
    }
  }
}
