package io.understudy.testkit.mutant;

import static io.understudy.testkit.mutant.Stage.check;

import io.understudy.config.HeartbeatConfig;
import io.understudy.testkit.MemberSettings;
import io.understudy.testkit.SimNode;
import io.understudy.testkit.SimSettings;
import io.understudy.testkit.sim.Death;
import io.understudy.testkit.sim.PathSettings;
import io.understudy.testkit.sim.PathTraffic;
import io.understudy.transport.LinkKind;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.stream.Stream;

/** The right to decide in whole clusters: rule 10, by the clauses of docs/concepts/roles.md. */
public final class RightScenarios {
  private RightScenarios() {}

  /** Runs and looks all the time whether two decide. */
  private static void watch(Stage stage, int ms) {
    for (int i = 0; i < 4 * ms; i++) {
      stage.sim.runFor(Stage.MS / 4);
      int deciding = 0;
      for (SimNode node : stage.sim.nodes()) {
        deciding += node.mayDecide(1) ? 1 : 0;
      }
      check("SingleHolder", deciding <= 1, deciding + " members decide");
    }
  }

  private static Stage ofUnlike(PathSettings path, HeartbeatConfig... heartbeats) {
    List<MemberSettings> own =
        Stream.of(heartbeats).map(MemberSettings.DEFAULT::withHeartbeat).toList();
    List<Integer> capacities = Collections.nCopies(own.size(), 4_096);
    Duration bootHold = Duration.ofSeconds(60);
    return Stage.of(new SimSettings(own.size(), 1, 1, capacities, 1 << 17, bootHold, path, own));
  }

  /** The holder slept longer than its right lasts, and its peers' own heartbeats come further apart than that. */
  public static void peersSpeakSeldom() {
    for (int phaseMs = 0; phaseMs < 800; phaseMs += 100) {
      Stage stage =
          ofUnlike(
              PathSettings.DEFAULT,
              HeartbeatConfig.of(Duration.ofMillis(200), 3),
              HeartbeatConfig.of(Duration.ofMillis(800), 6),
              HeartbeatConfig.of(Duration.ofMillis(800), 7));
      stage.run(phaseMs);
      stage.node(1).pause();
      stage.run(500);
      stage.node(1).resume();
      stage.run(60);
      for (int i = 0; i < 50; i++) {
        check("Steady", stage.node(1).mayDecide(1), "the holder does not decide");
        watch(stage, 20);
      }
    }
  }

  /** The standby's machine sleeps: what the holder says meanwhile comes a moment after it wakes. */
  public static void standbyMachineSleeps() {
    Stage stage = Stage.of(2, 1, 1);
    stage.faults().stallOneWay(1, 2, 0, 830 * Stage.MS);
    stage.node(2).pause();
    watch(stage, 800);
    stage.node(2).resume();
    watch(stage, 300);
    check("Settled", stage.node(1).mayDecide(1), "the holder does not decide");
    stage.settle();
  }

  /** The member sleeps while the holder ends in order, which is read when it wakes, and while the holder starts again and claims alone. */
  public static void holderStartsAgainWhileItsPeerSleeps() {
    Stage stage = Stage.of(2, 1, 1);
    stage.node(2).pause();
    stage.run(20);
    stage.node(1).close();
    stage.run(50);
    stage.node(1).kill(Death.CLOSED);
    stage.node(1).start();
    stage.run(2_600);
    check("Settled", stage.node(1).mayDecide(1), "the holder's next life does not decide");
    stage.node(2).resume();
    watch(stage, 500);
    stage.settle();
  }

  /** The same, of three; what the others say comes when the one that woke misses the holder, but can know nothing of the third yet. */
  public static void memberWakesAlone() {
    Stage stage = Stage.of(3, 1, 1);
    for (int other : new int[] {1, 3}) {
      stage.faults().stallOneWay(other, 2, 0, 1_380 * Stage.MS);
    }
    stage.node(2).pause();
    watch(stage, 800);
    stage.node(2).resume();
    for (int ms = 0; ms < 800; ms++) {
      watch(stage, 1);
      boolean claims = stage.node(2).node().term(1).node() == 2;
      check("SingleHolder", !claims, "node 2 claims, and node 3 did not agree");
    }
    check("Settled", stage.node(1).mayDecide(1), "the holder does not decide");
    stage.settle();
  }

  /** The holder's end of the heartbeat connection breaks, the peer does not hear of it, and no dial is answered. */
  public static void peerDoesNotKnowThatItIsClosed() {
    Stage stage = Stage.of(2, 1, 1);
    stage.faults().cutOneWay(1, 2, 0);
    stage.faults().refuse(1, 2, 0, 3_000 * Stage.MS);
    stage.faults().breakEnd(1, 2, 0, LinkKind.HEARTBEAT);
    watch(stage, 900); // later each may take the other for dead: nothing passes between them
    stage.settle();
  }

  /** The holder's loop stops just before its next heartbeat is due; its dataplane goes on as long as it may. */
  public static void loopStopsBeforeItsHeartbeat() {
    for (int ms = 0; ms < 100; ms += 10) {
      Stage stage = Stage.of(2, 1, 1);
      stage.run(ms);
      stage.node(1).pause();
      watch(stage, 700);
      check("Settled", stage.node(2).mayDecide(1), "nobody took over");
    }
  }

  /** The holder sleeps for longer than its right, and what its peer sent meanwhile lies in its sockets. */
  public static void holderBelievesNothingOld() {
    Stage stage = Stage.of(2, 1, 1);
    stage.node(1).pause();
    watch(stage, 1_000);
    stage.node(1).resume();
    watch(stage, 500);
    stage.settle();
  }

  /** The sockets of one way are full of heartbeats when the holder has news, and the next heartbeat is far when they have room. */
  public static void newsBehindFullSockets() {
    long intervalNs = 1_000 * Stage.MS;
    HeartbeatConfig slow = HeartbeatConfig.of(Duration.ofNanos(intervalNs), 10);
    MemberSettings own = MemberSettings.DEFAULT.withHeartbeat(slow);
    Stage stage =
        Stage.of(
            new SimSettings(
                2,
                1,
                1,
                List.of(256, 256),
                1 << 17,
                Duration.ofSeconds(10),
                PathSettings.DEFAULT.withBuffers(1, 1),
                List.of(own, own)));
    stage.run(15_000);
    stage.faults().cutOneWay(1, 2, 0);
    stage.run(3_000);
    PathTraffic way = stage.sim.network().traffic(1, 2, 0, LinkKind.HEARTBEAT);
    SimNode holder = stage.node(1);
    holder.node().heartbeat(HeartbeatConfig.of(Duration.ofNanos(intervalNs), 9), holder.nowNs());
    stage.run(100); // a tick has just been
    stage.faults().healOneWay(1, 2, 0);
    long healedNs = stage.sim.nowNs();
    stage.run(300);
    check("Settled", way.lastReadSentNs() >= healedNs, "the news are an interval late");
  }
}
