package io.understudy.backup;

import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLongArray;

/**
 * How many sessions are kept back, by reason: now, and those that ended without ever being backed
 * up.
 *
 * <p>Reasons go by their codes, 0 standing for "backed up", as in the row of a session. What is
 * kept back now is a gauge: whoever reports a session here also reports its end.
 *
 * <p>Thread: any; adding allocates nothing. A snapshot is good to the moment it takes.
 */
public final class BackupCounters {
  /** One cache line a counter: dataplane threads count at once. */
  private static final int STRIDE = 8;

  private final AtomicLongArray now = new AtomicLongArray(256 * STRIDE);
  private final AtomicLongArray ended = new AtomicLongArray(256 * STRIDE);

  /** A session appears with the gate's first answer. */
  public void begin(int reasonCode) {
    add(now, reasonCode, 1);
  }

  /** The answer about a session has changed. */
  public void change(int formerCode, int reasonCode) {
    if (formerCode != reasonCode) {
      add(now, formerCode, -1);
      add(now, reasonCode, 1);
    }
  }

  /** A session has ended, or its generation. */
  public void end(int reasonCode) {
    add(now, reasonCode, -1);
    add(ended, reasonCode, 1);
  }

  /** Sessions kept back now. */
  public long keptBack(BackupReason reason) {
    return now.get(reason.code() * STRIDE);
  }

  /** Sessions backed up now. */
  public long backedUp() {
    return now.get(0);
  }

  /** Sessions that ended while they were kept back. */
  public long ended(BackupReason reason) {
    return ended.get(reason.code() * STRIDE);
  }

  /** What is kept back now, reasons without a session left out. */
  public Map<BackupReason, Long> keptBack() {
    return snapshot(now);
  }

  /** What ended while it was kept back, reasons without a session left out. */
  public Map<BackupReason, Long> ended() {
    return snapshot(ended);
  }

  private static void add(AtomicLongArray counters, int code, long amount) {
    counters.getAndAdd((code & 0xFF) * STRIDE, amount);
  }

  private static Map<BackupReason, Long> snapshot(AtomicLongArray counters) {
    Map<BackupReason, Long> snapshot = new EnumMap<>(BackupReason.class);
    for (BackupReason reason : BackupReason.values()) {
      long count = counters.get(reason.code() * STRIDE);
      if (count != 0) {
        snapshot.put(reason, count);
      }
    }
    return snapshot;
  }
}
