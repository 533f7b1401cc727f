package io.understudy.testkit.mutant;

import static io.understudy.testkit.mutant.Stage.check;

import io.understudy.metrics.SyncCounter;
import io.understudy.model.Direction;
import io.understudy.model.IpProtocol;
import io.understudy.table.HotTable;
import io.understudy.table.PublishResult;
import io.understudy.tables.session.SessionRecord;
import io.understudy.testkit.sim.Death;
import io.understudy.track.SessionFacts;
import io.understudy.transport.LinkKind;

/** Interleavings of generations, terms and bulk syncs: rules 4, 6, 7, 10 and 11. */
public final class GroupScenarios {
  private GroupScenarios() {}

  private static SessionRecord tcp(Stage stage, int node, int isn, int bits) {
    SessionRecord record =
        stage
            .node(node)
            .sessions4()
            .newRecord()
            .key4(0, IpProtocol.TCP, 0x0a000001, 4_000, 0xc0a80001, 80);
    return Stage.fact(record, isn, bits, 0).policy(isn).zones(1, 2);
  }

  /** A session begins anew on its key. */
  public static void newGeneration() {
    Stage stage = Stage.of(2, 1, 1);
    stage.publish(1, tcp(stage, 1, 0x1001, 1), 1, 0);
    stage.run(100);
    stage.publish(1, tcp(stage, 1, 0x2002, 3), 1, HotTable.NEW_GENERATION);
    stage.settle();
  }

  /** Two members open different sessions on one key at once, each in its group. */
  public static void twoCreatorsConflict() {
    Stage stage = Stage.of(2, 2, 1);
    stage.run(2_000);
    created(stage.publish(1, tcp(stage, 1, 0x1001, 3), 1, 0));
    created(stage.publish(2, tcp(stage, 2, 0x2002, 5), 2, 0));
    stage.settle();
    SessionRecord found = tcp(stage, 1, 0, 0);
    check("NothingLost", stage.node(1).sessions4().lookup(found), "nobody has the session");
    boolean whole = found.isn(Direction.FORWARD) == found.policy();
    check("NoWrongHandle", whole, "two sessions were mixed: " + stage.sim.dump(1));
    SessionFacts facts = new SessionFacts();
    found.loadFacts(facts);
    int bits = facts.bits(Direction.FORWARD);
    check("NoWrongHandle", bits == 3 || bits == 5, "two sessions were mixed: " + stage.sim.dump(1));
  }

  /** Two members see the same first packets of a session, each of its own side. */
  public static void twoCreatorsJoin() {
    Stage stage = Stage.of(2, 2, 1);
    stage.run(2_000);
    created(stage.publish(1, Stage.fact(stage.record(1, 1), 0, 3, 0).policy(1), 1, 0));
    created(stage.publish(2, Stage.fact(stage.record(2, 1), 0, 5, 0).policy(2), 2, 0));
    stage.settle();
    check("NothingLost", bits(stage) == 7, "facts of one creator are lost: " + stage.sim.dump(1));
  }

  /** Two members give one session different translations. */
  public static void twoBindings() {
    Stage stage = Stage.of(2, 2, 1);
    stage.run(2_000);
    SessionRecord one = Stage.fact(stage.record(1, 1), 0, 3, 0).policy(1);
    created(stage.publish(1, one.nat4(1, 0xcb007101, 2_000, 0xc0a80001, 53), 1, 0));
    SessionRecord two = Stage.fact(stage.record(2, 1), 0, 5, 0).policy(2);
    created(stage.publish(2, two.nat4(1, 0xcb007101, 2_001, 0xc0a80001, 53), 2, 0));
    stage.settle();
    int bits = bits(stage);
    check("NoWrongHandle", bits == 3 || bits == 5, "two bindings were joined: " + bits);
  }

  private static int bits(Stage stage) {
    SessionRecord found = stage.record(1, 1);
    SessionFacts facts = new SessionFacts();
    check("NothingLost", stage.node(1).sessions4().lookup(found), "nobody has the session");
    found.loadFacts(facts);
    return facts.bits(Direction.FORWARD);
  }

  private static void created(PublishResult result) {
    check("Settled", result == PublishResult.QUEUED, "not created: " + result);
  }

  /** A member with a young clock takes over and begins a session anew. */
  public static void youngClockTakesOver() {
    Stage stage = Stage.of(2, 1, 1);
    for (int i = 0; i < 50; i++) {
      stage.publish(1, i, 5);
    }
    stage.run(200);
    for (int i = 0; i < 2_000; i++) {
      SessionRecord again = Stage.fact(stage.record(1, 49), 0, 1, 0).policy(5).zones(1, 2);
      stage.publish(1, again, 1, HotTable.NEW_GENERATION);
    }
    stage.run(200);
    stage.faults().cutAll(1, 2);
    stage.run(Stage.TAKEOVER_MS);
    SessionRecord anew = Stage.fact(stage.record(2, 49), 0, 1, 0).policy(9).zones(1, 2);
    stage.publish(2, anew, 1, HotTable.NEW_GENERATION);
    stage.run(100);
    stage.settle();
    check("NoResurrection", stage.policy(1, 49) == 9, "the older session won");
  }

