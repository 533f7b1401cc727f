package io.understudy.table;

/**
 * The arrays that the partitions of a table share: each has its part of them.
 *
 * <p>Shape: for each partition its slabs; and its bits, a bit a slot: dirty for each peer slot, touched, dead, free. Every run
 * of bits begins at a multiple of {@value #LINE_WORDS} words, so that threads on two partitions seldom write one cache line.
 */
final class PartitionArrays {
  private static final int LINE_WORDS = 8;

  /** Touched, dead and free. */
  private static final int OTHER_BITS = 3;

  /** Few slabs, because reading a row reads its slab's length too; none so large that a publish which must claim one is felt for long. */
  private static final int MAX_SLAB_ROWS = 512;

  private static final int MIN_SLAB_ROWS = 64;

  final long[][] slabs;
  final int slabsEach;
  final long[] bits;
  final int bitWords;
  private final int kinds;

  PartitionArrays(TableSpec spec, int partitions) {
    int limit = spec.partitionCapacity();
    slabsEach = limit + (1 << slabShift(spec)) - 1 >>> slabShift(spec);
    slabs = new long[partitions * slabsEach][];
    int words = (limit + Long.SIZE - 1) / Long.SIZE;
    bitWords = (words + LINE_WORDS - 1) / LINE_WORDS * LINE_WORDS;
    kinds = spec.peerSlots() + OTHER_BITS;
    bits = new long[partitions * kinds * bitWords];
  }

  /** Where the bits of a partition begin. */
  int bitsAt(int partition) {
    return partition * kinds * bitWords;
  }

  /** Rows of a slab, as a power of two. */
  static int slabShift(TableSpec spec) {
    int rows = Math.max(MIN_SLAB_ROWS, Math.min(MAX_SLAB_ROWS, spec.partitionCapacity() / 4));
    return Integer.SIZE - 1 - Integer.numberOfLeadingZeros(rows);
  }
}
