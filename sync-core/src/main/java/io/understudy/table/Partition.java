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

  /** Words of a cache line. */
  private static final int LINE_WORDS = 8;

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
  private final TableSpec spec;
  private final int rowWords;
  private final int marksAt;
  private final int slabShift;
  private final int slabMask;
  private final long[][] slabs;
  private final int slabsAt;
  private final int maxSlabs;
  private final long[] bits;
  private final int bitWords;
  private final int dirtyAt;
  private final int touchedAt;
  private final int deadAt;
  private final int freeAt;
  private final HashIndex index;
  private final int limit;
  private final long[][] scratch = new long[2][SecondaryIndex.MAX_KEYS + SecondaryIndex.SCRATCH];

  @SuppressWarnings("unused") // by LOCK
  private int lock;

  private int slabCount;
  private int highWater;
  private int freeCount;

  /** Freed slots are taken again from here on, upwards: entries that begin together lie together. */
  private int freeCursor;

  private int liveCount;
  private int deadCount;

  /** The partition of this number, in arrays that it shares with the others: they are found without a way through this object. */
  Partition(int number, TableSpec spec, PartitionArrays arrays) {
    this.number = number;
    this.spec = spec;
    rowWords = spec.rowWords();
    limit = spec.partitionCapacity();
    slabShift = PartitionArrays.slabShift(spec);
    slabMask = (1 << slabShift) - 1;
    marksAt = spec.marksAt();
    slabs = arrays.slabs;
    maxSlabs = arrays.slabsEach;
    slabsAt = number * maxSlabs;
    bits = arrays.bits;
    bitWords = arrays.bitWords;
    dirtyAt = arrays.bitsAt(number);
    touchedAt = dirtyAt + spec.peerSlots() * bitWords;
    deadAt = touchedAt + bitWords;
    freeAt = deadAt + bitWords;
    index = new HashIndex(limit);
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
    return slabs[slabsAt + (slot >>> slabShift)];
  }

  /** Where this slot's row begins in its slab. */
  public int row(int slot) {
    return (slot & slabMask) * rowWords;
  }

  /**
   * Reads words of the cache lines that a change of this slot's row needs. Whoever does so for several rows before it changes
   * the first waits for memory once, not once a row.
   *
   * @return what was read, to be kept somewhere: what is not used would not be read
   */
  public long touchRow(int slot) {
    long[] slab = slabOrNull(slot);
    if (slab == null) {
      return 0;
    }
    int end = row(slot) + marksAt + spec.peerSlots() - 1;
    long read = slab[end];
    for (int i = row(slot) + Row.STAMP; i < end; i += LINE_WORDS - 1) {
      read ^= slab[i];
    }
    return read;
  }

  /** The same for the slot's mark of one peer alone. */
  public long touchMark(int peerSlot, int slot) {
    return slab(slot)[row(slot) + marksAt + peerSlot];
  }

  /** The same for the row of a new entry, all of it. Without the lock: only a hint. */
  long touchNextFree() {
    int cursor = freeCursor;
    int slot = freeCount == 0 ? highWater : cursor;
    if (slot == cursor && cursor >>> 6 < bitWords) {
      slot += Long.numberOfTrailingZeros(bits[freeAt + (cursor >>> 6)] >>> cursor) & 63;
    }
    return touchWholeRow(slot);
  }

  /** The same for all of the row, which a look-up copies. */
  long touchWholeRow(int slot) {
    long[] slab = slabOrNull(slot);
    if (slab == null) {
      return 0;
    }
    int row = row(slot);
    long read = slab[row + rowWords - 1];
    for (int i = 0; i < rowWords; i += LINE_WORDS) {
      read ^= slab[row + i];
    }
    for (int at = dirtyAt; at < touchedAt; at += bitWords) {
      read ^= bits[at + (slot >>> 6)];
    }
    return read;
  }

  /** For a reader without the lock: null while the slab is not there. */
  long[] slabOrNull(int slot) {
    return slot >= 0 && slot < limit ? slabs[slabsAt + (slot >>> slabShift)] : null;
  }

  /** What a peer knows and is owed of the slot's entry. */
  public long mark(int peerSlot, int slot) {
    return slab(slot)[row(slot) + marksAt + peerSlot];
  }

  /** Under the lock; whoever changes what is dirty by it changes the dirty bit too. */
  public void setMark(int peerSlot, int slot, long mark) {
    slab(slot)[row(slot) + marksAt + peerSlot] = mark;
  }

  /** The slot's mark for this peer is dirty. */
  public void setDirty(int peerSlot, int slot) {
    bits[dirtyAt + peerSlot * bitWords + (slot >>> 6)] |= 1L << slot;
  }

  /** It is not any longer. */
  public void clearDirty(int peerSlot, int slot) {
    bits[dirtyAt + peerSlot * bitWords + (slot >>> 6)] &= ~(1L << slot);
  }

  /** The next dirty slot at or after {@code slot}, or {@link #NONE}. */
  public int nextDirty(int peerSlot, int slot) {
    return next(dirtyAt + peerSlot * bitWords, slot);
  }

  int slabRows() {
    return slabMask + 1;
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

  /** Tombstones. */
  public int deadCount() {
    return deadCount;
  }

  public boolean isUsed(int slot) {
    return slot >= 0 && slot < highWater && Row.state(slab(slot), row(slot)) != Row.FREE;
  }

  /** The used slot with this key, live or dead, or {@link #NONE}. */
  int find(long[] words, int keyAt, int hash) {
    long[] places = index.places();
    int place = HashIndex.next(places, hash, HashIndex.first(places, hash));
    while (place != HashIndex.NONE) {
      int slot = HashIndex.reference(places, place);
      if (hasKey(slot, words, keyAt)) {
        return slot;
      }
      place = HashIndex.next(places, hash, place + 1);
    }
    return NONE;
  }

  boolean hasKey(int slot, long[] words, int keyAt) {
    long[] slab = slab(slot);
    int key = row(slot) + Row.PAYLOAD;
    for (int i = 0; i < spec.keyWords(); i++) {
      if (slab[key + i] != words[keyAt + i]) {
        return false;
      }
    }
    return true;
  }

  /** A slot is free. */
  public boolean hasRoom() {
    return freeCount > 0 || highWater < limit;
  }

  /** Takes a free slot and puts it into the index; the caller writes the row. {@link #NONE}: no room. */
  int claim(int hash) {
    boolean again = freeCount > 0;
    int slot = again ? nextFree() : highWater;
    if (slot >= limit || !index.insert(hash, slot)) {
      return NONE;
    }
    if (again) {
      bits[freeAt + (slot >>> 6)] &= ~(1L << slot);
      freeCount--;
      freeCursor = slot + 1;
      return slot;
    }
    if (slot >>> slabShift == slabCount) {
      addSlab(newSlab(slabCount));
    }
    highWater++;
    return slot;
  }

  /** There is one. */
  private int nextFree() {
    int words = highWater + 63 >>> 6;
    int word = freeCursor >>> 6;
    long free = word < words ? bits[freeAt + word] >>> freeCursor << freeCursor : 0;
    while (free == 0) {
      word = word + 1 < words ? word + 1 : 0;
      free = bits[freeAt + word];
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

  private int slabWanted() {
    lock();
    try {
      boolean enough =
          (slabCount << slabShift) - highWater + freeCount
              >= Math.min(CLAIM_AHEAD_ROWS, slabRows() / 2);
      return enough || slabCount == maxSlabs ? NONE : slabCount;
    } finally {
      unlock();
    }
  }

  /** The last one only as far as it is used. */
  private long[] newSlab(int slab) {
    return new long[Math.min(slabRows(), limit - (slab << slabShift)) * rowWords];
  }

  private void addSlab(long[] slab) {
    VarHandle.releaseFence(); // a reader that finds the slab by an index entry finds it zeroed
    slabs[slabsAt + slabCount] = slab;
    slabCount++;
  }

  /** Takes the row out of the index; its slot can be claimed again. */
  void release(int slot, int hash) {
    boolean removed = index.remove(hash, slot);
    assert removed : "slot " + slot + " of partition " + number + " is not in the index";
    setState(slot, Row.FREE);
    bits[freeAt + (slot >>> 6)] |= 1L << slot;
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
    deadCount += (state == Row.DEAD ? 1 : 0) - (before == Row.DEAD ? 1 : 0);
    long bit = 1L << slot;
    if (state == Row.DEAD) {
      bits[deadAt + (slot >>> 6)] |= bit;
    } else if (before == Row.DEAD) {
      bits[deadAt + (slot >>> 6)] &= ~bit;
    }
    Row.beginWrite(slab, row);
    slab[row + Row.META] = slab[row + Row.META] & ~3L | state;
    Row.endWrite(slab, row);
  }

  /** The next tombstone at or after {@code slot}, or {@link #NONE}. */
  public int nextDead(int slot) {
    return next(deadAt, slot);
  }

  private int next(int bitsAt, int slot) {
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
    if (((long) Row.WORD.getOpaque(bits, touchedAt + (slot >>> 6)) & bit) == 0) {
      Row.WORD.getAndBitwiseOr(bits, touchedAt + (slot >>> 6), bit);
    }
  }

  /** Takes the touched bits of 64 slots, from {@code firstSlot} (a multiple of 64). */
  public long takeTouched(int firstSlot) {
    if ((long) Row.WORD.getOpaque(bits, touchedAt + (firstSlot >>> 6)) == 0) {
      return 0;
    }
    return (long) Row.WORD.getAndSet(bits, touchedAt + (firstSlot >>> 6), 0L);
  }
}
