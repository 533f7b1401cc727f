package io.understudy.testkit.mutant;

import static io.understudy.testkit.mutant.Stage.check;

import io.understudy.metrics.SyncCounter;
import io.understudy.proto.v1.Frame;
import io.understudy.proto.v1.Hello;
import io.understudy.testkit.sim.Death;
import io.understudy.testkit.sim.PathSettings;
import io.understudy.transport.LinkKind;
import java.util.function.UnaryOperator;

/** Who is admitted, and when: rules 4 and 16. */
public final class HelloScenarios {
  private HelloScenarios() {}

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

  /** Both members dial as soon as their connections break, and what one says takes longer than what the other says. */
  public static void bothDialAtOnce() {
    Stage stage = Stage.of(2, 1, 1);
    stage.sim.network().settings(1, 2, 0, PathSettings.DEFAULT.withDelay(8 * Stage.MS, 0));
    for (int i = 0; i < 5; i++) {
      stage.faults().breakLink(1, 2, 0, 0);
      stage.run(150);
      for (int ms = 0; ms < 50; ms++) {
        stage.run(1);
        boolean isUp = stage.node(1).node().isConnected(2) && stage.node(2).node().isConnected(1);
        check("Connected", isUp, "the members close each other's connections");
      }
    }
    stage.settle();
  }

  /** The connection ends at one member alone, which dials again at once; the other has the former one still up. */
  public static void oneEndDialsAgain() {
    for (int at = 1; at <= 2; at++) {
      Stage stage = Stage.of(2, 1, 1);
      stage.faults().breakEnd(at, 3 - at, 0, LinkKind.DATA);
      stage.run(50);
      boolean isUp = stage.node(1).node().isConnected(2) && stage.node(2).node().isConnected(1);
      check("Connected", isUp, "the connection that replaces another is refused");
      stage.settle();
    }
  }

  /** Two members with different hash keys, which would put one session into different partitions. */
  public static void otherHashKey() {
    byte[] key = new byte[16];
    key[0] = 1;
    OtherPair pair = new OtherPair(config -> config.hashKey(key), UnaryOperator.identity());
    pair.checkRefused("another hash key");
  }

  /** A member of a later version of the wire. */
  public static void otherWireVersion() {
    heard(hello -> hello.setWireVersion(1)).checkRefused("another wire version");
  }

  /** A member of another cluster at a peer's address. */
  public static void otherCluster() {
    heard(hello -> hello.setCluster("two")).checkRefused("another cluster");
  }

  /** A member to which a column means something else. */
  public static void otherColumns() {
    heard(
            hello -> {
              hello.getTablesBuilder(0).getColumnsBuilder(0).setBits(1);
              return hello;
            })
        .checkRefused("another column");
  }

  /** A peer speaks of a term near the last, as a damaged or a hostile one may. */
  public static void forgedTerm() {
    boolean[] told = {false};
    OtherPair pair =
        new OtherPair(
            UnaryOperator.identity(), frame -> told[0] ? frame : withLastTerm(frame, told));
    pair.run(2_000);
    check("Settled", told[0], "no heartbeat was heard");
    long number = pair.first().term(1).number();
    check("TermsRise", number < 1_000, "term " + number + " was believed; hardly any is left");
  }

  private static Frame withLastTerm(Frame frame, boolean[] told) {
    if (!frame.hasHeartbeat() || frame.getHeartbeat().getGroupsCount() == 0) {
      return frame;
    }
    told[0] = true;
    Frame.Builder forged = frame.toBuilder();
    forged.getHeartbeatBuilder().getGroupsBuilder(0).getTermBuilder().setNumber(0xFFFF_FFFEL);
    return forged.build();
  }

  private static OtherPair heard(UnaryOperator<Hello.Builder> other) {
    return new OtherPair(
        UnaryOperator.identity(),
        frame ->
            frame.hasHello()
                ? frame.toBuilder().setHello(other.apply(frame.getHello().toBuilder())).build()
                : frame);
  }
}
