package io.understudy.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.understudy.NodeStatus.PeerState;
import io.understudy.metrics.SyncCounter;
import io.understudy.testkit.sim.SimNetwork;
import org.junit.jupiter.api.Test;

/** A stream in which nothing is acknowledged while the peer is heard is found, named and opened again; nothing else is. */
class StalledStreamSimTest {
  private static final long MS = 1_000_000;

  private final HearingPair pair = new HearingPair(1);

  private PeerState state() {
    return pair.node(1).status().peer(2).state();
  }

  private long stalls() {
    return pair.node(1).counters().get(SyncCounter.STREAMS_STALLED);
  }

  @Test
  void streamWithoutAcknowledgementsIsOpenedAgainUntilTheyCome() {
    pair.run(1_000);
    pair.hears(
        1,
        HearingTransport.ofFrames(
            frame -> frame.hasAck() ? frame.toBuilder().clearAck().build() : frame));
    pair.publish(200, 1);
    pair.run(1_900);
    assertEquals(0, stalls(), "too early");

    pair.run(400);
    assertEquals(1, stalls());
    assertEquals(PeerState.STALLED, state());
    pair.run(4_000);
    assertTrue(stalls() >= 2, "it is tried again while it goes on");

    pair.hearAsSent();
    pair.run(3_000);
    assertEquals(PeerState.CONNECTED, state());
    assertTrue(pair.isConnected());
    assertEquals(pair.dump(1), pair.dump(2));
  }

  @Test
  void idleStreamIsNotStalled() {
    pair.run(1_000);
    pair.publish(200, 1);

    pair.run(20_000);

    assertEquals(0, stalls());
    assertEquals(PeerState.CONNECTED, state());
  }

  @Test
  void pausesOfEitherMemberAreNoStalls() {
    SimCluster sim = new SimCluster(1, 2, 1, 1, 4_096);
    sim.start();
    sim.runFor(1_000 * MS);

    for (int node = 1; node <= 2; node++) {
      for (long pauseMs : new long[] {300, 2_500, 30_000}) {
        for (int i = 0; i < 50; i++) {
          Publishing.publish(sim, i, (int) pauseMs + node);
        }
        sim.runFor(MS);
        sim.node(node).pause();
        sim.runFor(pauseMs * MS);
        sim.node(node).resume();
        sim.runFor(3_000 * MS);
      }
    }

    for (int node = 1; node <= 2; node++) {
      assertEquals(0, sim.node(node).node().counters().get(SyncCounter.STREAMS_STALLED));
    }
    assertEquals(sim.dump(1), sim.dump(2));
  }

  /** Only one way of the link is lost: the peer is not heard, or hears nothing, and roles have to deal with that. */
  @Test
  void lostLinkIsNoStall() {
    SimCluster sim = new SimCluster(1, 2, 1, 1, 4_096);
    sim.start();
    sim.runFor(1_000 * MS);
    SimNetwork network = sim.network();

    network.faults().cutOneWay(2, 1, 0);
    Publishing.publish(sim, 1, 5);
    sim.runFor(10_000 * MS);
    network.faults().healAll();
    sim.runFor(5_000 * MS);

    assertEquals(0, sim.node(1).node().counters().get(SyncCounter.STREAMS_STALLED));
  }
}
