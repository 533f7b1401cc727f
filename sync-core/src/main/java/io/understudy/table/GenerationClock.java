package io.understudy.table;

import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongPredicate;

/**
 * The Lamport clock of generations: above everything this member has started or seen, also in former lives.
 *
 * <p>An upper bound is stored ahead in blocks of 2^32; a life starts at the stored bound or above, so that no generation is given
 * twice even if the process dies without a word.
 *
 * <p>Thread: {@link #next} from any; {@link #observe}, {@link #hear} and {@link #extend} from the duty cycle, which alone stores.
 */
public final class GenerationClock {
  /** Generations that are stored ahead, and skipped by a restart. */
  public static final long BLOCK = 1L << 32;

  /** A life begins up to half a block above the bound: no further, so that in first lives no peer need store that it has seen it. */
  private static final int SKIP_SHIFT = 33;

  /** From here on nothing is skipped any more. */
  private static final long SKIPS_BELOW = 1L << 61;

  private final LongPredicate store;
  private final long block;
  private final AtomicLong last;
  private volatile long bound;

  /** The store took no bound the last time. */
  private volatile boolean isFull;

  /** Another member's clock that was only told; observed with the next {@link #extend}. */
  private long heard;

  /** The first generation of this life; 0: none yet. */
  private volatile long first;

  /**
   * Starts above the bound of the former life, as far as the life's own number says: two lives that begin from one bound, since a store was lost
   * or an old copy put back, almost never give a key the same generation.
   *
   * @param storedBound 0 in the first life
   * @param life random
   * @param store keeps a new bound safely before it answers true; false: it could not, and is asked again
   */
  public GenerationClock(long storedBound, long life, LongPredicate store) {
    this(storedBound + skipped(storedBound, life), store, BLOCK);
  }

  private static long skipped(long storedBound, long life) {
    return storedBound < SKIPS_BELOW ? life >>> SKIP_SHIFT : 0;
  }

  GenerationClock(long storedBound, LongPredicate store, long block) {
    this.store = store;
    this.block = block;
    last = new AtomicLong(storedBound);
    bound = storedBound;
  }

  /** The next generation, or 0 if the stored bound is used up and the duty cycle has not moved it yet. */
  public long next() {
    while (true) {
      long before = last.get();
      if (before >= bound) {
        return 0;
      }
      if (last.compareAndSet(before, before + 1)) { // never taken back: a number may not come twice
        if (first == 0) {
          first = before + 1; // of two that are first at once the other's is about the same
        }
        return before + 1;
      }
    }
  }

  /** Whether observing this means that another bound is stored. After the store failed {@link #extend} tries again, and nobody else. */
  public boolean wouldStore(long generation) {
    return !isFull && isNearBound(generation);
  }

  private boolean isNearBound(long generation) {
    return generation > bound - block / 2;
  }

  /**
   * Another member says that it is this far, and sent no record of that: what this stores can wait. While the store takes nothing, what was stored
   * ahead is given, though another member is beyond.
   */
  public void hear(long generation) {
    if (isNearBound(generation)) {
      heard = Math.max(heard, generation);
    } else {
      observe(generation);
    }
  }

  /** The greatest of {@link #last} and what was heard. */
  public long lastHeard() {
    return Math.max(last.get(), heard);
  }

  /** Another member is this far: what comes with it is used at once. */
  public void observe(long generation) {
    if (generation > last.get()) {
      if (wouldStore(generation)) {
        moveBound(generation);
      }
      last.accumulateAndGet(generation, Math::max);
    }
  }

  /** Keeps at least half a block ahead, also of what was heard. */
  public void extend() {
    long above = lastHeard();
    if (isNearBound(above)) {
      moveBound(above);
    }
    if (heard <= bound) {
      last.accumulateAndGet(heard, Math::max);
    }
  }

  /** This member gave the generation, if it was its creator, in its present life. */
  public boolean isOfThisLife(long generation) {
    return first != 0 && generation >= first;
  }

  public long last() {
    return last.get();
  }

  private void moveBound(long above) {
    long moved = above + block;
    isFull = !store.test(moved);
    bound = isFull ? bound : moved;
  }
}
