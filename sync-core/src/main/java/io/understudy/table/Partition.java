package io.understudy.table;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.concurrent.locks.LockSupport;

/**
 * One of a table's 256 parts: rows in slabs, their index, and bits that say which rows are dirty for a peer, touched, or dead.
 *
 * <p>Shape: slabs of up to a quarter of the rows, 64 to 512. A slot is a row's number; rows never move. The bits of all slots lie together, so that
 * looking for the next dirty row reads a few cache lines.
 *
 * <p>Thread: everything under {@link #lock} unless said otherwise; nobody holds it longer than the copying of 16 records.
 *
 * <p>Errors: {@link #claim} answers {@link #NONE} when the partition is full.
 */
public final class Partition {
  public static final int NONE = -1;

  /** Slabs are claimed ahead when fewer rows than this are free: about the new entries of 20 ms at a million a second and more. */
  private static final int CLAIM_AHEAD_ROWS = 128;

  private static final int SPINS = 100;
  private static final int YIELDS = 100;
  private static final long PARK_NS = 50_000;

  private static final VarHandle LOCK;

  static {
    try {
      LOCK = MethodHandles.lookup().findVarHandle(Partition.class, "lock", int.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  private final int number;
  private final PartitionArrays arrays;
  private final HashIndex index;
  private final long[][] scratch = new long[2][SecondaryIndex.MAX_KEYS + SecondaryIndex.SCRATCH];

  @SuppressWarnings("unused") // by LOCK
  private int lock;

  private int slabCount;
  private int highWater;
  private int freeCount;

  /** Freed slots are taken again from here on, upwards: entries that begin together lie together. */
  private int freeCursor;

  private int liveCount;
  private long liveChanges;
  private int deadCount;
  private int unindexedCount;
  private long writes;

  /** The partition of this number, in arrays that it shares with the others: they are found without a way through this object. */
  Partition(int number, PartitionArrays arrays) {
    this.number = number;
    this.arrays = arrays;
    index = new HashIndex(arrays.places, arrays.placesAt(number), arrays.placesMask);
  }

  public int number() {
    return number;
  }

  /** Bounded spinning, then yielding, then short sleeps: the holder may have lost its processor. */
  public void lock() {
    int tries = 0;
    while (!LOCK.compareAndSet(this, 0, 1)) {
      tries++;
      if (tries < SPINS) {
        Thread.onSpinWait();
      } else if (tries < SPINS + YIELDS) {
        Thread.yield();
      } else {
        LockSupport.parkNanos(PARK_NS);
      }
    }
  }

  public void unlock() {
    LOCK.setRelease(this, 0);
  }

  HashIndex index() {
    return index;
  }

  /** Room for the hashes of one row, for whoever holds the lock. */
  long[] scratch(int which) {
    return scratch[which];
  }

  /** The slab that holds this slot's row. */
  public long[] slab(int slot) {
    return arrays.slabs[slabsAt() + (slot >>> arrays.slabShift)];
  }

  /** Where this slot's row begins in its slab. */
  public int row(int slot) {
    return (slot & arrays.slabMask) * arrays.rowWords;
  }

  private int slabsAt() {
    return number * arrays.slabsEach;
  }

  /**
   * Reads words of the cache lines that a change of this slot's row needs. Whoever does so for several rows before it changes
   * the first waits for memory once, not once a row.
   *
   * @return what was read, to be kept somewhere: what is not used would not be read
   */
  public long touchRow(int slot) {
    return arrays.touchHot(number, slot);
  }

  /** Where a new entry will probably lie. Without the lock: only a hint. */
  int nextSlotHint() {
    int cursor = freeCursor;
    if (freeCount == 0) {
      return highWater;
    }
    return cursor < arrays.limit
        ? cursor + (Long.numberOfTrailingZeros(arrays.bits[free(cursor)] >>> cursor) & 63)
        : 0;
  }

  /** For a reader without the lock: null while the slab is not there. */
  long[] slabOrNull(int slot) {
    return arrays.slabOrNull(number, slot);
  }

  /** Where in its slab the slot's mark for a peer lies. */
  public int markAt(int peerSlot, int slot) {
    return row(slot) + arrays.marksAt + peerSlot;
  }

  /** A row or a mark changes now. Under the lock, by whoever changes it. */
  public void written() {
    writes++;
  }

  /**
   * How often rows and marks changed: whoever keeps copies of them compares only where this differs. Counters and times, which change
   * without the lock, are not counted, nor are the version and the holder's handle, which travel with other changes.
   */
  public long writes() {
    return writes;
  }

  /** What a peer knows and is owed of the slot's entry. */
  public long mark(int peerSlot, int slot) {
    return slab(slot)[markAt(peerSlot, slot)];
  }

  /** Under the lock; whoever changes what is dirty by it changes the dirty bit too. */
  public void setMark(int peerSlot, int slot, long mark) {
    writes++;
    slab(slot)[markAt(peerSlot, slot)] = mark;
  }

  /** The slot's mark for this peer is dirty. */
  public void setDirty(int peerSlot, int slot) {
    int at = arrays.bitsAt(number, peerSlot);
    arrays.bits[at + (slot >>> 6)] |= 1L << slot;
    arrays.bits[at + arrays.someAt + (slot >>> 12)] |= 1L << (slot >>> 6);
  }

  /** It is not any longer. */
  public void clearDirty(int peerSlot, int slot) {
    int at = arrays.bitsAt(number, peerSlot);
    long left = arrays.bits[at + (slot >>> 6)] & ~(1L << slot);
    arrays.bits[at + (slot >>> 6)] = left;
    if (left == 0) {
      arrays.bits[at + arrays.someAt + (slot >>> 12)] &= ~(1L << (slot >>> 6));
    }
  }

  /**
   * Lists dirty slots at or after {@code from}, in their order.
   *
   * @param most how many at most; {@code slots} has room for them
   * @return how many
   */
  public int listDirty(int peerSlot, int from, int most, int[] slots) {
    long[] bits = arrays.bits;
    int at = arrays.bitsAt(number, peerSlot);
    int first = from >>> 6;
    int listed = 0;
    for (int i = first >>> 6; i < arrays.someWords && listed < most; i++) {
      long some = bits[at + arrays.someAt + i] & (i == first >>> 6 ? -1L << first : -1L);
      for (; some != 0 && listed < most; some &= some - 1) {
        int word = i << 6 | Long.numberOfTrailingZeros(some);
        long rest = bits[at + word] & (word == first ? -1L << from : -1L);
        for (; rest != 0 && listed < most; rest &= rest - 1) {
          slots[listed++] = word << 6 | Long.numberOfTrailingZeros(rest);
        }
      }
    }
    return listed;
  }

  int slabRows() {
    return arrays.slabMask + 1;
  }

  int slabCount() {
    return slabCount;
  }

  /** One more than the highest slot ever used. */
  public int highWater() {
    return highWater;
  }

  public int liveCount() {
    return liveCount;
  }

  /** How often an entry began to live or ended here: it rises with each change of {@link #liveCount}. */
  public long liveChanges() {
    return liveChanges;
  }

  /** Tombstones. */
  public int deadCount() {
    return deadCount;
  }

  public boolean isUsed(int slot) {
    return slot >= 0 && slot < highWater && Row.state(slab(slot), row(slot)) != Row.FREE;
  }

  boolean isLive(int slot) {
    return slot >= 0 && slot < highWater && Row.isLive(slab(slot), row(slot));
  }

  /** The used slot with this key, live or dead, or {@link #NONE}. */
  int find(long[] words, int keyAt, int hash) {
    long[] places = arrays.places;
    int base = arrays.placesAt(number);
    int mask = arrays.placesMask;
    int place = HashIndex.next(places, base, mask, hash, hash);
    while (place != HashIndex.NONE) {
      int slot = HashIndex.reference(places, place);
      if (hasKey(slot, words, keyAt)) {
        return slot;
      }
      place = HashIndex.next(places, base, mask, hash, place + 1);
    }
    return NONE;
  }

  /** The used slot has this key, whether it is found by it or not. */
  public boolean hasKey(int slot, long[] words, int keyAt) {
    long[] slab = slab(slot);
    int key = row(slot) + Row.PAYLOAD;
    for (int i = 0; i < arrays.keyWords; i++) {
      if (slab[key + i] != words[keyAt + i]) {
        return false;
      }
    }
    return true;
  }

  /** A slot is free. */
  public boolean hasRoom() {
    return freeCount > 0 || highWater < arrays.limit;
  }

  /** Takes a free slot and puts it into the index; the caller writes the row. {@link #NONE}: no room. */
  int claim(int hash) {
    boolean again = freeCount > 0;
    int slot = again ? nextFree() : highWater;
    if (slot >= arrays.limit || !index.insert(hash, slot)) {
      return NONE;
    }
    if (again) {
      arrays.bits[free(slot)] &= ~(1L << slot);
      freeCount--;
      freeCursor = slot + 1;
      return slot;
    }
    if (slot >>> arrays.slabShift == slabCount) {
      addSlab(newSlab(slabCount));
    }
    highWater++;
    return slot;
  }

  /** There is one. */
  private int nextFree() {
    int words = highWater + 63 >>> 6;
    int word = freeCursor >>> 6;
    int at = free(0);
    long free = word < words ? arrays.bits[at + word] >>> freeCursor << freeCursor : 0;
    while (free == 0) {
      word = word + 1 < words ? word + 1 : 0;
      free = arrays.bits[at + word];
    }
    return word << 6 | Long.numberOfTrailingZeros(free);
  }

  /**
   * The duty cycle's, not under the lock: a slab before it is needed. It is made while others go on, and only put in under the lock.
   *
   * @return true if one was claimed
   */
  boolean claimAhead() {
    int next = slabWanted();
    if (next == NONE) {
      return false;
    }
    long[] slab = newSlab(next);
    lock();
    try {
      if (slabCount != next) {
        return false; // a publish could not wait for it
      }
      addSlab(slab);
    } finally {
      unlock();
    }
    return true;
  }

  /** Without the lock: what is out of date is seen in the next round, and {@link #claimAhead} looks again. */
  private int slabWanted() {
    int count = slabCount;
    boolean enough =
        (count << arrays.slabShift) - highWater + freeCount
            >= Math.min(CLAIM_AHEAD_ROWS, slabRows() / 2);
    return enough || count == arrays.slabsEach ? NONE : count;
  }

  /** The last one only as far as it is used. */
  private long[] newSlab(int slab) {
    int rows = Math.min(slabRows(), arrays.limit - (slab << arrays.slabShift));
    return new long[rows * arrays.rowWords];
  }

  private void addSlab(long[] slab) {
    VarHandle.releaseFence(); // a reader that finds the slab by an index entry finds it zeroed
    arrays.slabs[slabsAt() + slabCount] = slab;
    slabCount++;
  }

  /** A tombstone whose key another entry takes: it is found by its slot alone from here on. */
  void unindex(int slot, int hash) {
    unindexedCount += index.remove(hash, slot) ? 1 : 0;
  }

  /** Tombstones that are found by their slots alone. */
  public int unindexedCount() {
    return unindexedCount;
  }

  /** Takes the row out of the index; its slot can be claimed again. */
  void release(int slot, int hash) {
    boolean removed = index.remove(hash, slot);
    assert removed || Row.state(slab(slot), row(slot)) == Row.DEAD
        : "slot " + slot + " of partition " + number + " is not in the index";
    unindexedCount -= removed ? 0 : 1;
    setState(slot, Row.FREE);
    arrays.bits[free(slot)] |= 1L << slot;
    freeCount++;
  }

  /** Changes the row's state and keeps the counts and the dead bits. */
  void setState(int slot, int state) {
    long[] slab = slab(slot);
    int row = row(slot);
    int before = Row.state(slab, row);
    if (before == state) {
      return;
    }
    liveCount += (state == Row.LIVE ? 1 : 0) - (before == Row.LIVE ? 1 : 0);
    liveChanges += (state == Row.LIVE ? 1 : 0) + (before == Row.LIVE ? 1 : 0);
    deadCount += (state == Row.DEAD ? 1 : 0) - (before == Row.DEAD ? 1 : 0);
    int dead = arrays.bitsAt(number, arrays.peerSlots + PartitionArrays.DEAD) + (slot >>> 6);
    if (state == Row.DEAD) {
      arrays.bits[dead] |= 1L << slot;
    } else if (before == Row.DEAD) {
      arrays.bits[dead] &= ~(1L << slot);
    }
    writes++;
    Row.beginWrite(slab, row);
    slab[row + Row.META] = slab[row + Row.META] & ~3L | state;
    Row.endWrite(slab, row);
  }

  /** The next tombstone at or after {@code slot}, or {@link #NONE}. */
  public int nextDead(int slot) {
    long[] bits = arrays.bits;
    int bitsAt = arrays.bitsAt(number, arrays.peerSlots + PartitionArrays.DEAD);
    int end = highWater;
    for (int at = slot; at < end; ) {
      long word = bits[bitsAt + (at >>> 6)] >>> at;
      if (word != 0) {
        return at + Long.numberOfTrailingZeros(word);
      }
      at = (at | 63) + 1;
    }
    return NONE;
  }

  /** Without the lock: the entry saw traffic. */
  void setTouched(int slot) {
    long bit = 1L << slot;
    int at = touched(slot);
    if (((long) Row.WORD.getOpaque(arrays.bits, at) & bit) == 0) {
      Row.WORD.getAndBitwiseOr(arrays.bits, at, bit);
    }
  }

  /** Takes the touched bits of 64 slots, from {@code firstSlot} (a multiple of 64). */
  public long takeTouched(int firstSlot) {
    int at = touched(firstSlot);
    if ((long) Row.WORD.getOpaque(arrays.bits, at) == 0) {
      return 0;
    }
    return (long) Row.WORD.getAndSet(arrays.bits, at, 0L);
  }

  /** Where the slot's touched bit lies. */
  private int touched(int slot) {
    return arrays.bitsAt(number, arrays.peerSlots + PartitionArrays.TOUCHED) + (slot >>> 6);
  }

  /** Where its free bit lies. */
  private int free(int slot) {
    return arrays.bitsAt(number, arrays.peerSlots + PartitionArrays.FREE) + (slot >>> 6);
  }
}
