package io.understudy.wire;

import java.util.Arrays;

/**
 * The records of one batch, and those among them that carry a group of columns.
 *
 * <p>A column's values are gathered from the selected records into a dense array, or spread over
 * them from there; no loop branches on a record.
 *
 * <p>Shape: the caller's records; positions of those selected, claimed at start.
 * <p>Thread: one. Allocates nothing.
 */
final class StagedRecords {
  private final int[] carriers = new int[FrameLimits.MAX_BATCH_RECORDS];

  /** For each word the bits in which any record differs from the first; grows to the longest record once. */
  private long[] unlikeFirst = new long[0];

  private boolean isCompared;

  private long[] records;
  private int words;
  private int count;

  /** The bits that all records have in {@code present}, and those that any has. */
  private int all;

  private int any;

  private boolean everyRecord;

  /** The group whose records {@link #carriers} holds the positions of, and how many; 0: none. */
  private int carriersGroup;

  private int carriersCount;

  /** Of the values gathered last: all together, bit by bit. */
  private long or;

  /** Of the values gathered last: the bits in which any differs from the first. */
  private long differing;

  /** Takes records of which none carries a group yet. */
  void wrap(long[] source, int recordWords, int recordCount) {
    records = source;
    words = recordWords;
    count = recordCount;
    all = 0;
    any = 0;
    carriersGroup = 0;
    isCompared = false;
  }

  /** Looks at what the records carry. */
  void scanPresent() {
    long both = -1;
    long either = 0;
    for (int i = 0, r = RecordSchema.HEAD; i < count; i++, r += words) {
      long head = records[r];
      both &= head;
      either |= head;
    }
    all = (int) both & RecordSchema.PRESENT_MASK;
    any = (int) either & RecordSchema.PRESENT_MASK;
  }

  /**
   * Compares all words of all records in one pass, so that {@link #isSame} knows the columns that need no pass of their own. Worth it
   * where records carry many columns.
   */
  void compare() {
    if (unlikeFirst.length < words) {
      unlikeFirst = new long[words];
    }
    long[] unlike = unlikeFirst;
    long[] from = records;
    int n = words;
    Arrays.fill(unlike, 0, n, 0);
    for (int i = 1, r = n; i < count; i++, r += n) {
      for (int w = 0; w < n; w++) {
        unlike[w] |= from[r + w] ^ from[w];
      }
    }
    isCompared = true;
  }

  /** All records carry the group selected last and have the same value in a column of it; if unsure, no. */
  boolean isSame(int word, int shift, long mask) {
    return isCompared && everyRecord && (unlikeFirst[word] >>> shift & mask) == 0;
  }

  /** The first record's value of a column. */
  long first(int word, int shift, long mask) {
    return records[word] >>> shift & mask;
  }

  int count() {
    return count;
  }

  /** The groups that any record carries. */
  int groups() {
    return any;
  }

  /** Selects the records that carry a group, 0 for all records, and answers how many they are. */
  int select(int group) {
    everyRecord = (all & group) == group;
    if (everyRecord) {
      return count;
    }
    if (carriersGroup != group) {
      listCarriers(group);
    }
    return carriersCount;
  }

  /** Copies the selected records' values of a column, at least one. */
  void gather(int word, int shift, long mask, long[] values) {
    if (everyRecord) {
      gatherAll(word, shift, mask, values);
    } else {
      gatherCarriers(word, shift, mask, values);
    }
  }

  /** All values gathered last together, bit by bit. */
  long or() {
    return or;
  }

  /** Whether the values gathered last are equal. */
  boolean isConstant() {
    return differing == 0;
  }

  /** Adds values of a column to the selected records, where its bits are still clear. */
  void spread(int word, int shift, long[] values) {
    if (everyRecord) {
      spreadOverAll(word, shift, values);
    } else {
      spreadOverCarriers(word, shift, values);
    }
  }

  private void listCarriers(int group) {
    carriersGroup = group;
    int bit = Integer.numberOfTrailingZeros(group);
    int n = 0;
    for (int i = 0, r = 0; i < count; i++, r += words) {
      carriers[n] = r; // overwritten unless the record carries the group
      n += (int) (records[r + RecordSchema.HEAD] >>> bit) & 1;
    }
    carriersCount = n;
  }

  private void gatherAll(int word, int shift, long mask, long[] values) {
    long[] from = records;
    int step = words;
    int n = count;
    long first = from[word] >>> shift & mask;
    long either = 0;
    long unlike = 0;
    for (int i = 0, r = word; i < n; i++, r += step) {
      long value = from[r] >>> shift & mask;
      values[i] = value;
      either |= value;
      unlike |= value ^ first;
    }
    or = either;
    differing = unlike;
  }

  private void gatherCarriers(int word, int shift, long mask, long[] values) {
    long[] from = records;
    int[] carrier = carriers;
    int n = carriersCount;
    long first = from[carrier[0] + word] >>> shift & mask;
    long either = 0;
    long unlike = 0;
    for (int i = 0; i < n; i++) {
      long value = from[carrier[i] + word] >>> shift & mask;
      values[i] = value;
      either |= value;
      unlike |= value ^ first;
    }
    or = either;
    differing = unlike;
  }

  private void spreadOverAll(int word, int shift, long[] values) {
    long[] to = records;
    int step = words;
    int n = count;
    for (int i = 0, r = word; i < n; i++, r += step) {
      to[r] |= values[i] << shift;
    }
  }

  private void spreadOverCarriers(int word, int shift, long[] values) {
    long[] to = records;
    int[] carrier = carriers;
    int n = carriersCount;
    for (int i = 0; i < n; i++) {
      to[carrier[i] + word] |= values[i] << shift;
    }
  }
}
