package io.understudy.table;

/**
 * From further hashes of an entry (its reply tuple, its SCTP tags) to the partition and slot it lies in.
 *
 * <p>Shape: 256 segments by the top bits of the hash, each with its own lock and a {@link HashIndex} that doubles when half
 * full, so that tables without such entries pay nothing. Whoever chooses the same ports and SCTP tag again and again gets at
 * most {@link HashIndex#MAX_SAME} entries indexed under them.
 *
 * <p>Thread: changes by whoever holds the lock of the entry's partition, then the segment's: always in this order. Look-ups
 * from any thread without a lock; a reference is only a hint, and the row it names must be compared with what was sought.
 */
public final class SecondaryIndex {
  /** An entry has at most this many further hashes. */
  public static final int MAX_KEYS = 5;

  /** Words behind the hashes in which rules may build a key. */
  public static final int SCRATCH = 8;

  private static final int SEGMENTS = 256;
  private static final int INITIAL = 8;

  private final HashIndex[] segments = new HashIndex[SEGMENTS];

  SecondaryIndex() {
    for (int i = 0; i < SEGMENTS; i++) {
      segments[i] = new HashIndex(INITIAL);
    }
  }

  /** Answers false if too many entries have this hash already; the entry is then not found by it. */
  boolean add(long hash, int partition, int slot) {
    HashIndex segment = segment(hash);
    synchronized (segment) {
      if (segment.isHalfFull()) {
        segment.grow();
      }
      return segment.insert((int) hash, SlotReference.of(partition, slot));
    }
  }

  void remove(long hash, int partition, int slot) {
    HashIndex segment = segment(hash);
    synchronized (segment) {
      segment.remove((int) hash, SlotReference.of(partition, slot));
    }
  }

  HashIndex segment(long hash) {
    return segments[(int) (hash >>> 56)];
  }
}
