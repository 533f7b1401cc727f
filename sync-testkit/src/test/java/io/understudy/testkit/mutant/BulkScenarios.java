package io.understudy.testkit.mutant;

import static io.understudy.testkit.mutant.Stage.check;

import io.understudy.SyncNode;
import io.understudy.metrics.SyncCounter;
import io.understudy.model.IpProtocol;
import io.understudy.table.HotTable;
import io.understudy.tables.session.NatKind;
import io.understudy.tables.session.SessionRecord;
import io.understudy.tables.session.SessionTable;
import io.understudy.testkit.SimCluster;
import io.understudy.testkit.sim.Death;
import io.understudy.testkit.sim.PathSettings;
import io.understudy.transport.LinkKind;
import java.util.Arrays;

/** Interleavings of bulk syncs: rules 9 and 11. */
public final class BulkScenarios {
  /** Different translations of so many sessions do not fit the window. */
  static final int MANY = 5_500;

  private BulkScenarios() {}

  /** Node 2 is back and its records are not: nothing waits for its former life. */
  public static void formerLifeIsForgotten() {
    for (long seed = 1; seed < 100; seed++) { // which connection is there first is chance
      SimCluster sim = new SimCluster(seed, 2, 1, 1, 16);
      sim.start();
      sim.runFor(1_000 * Stage.MS);
      SessionTable table = sim.node(1).sessions4();
      SessionRecord record = table.newRecord().key4(0, IpProtocol.UDP, 1, 1_000, 2, 53);
      table.publish(record, 1, 0, HotTable.URGENT, sim.nowNs());
      sim.runFor(100 * Stage.MS);
      sim.node(2).kill(Death.RESET);
      table.remove(record, HotTable.URGENT, sim.nowNs());
      sim.runFor(10 * Stage.MS);
      sim.node(2).start();
      SyncNode node = sim.node(1).node();
      sim.clock().runUntil(() -> !node.isRemembered(2) || node.isConnected(2), 1_000 * Stage.MS);
      if (!node.isConnected(2)) {
        sim.network().faults().refuse(1, 2, 0, 1_000 * Stage.MS);
        sim.network().faults().breakConnection(1, 2, 0, LinkKind.DATA, 0);
        sim.runFor(60 * Stage.MS);
        long dead = table.table().deadCount();
        check("Bounded", dead == 0, dead + " tombstones wait for a life that is over");
        return;
      }
    }
    check("Settled", false, "records come first with every seed");
  }

  /** A new holder walks its tables while sessions change. */
  public static void bulkBesideChanges() {
    Stage stage = Stage.of(3, 1, 1);
    stage.publishAll(1, 200, 5);
    stage.run(200);
    stage.node(1).kill(Death.CLOSED);
    while (!stage.node(2).mayDecide(1)) {
      for (int i = 0; i < 200; i += 2) {
        SessionRecord seen = stage.record(2, i);
        stage.publish(2, Stage.fact(seen, 0, 1, i % 7).policy(5).zones(1, 2), 1, 0);
      }
      stage.run(1);
    }
    stage.publishAll(2, 200, 8);
    stage.run(1_000);
    long swept = stage.counter(3, SyncCounter.SWEPT);
    check("NothingLost", swept == 0, swept + " live sessions were swept");
    check("Settled", stage.node(2).node().isInSync(3, 1), "node 3 is not in sync");
    stage.node(1).start();
    stage.settle();
  }

  /** A new holder's walk begins while many sessions wait to be sent. */
  public static void walkBesideDirty() {
    Stage stage = Stage.of(3, 1, 1);
    stage.publishAll(1, 200, 5);
    stage.run(200);
    stage.node(1).kill(Death.CLOSED);
    while (!stage.node(2).mayDecide(1)) {
      stage.faults().breakConnection(2, 3, 0, LinkKind.DATA, 0);
      stage.sim.runFor(Stage.MS / 2);
    }
    stage.publishAll(2, 200, 8);
    stage.run(1_000);
    long swept = stage.counter(3, SyncCounter.SWEPT);
    check("NothingLost", swept == 0, swept + " live sessions were swept");
    stage.node(1).start();
    stage.settle();
  }

  /** As {@link #splitWithCandidates}, and the winner is who dials: its marks are there before the candidates leave. */
  public static void marksBeforeCandidates() {
    Stage stage = Stage.of(2, 1, 1);
    stage.publishAll(1, 100, 5);
    stage.run(100);
    stage.node(1).kill(Death.CLOSED);
    stage.run(Stage.TAKEOVER_MS);
    stage.node(1).start();
    stage.run(1_000);
    check("Settled", stage.node(2).mayDecide(1), "node 2 did not take over");
    stage.faults().cutAll(1, 2);
    stage.run(Stage.TAKEOVER_MS);
    check("Settled", stage.node(1).mayDecide(1), "node 1 did not take over");
    for (int i = 200; i < 300; i++) {
      stage.publish(2, i, 6);
    }
    stage.run(100);
    stage.faults().healAll();
    stage.run(2_000);
    long swept = stage.counter(2, SyncCounter.SWEPT);
    check("NothingLost", swept == 0, swept + " candidates were swept");
    stage.settle();
  }

