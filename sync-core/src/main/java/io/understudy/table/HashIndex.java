package io.understudy.table;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * From a 32-bit hash to the references stored under it: open addressing, linear probing, removal by shifting back.
 *
 * <p>Shape: one long for each place, hash (high 32 bits) and reference + 1 (low 32 bits), 0 = empty. At most 57 %
 * full for the capacity it was made for, so chains stay short and no markers are left behind by removals.
 *
 * <p>Thread: {@link #insert} and {@link #remove} under one lock; {@link #next} from any thread without it. A reader that
 * found nothing must compare {@link #stamp()} from before and after: a removal may have moved an entry past it.
 */
final class HashIndex {
  static final int NONE = -1;

  /** A chain this long means the table is full or someone knows the hash key. */
  private static final int MAX_PROBE = 256;

  /** So many references may have one hash: more would only make every search for it long. */
  static final int MAX_SAME = 64;

  private static final VarHandle STAMP;

  static {
    try {
      STAMP = MethodHandles.lookup().findVarHandle(HashIndex.class, "stamp", int.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  private long[] places;
  private final int base;
  private int mask;
  private int size;

  @SuppressWarnings("unused") // by STAMP
  private int stamp;

  /** One that can grow. */
  HashIndex(int capacity) {
    this(new long[placesFor(capacity)], 0, placesFor(capacity) - 1);
  }

  /**
   * One that cannot, in a part of an array.
   *
   * @param base where its places begin, a multiple of their number
   * @param mask their number - 1
   */
  HashIndex(long[] places, int base, int mask) {
    this.places = places;
    this.base = base;
    this.mask = mask;
  }

  /** Places for so many references: a power of two. */
  static int placesFor(int capacity) {
    int atLeast = capacity + capacity / 4 * 3; // 57 % full at most: short chains in few cache lines
    return Math.max(16, Integer.highestOneBit(Math.max(1, atLeast - 1)) << 1);
  }

  /** Even while nothing is being moved. */
  int stamp() {
    return (int) STAMP.getAcquire(this);
  }

  /** The reads since {@code before}, a {@link #stamp()}, saw one state of the index. */
  boolean isUnchanged(int before) {
    VarHandle.loadLoadFence(); // an acquiring load alone would not keep the reads before it there
    return (before & 1) == 0 && (int) STAMP.getOpaque(this) == before;
  }

  /** The present places of one that can grow; a reader keeps using the array it started with, all of it. */
  long[] places() {
    return places;
  }

  /**
   * The next place that holds this hash, or {@link #NONE} at the end of the chain.
   *
   * @param base where the index's places begin, {@code mask} their number - 1
   * @param from the hash, or one more than the last answer
   */
  static int next(long[] places, int base, int mask, int hash, int from) {
    for (int i = 0; i <= MAX_PROBE; i++) {
      int at = base | (from + i) & mask;
      long entry = places[at];
      if (entry == 0) {
        return NONE;
      }
      if ((int) (entry >>> 32) == hash) {
        return at;
      }
    }
    return NONE;
  }

  static int reference(long[] places, int place) {
    return (int) places[place] - 1;
  }

  /** Under the lock. Answers false when the chain is too long or holds this hash too often. */
  boolean insert(int hash, int reference) {
    int same = 0;
    for (int i = 0; i < MAX_PROBE && same < MAX_SAME; i++) {
      int at = base | (hash + i) & mask;
      same += (int) (places[at] >>> 32) == hash ? 1 : 0;
      if (places[at] == 0) {
        begin();
        places[at] = ((long) hash << 32) | (reference + 1 & 0xFFFFFFFFL);
        end();
        size++;
        return true;
      }
    }
    return false;
  }

  /** Under the lock. Doubles the places; readers of the old array find what it held. */
  void grow() {
    long[] old = places;
    long[] larger = new long[old.length * 2];
    int wider = larger.length - 1;
    for (long entry : old) {
      if (entry != 0) {
        int at = (int) (entry >>> 32) & wider;
        while (larger[at] != 0) {
          at = (at + 1) & wider;
        }
        larger[at] = entry;
      }
    }
    begin();
    places = larger;
    mask = wider;
    end();
  }

  boolean isHalfFull() {
    return size * 2 > mask;
  }

  /** Under the lock. Answers false if this pair is not there. */
  boolean remove(int hash, int reference) {
    long wanted = ((long) hash << 32) | (reference + 1 & 0xFFFFFFFFL);
    int at = base | hash & mask;
    for (int i = 0; places[at] != wanted; i++) {
      if (places[at] == 0 || i > MAX_PROBE) {
        return false;
      }
      at = base | (at + 1) & mask;
    }
    begin();
    shiftBack(at);
    end();
    size--;
    return true;
  }

  private void shiftBack(int hole) {
    int at = hole;
    while (true) {
      at = base | (at + 1) & mask;
      long entry = places[at];
      if (entry == 0) {
        places[hole] = 0;
        return;
      }
      int home = (int) (entry >>> 32) & mask;
      if (((at - home) & mask) >= ((at - hole) & mask)) {
        places[hole] = entry; // blanked later: a reader sees it twice, or misses it and the stamp
        hole = at;
      }
    }
  }

  private void begin() {
    STAMP.setOpaque(this, (int) STAMP.getOpaque(this) + 1);
    VarHandle.storeStoreFence();
  }

  private void end() {
    STAMP.setRelease(this, (int) STAMP.getOpaque(this) + 1);
  }
}
