package io.understudy.metrics;

import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLongArray;

/** A node's counters. Thread: any; adding allocates nothing. */
public final class CounterSet {
  /** One cache line a counter: dataplane threads and the duty cycle count different things at once. */
  private static final int STRIDE = 8;

  private final AtomicLongArray values = new AtomicLongArray(SyncCounter.values().length * STRIDE);

  public void add(SyncCounter counter, long amount) {
    values.getAndAdd(counter.ordinal() * STRIDE, amount);
  }

  public void increment(SyncCounter counter) {
    add(counter, 1);
  }

  public long get(SyncCounter counter) {
    return values.get(counter.ordinal() * STRIDE);
  }

  /** All counters at about one moment. */
  public Map<SyncCounter, Long> snapshot() {
    Map<SyncCounter, Long> snapshot = new EnumMap<>(SyncCounter.class);
    for (SyncCounter counter : SyncCounter.values()) {
      snapshot.put(counter, get(counter));
    }
    return snapshot;
  }
}
