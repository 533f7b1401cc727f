package io.understudy.testkit.mutant;

import static io.understudy.testkit.mutant.Stage.check;

import io.understudy.metrics.SyncCounter;
import io.understudy.tables.session.SessionRecord;
import io.understudy.testkit.sim.Death;
import io.understudy.testkit.sim.PathSettings;

/** Interleavings of terms, takeovers and splits: rules 7 and 10. */
public final class TermScenarios {
  private TermScenarios() {}

  /** The former holder changes values during a split, the new one does not. */
  public static void splitOnValues() {
    Stage stage = Stage.of(2, 1, 1);
    stage.publish(1, 1, 5);
    stage.run(100);
    stage.faults().cutAll(1, 2);
    stage.run(Stage.TAKEOVER_MS);
    stage.publish(1, 1, 6);
    stage.run(100);
    stage.settle();
  }

  /** Two members of three begin a term each, with one number. */
  public static void twoTermsOfOneNumber() {
    Stage stage = Stage.of(3, 1, 1);
    stage.publish(1, 1, 5);
    stage.run(200);
    stage.faults().move(2, 3, 0, 2_000 * Stage.MS);
    stage.run(100);
    stage.node(1).kill(Death.CLOSED);
    stage.run(1_600);
    stage.publish(2, 1, 8);
    stage.run(2_000);
    stage.node(1).start();
    stage.settle();
  }

  /** Both sides of a split create sessions; the loser's are kept. */
  public static void splitWithCandidates() {
    Stage stage = Stage.of(2, 1, 1);
    stage.publishAll(1, 100, 5);
    stage.run(100);
    stage.faults().cutAll(1, 2);
    stage.run(Stage.TAKEOVER_MS);
    for (int i = 200; i < 300; i++) {
      stage.publish(1, i, 6);
      stage.publish(2, i + 100, 7);
    }
    stage.run(100);
    stage.faults().healAll();
    stage.run(2_000);
    for (int i = 200; i < 400; i++) {
      check("NothingLost", stage.has(1, i) && stage.has(2, i), "session " + i + " is lost");
    }
    boolean two = stage.node(1).mayDecide(1) && stage.node(2).mayDecide(1);
    check("SingleHolder", !two, "both decide 2 s after the split was healed");
    long swept = stage.counter(1, SyncCounter.SWEPT) + stage.counter(2, SyncCounter.SWEPT);
    check("NothingLost", swept == 0, swept + " sessions were swept and came back");
    stage.settle();
  }

  /** What the dead active sent has arrived and is not read when its silence is noticed. */
  public static void activeDiesWithFramesUnread() {
    Stage stage = Stage.of(2, 1, 1);
    stage.publish(1, 1, 5);
    stage.run(100);
    stage.faults().stallOneWay(1, 2, 0, 300 * Stage.MS);
    stage.publish(1, 2, 6);
    stage.run(200);
    stage.node(2).pause(); // less long than what fences it
    stage.run(200);
    stage.node(1).kill(Death.CLOSED);
    stage.run(480);
    stage.node(2).resume();
    stage.run(2_000);
    check("NothingLost", stage.has(2, 2), "what the active had sent was not applied");
    stage.node(1).start();
    stage.settle();
  }

  /** The dead active's deletes reach a third member after the takeover. */
  public static void lateFramesOfFormerHolder() {
    Stage stage = Stage.of(3, 1, 1);
    stage.publishAll(1, 20, 5);
    stage.run(100);
    stage.faults().stallOneWay(1, 3, 0, 3_000 * Stage.MS);
    stage.faults().cutOneWay(1, 2, 0);
    stage.remove(1, 7);
    stage.run(5);
    stage.node(1).kill(Death.SILENT);
    stage.run(4_000);
    check("NothingLost", stage.has(2, 7), "node 2 ended what nobody ended");
    check("NothingLost", stage.has(3, 7), "node 3 obeyed a holder of the past");
    stage.node(1).start();
    stage.settle();
  }

  /** The active dies while one standby has not got everything, which hears of nobody a little before the other one does. */
  public static void emptyMemberClaims() {
    Stage stage = Stage.of(3, 1, 1);
    stage.publishAll(1, 2_000, 5);
    stage.run(200);
    PathSettings slow = PathSettings.DEFAULT.withDelay(Stage.MS, 0).withBandwidth(20_000);
    stage.faults().slow(1, 2, 0, slow, 5_000 * Stage.MS);
    stage.node(2).kill(Death.CLOSED);
    stage.run(50);
    stage.node(2).start();
    while (stage.node(2).node().term(1).node() != 1) {
      stage.run(1);
    }
    stage.run(50);
    stage.faults().cut(1, 2, 0);
    stage.run(150);
    stage.node(1).kill(Death.SILENT);
    for (int ms = 0; ms < 2_000; ms++) {
      stage.run(1);
      boolean holds = stage.node(2).node().role(1).isHolder();
      check("NoUnsyncedClaim", !holds, "node 2 claims, and node 3 has everything");
    }
    check("Settled", stage.node(3).mayDecide(1), "node 3 did not take over");
    stage.faults().healAll();
    stage.node(1).start();
    stage.settle();
  }

  /** The active comes back empty while its peer with all sessions sleeps for less than the boot hold. */
  public static void restartedWhilePeerSleeps() {
    Stage stage = Stage.of(2, 1, 1);
    stage.publishAll(1, 20, 5);
    stage.run(100);
    stage.node(2).pause();
    stage.node(1).kill(Death.SILENT);
    stage.node(1).start();
    stage.run(1_500);
    boolean holds = stage.node(1).node().role(1).isHolder();
    check("NoUnsyncedClaim", !holds, "an empty member claims before its boot hold is over");
    stage.node(2).resume();
    stage.settle();
    check("NothingLost", stage.has(2, 7), "an empty member swept a full one");
  }

