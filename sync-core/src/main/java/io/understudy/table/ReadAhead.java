package io.understudy.table;

/**
 * Brings what a call needs of a table into the processor's cache, for several keys before the first of them is looked up or changed:
 * then memory is waited for a few times, not a few times a key.
 *
 * <p>Shape: every answer is of no meaning, but to be kept somewhere: what is not used would not be read.
 *
 * <p>Thread: any, without a lock. Allocates nothing.
 */
public final class ReadAhead {
  private final Partition[] partitions;
  private final PartitionArrays arrays;

  ReadAhead(Partition[] partitions, PartitionArrays arrays) {
    this.partitions = partitions;
    this.arrays = arrays;
  }

  /** The place in the index where an entry with this hash should stand. */
  public long place(long hash) {
    int partition = HotTable.partitionOf(hash);
    return arrays.places[arrays.placesAt(partition) | (int) hash & arrays.placesMask];
  }

  /**
   * The second step, when that place is in the cache: the row of the entry, or the one that a new entry will probably get; all of it, for a
   * look-up, a touch or a new entry.
   */
  public long row(long hash) {
    int partition = HotTable.partitionOf(hash);
    return arrays.touch(partition, slotHint(partition, (int) hash), 0, arrays.rowWords - 1);
  }

  /** The same of what a change or a remove needs of the row. */
  public long change(long hash) {
    int partition = HotTable.partitionOf(hash);
    return arrays.touchHot(partition, slotHint(partition, (int) hash));
  }

  /** Without the lock and without a look at the key: whoever changes the entry looks for it once more. */
  private int slotHint(int partition, int hash) {
    int base = arrays.placesAt(partition);
    int place = HashIndex.next(arrays.places, base, arrays.placesMask, hash, hash);
    return place == HashIndex.NONE
        ? partitions[partition].nextSlotHint()
        : HashIndex.reference(arrays.places, place);
  }
}
