package io.understudy.testkit.mutant;

import static io.understudy.testkit.mutant.Stage.check;

import io.understudy.metrics.SyncCounter;
import io.understudy.model.IpProtocol;
import io.understudy.table.HotTable;
import io.understudy.tables.session.SessionRecord;
import io.understudy.testkit.sim.Death;
import io.understudy.testkit.sim.PathSettings;

/** What a third member tells, and one key that two holders use at once. */
public final class MemberScenarios {
  /** Shorter than any detection of silence. */
  private static final long STALL_NS = 300 * Stage.MS;

  /** Sessions that fill the window more than twice, and tables for them. */
  private static final int WINDOWFUL = 24_000;

  private static final int CAPACITY = 65_536;

  private static final int SMALL = 16_384;

  /** More than tombstones may fill of that. */
  private static final int ENDED = 2_500;

  private MemberScenarios() {}

  /** A member acknowledged another's facts in its former life; the holder hears of them after its bulk to the new one. */
  public static void factsToldInAFormerLife() {
    Stage stage = Stage.of(3, 1, 1);
    stage.publish(1, 1, 5);
    stage.run(100);
    stage.faults().stallOneWay(3, 1, 0, STALL_NS);
    stage.publish(3, Stage.fact(stage.record(3, 1), 0, 1, 4), 1, 0);
    stage.run(20);
    check("Told", facts(stage, 2).equals(facts(stage, 3)), "node 2 has not heard of it");
    stage.node(2).kill(Death.RESET);
    stage.node(2).start();
    stage.run(200);
    check("Told", facts(stage, 2).equals(facts(stage, 1)), "node 1 has heard of it already");
    stage.settle();
  }

  /** A member that does not hold the group is the only one that heard of facts when the one that saw them dies. */
  public static void factsToldToAnotherMemberAlone() {
    Stage stage = Stage.of(3, 1, 1);
    stage.publish(1, 1, 5);
    stage.run(100);
    stage.faults().cutOneWay(3, 1, 0);
    stage.publish(3, Stage.fact(stage.record(3, 1), 0, 1, 4), 1, 0);
    stage.run(20);
    String told = facts(stage, 3);
    stage.node(3).kill(Death.RESET);
    stage.run(1_000);
    check("NothingLost", facts(stage, 1).equals(told), "node 1 has " + facts(stage, 1));
    stage.faults().healAll();
    stage.node(3).start();
    stage.settle();
  }

  private static String facts(Stage stage, int node) {
    String line = stage.sim.dump(node, false).get(0);
    return line.substring(line.indexOf("facts="), line.indexOf(" policy="));
  }

  /** A candidate is accepted while the window is full, and ends before anything of it leaves. */
  public static void candidateEndsBeforeItsAnswer() {
    Stage stage = Stage.of(2, 1, 1, CAPACITY, CAPACITY);
    stage.faults().cutAll(1, 2);
    stage.run(Stage.TAKEOVER_MS);
    for (int i = 100; i < WINDOWFUL; i++) {
      stage.publish(2, i, 6);
    }
    stage.publish(1, 1, 5);
    PathSettings slow = PathSettings.DEFAULT.withDelay(Stage.MS, 0).withBandwidth(1_000_000);
    stage.faults().healAll();
    stage.faults().slow(2, 1, 0, slow, 1_000 * Stage.MS);
    for (int i = 0; i < 1_000 && !stage.has(2, 1); i++) {
      stage.run(1);
    }
    check("Candidate", stage.has(2, 1), "node 2 has not accepted it");
    stage.remove(2, 1);
    stage.settle();
    check("NoResurrection", !stage.has(1, 1), "the member that offered it kept it");
  }

  /** The debt of a peer that is connected is dropped: what it heard of before the walk that follows is swept all the same. */
  public static void debtDroppedWhileConnected() {
    Stage stage = Stage.of(2, 1, 1, SMALL, SMALL);
    stage.publishAll(1, ENDED, 5);
    stage.run(200);
    stage.faults().stallOneWay(1, 2, 0, STALL_NS);
    for (int i = ENDED; i < SMALL * 3 / 4; i++) {
      stage.publish(1, i, 6); // they fill the window
    }
    stage.run(10);
    for (int i = 0; i < ENDED; i++) {
      stage.remove(1, i);
    }
    stage.run(200);
    long dropped = stage.counter(1, SyncCounter.DEBTS_DROPPED);
    check("Debt", dropped > 0, "no debt was dropped");
    check("Debt", stage.node(1).node().isConnected(2), "the connection did not last");
    stage.settle();
  }

