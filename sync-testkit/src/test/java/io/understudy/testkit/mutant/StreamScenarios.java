package io.understudy.testkit.mutant;

import static io.understudy.testkit.mutant.Stage.check;

import io.understudy.metrics.Accounting;
import io.understudy.metrics.SyncCounter;
import io.understudy.proto.v1.RefusalReason;
import io.understudy.table.HotTable;
import io.understudy.table.Partition;
import io.understudy.table.PublishResult;
import io.understudy.table.Row;
import io.understudy.tables.session.SessionRecord;
import io.understudy.testkit.sim.Death;
import io.understudy.transport.LinkKind;

/** Interleavings of one stream: rules 1 to 5, 7 to 9, 14 and 17. */
public final class StreamScenarios {
  private StreamScenarios() {}

  /** A create was applied, its acknowledgement lost, the session ends before the resend. */
  public static void createAppliedAckLost() {
    Stage stage = Stage.of(2, 1, 1);
    stage.faults().cutOneWay(2, 1, 0);
    stage.publish(1, 1, 5);
    stage.run(50);
    stage.faults().breakConnection(1, 2, 0, LinkKind.DATA, 0);
    stage.run(1);
    stage.remove(1, 1);
    stage.settle();
    check("NoResurrection", !stage.has(2, 1), "the standby kept a session that ended");
  }

  /** v1 leaves in one frame, v2 in a later one; the acknowledgement of the first arrives, the link dies. */
  public static void secondFrameLost() {
    Stage stage = Stage.of(2, 1, 1);
    stage.publish(1, 1, 5);
    stage.run(100);
    stage.publish(1, 1, 6);
    stage.sim.runFor(1_200_000); // it is there; its acknowledgement is on the way
    stage.faults().cutOneWay(1, 2, 0);
    stage.publish(1, 1, 7);
    stage.run(20);
    stage.faults().breakLink(1, 2, 0, 0);
    stage.settle();
    check("NothingLost", stage.policy(2, 1) == 7, "the standby has policy " + stage.policy(2, 1));
  }

  /** A member sees two facts; the first frame's acknowledgement is on its way when the second is lost. */
  public static void secondFactsFrameLost() {
    Stage stage = Stage.of(2, 1, 1);
    stage.publish(1, 1, 5);
    stage.run(100);
    stage.publish(2, Stage.fact(stage.record(2, 1), 0, 1, 4), 1, 0);
    stage.sim.runFor(1_200_000); // it is there; its acknowledgement is on the way
    stage.faults().cutOneWay(2, 1, 0);
    stage.publish(2, Stage.fact(stage.record(2, 1), 0, 1, 12), 1, 0);
    stage.run(20);
    stage.faults().breakLink(1, 2, 0, 0);
    stage.settle();
  }

  /** The creating frame is lost, and the session changes before the resend. */
  public static void createLost() {
    Stage stage = Stage.of(2, 1, 1);
    stage.faults().cutOneWay(1, 2, 0);
    stage.publish(1, 1, 5);
    stage.run(20);
    stage.faults().breakLink(1, 2, 0, 0);
    stage.publish(1, 1, 6);
    stage.settle();
    check("NothingLost", stage.policy(2, 1) == 6, "the standby has policy " + stage.policy(2, 1));
    long unknown = stage.counter(2, SyncCounter.UNKNOWN_HANDLES);
    check("Introduced", unknown == 0, unknown + " handles came before their introduction");
  }

  /** A standby that lost one row hears of it by handle. */
  public static void rowLost() {
    Stage stage = Stage.of(2, 1, 1);
    stage.publish(1, 1, 5);
    stage.run(100);
    loseRow(stage, 2, 1);
    stage.publish(1, 1, 6);
    stage.settle();
    check("NothingLost", stage.policy(2, 1) == 6, "the standby has policy " + stage.policy(2, 1));
  }

  /** A standby lost one row, and another session took its place. */
  public static void rowLostAndTaken() {
    Stage stage = Stage.of(2, 1, 1);
    stage.publish(1, 1, 5);
    stage.run(100);
    loseRow(stage, 2, 1);
    int other = sameSlot(stage, 1);
    stage.publish(1, other, 6);
    stage.run(100);
    stage.publish(1, 1, 7);
    stage.run(100);
    int policy = stage.policy(2, other);
    check("NoWrongHandle", policy == 6, "a session took another's policy " + policy);
    stage.settle();
    check("NothingLost", stage.policy(2, 1) == 7, "the standby has policy " + stage.policy(2, 1));
  }

