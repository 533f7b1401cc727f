package io.understudy.demos.faults;

import io.understudy.Fault;
import io.understudy.demos.DemoFailure;
import java.util.List;
import java.util.Locale;

/** The kinds of fault that {@link FaultsCommand} tries. */
enum FaultKind {
  /** SIGSTOP of the active for 0.5 and 2 s, and three times for 30 s, under load; after each the tables are equal. */
  PAUSE {
    @Override
    void run(FaultTrial pair, int times, int interval, TrialReport report) {
      pair.start();
      for (int seconds2 : new int[] {1, 4, 60}) {
        String what = "SIGSTOP of " + seconds2 / 2.0 + " s, interval " + interval + " ms";
        int count = seconds2 < 60 ? times : times < LONG_PAUSES ? 0 : LONG_PAUSES;
        for (int i = 0; i < count; i++) {
          int active = pair.awaitPair();
          pair.churn(CHURN);
          pair.pause(CHURN_MS);
          pair.member(active).stop();
          pair.pause(seconds2 * 500L);
          pair.member(active).goOn();
          pair.awaitPair();
          pair.pause(CHURN_MS);
          pair.judge(what);
          pair.judgeTables(what);
        }
      }
    }
  },
  /** The active's loop stalls, its dataplane lives on. */
  STALL {
    @Override
    void run(FaultTrial pair, int times, int interval, TrialReport report) {
      pair.start();
      for (int intervals : new int[] {2, 6, 12, 30}) {
        String what = "loop stalled for " + intervals + " intervals of " + interval + " ms";
        for (int i = 0; i < times; i++) {
          int active = pair.awaitPair();
          pair.member(active).tell("stall " + (long) intervals * interval);
          pair.pause((long) intervals * interval);
          pair.awaitPair();
          pair.judge(what);
        }
      }
    }
  },
  /** The active publishes, closes and goes on publishing until that is answered with CLOSED; its process and its dataplane live on. */
  CLOSE {
    @Override
    void run(FaultTrial pair, int times, int interval, TrialReport report) {
      String what = "close, interval " + interval + " ms";
      for (int i = 0; i < times; i++) {
        pair.start();
        int active = pair.awaitPair();
        MemberHandle closing = pair.member(active);
        closing.tell("publish " + i * 1_000 + " 1000");
        String[] closed = closing.tell("close " + i * 1_000).split(" ");
        String expected = closing.tell("hash");
        pair.awaitDecides(1 - active);
        String there = pair.member(1 - active).tell("hash");
        if (!there.equals(expected)) {
          report.fail(what + ": published " + expected + ", the peer has " + there);
        }
        long decidedNs = pair.awaitFirstAfterLast(1 - active, closing);
        took(what + ": from close() returned", decidedNs - Long.parseLong(closed[1]), report);
        took(what + ": from the last acknowledgement", decidedNs - closing.flushedNs(), report);
        pair.judge(what);
        pair.end(active);
      }
    }

    private void took(String what, long ns, TrialReport report) {
      report.took(what + " to the peer's first decision", ns);
      if (ns > TAKEOVER_LIMIT_NS) {
        report.fail(what + " the peer decides after " + ns / 1_000_000 + " ms");
      }
    }
  },
  /** The active's duty cycle throws; its dataplane lives on. */
  DEAD_LOOP {
    @Override
    void run(FaultTrial pair, int times, int interval, TrialReport report) {
      String what = "loop dies, interval " + interval + " ms";
      for (int i = 0; i < times; i++) {
        pair.start();
        int active = pair.awaitPair();
        long diesNs = System.nanoTime();
        pair.member(active).tell("die");
        pair.awaitDecides(1 - active);
        long decidedNs = pair.awaitFirstAfterLast(1 - active, pair.member(active));
        report.took(what + ": to the peer's first decision", decidedNs - diesNs);
        pair.judge(what);
        pair.end(active);
      }
    }
  },
  /** Members of two clusters, with two hash keys, with one node id, started together and one beside the other: both answer, and only one may decide. */
  REFUSED {
    @Override
    void run(FaultTrial pair, int times, int interval, TrialReport report) {
      MemberOptions second = pair.options(1);
      List<MemberOptions> wrong =
          List.of(
              second.withCluster("other"),
              second.withHashKey(2),
              second.withId(1).dialling(pair.options(0).port()));
      for (MemberOptions options : wrong) {
        String what =
            (options.id() == 1
                    ? "one id twice"
                    : options.hashKey() == 2 ? "two keys" : "two clusters")
                + ", interval "
                + interval
                + " ms";
        for (int i = 0; i < 2 * times; i++) {
          pair.options(1, options);
          if (i % 2 == 1) {
            pair.start(0);
            pair.awaitDecides(0);
          }
          pair.start();
          pair.await(
              "member that decides, " + what,
              () -> pair.member(0).status().mayDecide() || pair.member(1).status().mayDecide());
          pair.pause(MemberProcess.bootHoldMs(interval) + 12L * interval); // the other one's, too
          pair.await(
              "member that decides alone, " + what,
              () -> pair.member(0).status().mayDecide() != pair.member(1).status().mayDecide());
          pair.judge(what);
          pair.close();
        }
      }
      pair.options(1, second);
    }
  },
  /** SIGKILL of the active under load. */
  KILL {
    @Override
    void run(FaultTrial pair, int times, int interval, TrialReport report) {
      String what = "SIGKILL, interval " + interval + " ms";
      for (int i = 0; i < times; i++) {
        pair.start();
        int active = pair.awaitPair();
        pair.churn(CHURN);
        pair.pause(CHURN_MS);
        long killedNs = System.nanoTime();
        pair.end(active);
        long decidedNs = pair.awaitFirstAfter(1 - active, killedNs);
        if (decidedNs < killedNs) {
          report.fail(what + ": the peer decided before the active was killed");
        }
        report.took(what + ": to the peer's first decision", decidedNs - killedNs);
        if (decidedNs - killedNs > KILL_LIMIT_NS) {
          report.fail(
              what + ": the peer decides after " + (decidedNs - killedNs) / 1_000_000 + " ms");
        }
        pair.start();
        pair.awaitPair();
        pair.judgeTables(what);
        pair.judge(what);
      }
    }
  },
  /** 200,000 sessions into a standby with room for 1,024; then those it has end, and it fills again. */
  FULL {
    @Override
    void run(FaultTrial pair, int times, int interval, TrialReport report) {
      String what = "200,000 sessions into a standby of 1,024";
      pair.options(1, pair.options(1).withCapacity(1_024));
      pair.start();
      while (pair.awaitPair() != 0) { // on a busy machine the other one may be first
        pair.close();
        pair.start();
      }
      pair.member(0).tell("publish 0 200000");
      pair.await("flushed active", () -> pair.member(0).status().isFlushed());
      long there = pair.member(1).status().sessions();
      if (there < 1_024 || there > MOST_OF_1024) {
        report.fail(what + ": the full standby has " + there);
      }
      for (int from = 0; from < 199_000; from += 1_000) {
        pair.member(0).tell("end " + from + " 1000");
      }
      pair.await(
          "standby with the last 1,000 sessions",
          () -> pair.member(0).tell("hash").equals(pair.member(1).tell("hash")));
      judgeOnce(pair.member(0).begun(Fault.Kind.RECORDS_REFUSED), what + ": refusals", report);
      judgeOnce(pair.member(1).begun(Fault.Kind.TABLE_FULL), what + ": a full table", report);
      report.counted(what);
    }

    private void judgeOnce(int times, String what, TrialReport report) {
      if (times != 1) {
        report.fail(what + " were told " + times + " times");
      }
    }
  },
  /** Every path is cut for 4 s under load; both may decide meanwhile, and afterwards the tables are equal. */
  SPLIT {
    @Override
    void run(FaultTrial pair, int times, int interval, TrialReport report) {
      String what = "split of 4 s, interval " + interval + " ms";
      pair.useRelays();
      pair.start();
      pair.awaitPair();
      for (int i = 0; i < times; i++) {
        pair.churn(CHURN);
        pair.cut(Math.max(SPLIT_MS, 12L * interval));
        pair.awaitPair();
        pair.pause(PACED_MS / 5);
        pair.judgeTables(what);
      }
    }
  },
  /** A stranger at both members' ports, beside changes at a steady pace: nothing becomes worse that stays worse. */
  ATTACK {
    @Override
    void run(FaultTrial pair, int times, int interval, TrialReport report) {
      pair.start();
      int active = pair.awaitPair();
      pair.member(active).tell("publish 0 " + HELD); // a heap of which 5 % is more than chance
      pair.await("flushed active", () -> pair.member(active).status().isFlushed());
      pair.member(active).tell("pace 1");
      pair.pause(PACED_MS); // the JIT
      PacedAttack paced = new PacedAttack(pair, active, report);
      for (AttackKind attack : AttackKind.values()) {
        paced.run(attack);
      }
      for (HostileTransport.Lie lie : HostileTransport.Lie.values()) {
        paced.run(lie);
      }
      pair.judge("attacks");
      pair.judgeTables("after attacks");
    }
  };