  /**
   * Two holders that do not hear each other for a moment begin one key; the third member has both records, and the one that it would
   * keep ends before the other holder hears of it.
   */
  public static void thirdMemberHearsBothHolders() {
    Stage stage = twoHoldersOfOneKey();
    stage.node(2).sessions4().remove(tcp(stage, 2), HotTable.URGENT, stage.sim.nowNs());
    stage.settle();
    check("NothingLost", policy(stage, 3) == 5, "node 3 has policy " + policy(stage, 3));
  }

  /** The same, and both go on: everybody keeps the same one. */
  public static void bothHoldersGoOn() {
    Stage stage = twoHoldersOfOneKey();
    stage.settle();
    check("Convergence", policy(stage, 3) == 6, "node 3 has policy " + policy(stage, 3));
  }

  /** A session ended in a split, and one of another group took its key for a while; the other side goes on with it and offers it. */
  public static void candidateOfAnEndedSession() {
    Stage stage = Stage.of(2, 2, 1);
    stage.publish(1, udp(stage, 1, 1, 5), 1, 0);
    stage.run(100);
    stage.faults().cutAll(1, 2);
    stage.run(Stage.TAKEOVER_MS);
    stage.remove(2, 1);
    stage.publish(2, udp(stage, 2, 1, 6), 2, 0);
    stage.remove(2, 1);
    stage.publish(1, udp(stage, 1, 3, 5), 1, 0);
    stage.settle();
    check("NoResurrection", !stage.has(1, 1), "what had ended is back");
  }

  /** Each side of a split begins a session on one key in a group of its own; the one that goes was the same session, and knew more. */
  public static void candidateOfAJoinedSession() {
    Stage stage = Stage.of(2, 2, 1);
    stage.faults().cutAll(1, 2);
    stage.run(Stage.TAKEOVER_MS);
    stage.publish(1, udp(stage, 1, 5, 5), 1, 0);
    stage.publish(2, udp(stage, 2, 3, 6), 2, 0);
    stage.settle();
    String facts = facts(stage, 1);
    check("NothingLost", facts.startsWith("facts=7,"), "one side's facts are lost: " + facts);
  }

  private static SessionRecord udp(Stage stage, int node, int forward, int policy) {
    return Stage.fact(stage.record(node, 1), 0, forward, 0).policy(policy).zones(1, 2);
  }

  private static Stage twoHoldersOfOneKey() {
    Stage stage = Stage.of(3, 2, 1);
    for (int i = 10; i < 20; i++) {
      stage.publish(2, Stage.fact(stage.record(2, i), 0, 1, 0).policy(5).zones(1, 2), 2, 0);
    }
    stage.faults().move(1, 2, 0, STALL_NS); // nothing is on its way
    stage.run(20);
    stage.publish(1, opening(stage, 1, 0x100).policy(5).zones(1, 2), 1, 0);
    stage.run(20);
    check("NothingLost", policy(stage, 3) == 5, "node 3 has not heard of it");
    stage.publish(2, opening(stage, 2, 0x200).policy(6).zones(1, 2), 2, 0);
    stage.run(20);
    return stage;
  }

  /** The session with number 1, of TCP: two openings with different numbers are no one session. */
  private static SessionRecord opening(Stage stage, int node, int isn) {
    return Stage.fact(tcp(stage, node), isn, 1, 0);
  }

  private static int policy(Stage stage, int node) {
    SessionRecord record = tcp(stage, node);
    return stage.node(node).sessions4().lookup(record) ? record.policy() : -1;
  }

  private static SessionRecord tcp(Stage stage, int node) {
    return stage
        .node(node)
        .sessions4()
        .newRecord()
        .key4(0, IpProtocol.TCP, 0x0a000001, 1_000, 0xc0a80001, 80);
  }
}