  /** The connection breaks again and again while a newcomer gets everything. */
  public static void bulkInterrupted() {
    Stage stage = Stage.of(2, 1, 1);
    stage.publishAll(1, 2_000, 5);
    stage.run(500);
    stage.node(2).kill(Death.CLOSED);
    stage.node(2).start();
    for (int i = 0; i < 5; i++) {
      for (int t = 0; t < 10_000 && stage.node(1).node().inFlightBytes(2) == 0; t++) {
        stage.sim.runFor(Stage.MS / 10);
      }
      stage.faults().breakConnection(1, 2, 0, LinkKind.DATA, 0);
      stage.run(10);
    }
    stage.run(2_000);
    check("Settled", stage.node(1).node().isInSync(2, 1), "node 2 is not in sync");
    stage.settle();
  }

  /** A member that was away so long that its debts were dropped comes back with what has ended. */
  public static void awayForLong() {
    Stage stage = Stage.of(2, 1, 1);
    stage.publishAll(1, 50, 5);
    stage.run(200);
    stage.node(2).pause();
    stage.run(65_000);
    stage.remove(1, 7);
    stage.run(100);
    stage.node(2).resume();
    stage.settle();
    check("NoResurrection", !stage.has(2, 7), "a session that ended is there");
  }

  /** A newcomer dies in the middle of its bulk sync and is back empty. */
  public static void newcomerDiesInTheMiddle() {
    int sessions = 3_900; // several frames
    Stage stage = Stage.of(2, 1, 1);
    stage.publishAll(1, sessions, 5);
    stage.run(500);
    PathSettings slow = PathSettings.DEFAULT.withDelay(Stage.MS, 0).withBandwidth(200_000);
    stage.faults().slow(1, 2, 0, slow, 2_000 * Stage.MS);
    stage.node(2).kill(Death.CLOSED);
    stage.node(2).start();
    while (stage.node(2).sessions4().liveCount() == 0) {
      stage.run(1);
    }
    stage.run(5); // its acknowledgement has arrived
    check("Settled", !stage.node(1).node().isInSync(2, 1), "the bulk sync is over already");
    stage.node(2).kill(Death.CLOSED);
    stage.node(2).start();
    stage.run(4_000);
    long live = stage.node(2).sessions4().liveCount();
    check("NothingLost", live == sessions, "only " + live + " sessions of " + sessions + " came");
    stage.settle();
  }

  /** The marks of a former holder's bulk sync arrive after its successor's sessions. */
  public static void marksOfFormerHolder() {
    Stage stage = Stage.of(3, 1, 1);
    stage.publishAll(1, 500, 5);
    stage.run(200);
    stage.faults().cut(1, 2, 0);
    stage.faults().cut(2, 3, 0);
    stage.node(3).kill(Death.CLOSED);
    stage.run(1_200);
    stage.node(3).start();
    while (stage.node(1).node().inFlightBytes(3) == 0) {
      stage.sim.runFor(Stage.MS / 10);
    }
    stage.faults().stallOneWay(1, 3, 0, 500 * Stage.MS);
    check("Settled", stage.node(2).mayDecide(1), "node 2 did not take over");
    stage.faults().heal(2, 3, 0);
    stage.run(200);
    check("Settled", stage.node(3).node().term(1).node() == 2, "node 3 did not follow node 2");
    for (int i = 500; i < 1_000; i++) {
      stage.publish(2, i, 7);
    }
    stage.run(1_000);
    long swept = stage.counter(3, SyncCounter.SWEPT);
    check("NothingLost", swept == 0, swept + " live sessions were swept by a former holder");
    stage.settle();
  }

  /** A new holder ends a session of which it never told the others, after one of them spoke of it and before its walk comes there. */
  public static void endedBeforeTheWalk() {
    Stage stage = Stage.of(3, 1, 1, 8_192, 8_192);
    publishMany(stage, 0, MANY);
    stage.run(1_000);
    endsBeforeTheWalk(stage);
  }

