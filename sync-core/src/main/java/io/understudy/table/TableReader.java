package io.understudy.table;

/**
 * Finds and copies rows while others write them.
 *
 * <h2>Ordering</h2>
 *
 * A row is copied between two readings of its stamp, an index is walked between two readings of its own; if either changed,
 * what was read is thrown away. A writer may lose its processor in the middle of a row, so after {@value #OPTIMISTIC_TRIES}
 * tries a reader waits for the partition's lock instead of taking a live entry for none.
 *
 * <p>Thread: any. Allocates nothing.
 */
final class TableReader {
  static final int NOT_FOUND = -1;

  private static final int UNSTABLE = -2;
  private static final int FOUND = -3;

  /** Reads without a lock before a reader takes it. */
  private static final int OPTIMISTIC_TRIES = 16;

  /** Looks at a row that is being written before {@link #isThere} takes it for what it seems. */
  private static final int LOCKED_TRIES = 1_000;

  private final Partition[] partitions;
  private final PartitionArrays arrays;
  private final int words;

  TableReader(Partition[] partitions, PartitionArrays arrays) {
    this.partitions = partitions;
    this.arrays = arrays;
    words = arrays.rowWords;
  }

  /**
   * The slot of the live entry with the record's key, or {@link #NOT_FOUND}.
   *
   * @param rowOut receives the row, unless null
   */
  int find(Partition partition, long[] record, int hash, long[] rowOut) {
    for (int i = 0; i < OPTIMISTIC_TRIES; i++) {
      int slot = tryFind(partition, record, hash, rowOut);
      if (slot != UNSTABLE) {
        return slot;
      }
    }
    partition.lock();
    try {
      return tryFind(partition, record, hash, rowOut);
    } finally {
      partition.unlock();
    }
  }

  private int tryFind(Partition partition, long[] record, int hash, long[] rowOut) {
    HashIndex index = partition.index();
    int stamp = index.stamp();
    long[] places = arrays.places;
    int base = arrays.placesAt(partition.number());
    int mask = arrays.placesMask;
    int place = HashIndex.next(places, base, mask, hash, hash);
    while (place != HashIndex.NONE) {
      int slot = HashIndex.reference(places, place);
      int found = slot < 0 ? NOT_FOUND : tryRow(partition, slot, record, rowOut);
      if (found != NOT_FOUND) {
        return found;
      }
      place = HashIndex.next(places, base, mask, hash, place + 1);
    }
    return index.isUnchanged(stamp) ? NOT_FOUND : UNSTABLE;
  }

  private int tryRow(Partition partition, int slot, long[] record, long[] rowOut) {
    long[] slab = partition.slabOrNull(slot);
    if (slab == null) {
      return UNSTABLE;
    }
    int row = partition.row(slot);
    long stamp = Row.stampAcquire(slab, row);
    boolean same = Row.isLive(slab, row) && partition.hasKey(slot, record, Row.PAYLOAD);
    if (same && rowOut != null) {
      System.arraycopy(slab, row, rowOut, 0, words);
    }
    if (!Row.isUnchanged(slab, row, stamp)) {
      return UNSTABLE;
    }
    return same ? slot : NOT_FOUND;
  }

  /** A consistent copy of a live row; false if it is not live. */
  boolean copyLive(Partition partition, int slot, long[] rowOut) {
    int copied = tryCopy(partition, slot, rowOut);
    if (copied == UNSTABLE) {
      partition.lock();
      try {
        copied = tryCopy(partition, slot, rowOut);
      } finally {
        partition.unlock();
      }
    }
    return copied == FOUND;
  }

  private int tryCopy(Partition partition, int slot, long[] rowOut) {
    long[] slab = partition.slabOrNull(slot);
    if (slab == null) {
      return NOT_FOUND;
    }
    int row = partition.row(slot);
    for (int i = 0; i < OPTIMISTIC_TRIES; i++) {
      long stamp = Row.stampAcquire(slab, row);
      System.arraycopy(slab, row, rowOut, 0, words);
      if (Row.isUnchanged(slab, row, stamp)) {
        return Row.isLive(rowOut, 0) ? FOUND : NOT_FOUND;
      }
    }
    return UNSTABLE;
  }

  /**
   * Copies the first live row under a secondary hash that the filter accepts. The caller may hold the lock of the partition of
   * {@code except}, and of no other; only the duty cycle does.
   *
   * @param except a reference that does not count, or {@link HashIndex#NONE}
   */
  boolean findSecondary(HashIndex segment, int hash, RowFilter filter, int except, long[] rowOut) {
    for (int i = 0; i < OPTIMISTIC_TRIES; i++) {
      int stamp = segment.stamp();
      int unsteady = scan(segment, hash, filter, except, rowOut);
      if (unsteady == FOUND) {
        return true;
      }
      if (unsteady != NOT_FOUND) {
        awaitWriter(unsteady);
      } else if (segment.isUnchanged(stamp)) {
        return false;
      }
    }
    while (true) {
      int unsteady;
      synchronized (segment) {
        unsteady = scan(segment, hash, filter, except, rowOut);
      }
      if (unsteady < 0) {
        return unsteady == FOUND;
      }
      awaitWriter(unsteady); // not within the segment's lock, which comes after the partition's
    }
  }

  /**
   * Whether the filter accepts a live row under a secondary hash. The caller may hold the lock of any partition, so that no other is
   * waited for: a row that is being written all the while counts as accepted, because hardly any other than the one sought has its hash.
   */
  boolean isThere(HashIndex segment, int hash, RowFilter filter, int except, long[] scratch) {
    int found = UNSTABLE;
    for (int i = 0; i < LOCKED_TRIES && found != FOUND && found != NOT_FOUND; i++) {
      synchronized (segment) {
        found = scan(segment, hash, filter, except, scratch);
      }
    }
    return found != NOT_FOUND;
  }

  /** {@link #FOUND}, {@link #NOT_FOUND}, or the partition in which a row was being written. */
  private int scan(HashIndex segment, int hash, RowFilter filter, int except, long[] rowOut) {
    long[] places = segment.places();
    int mask = places.length - 1;
    int place = HashIndex.next(places, 0, mask, hash, hash);
    while (place != HashIndex.NONE) {
      int reference = HashIndex.reference(places, place);
      if (reference >= 0 && reference != except) {
        int partition = SlotReference.partition(reference);
        int copied = tryCopy(partitions[partition], SlotReference.slot(reference), rowOut);
        if (copied == UNSTABLE) {
          return partition;
        }
        if (copied == FOUND && filter.accepts(rowOut)) {
          return FOUND;
        }
      }
      place = HashIndex.next(places, 0, mask, hash, place + 1);
    }
    return NOT_FOUND;
  }

  /** Who writes a row waits for nobody, so this is short; a partition whose lock the caller holds is never meant. */
  private void awaitWriter(int partition) {
    partitions[partition].lock();
    partitions[partition].unlock();
  }
}
