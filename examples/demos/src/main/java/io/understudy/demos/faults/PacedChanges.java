package io.understudy.demos.faults;

import io.understudy.SyncNode;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/**
 * One change every 2 ms, and how long each takes until the peer acknowledged it. A change waits for the acknowledgement of the one
 * before, so a stalled stream shows as one long time.
 *
 * <p>Thread: {@link #run} is the pace's own, {@link #look} that of the loop, {@link #take} any.
 */
final class PacedChanges {
  private static final long PACE_NS = 2_000_000;
  private static final int MOST = 1 << 16;

  private final SessionLoad load;
  private final AtomicLong publishedNs = new AtomicLong();
  private final long[] tookNs = new long[MOST];
  private int count;
  private volatile boolean isOn;

  PacedChanges(SessionLoad load) {
    this.load = load;
  }

  void run() {
    for (int version = 1; ; version++) {
      LockSupport.parkNanos(PACE_NS);
      if (isOn && publishedNs.get() == 0) {
        long nowNs = System.nanoTime();
        load.put(SessionLoad.PACED, version);
        publishedNs.set(nowNs); // after the change: whoever sees it sees the change as owed
      }
    }
  }

  /** After a turn of the node: a change that is no longer owed was acknowledged. */
  void look(SyncNode node, int peer) {
    long sinceNs = publishedNs.get();
    if (sinceNs != 0 && node.isFlushed(peer)) {
      note(System.nanoTime() - sinceNs);
      publishedNs.set(0);
    }
  }

  private synchronized void note(long ns) {
    tookNs[count++ % MOST] = ns;
  }

  void isOn(boolean value) {
    isOn = value;
  }

  /** Number, median and 99th percentile in nanoseconds of the times since the last call, and for how long the present change waits. */
  synchronized String take() {
    long[] sorted = Arrays.copyOf(tookNs, Math.min(count, MOST));
    count = 0;
    Arrays.sort(sorted);
    long sinceNs = publishedNs.get();
    return "paced "
        + sorted.length
        + " "
        + (sorted.length == 0 ? 0 : sorted[sorted.length / 2])
        + " "
        + (sorted.length == 0 ? 0 : sorted[sorted.length * 99 / 100])
        + " "
        + (sinceNs == 0 ? 0 : System.nanoTime() - sinceNs);
  }
}
