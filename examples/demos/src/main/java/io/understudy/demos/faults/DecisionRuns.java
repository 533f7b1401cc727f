package io.understudy.demos.faults;

import java.util.ArrayList;
import java.util.List;

/**
 * When a member might decide, as a thread that asks without end sees it: a run of true answers, each with the clock before and after.
 *
 * <p>Units: {@link System#nanoTime} of this machine, which all its processes share.
 *
 * <p>Thread: one that asks, any that reads.
 */
final class DecisionRuns {
  /** How long a packet batch acts on one answer. An answer that took longer came to a stopped process: it has to ask again. */
  static final long BATCH_NS = 5_000_000;

  /** True answers so close to each other are one run: the member decides in between. */
  private static final long GAP_NS = 1_000_000;

  private final List<Run> runs = new ArrayList<>();
  private long fromNs;
  private long toNs;
  private boolean decides;
  private int overlong;
  private int lapses;

  /** From the clock before the first true answer to the clock after the last. */
  record Run(long fromNs, long toNs) {
    boolean overlaps(Run other) {
      return fromNs <= other.toNs && other.fromNs <= toNs;
    }
  }

  synchronized void note(long beforeNs, boolean answer, long afterNs) {
    if (answer && afterNs - beforeNs > BATCH_NS) {
      overlong++;
      end();
    } else if (answer) {
      if (decides && beforeNs - toNs > GAP_NS) {
        end();
      }
      fromNs = decides ? fromNs : beforeNs;
      decides = true;
      toNs = afterNs;
    } else {
      lapses += decides ? 1 : 0;
      end();
    }
  }

  private void end() {
    if (decides) {
      runs.add(new Run(fromNs, toNs));
      decides = false;
    }
  }

  /** Every run so far, the present one up to now. */
  synchronized List<Run> runs() {
    List<Run> all = new ArrayList<>(runs);
    if (decides) {
      all.add(new Run(fromNs, toNs));
    }
    return all;
  }

  /** True answers that took longer than a batch. */
  synchronized int overlong() {
    return overlong;
  }

  /** How often the right to decide ended. */
  synchronized int lapses() {
    return lapses;
  }
}
