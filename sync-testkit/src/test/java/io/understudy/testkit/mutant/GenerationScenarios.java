package io.understudy.testkit.mutant;

import static io.understudy.testkit.mutant.Stage.check;

import io.understudy.model.Direction;
import io.understudy.model.IpProtocol;
import io.understudy.table.HotTable;
import io.understudy.table.PublishResult;
import io.understudy.tables.session.NatKind;
import io.understudy.tables.session.SessionRecord;
import io.understudy.testkit.sim.Death;
import io.understudy.track.SessionFacts;

/** Interleavings of generations and their creators: rule 6. */
public final class GenerationScenarios {
  private GenerationScenarios() {}

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

  /** A member begins again without its store behind a cut, and gives a key a generation that was never given. */
  public static void storeIsLost() {
    Stage stage = Stage.of(2, 1, 1);
    created(stage.publish(1, tcp(stage, 1, 0x1001, 1), 1, 0));
    stage.run(100);
    stage.faults().cutAll(1, 2);
    stage.node(1).kill(Death.CLOSED);
    stage.node(1).wipeStore();
    stage.node(1).start();
    stage.run(3_000);
    created(stage.publish(1, tcp(stage, 1, 0x2002, 4), 1, 0));
    stage.run(100);
    stage.settle();
    SessionRecord found = tcp(stage, 2, 0, 0);
    check("NothingLost", stage.node(2).sessions4().lookup(found), "nobody has the session");
    SessionFacts facts = new SessionFacts();
    found.loadFacts(facts);
    int bits = facts.bits(Direction.FORWARD);
    check("NoWrongHandle", bits == 1 || bits == 4, "two sessions were mixed: " + stage.sim.dump(2));
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
    created(stage.publish(1, one.nat4(NatKind.SOURCE, 0xcb007101, 2_000, 0xc0a80001, 53), 1, 0));
    SessionRecord two = Stage.fact(stage.record(2, 1), 0, 5, 0).policy(2);
    created(stage.publish(2, two.nat4(NatKind.SOURCE, 0xcb007101, 2_001, 0xc0a80001, 53), 2, 0));
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

  /** The member with the younger clock takes over and begins a session anew; each holds the group with its number. */
  public static void youngClockTakesOver() {
    Stage stage = Stage.of(2, 2, 1);
    stage.run(2_000);
    int old = generation(stage, 1) > generation(stage, 2) ? 1 : 2;
    int young = 3 - old;
    for (int i = 0; i < 2_000; i++) {
      stage.publish(old, anew(stage, old, 5), old, HotTable.NEW_GENERATION);
    }
    stage.run(200);
    stage.faults().cutAll(1, 2);
    stage.run(Stage.TAKEOVER_MS);
    stage.publish(young, anew(stage, young, 9), old, HotTable.NEW_GENERATION);
    stage.run(100);
    stage.settle();
    check("NoResurrection", stage.policy(old, 49) == 9, "the older session won");
  }

  private static SessionRecord anew(Stage stage, int node, int policy) {
    return Stage.fact(stage.record(node, 49), 0, 1, 0).policy(policy).zones(1, 2);
  }

  /** Of the first session that the member begins. */
  private static long generation(Stage stage, int node) {
    created(stage.publish(node, Stage.fact(stage.record(node, node), 0, 1, 0), node, 0));
    SessionRecord found = stage.record(node, node);
    stage.node(node).sessions4().lookup(found);
    return found.generation();
  }

  /** A member comes back with an empty table while its peer sleeps with the old one. */
  public static void generationsGoOnAfterRestart() {
    Stage stage = Stage.of(2, 1, 1);
    stage.publishAll(1, 50, 5);
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

  /** Both ends open a connection at once, and each member sees the SYN of one of them. */
  public static void openingsCross() {
    Stage stage = Stage.of(2, 2, 1);
    stage.run(2_000);
    created(stage.publish(1, tcp(stage, 1, 0x1001, 1), 1, 0));
    created(stage.publish(2, fromServer(stage, 0x2002, 1, 0), 2, 0));
    stage.settle();
    SessionRecord found = tcp(stage, 1, 0, 0);
    check("NothingLost", stage.node(1).sessions4().lookup(found), "nobody has the session");
    int client = found.isn(Direction.FORWARD);
    int server = found.isn(Direction.REVERSE);
    boolean both = client + server == 0x1001 + 0x2002 && client != 0 && server != 0;
    check("NothingLost", both, "one SYN of two is lost: " + stage.sim.dump(1));
  }

  /** The same, but one of them was answered: they are two connections, of which the later is the valid one. */
  public static void answeredOpeningsCross() {
    Stage stage = Stage.of(2, 2, 1);
    stage.run(2_000);
    created(stage.publish(1, tcp(stage, 1, 0x1001, 1), 1, 0));
    created(stage.publish(2, fromServer(stage, 0x2002, 3, 1), 2, 0));
    stage.settle();
    SessionRecord found = tcp(stage, 1, 0, 0);
    check("NothingLost", stage.node(1).sessions4().lookup(found), "nobody has the session");
    boolean mixed = found.isn(Direction.FORWARD) != 0 && found.isn(Direction.REVERSE) != 0;
    check("NoWrongHandle", !mixed, "two sessions were mixed: " + stage.sim.dump(1));
  }

  private static SessionRecord fromServer(Stage stage, int isn, int forward, int reverse) {
    SessionRecord record =
        stage
            .node(2)
            .sessions4()
            .newRecord()
            .key4(0, IpProtocol.TCP, 0xc0a80001, 80, 0x0a000001, 4_000);
    return Stage.fact(record, isn, forward, reverse).policy(isn).zones(1, 2);
  }
}
