package io.understudy.delta;

import io.understudy.table.SlotReference;
import io.understudy.wire.RecordSchema;

/**
 * Records of one table, group and kind, taken for one batch. Reused.
 *
 * <p>Thread: the duty cycle.
 */
public final class Drained {
  /** Records of one batch at most. */
  public static final int MAX_RECORDS = 256;

  private final long[] records;
  private final int words;

  /** Where the records come from ({@link SlotReference}). */
  final int[] references = new int[MAX_RECORDS];

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
    return SlotReference.slot(references[index]);
  }

  /** The partition of the first record; slots are counted from its first one on the wire. */
  int firstPartition() {
    return SlotReference.partition(references[0]);
  }

  /** Writes the records' slots as they go onto the wire: counted on from the first slot of {@link #firstPartition}. */
  void countSlotsOn(int words) {
    int first = SlotReference.of(firstPartition(), 0);
    for (int i = 0, at = RecordSchema.HANDLE; i < count; i++, at += words) {
      long slot = references[i] - first;
      records[at] = slot << 32 | records[at] & 0xFFFFFFFFL;
    }
  }

  /** Records of this partition would come behind those that are there. */
  public boolean isBehind(int partition) {
    return count == 0 || SlotReference.partition(references[count - 1]) < partition;
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