  /** A member comes back with an empty table while its peer sleeps with the old one. */
  public static void generationsGoOnAfterRestart() {
    Stage stage = Stage.of(2, 1, 1);
    for (int i = 0; i < 50; i++) {
      stage.publish(1, i, 5);
    }
    stage.run(200);
    stage.node(2).pause();
    stage.node(1).kill(Death.SILENT);
    stage.node(1).start();
    stage.run(4_000);
    stage.publish(1, 49, 9);
    SessionRecord found = stage.record(1, 49);
    stage.node(1).sessions4().lookup(found);
    check(
        "GenerationsRise", found.generation() > 50, "generation " + found.generation() + " again");
    stage.run(100);
    stage.node(2).resume();
    stage.settle();
    check("NoResurrection", stage.policy(2, 49) == 9, "a dead session won over a live one");
  }

  /** Both sides of a split go on; the loser's session on the same key has the higher generation. */
  public static void splitOnOneKey() {
    Stage stage = Stage.of(2, 1, 1);
    stage.publish(1, 1, 5);
    stage.run(100);
    stage.faults().cutAll(1, 2);
    stage.run(Stage.TAKEOVER_MS);
    for (int i = 0; i < 5; i++) {
      SessionRecord anew = Stage.fact(stage.record(1, 1), 0, 1, 0).policy(20 + i).zones(1, 2);
      stage.publish(1, anew, 1, HotTable.NEW_GENERATION);
      stage.run(20);
    }
    stage.touch(2, 1, 1);
    stage.run(100);
    stage.settle();
  }

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
    for (int i = 0; i < 100; i++) {
      stage.publish(1, i, 5);
    }
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
    for (int i = 0; i < 20; i++) {
      stage.publish(1, i, 5);
    }
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

  /** The active dies while one standby has just come back empty. */
  public static void emptyMemberClaims() {
    Stage stage = Stage.of(3, 1, 1);
    for (int i = 0; i < 20; i++) {
      stage.publish(1, i, 5);
    }
    stage.run(100);
    stage.node(2).kill(Death.SILENT);
    stage.run(100);
    stage.faults().cut(1, 2, 0);
    stage.node(2).start();
    stage.run(50);
    stage.node(1).kill(Death.SILENT);
    stage.run(3_000);
    stage.faults().healAll();
    stage.node(1).start();
    stage.settle();
    check("NothingLost", stage.has(2, 7), "an empty member swept a full one");
  }

  /** The active comes back empty while its peer with all sessions sleeps for a second. */
  public static void restartedWhilePeerSleeps() {
    Stage stage = Stage.of(2, 1, 1);
    for (int i = 0; i < 20; i++) {
      stage.publish(1, i, 5);
    }
    stage.run(100);
    stage.node(2).pause();
    stage.node(1).kill(Death.SILENT);
    stage.node(1).start();
    stage.run(1_200);
    stage.node(2).resume();
    stage.settle();
    check("NothingLost", stage.has(2, 7), "an empty member swept a full one");
  }