  /** Another session of the same partition, which is in the same slab. */
  private static int sameSlot(Stage stage, int of) {
    int partition = stage.node(2).sessions4().partition(stage.record(2, of));
    for (int i = of + 1; ; i++) {
      if (stage.node(2).sessions4().partition(stage.record(2, i)) == partition) {
        return i;
      }
    }
  }

  /** A member speaks of a session that another member, which does not hold it either, does not know. */
  public static void factsOfUnknownEntry() {
    Stage stage = Stage.of(3, 1, 1);
    stage.publish(1, 1, 5);
    stage.run(100);
    loseRow(stage, 3, 1);
    stage.touch(2, 1, 3); // of facts the holder would tell by itself
    stage.run(2_000);
    stage.settle();
    check("NothingLost", stage.has(3, 1), "node 3 did not ask for the session it heard of");
  }

  private static void loseRow(Stage stage, int node, int i) {
    SessionRecord record = stage.record(node, i);
    HotTable table = stage.node(node).sessions4().table();
    Partition partition = table.partition(stage.node(node).sessions4().partition(record));
    partition.lock();
    try {
      for (int slot = 0; slot < partition.highWater(); slot++) {
        if (Row.isLive(partition.slab(slot), partition.row(slot))) {
          table.rows().free(partition, slot); // the only one
        }
      }
    } finally {
      partition.unlock();
    }
  }

  /** A small standby refuses what does not fit, and takes it when there is room. */
  public static void standbyIsFull() {
    Stage stage = Stage.of(2, 1, 1, 4_096, 1_024);
    stage.publishAll(1, 8_000, 5);
    stage.run(500);
    for (int i = 0; i < 7_700; i++) {
      stage.remove(1, i);
    }
    stage.settle();
  }

  /** The create waits in the buffer of one link, the delete overtakes it on the other. */
  public static void deleteOvertakes() {
    deleteOvertakes(0);
    deleteOvertakes(1);
  }

  /** One of the links carries the stream. */
  private static void deleteOvertakes(int link) {
    Stage stage = Stage.of(2, 1, 2);
    stage.node(2).pause();
    for (int i = 0; i < 20; i++) {
      stage.publish(1, i, 5); // each in a frame of its own, which waits to be read
      stage.run(1);
    }
    stage.faults().refuse(1, 2, link, 700 * Stage.MS);
    stage.faults().breakEnd(1, 2, link, LinkKind.DATA);
    stage.run(1);
    for (int i = 0; i < 20; i++) {
      stage.remove(1, i);
    }
    stage.run(200); // longer than a redial with its back-off takes
    stage.node(2).resume();
    stage.run(1_000);
    for (int i = 0; i < 20; i++) {
      check("NoResurrection", !stage.has(2, i), "the standby has a session that ended");
    }
    stage.settle();
  }

  /** An active that comes back empty counts its streams from the beginning. */
  public static void newLifeCountsAnew() {
    Stage stage = Stage.of(2, 1, 1);
    for (int i = 0; i < 5; i++) {
      stage.publish(1, i, 5);
      stage.faults().breakConnection(1, 2, 0, LinkKind.DATA, 0);
      stage.run(500);
    }
    stage.node(1).kill(Death.CLOSED);
    stage.node(1).start();
    stage.run(2_000);
    Stage.check("Settled", stage.node(2).mayDecide(1), "node 2 did not take over");
    stage.touch(2, 1, 1);
    stage.publish(2, 2, 9);
    SessionRecord seen = Stage.fact(stage.record(1, 1), 0, 1, 4).policy(5).zones(1, 2);
    stage.publish(1, seen, 1, 0);
    stage.settle();
  }

  /** A member's dataplane creates and ends where it does not decide. */
  public static void memberDecides() {
    Stage stage = Stage.of(2, 1, 1);
    stage.publish(1, 1, 5);
    stage.run(100);
    PublishResult created = stage.publish(2, 2, 5);
    PublishResult ended = stage.remove(2, 1);
    check("NotHolder", created == PublishResult.NOT_HOLDER, "a member created: " + created);
    check("NotHolder", ended == PublishResult.NOT_HOLDER, "a member ended: " + ended);
    stage.settle();
  }

  /** Two members see facts of one session. */
  public static void factsBothWays() {
    Stage stage = Stage.of(2, 1, 1);
    stage.publish(1, 1, 5);
    stage.run(100);
    SessionRecord seen = Stage.fact(stage.record(2, 1), 0, 1, 4).policy(5).zones(1, 2);
    stage.publish(2, seen, 1, 0);
    stage.settle();
  }