  /** The active dies and is back empty within 50 ms, before anyone noticed. */
  public static void backBeforeAnyoneNoticed() {
    Stage stage = Stage.of(2, 1, 1);
    stage.publishAll(1, 20, 5);
    stage.run(100);
    stage.node(1).kill(Death.RESET);
    stage.run(50);
    stage.node(1).start();
    stage.run(2_500);
    check("NothingLost", stage.has(2, 7), "an empty member swept a full one");
    stage.settle();
    check("NothingLost", stage.has(1, 7), "the sessions did not come back");
  }

  /** A member that begins a term dies and begins another. */
  public static void termsRise() {
    Stage stage = Stage.of(2, 1, 1);
    stage.node(2).kill(Death.SILENT);
    long first = stage.node(1).node().term(1).number();
    stage.node(1).kill(Death.SILENT);
    stage.run(100);
    stage.node(1).start();
    stage.run(3_000);
    long second = stage.node(1).node().term(1).number();
    check("TermsRise", second > first, "term " + second + " follows term " + first);
    stage.node(2).start();
    stage.settle();
  }

  /** A member comes back whose former lives began higher terms than the holder's: nobody else knows them, so the holder goes on. */
  public static void higherNumberWithoutHistory() {
    Stage stage = Stage.of(2, 1, 1);
    stage.node(1).kill(Death.SILENT);
    for (int i = 0; i < 3; i++) {
      stage.node(2).kill(Death.SILENT);
      stage.run(100);
      stage.node(2).start();
      stage.run(3_000);
    }
    long former = stage.node(2).node().term(1).number();
    stage.node(2).kill(Death.SILENT);
    stage.node(1).start();
    stage.run(3_000);
    stage.publish(1, 1, 5);
    long before = stage.node(1).node().term(1).number();
    stage.node(2).start();
    stage.settle();
    check("NothingLost", stage.has(2, 1), "the session is lost");
    long after = stage.node(1).node().term(1).number();
    check("TermsRise", after == before, "term " + after + " follows term " + before);
    stage.node(1).kill(Death.SILENT);
    stage.run(3_000);
    long own = stage.node(2).node().term(1).number();
    check("TermsRise", own > former, "term " + own + " of node 2 follows its term " + former);
    stage.node(1).start();
    stage.settle();
  }

  /** The active's process sleeps; its peer takes over; it wakes up. */
  public static void activeSleeps() {
    Stage stage = Stage.of(2, 1, 1);
    stage.node(1).pause();
    stage.run(2_000);
    boolean two = stage.node(1).mayDecide(1) && stage.node(2).mayDecide(1);
    check("SingleHolder", stage.node(2).mayDecide(1), "nobody took over");
    check("SingleHolder", !two, "a sleeping member may decide");
    stage.node(1).resume();
    check("SingleHolder", !stage.node(1).mayDecide(1), "a member may decide as soon as it wakes");
    stage.settle();
  }

  /** A member cut off from all others begins a term; one of them hears it before the holder does. */
  public static void formerHolderGoesOn() {
    Stage stage = Stage.of(3, 1, 1);
    stage.publishAll(1, 400, 5);
    stage.run(200);
    stage.faults().cut(1, 2, 0);
    stage.faults().cut(2, 3, 0);
    stage.run(Stage.TAKEOVER_MS);
    check("Settled", stage.node(2).mayDecide(1), "node 2 is not cut off");
    // node 3 follows node 2 for a while before the former holder hears of it
    stage.sim.network().settings(3, 1, 0, PathSettings.DEFAULT.withDelay(20 * Stage.MS, 0));
    stage.faults().heal(2, 3, 0);
    int ended = 0;
    for (int i = 0; i < 20_000 && ended < 300; i++) {
      stage.sim.runFor(Stage.MS / 10);
      if (stage.node(3).node().term(1).node() == 2 && ended < 300) {
        stage.remove(1, ended++);
        stage.publish(1, 300 + ended % 100, 1_000 + ended);
        stage.publish(1, 500, 5);
        boolean took = stage.node(1).node().role(1).isHolder() && stage.has(3, 500);
        check("Convergence", !took, "node 3 follows node 2 and took a session of node 1");
      }
    }
    check("Settled", ended > 0, "node 3 did not follow node 2");
    stage.settle();
  }

  /** The former holder tells a member of a later term what it saw, before it hears of that term itself. */
  public static void batchOfFormerTerm() {
    Stage stage = Stage.of(3, 1, 1);
    stage.publishAll(1, 20, 5);
    stage.run(200);
    stage.faults().cut(1, 2, 0);
    stage.faults().cut(2, 3, 0);
    stage.run(Stage.TAKEOVER_MS);
    check("Settled", stage.node(2).mayDecide(1), "node 2 is not cut off");
    stage.faults().stallOneWay(3, 1, 0, 300 * Stage.MS);
    stage.faults().heal(2, 3, 0);
    stage.run(250);
    check("Settled", stage.node(3).node().term(1).node() == 2, "node 3 did not follow node 2");
    check("Settled", stage.node(1).node().term(1).node() == 1, "node 1 heard of it");
    SessionRecord seen = Stage.fact(stage.record(1, 7), 0, 1, 4).policy(5).zones(1, 2);
    stage.publish(1, seen, 1, 0);
    stage.run(1_000);
    long dropped = stage.counter(3, SyncCounter.STALE_TERM_BATCHES);
    check("Settled", dropped > 0, "node 3 dropped nothing");
    stage.settle();
  }
}
