package io.understudy.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.understudy.config.HeartbeatConfig;
import io.understudy.model.Role;
import io.understudy.testkit.sim.PathSettings;
import io.understudy.transport.LinkKind;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A path is cut for longer than its sockets take heartbeats: what had no room is said when there is some. */
class FullSocketsSimTest {
  private static final long MS = 1_000_000;
  private static final long INTERVAL_NS = 1_000 * MS;

  /** The simulated kernels send again after at most 200 ms. */
  private static final long RESENT_NS = 250 * MS;

  @Test
  void newsThatFoundNoRoomAreSaidWhenThereIsSomeAndNotAnIntervalLater() {
    SimCluster sim = new SimCluster(1, settings());
    sim.start();
    sim.runFor(15 * INTERVAL_NS);
    sim.network().faults().cutOneWay(1, 2, 0);
    sim.runFor(3 * INTERVAL_NS);
    sim.clock().runUntil(() -> isOnTick(sim), INTERVAL_NS); // the next heartbeat is far
    HeartbeatConfig shorter = HeartbeatConfig.of(Duration.ofNanos(INTERVAL_NS), 9);
    sim.node(1).node().heartbeat(shorter, sim.node(1).nowNs());
    sim.runFor(10 * MS);
    sim.network().faults().healOneWay(1, 2, 0);
    long healedNs = sim.nowNs();
    long sentBefore = sent(sim);

    sim.runFor(RESENT_NS);

    assertTrue(readSentNs(sim) >= healedNs, "the news are an interval late");
    assertTrue(sent(sim) - sentBefore <= 10, "what is no news is repeated too");
    assertFalse(sim.node(2).node().role(1).isHolder());
  }

  /** Seed 26007195: a peer's confirmation was lost behind its HELLO, and each new connection closed after 2 s. */
  @Test
  void whatTheHandshakeSaysGoesAsSoonAsThereIsRoom() {
    PathSettings narrow = PathSettings.DEFAULT.withBuffers(1, 1).withBandwidth(1 << 20);
    SimCluster sim =
        new SimCluster(
            1,
            new SimSettings(2, 1, 1, List.of(256, 256), 1 << 17, Duration.ofSeconds(10), narrow));
    sim.start();

    sim.runFor(1_500 * MS);

    assertEquals(Role.ACTIVE, sim.node(1).node().role(1));
    assertEquals(Role.STANDBY, sim.node(2).node().role(1));
  }

  private static boolean isOnTick(SimCluster sim) {
    long sinceStartNs = sim.nowNs() % INTERVAL_NS;
    return sinceStartNs > 100 * MS && sinceStartNs < 300 * MS;
  }

  private static long readSentNs(SimCluster sim) {
    return sim.network().traffic(1, 2, 0, LinkKind.HEARTBEAT).lastReadSentNs();
  }

  private static long sent(SimCluster sim) {
    return sim.network().traffic(1, 2, 0, LinkKind.HEARTBEAT).sentFrames();
  }

  private static SimSettings settings() {
    MemberSettings slow =
        MemberSettings.DEFAULT.withHeartbeat(HeartbeatConfig.of(Duration.ofNanos(INTERVAL_NS), 10));
    return new SimSettings(
        2,
        1,
        1,
        List.of(256, 256),
        1 << 17,
        Duration.ofSeconds(10),
        PathSettings.DEFAULT.withBuffers(1, 1),
        List.of(slow, slow));
  }
}