  /** A session ends; one of two standbys acknowledges, and the frame to the other is lost with its connection. No role changes. */
  public static void oneOfTwoIsAway() {
    Stage stage = Stage.of(3, 1, 1);
    stage.publish(1, 1, 5);
    stage.publish(1, 2, 5);
    stage.run(100);
    stage.faults().cutOneWay(1, 3, 0);
    stage.remove(1, 1);
    stage.run(20);
    stage.faults().breakConnection(1, 3, 0, LinkKind.DATA, 0);
    stage.run(10);
    stage.remove(1, 2); // while no stream to node 3 is up
    stage.run(20);
    stage.faults().healAll();
    stage.run(1_000);
    check("Settled", stage.node(1).node().term(1).number() == 1, "a new term brings all again");
    for (int i = 1; i <= 2; i++) {
      check("NoResurrection", !stage.has(3, i), "node 3 keeps session " + i + ", which ended");
    }
    stage.settle();
  }

  /** So many sessions end while the standby is away that their tombstones would fill the table. */
  public static void tombstonesFill() {
    Stage stage = Stage.of(2, 1, 1);
    stage.publishAll(1, 1_000, 5);
    stage.run(200);
    stage.faults().cut(1, 2, 0);
    stage.faults().breakLink(1, 2, 0, 0);
    stage.node(2).pause();
    stage.run(100);
    for (int i = 0; i < 900; i++) {
      stage.remove(1, i);
    }
    stage.run(1_000);
    long dead = stage.node(1).sessions4().table().deadCount();
    check("Bounded", dead <= 4_096 / 8, dead + " tombstones in a table of 4096");
    stage.node(2).resume();
    stage.settle();
  }

  /** The peer applies and its acknowledgements do not come. */
  public static void acksWithheld() {
    Stage stage = Stage.of(2, 1, 1);
    stage.faults().stallOneWay(2, 1, 0, 300 * Stage.MS);
    for (int i = 0; i < 16_000; i++) {
      stage.publish(1, i % 4_000, i);
      if (i % 400 == 0) {
        stage.run(5);
        int bytes = stage.node(1).node().inFlightBytes(2);
        check("Bounded", bytes <= 1 << 17, bytes + " bytes in flight");
      }
    }
    stage.settle();
  }

  /** Both members count; one restarts and counts on. */
  public static void writerRestarts() {
    Stage stage = Stage.of(2, 1, 1);
    stage.publish(1, 1, 5);
    stage.run(100);
    stage.touch(1, 1, 5);
    stage.touch(2, 1, 3);
    stage.run(3_000);
    stage.faults().cutOneWay(2, 1, 0);
    stage.touch(1, 1, 2);
    stage.run(1_300);
    stage.settle();
    stage.node(1).kill(Death.CLOSED);
    stage.node(1).start();
    stage.run(3_000);
    stage.touch(1, 1, 1);
    stage.settle();
  }

  /** A peer that cannot store a session says so: it is left out there and counted, not sent again, and its end costs nothing. */
  public static void peerCannotStore() {
    Refusing peer = new Refusing(RefusalReason.QUARANTINED_VALUE);
    peer.publish(5);
    peer.publish(6);
    Accounting accounting = peer.pair().first().accounting(2);
    check("NothingLost", accounting.refused() == 1, "not counted as refused: " + accounting);
    check("NothingLost", accounting.isClosed(), "the sum does not close: " + accounting);
    long sent = peer.sent();
    check("Refused", sent == 1, "a session that was refused was sent " + sent + " times");
    check("Refused", peer.remove() == 0, "the end of a session that was refused was sent");
  }

  /** A session that the peer could not store begins anew in its place: the peer is asked again. */
  public static void refusedSessionBeginsAnew() {
    Refusing peer = new Refusing(RefusalReason.QUARANTINED_VALUE);
    peer.publish(5);
    peer.publishAnew(6);
    check("NothingLost", peer.sent() == 2, "the new generation was not sent");
    Accounting accounting = peer.pair().first().accounting(2);
    check("NothingLost", accounting.acknowledged() == 1, "not acknowledged: " + accounting);
  }

  /** The same, and the peer holds an older version of it: the end must be sent. */
  public static void peerCannotUpdate() {
    Refusing peer = new Refusing(RefusalReason.QUARANTINED_VALUE | 0x80);
    peer.publish(5);
    check("NoResurrection", peer.remove() == 1, "the peer keeps a session that ended");
  }
}
