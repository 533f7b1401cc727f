package io.understudy.delta;

/**
 * Records of one table, partition, group and kind, taken for one batch. Reused.
 *
 * <p>Thread: the duty cycle.
 */
public final class Drained {
  /** Records of one batch at most. */
  public static final int MAX_RECORDS = 256;

  private final long[] records;
  private final int words;
  final int[] slots = new int[MAX_RECORDS];
  int count;

  /** Of these, introductions. */
  int creates;

  int group;
  int kind;

  /** Room for the widest table. */
  public Drained(int maxWords) {
    words = maxWords;
    records = new long[MAX_RECORDS * maxWords];
  }

  void clear() {
    count = 0;
    creates = 0;
  }

  public long[] records() {
    return records;
  }

  int maxWords() {
    return words;
  }

  public int slot(int index) {
    return slots[index];
  }

  public int count() {
    return count;
  }

  public int group() {
    return group;
  }

  /** {@code BatchKind} on the wire. */
  public int kind() {
    return kind;
  }
}
