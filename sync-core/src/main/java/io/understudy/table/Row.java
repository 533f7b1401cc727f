package io.understudy.table;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * The words of one record in a slab, and how they are read while someone else may be writing.
 *
 * <pre>
 *    0..3       this member's share of the counters: packets and bytes forward, packets and bytes reverse
 *    4          sequence hints, forward and reverse: what was said last, by whomever
 *    5          stamp (high 32, odd while it is written) | slot incarnation (low 32)
 *    6          state (2 bits) | exclusion (8, at 8) | group (8, at 16) | creator (16, at 32)
 *    7          generation counter
 *    8          last seen, units of 2^20 ns (high 32) | created, seconds (low 32), both on the node's clock
 *    9..9+P-1   payload: key, facts, holder's values (the table's own layout)
 *    9+P        version of the holder's values: term number (high 32) | version (low 32)
 *   10+P..      for each peer slot one mark: what that peer knows and is owed
 *    then       handle at the holder, for entries this member does not hold: slot (high 32) | slot incarnation (low 32)
 *    then       for each peer slot its share of the counters, as words 0..3
 * </pre>
 *
 * <p>Words 7 to 9+P-1 are those of a staged record ({@link io.understudy.wire.RecordSchema}), so that staging is one copy. What a
 * change of an entry and its sending need lies together, in words 5 to 10+P: at a million entries it is the cache lines touched that cost.
 */
public final class Row {
  public static final int STAMP = 5;
  public static final int META = 6;
  public static final int GENERATION = 7;
  public static final int TIMES = 8;
  public static final int COUNTERS = 0;
  public static final int COUNTER_WORDS = 4;
  public static final int HINTS = 4;
  public static final int PAYLOAD = 9;

  /** Version and holder's handle, which follow the payload. */
  static final int AFTER_PAYLOAD = 2;

  public static final int FREE = 0;
  public static final int LIVE = 1;

  /** A tombstone: ended, and not every peer has acknowledged that. */
  public static final int DEAD = 2;

  /** One unit of {@code last seen}. */
  public static final int LAST_SEEN_SHIFT = 20;

  /**
   * Where a member's share of a counter ends, at every member alike; the shares of eight members together still fit.
   */
  static final long MAX_SHARE = (1L << 60) - 1;

  static final VarHandle WORD = MethodHandles.arrayElementVarHandle(long[].class);

  private static final long NS_PER_SECOND = 1_000_000_000L;

  private Row() {}

  static long meta(int state, int exclusion, int group, int creator) {
    return state | (long) exclusion << 8 | (long) group << 16 | (long) creator << 32;
  }

  public static int state(long[] slab, int row) {
    return (int) slab[row + META] & 3;
  }

  public static boolean isLive(long[] slab, int row) {
    return state(slab, row) == LIVE;
  }

  /** Why the entry is not backed up, by the backup reason's code; 0: it is. */
  public static int exclusion(long[] slab, int row) {
    return (int) (slab[row + META] >>> 8) & 0xFF;
  }

  public static int group(long[] slab, int row) {
    return groupOf(slab[row + META]);
  }

  static int groupOf(long meta) {
    return (int) (meta >>> 16) & 0xFF;
  }

  public static int creator(long[] slab, int row) {
    return (int) (slab[row + META] >>> 32) & 0xFFFF;
  }

  public static int slotIncarnation(long[] slab, int row) {
    return (int) slab[row + STAMP];
  }

  public static long generation(long[] slab, int row) {
    return slab[row + GENERATION];
  }

  /** When the entry last saw traffic, on the node's clock; good for about 26 days. */
  public static long lastSeenNs(long times, long nowNs) {
    int units = (int) (nowNs >>> LAST_SEEN_SHIFT) - (int) (times >>> 32);
    return nowNs - ((long) Math.max(0, units) << LAST_SEEN_SHIFT);
  }

  static long withLastSeen(long times, long nowNs) {
    return (nowNs >>> LAST_SEEN_SHIFT) << 32 | times & 0xFFFFFFFFL;
  }

  /** Absolute times to ages for the wire. */
  static long ages(long times, long nowNs) {
    int lastSeen = (int) (nowNs >>> LAST_SEEN_SHIFT) - (int) (times >>> 32);
    int created = (int) Math.floorDiv(nowNs, NS_PER_SECOND) - (int) times;
    return (long) Math.max(0, lastSeen) << 32 | Math.max(0, created) & 0xFFFFFFFFL;
  }

  /** Ages from the wire to times on this node's clock; none is below 0, or an entry would not age until it is. */
  static long fromAges(long ages, long nowNs) {
    int lastSeen = (int) (nowNs >>> LAST_SEEN_SHIFT) - Math.max(0, (int) (ages >>> 32));
    int created = (int) Math.floorDiv(nowNs, NS_PER_SECOND) - Math.max(0, (int) ages);
    return (long) lastSeen << 32 | created & 0xFFFFFFFFL;
  }

  /** Hints of which a half that is 0 says nothing, upon those there. */
  static long withHints(long hints, long said) {
    long forward = said >>> 32 != 0 ? said : hints;
    long reverse = (int) said != 0 ? said : hints;
    return forward & ~0xFFFFFFFFL | reverse & 0xFFFFFFFFL;
  }

  /** Under the partition's lock: readers without it will retry until {@link #endWrite}. */
  public static void beginWrite(long[] slab, int row) {
    WORD.setOpaque(slab, row + STAMP, slab[row + STAMP] + (1L << 32));
    VarHandle.storeStoreFence();
  }

  public static void endWrite(long[] slab, int row) {
    WORD.setRelease(slab, row + STAMP, slab[row + STAMP] + (1L << 32));
  }

  static long stampAcquire(long[] slab, int row) {
    return (long) WORD.getAcquire(slab, row + STAMP);
  }

  /** The reads since {@code stamp} saw one state of the row. */
  static boolean isUnchanged(long[] slab, int row, long stamp) {
    VarHandle.loadLoadFence();
    return (stamp >>> 32 & 1) == 0 && (long) WORD.getOpaque(slab, row + STAMP) == stamp;
  }

  /**
   * Lock-free addition to a counter, which ends at {@link #MAX_SHARE}.
   *
   * @param amount at most {@link PublishChecks#MAX_COUNT}, or what is missing to a share: thousands of threads would have to add at once
   *     for the counter to wrap before it is put back
   */
  static void add(long[] slab, int word, long amount) {
    if ((long) WORD.getAndAdd(slab, word, amount) + amount > MAX_SHARE) {
      endAtMost(slab, word);
    }
  }

  private static void endAtMost(long[] slab, int word) {
    long share = (long) WORD.getVolatile(slab, word);
    while (share > MAX_SHARE && !WORD.compareAndSet(slab, word, share, MAX_SHARE)) {
      share = (long) WORD.getVolatile(slab, word);
    }
  }
}