  /** The active dies and is back empty within 50 ms, before anyone noticed. */
  public static void backBeforeAnyoneNoticed() {
    Stage stage = Stage.of(2, 1, 1);
    for (int i = 0; i < 20; i++) {
      stage.publish(1, i, 5);
    }
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

  /** A member comes back whose store has seen higher numbers than the holder. */
  public static void higherNumberWithoutHistory() {
    Stage stage = Stage.of(2, 1, 1);
    stage.node(1).kill(Death.SILENT);
    for (int i = 0; i < 3; i++) {
      stage.node(2).kill(Death.SILENT);
      stage.run(100);
      stage.node(2).start();
      stage.run(3_000);
    }
    stage.node(2).kill(Death.SILENT);
    stage.node(1).start();
    stage.run(3_000);
    stage.publish(1, 1, 5);
    long before = stage.node(1).node().term(1).number();
    stage.node(2).start();
    stage.run(2_000);
    long after = stage.node(1).node().term(1).number();
    check(
        "TermsRise", after > before && after >= 4, "term " + after + " goes on below a higher one");
    stage.settle();
    check("NothingLost", stage.has(2, 1), "the session is lost");
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

  /** A new holder walks its tables while sessions change. */
  public static void bulkBesideChanges() {
    Stage stage = Stage.of(3, 1, 1);
    for (int i = 0; i < 200; i++) {
      stage.publish(1, i, 5);
    }
    stage.run(200);
    stage.node(1).kill(Death.CLOSED);
    while (!stage.node(2).mayDecide(1)) {
      for (int i = 0; i < 200; i += 2) {
        SessionRecord seen = stage.record(2, i);
        stage.publish(2, Stage.fact(seen, 0, 1, i % 7).policy(5).zones(1, 2), 1, 0);
      }
      stage.run(1);
    }
    for (int i = 0; i < 200; i++) {
      stage.publish(2, i, 8);
    }
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
    for (int i = 0; i < 200; i++) {
      stage.publish(1, i, 5);
    }
    stage.run(200);
    stage.node(1).kill(Death.CLOSED);
    while (!stage.node(2).mayDecide(1)) {
      stage.faults().breakConnection(2, 3, 0, LinkKind.DATA, 0);
      stage.sim.runFor(Stage.MS / 2);
    }
    for (int i = 0; i < 200; i++) {
      stage.publish(2, i, 8);
    }
    stage.run(1_000);
    long swept = stage.counter(3, SyncCounter.SWEPT);
    check("NothingLost", swept == 0, swept + " live sessions were swept");
    stage.node(1).start();
    stage.settle();
  }

  /** A member cut off from all others begins a term; one of them hears it before the holder does. */
  public static void formerHolderGoesOn() {
    Stage stage = Stage.of(3, 1, 1);
    for (int i = 0; i < 400; i++) {
      stage.publish(1, i, 5);
    }
    stage.run(200);
    stage.faults().cut(1, 2, 0);
    stage.faults().cut(2, 3, 0);
    stage.run(Stage.TAKEOVER_MS);
    check("Settled", stage.node(2).mayDecide(1), "node 2 is not cut off");
    stage.faults().heal(2, 3, 0);
    int ended = 0;
    for (int i = 0; i < 20_000 && ended < 300; i++) {
      stage.sim.runFor(Stage.MS / 10);
      if (stage.node(3).node().term(1).node() == 2 && ended < 300) {
        stage.remove(1, ended++);
        stage.publish(1, 300 + ended % 100, 1_000 + ended);
      }
    }
    check("Settled", ended > 0, "node 3 did not follow node 2");
    stage.settle();
  }

  /** As {@link #splitWithCandidates}, and the winner is who dials: its marks are there before the candidates leave. */
  public static void marksBeforeCandidates() {
    Stage stage = Stage.of(2, 1, 1);
    for (int i = 0; i < 100; i++) {
      stage.publish(1, i, 5);
    }
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

  /** The active dies and is back while what it sent, and its new HELLO, wait to be read. */
  public static void newLifeWaits() {
    Stage stage = Stage.of(2, 1, 2);
    stage.publish(1, 1, 5);
    stage.run(100);
    stage.node(2).pause();
    stage.publish(1, 2, 6);
    stage.run(50);
    stage.node(1).kill(Death.CLOSED);
    stage.node(1).start();
    stage.run(200);
    stage.node(2).resume();
    stage.run(2_500);
    check("NothingLost", stage.has(2, 2), "what the former life had sent was not applied");
    stage.settle();
  }

  /** A second process with the node id of a live one. */
  public static void twin() {
    Stage stage = Stage.of(2, 1, 1);
    stage.publish(2, 1, 5);
    var twin = stage.sim.twinOf(1);
    twin.start();
    stage.run(3_000);
    long refused = stage.counter(2, SyncCounter.HELLO_REFUSED);
    check("HelloRefused", refused > 0, "a second process with the same node id was admitted");
    twin.kill(Death.CLOSED);
    stage.settle();
  }

  /** The connection breaks again and again while a newcomer gets everything. */
  public static void bulkInterrupted() {
    Stage stage = Stage.of(2, 1, 1);
    for (int i = 0; i < 2_000; i++) {
      stage.publish(1, i, 5);
    }
    stage.run(500);
    stage.node(2).kill(Death.CLOSED);
    stage.node(2).start();
    for (int i = 0; i < 5; i++) {
      while (stage.node(1).node().inFlightBytes(2) == 0) {
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
    for (int i = 0; i < 50; i++) {
      stage.publish(1, i, 5);
    }
    stage.run(200);
    stage.node(2).pause();
    stage.run(65_000);
    stage.remove(1, 7);
    stage.run(100);
    stage.node(2).resume();
    stage.settle();
    check("NoResurrection", !stage.has(2, 7), "a session that ended is there");
  }

  /** Two members with different hash keys. */
  public static void otherHashKey() {
    OtherKey.run();
  }
}
