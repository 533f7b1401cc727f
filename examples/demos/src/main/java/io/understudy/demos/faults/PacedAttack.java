package io.understudy.demos.faults;

import java.util.Arrays;

/**
 * One attack at both members beside paced changes: how long the changes take before and meanwhile, that they go on, the heap before and
 * after, and that no role changed.
 *
 * <p>Thread: one.
 */
final class PacedAttack {
  private static final long BEFORE_MS = 5_000;
  private static final long GREETING_MS = 3_000;
  private static final int THIRD = 2;
  private static final double MOST_MEDIAN = 1.5;
  private static final double MOST_P99 = 3;
  private static final double MOST_HEAP = 1.05;

  /** Changes a second: at least this share of those before. A stream that stands shows in no other figure. */
  private static final double LEAST_RATE = 1 / 3.0;

  /** A change that waits for longer at the end stands. */
  private static final long MOST_WAIT_NS = 1_000_000_000;

  private final FaultTrial pair;
  private final int active;
  private final TrialReport report;

  PacedAttack(FaultTrial pair, int active, TrialReport report) {
    this.pair = pair;
    this.active = active;
    this.report = report;
  }

  /** A stranger at both members. */
  void run(AttackKind attack) {
    run(
        attack.title,
        () -> {
          for (int member = 0; member < 2; member++) {
            attack.run(
                new Stranger(pair.options(member).port(), pair.options(1 - member).id()),
                attack.count / 2);
          }
        });
  }

  /** The third member, which knows every secret, lies to both. */
  void run(HostileTransport.Lie lie) {
    run(
        "third member: " + lie,
        () -> {
          pair.member(THIRD).tell("lie " + lie.ordinal());
          pair.pause(BEFORE_MS);
          pair.member(THIRD).tell("lie 0");
        });
  }

  private void run(String title, Runnable attack) {
    long[] heapBefore = heaps();
    int[] lapsesBefore = lapses();
    int[] rolesBefore = roles();
    pair.member(active).tell("pace 1");
    pair.pause(BEFORE_MS);
    long[] before = paced();
    long beganNs = System.nanoTime();
    attack.run();
    long tookMs = (System.nanoTime() - beganNs) / 1_000_000;
    long[] meanwhile = paced();
    judgeTimes(title, before, meanwhile);
    double rate = (double) meanwhile[0] / Math.max(1, tookMs);
    if (rate < LEAST_RATE * before[0] / BEFORE_MS || meanwhile[3] > MOST_WAIT_NS) {
      report.fail(
          title
              + ": "
              + meanwhile[0]
              + " changes in "
              + tookMs
              + " ms, before "
              + before[0]
              + " in "
              + BEFORE_MS
              + "; the last waits for "
              + meanwhile[3] / 1_000
              + " us");
    }
    pair.pause(GREETING_MS); // what waits for the rest of a greeting is given up
    long[] heapAfter = heaps();
    int[] lapsesAfter = lapses();
    int[] rolesAfter = roles();
    for (int member = 0; member < 2; member++) {
      String who = title + ": member " + (member + 1);
      if (heapAfter[member] > heapBefore[member] * MOST_HEAP) {
        report.fail(who + ": heap was " + heapBefore[member] + ", is " + heapAfter[member]);
      }
      if (lapsesAfter[member] != lapsesBefore[member]) {
        report.fail(who + ": the right to decide ended");
      }
      if (rolesAfter[member] != rolesBefore[member]) {
        report.fail(who + ": its role changed");
      }
    }
    report.counted(title);
  }

  private void judgeTimes(String title, long[] before, long[] meanwhile) {
    String what =
        title
            + ": a change took "
            + meanwhile[1] / 1_000
            + " us in the median and "
            + meanwhile[2] / 1_000
            + " at p99, before "
            + before[1] / 1_000
            + " and "
            + before[2] / 1_000;
    report.say(what);
    if (meanwhile[1] > before[1] * MOST_MEDIAN || meanwhile[2] > before[2] * MOST_P99) {
      report.fail(what);
    }
  }

  private long[] heaps() {
    long[] heaps = new long[2];
    for (int member = 0; member < 2; member++) {
      heaps[member] = Long.parseLong(pair.member(member).tell("heap").split(" ")[1]);
    }
    return heaps;
  }

  private int[] lapses() {
    return new int[] {pair.member(0).lapses(), pair.member(1).lapses()};
  }

  private int[] roles() {
    return new int[] {pair.member(0).roles(), pair.member(1).roles()};
  }

  /** Number, median and 99th percentile since the last call, and for how long the present change waits. */
  private long[] paced() {
    String[] words = pair.member(active).tell("pace 1").split(" ");
    return Arrays.stream(words).skip(1).mapToLong(Long::parseLong).toArray();
  }
}
