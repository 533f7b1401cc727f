package io.understudy.table;

/**
 * The arrays that the partitions of a table share: each has its part of them. With them the numbers that are the same for all
 * partitions, so that these stay small: a change touches one of 256, and all of them do not fit the processor's first cache.
 *
 * <p>Shape: for each partition its slabs; the places of its index; and its bits, a bit a slot: dirty for each peer slot, touched,
 * dead, free. Behind each run of bits there is a bit for each of its words, which of the dirty ones says that the word is not 0. Every
 * run begins at a multiple of {@value #LINE_WORDS} words, so that threads on two partitions seldom write one cache line.
 */
final class PartitionArrays {
  private static final int LINE_WORDS = 8;

  /** Kinds of bits behind those of the peers, which say what is dirty. */
  static final int TOUCHED = 0;

  static final int DEAD = 1;
  static final int FREE = 2;
  private static final int OTHER_BITS = 3;

  /** Few slabs, because reading a row reads its slab's length too; none so large that a publish which must claim one is felt for long. */
  private static final int MAX_SLAB_ROWS = 512;

  private static final int MIN_SLAB_ROWS = 64;

  final long[][] slabs;
  final int slabsEach;
  final int slabShift;
  final int slabMask;
  final int rowWords;
  final int marksAt;
  final int keyWords;
  final int peerSlots;

  /** Rows of one partition. */
  final int limit;

  final long[] places;
  final int placesMask;
  final long[] bits;

  /** Words of one run: those with bits, those that say which of them are not 0, and what is left of a cache line. */
  final int bitWords;

  /** Where in a run the words begin that say which ones are not 0, and how many. */
  final int someAt;

  final int someWords;
  private final int kinds;

  PartitionArrays(TableSpec spec, int partitions) {
    limit = spec.partitionCapacity();
    rowWords = spec.rowWords();
    marksAt = spec.marksAt();
    keyWords = spec.keyWords();
    peerSlots = spec.peerSlots();
    slabShift = slabShift(spec);
    slabMask = (1 << slabShift) - 1;
    slabsEach = limit + (1 << slabShift(spec)) - 1 >>> slabShift(spec);
    slabs = new long[partitions * slabsEach][];
    int placesEach = HashIndex.placesFor(limit);
    placesMask = placesEach - 1;
    places = new long[partitions * placesEach];
    someAt = (limit + Long.SIZE - 1) / Long.SIZE;
    someWords = (someAt + Long.SIZE - 1) / Long.SIZE;
    bitWords = (someAt + someWords + LINE_WORDS - 1) / LINE_WORDS * LINE_WORDS;
    kinds = spec.peerSlots() + OTHER_BITS;
    bits = new long[partitions * kinds * bitWords];
  }

  /** {@link #touch} of what a change of the row needs. */
  long touchHot(int partition, int slot) {
    return touch(partition, slot, Row.STAMP, marksAt + peerSlots - 1);
  }

  /**
   * Reads words of the row's cache lines, from word {@code first} to word {@code last}, and its dirty bits.
   *
   * @return of no meaning, but to be kept somewhere: what is not used would not be read
   */
  long touch(int partition, int slot, int first, int last) {
    long[] slab = slabOrNull(partition, slot);
    if (slab == null) {
      return 0;
    }
    int row = (slot & slabMask) * rowWords;
    long read = slab[row + last];
    for (int i = first; i < last; i += LINE_WORDS) {
      read ^= slab[row + i];
    }
    int bit = bitsAt(partition, 0) + (slot >>> 6);
    for (int i = 0; i < peerSlots; i++, bit += bitWords) {
      read ^= bits[bit];
    }
    return read;
  }

  /** For a reader without the lock, whose slot may be none: null while the slab is not there. */
  long[] slabOrNull(int partition, int slot) {
    return slot >= 0 && slot < limit ? slabs[partition * slabsEach + (slot >>> slabShift)] : null;
  }

  /** Where the bits of one kind begin: of a peer slot, or of {@link #peerSlots} and more. */
  int bitsAt(int partition, int kind) {
    return (partition * kinds + kind) * bitWords;
  }

  /** Where the places of a partition's index begin. */
  int placesAt(int partition) {
    return partition * (placesMask + 1);
  }

  /** Rows of a slab, as a power of two. */
  private static int slabShift(TableSpec spec) {
    int rows = Math.max(MIN_SLAB_ROWS, Math.min(MAX_SLAB_ROWS, spec.partitionCapacity() / 4));
    return Integer.SIZE - 1 - Integer.numberOfLeadingZeros(rows);
  }
}
