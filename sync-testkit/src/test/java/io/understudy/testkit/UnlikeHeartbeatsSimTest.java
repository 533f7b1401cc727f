package io.understudy.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.understudy.config.HeartbeatConfig;
import io.understudy.metrics.SyncCounter;
import io.understudy.testkit.check.Convergence;
import io.understudy.testkit.sim.Death;
import io.understudy.testkit.sim.PathSettings;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Members whose heartbeats come far less often than others', and what asking them at once mends. */
class UnlikeHeartbeatsSimTest {
  private static final long MS = 1_000_000;
  private static final int CAPACITY = 4_096;

  private static SimCluster cluster(int links, HeartbeatConfig... heartbeats) {
    List<MemberSettings> own =
        Stream.of(heartbeats).map(MemberSettings.DEFAULT::withHeartbeat).toList();
    SimCluster sim =
        new SimCluster(
            5,
            new SimSettings(
                own.size(),
                1,
                links,
                Collections.nCopies(own.size(), CAPACITY),
                1 << 20,
                Duration.ofSeconds(60),
                PathSettings.DEFAULT,
                own));
    sim.start();
    sim.runFor(1_000 * MS);
    assertTrue(sim.node(1).mayDecide(1));
    return sim;
  }

  private static HeartbeatConfig every(int ms, int misses) {
    return HeartbeatConfig.of(Duration.ofMillis(ms), misses);
  }

  /** Its peers' own heartbeats come further apart than its right lasts: seed 23003976. */
  @ParameterizedTest
  @ValueSource(longs = {100, 300, 500, 700})
  void holderThatSleptDecidesAgainAtOnceAndGoesOn(long phaseMs) {
    SimCluster sim = cluster(1, every(200, 3), every(800, 6), every(800, 7));
    sim.runFor(phaseMs * MS);
    sim.node(1).pause();
    sim.runFor(500 * MS);
    assertFalse(sim.node(1).mayDecide(1));
    sim.node(1).resume();

    sim.runFor(60 * MS);
    for (int i = 0; i < 500; i++) {
      assertTrue(sim.node(1).mayDecide(1), "after " + (60 + 10 * i) + " ms");
      sim.runFor(10 * MS);
    }
  }

  /** Nothing is heard of the peer for longer than this member's own claim time, again and again: seed 23024421. */
  @ParameterizedTest
  @ValueSource(ints = {0, 1})
  void streamToASlowPeerThatStandsIsOpenedAgain(int link) {
    SimCluster sim = cluster(2, every(100, 3), every(400, 5));
    sim.network().faults().cut(1, 2, link);
    assertTrue(Publishing.publish(sim, 1, 1));

    sim.runFor(5_000 * MS);

    assertTrue(sim.node(1).node().isFlushed(2));
  }

  /** Its connections are not closed, and the next heartbeat that would find that out is due in seconds: seed 23029951. */
  @Test
  void newLifeOfASlowPeerIsMetAtOnce() {
    SimCluster sim = cluster(2, every(10_000, 4), every(10_000, 4));
    sim.network().faults().stallOneWay(1, 2, 1, 20_000 * MS);
    sim.node(2).kill(Death.SILENT);
    sim.runFor(1_000 * MS);
    sim.node(2).start();

    sim.runFor(1_500 * MS);

    assertTrue(sim.node(2).node().isConnected(1));
    assertEquals(0, sim.node(1).node().counters().get(SyncCounter.HELLO_REFUSED));
    Convergence.check(sim);
  }
}