  /** Each of 256 partitions holds more than its part, so that chance leaves none full early. */
  private static final int MOST_OF_1024 = 10_000;

  private static final int LONG_PAUSES = 3;
  private static final int CAPACITY = 1 << 18;
  private static final long SPLIT_MS = 4_000;
  private static final long PACED_MS = 5_000;
  private static final int CHURN = 20_000;
  private static final long CHURN_MS = 300;
  private static final int HELD = 100_000;
  private static final long TAKEOVER_LIMIT_NS = 50_000_000;

  /** The most that a takeover after SIGKILL took before the right to decide was built as it is. */
  private static final long KILL_LIMIT_NS = 390_000_000;

  static FaultKind named(String name) {
    return valueOf(name.toUpperCase(Locale.ROOT));
  }

  /** Tries this fault with a fresh pair for each interval; what could not go on is a failure, too. */
  void tryAll(int times, List<Integer> intervals, TrialReport report) {
    boolean isOnce = this == FULL || this == ATTACK;
    for (int interval : isOnce ? intervals.subList(0, 1) : intervals) {
      try (FaultTrial pair = new FaultTrial(this == ATTACK ? 3 : 2, interval, CAPACITY, report)) {
        run(pair, times, interval, report);
      } catch (DemoFailure e) {
        report.fail(this + ", interval " + interval + " ms: " + e.getMessage());
      }
    }
  }

  /** Tries this fault so many times. */
  abstract void run(FaultTrial pair, int times, int interval, TrialReport report);
}
