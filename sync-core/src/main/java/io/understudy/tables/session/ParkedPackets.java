package io.understudy.tables.session;

import io.understudy.table.HotTable;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Packets that found no session and wait for it: on asymmetric paths a reply may overtake the session it belongs to.
 *
 * <p>The embedder parks a packet under the key it has just looked up, tells of entries that arrive ({@link #arrived}, from
 * {@code SyncListener.onLookAgain}), and turns {@link #run}. It gets the packet back by exactly one callback: released, when the session
 * is there, or expired. The library keeps a reference and nothing else; packets of one key come back in the order in which they
 * were parked.
 *
 * <p>Shape: a fixed number of places in a list ordered by age. An arrival makes the next {@link #run} look all of them up again: a
 * NAT binding or an SCTP tag may be what a packet waits for, so the arrived key alone does not tell whom it serves.
 * <p>Units: nanoseconds of whatever clock the caller uses, always the same one.
 * <p>Thread: {@link #park} and {@link #run} from one dataplane thread; {@link #arrived} and the counters from any. Allocates
 * nothing after construction.
 *
 * @param <P> the embedder's packet
 */
public final class ParkedPackets<P> {
  /** How many packets wait at most, by default. */
  public static final int DEFAULT_CAPACITY = 1_024;

  /** How long a packet waits at most, by default: 20 ms. */
  public static final long DEFAULT_LIMIT_NS = 20_000_000;

  private static final int MAX_CAPACITY = 1 << 20;
  private static final int NONE = -1;

  private final Listener<P> listener;
  private final HotTable table;
  private final long limitNs;
  private final SavedLookups lookups;
  private final long[] sinceNs;
  private final Object[] packets;
  private final int[] next; // of the waiting, or of the free places
  private final int[] previous;
  private final AtomicLong arrivals = new AtomicLong();
  private int oldest = NONE;
  private int youngest = NONE;
  private int free;
  private long seenArrivals;
  private boolean mustLook;
  private volatile int waiting;
  private volatile long parkedCount;
  private volatile long releasedCount;
  private volatile long expiredCount;
  private volatile long fullCount;

  /**
   * Gets packets back. A callback may park the packet again.
   *
   * @param <P> the embedder's packet
   */
  public interface Listener<P> {
    /** The session is there now; a new look-up finds it, unless it ends this moment. */
    void onReleased(P packet, long nowNs);

    /** The session did not come in time. */
    void onExpired(P packet, long nowNs);
  }

  /** With the default bounds. */
  public ParkedPackets(SessionTable table, Listener<P> listener) {
    this(table, DEFAULT_CAPACITY, DEFAULT_LIMIT_NS, listener);
  }

  /**
   * Packets that wait for sessions of one table.
   *
   * @param capacity 1 to 2^20 packets
   * @param limitNs 0 to 10 s
   */
  public ParkedPackets(SessionTable table, int capacity, long limitNs, Listener<P> listener) {
    if (capacity < 1 || capacity > MAX_CAPACITY) {
      throw new IllegalArgumentException(
          "park capacity of " + capacity + " packets is outside 1.." + MAX_CAPACITY);
    }
    if (limitNs < 0 || limitNs > 10_000_000_000L) {
      throw new IllegalArgumentException("park limit of " + limitNs + " ns is outside 0..10 s");
    }
    this.listener = listener;
    this.table = table.table();
    this.limitNs = limitNs;
    lookups = new SavedLookups(table, capacity);
    sinceNs = new long[capacity];
    packets = new Object[capacity];
    previous = new int[capacity];
    next = new int[capacity];
    for (int i = 0; i < capacity; i++) {
      next[i] = i + 1 < capacity ? i + 1 : NONE;
    }
  }

  /**
   * Keeps a packet until its session is there.
   *
   * @param key the record whose look-ups, by key and if need be by SCTP tag, found nothing
   */
  public ParkResult park(SessionRecord key, P packet, long nowNs) {
    if (free == NONE) {
      fullCount++;
      return ParkResult.FULL;
    }
    int place = free;
    free = next[place];
    lookups.save(place, key);
    packets[place] = packet;
    sinceNs[place] = nowNs;
    next[place] = NONE;
    previous[place] = youngest;
    if (youngest == NONE) {
      oldest = place;
    } else {
      next[youngest] = place;
    }
    youngest = place;
    waiting++;
    table.addWaiters(1); // before the look that follows: what comes from here on is told
    parkedCount++;
    mustLook = true; // the session may have arrived between the look-up and now
    return ParkResult.PARKED;
  }

  /** Entries arrived: the next {@link #run} looks again. Thread: any. */
  public void arrived() {
    arrivals.incrementAndGet();
  }

  /** Whether {@link #run} has something to look up. */
  public boolean isDue() {
    return waiting > 0 && (mustLook || arrivals.get() != seenArrivals);
  }

  /** When the oldest packet expires; {@link Long#MAX_VALUE}: none waits. */
  public long nextDueNs() {
    return oldest == NONE ? Long.MAX_VALUE : sinceNs[oldest] + limitNs;
  }

  /** Gives back what has expired and, after an arrival, what finds its session. Answers how many packets. */
  public int run(long nowNs) {
    if (oldest == NONE) {
      return 0;
    }
    long upTo = arrivals.get(); // read first: what arrives from here on makes us look once more
    boolean look = mustLook || upTo != seenArrivals;
    seenArrivals = upTo;
    mustLook = false;
    int last = youngest;
    int done = 0;
    for (int place = oldest; place != NONE; ) {
      boolean isLast = place == last; // what a callback parks is for the next run
      int following = next[place];
      if (nowNs - sinceNs[place] >= limitNs) {
        expiredCount++;
        listener.onExpired(take(place), nowNs);
        done++;
      } else if (look && lookups.isThere(place)) {
        releasedCount++;
        listener.onReleased(take(place), nowNs);
        done++;
      } else if (!look) {
        break; // the others are younger
      }
      place = isLast ? NONE : following;
    }
    return done;
  }

  private P take(int place) {
    @SuppressWarnings("unchecked") // only park writes here
    P packet = (P) packets[place];
    packets[place] = null;
    if (previous[place] == NONE) {
      oldest = next[place];
    } else {
      next[previous[place]] = next[place];
    }
    if (next[place] == NONE) {
      youngest = previous[place];
    } else {
      previous[next[place]] = previous[place];
    }
    next[place] = free;
    free = place;
    waiting--;
    table.addWaiters(-1);
    return packet;
  }

  /** Packets that wait now. */
  public int waiting() {
    return waiting;
  }

  /** Packets parked since the start. */
  public long parkedCount() {
    return parkedCount;
  }

  /** Of these, packets whose session came in time. */
  public long releasedCount() {
    return releasedCount;
  }

  /** Of these, packets whose session did not. */
  public long expiredCount() {
    return expiredCount;
  }

  /** Packets refused because all places were taken. */
  public long fullCount() {
    return fullCount;
  }
}