  /** The same, and the new holder had introduced all sessions in an earlier term; its successor, which dies now, did so again. */
  public static void endedUnderAnEarlierHandle() {
    Stage stage = Stage.of(3, 1, 1, 8_192, 8_192);
    int last = ofLastPartition(stage);
    publishMany(stage, last, last + 1);
    stage.remove(1, last); // unsent: at node 1 its slot has another incarnation than at the others
    publishMany(stage, 0, MANY);
    stage.run(1_000);
    stage.faults().cutAll(1, 2);
    stage.faults().cutAll(1, 3);
    stage.run(Stage.TAKEOVER_MS);
    check("Settled", stage.node(2).mayDecide(1), "node 2 did not take over");
    stage.run(1_000);
    check("Settled", stage.node(2).node().isInSync(3, 1), "node 3 is not in sync with node 2");
    stage.faults().healAll();
    stage.run(1_000);
    stage.faults().cutAll(1, 2);
    stage.faults().cutAll(2, 3);
    stage.run(Stage.TAKEOVER_MS);
    check("Settled", stage.node(1).mayDecide(1), "node 1 did not take over");
    stage.run(1_000);
    check("Settled", stage.node(1).node().isInSync(3, 1), "node 3 is not in sync with node 1");
    stage.faults().healAll();
    stage.run(2_000);
    check("Settled", stage.node(1).node().isInSync(2, 1), "node 2 is not in sync with node 1");
    endsBeforeTheWalk(stage);
  }

  /** Node 1 dies; node 3 speaks of a session, node 2 ends it, and its walk comes there last. */
  private static void endsBeforeTheWalk(Stage stage) {
    int last = ofLastPartition(stage);
    PathSettings slow = PathSettings.DEFAULT.withDelay(Stage.MS, 0).withBandwidth(200_000);
    stage.faults().slow(2, 3, 0, slow, 5_000 * Stage.MS);
    stage.node(1).kill(Death.CLOSED);
    while (!stage.node(2).mayDecide(1) || stage.node(3).node().term(1).node() != 2) {
      stage.run(1);
    }
    SessionRecord seen = stage.record(3, last);
    stage.publish(3, Stage.fact(seen, 0, 1, 4).policy(5).zones(1, 2), 1, 0);
    stage.run(5);
    check("Settled", !stage.node(2).node().isInSync(3, 1), "the bulk sync is over already");
    stage.remove(2, last);
    stage.run(3_000);
    check("NoResurrection", !stage.has(3, last), "node 3 keeps a session that ended");
    stage.node(1).start();
    stage.settle();
  }

  /**
   * The candidate of a session is taken into a slot that the walk has passed, in the partition in which it waits for the window: what
   * is left of the partition and its mark leave with the acknowledgement, before the session.
   */
  public static void takenBehindTheWalk() {
    Stage stage = Stage.of(2, 1, 1, 16_384, 16_384);
    int[] first = onePerPartition(stage, 0);
    int[] candidates = onePerPartition(stage, 10_000);
    for (int i : first) {
      publishMany(stage, i, i + 1);
    }
    stage.run(200);
    publishMany(stage, 20_000, 20_000 + MANY);
    stage.run(1_000);
    for (int i : first) {
      stage.remove(1, i); // which frees the lowest slots
    }
    stage.run(200);
    stage.faults().cutAll(1, 2);
    stage.run(Stage.TAKEOVER_MS);
    check("Settled", stage.node(2).mayDecide(1), "node 2 did not take over");
    for (int i : candidates) {
      publishMany(stage, i, i + 1);
    }
    stage.faults().healAll();
    // HELLO is there at once, and the frame of candidates when the walk has filled the window
    PathSettings slow = PathSettings.DEFAULT.withDelay(Stage.MS, 0).withBandwidth(1_000_000);
    stage.faults().slow(1, 2, 0, slow, 2_000 * Stage.MS);
    stage.run(2_000);
    long accepted = stage.counter(2, SyncCounter.CANDIDATES_ACCEPTED);
    check("Settled", accepted == candidates.length, accepted + " candidates were taken");
    long swept = stage.counter(1, SyncCounter.SWEPT);
    check("NothingLost", swept == 0, swept + " candidates were swept after they were taken");
    stage.settle();
  }

  /** The first session of each partition from this number on. */
  private static int[] onePerPartition(Stage stage, int from) {
    int[] found = new int[HotTable.PARTITIONS];
    Arrays.fill(found, -1);
    for (int i = from, missing = found.length; missing > 0; i++) {
      int partition = partition(stage, i);
      if (found[partition] < 0) {
        found[partition] = i;
        missing--;
      }
    }
    return found;
  }

  /** Sessions of node 1 whose values and translations differ, so that they take many bytes. */
  static void publishMany(Stage stage, int from, int to) {
    for (int i = from; i < to; i++) {
      SessionRecord record = Stage.fact(stage.record(1, i), 0, 1, 0).policy(7_919 * i);
      record.nat4(
          NatKind.SOURCE, 0xcb000000 + 104_729 * i, 1_024 + 7_919 * i % 60_000, 0xc0a80001, 53);
      stage.publish(1, record, 1, 0);
    }
  }

  private static int ofLastPartition(Stage stage) {
    int last = 0;
    for (int i = 1; i < MANY; i++) {
      last = partition(stage, i) > partition(stage, last) ? i : last;
    }
    return last;
  }

  private static int partition(Stage stage, int i) {
    return stage.node(1).sessions4().partition(stage.record(1, i));
  }
}
