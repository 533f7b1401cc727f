package io.understudy.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.understudy.NodeStatus;
import io.understudy.NodeStatus.PeerState;
import io.understudy.SyncNode;
import io.understudy.config.SyncConfig;
import io.understudy.model.GroupId;
import io.understudy.model.NodeId;
import io.understudy.model.Role;
import io.understudy.runtime.MemoryStore;
import io.understudy.tables.session.SessionTable;
import io.understudy.testkit.sim.Death;
import io.understudy.testkit.sim.SimClock;
import io.understudy.testkit.sim.SimEntropy;
import io.understudy.testkit.sim.SimNetwork;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What a node says of itself and its peers to threads that are not its own. */
class NodeStatusSimTest {
  private static final long MS = 1_000_000;

  private final SimCluster sim = new SimCluster(1, 2, 1, 1, 4_096);

  private NodeStatus status(int node) {
    return sim.node(node).node().status();
  }

  @Test
  void tellsRolesTermsAndConnectedPeers() {
    sim.start();
    sim.runFor(3_000 * MS);

    NodeStatus active = status(1);
    NodeStatus standby = status(2);

    assertEquals(Role.ACTIVE, active.group(1).role());
    assertTrue(active.group(1).decides());
    assertEquals(Role.STANDBY, standby.group(1).role());
    assertFalse(standby.group(1).decides());
    assertEquals(active.group(1).term(), standby.group(1).term());
    assertEquals(PeerState.CONNECTED, active.peer(2).state());
    assertEquals(1, active.peer(2).dataLinks());
    assertEquals(1, active.peer(2).heartbeatLinks());
    assertTrue(active.peer(2).lastRefusal().isEmpty());
    assertTrue(sim.nowNs() - active.atNs() <= 1_100 * MS, "older than a second");
  }

  @Test
  void peerThatDiesIsUnreachableSoonAfterItsConnectionsEnded() {
    sim.start();
    sim.runFor(500 * MS);

    sim.node(2).kill(Death.CLOSED);
    sim.runFor(100 * MS);

    assertEquals(PeerState.UNREACHABLE, status(1).peer(2).state());
    assertEquals(0, status(1).peer(2).dataLinks());
  }

  @Test
  void refusedPeerIsNamedWithTheCause() {
    SimClock clock = new SimClock();
    SimNetwork network = new SimNetwork(clock, 1);
    SyncNode one = ofCluster("one", 1, clock, network);
    SyncNode other = ofCluster("other", 2, clock, network);

    for (int i = 0; i < 200; i++) {
      clock.runFor(5 * MS);
      one.run(clock.nanoTime());
      other.run(clock.nanoTime());
    }

    for (NodeStatus status : List.of(one.status(), other.status())) {
      NodeStatus.OfPeer peer = status.peer(3 - status.node());
      assertEquals(PeerState.REFUSED, peer.state());
      String cause = peer.lastRefusal().orElseThrow().cause();
      assertTrue(cause.contains("one") && cause.contains("other"), cause);
    }
  }

  private static SyncNode ofCluster(String name, int id, SimClock clock, SimNetwork network) {
    SyncConfig config =
        SyncConfig.builder(name, new NodeId(id))
            .peer(new NodeId(3 - id))
            .group(new GroupId(1), 100 - id)
            .build();
    SyncNode node =
        SyncNode.builder(config)
            .transport(network.transport(id, List.of(3 - id), List.of(0)))
            .store(new MemoryStore())
            .entropy(new SimEntropy(id))
            .table(SessionTable.spec4(1_024, 1))
            .build();
    node.start(clock.nanoTime());
    return node;
  }

  @Test
  void turnsThatChangeNothingKeepTheSnapshot() {
    sim.start();
    sim.runFor(3_000 * MS);
    sim.node(1).node().run(sim.nowNs());
    NodeStatus before = status(1);

    for (int i = 0; i < 100; i++) {
      sim.node(1).node().run(sim.nowNs());
    }

    assertSame(before, status(1));
  }

  @Test
  void whatWasNotConfiguredIsNamedInTheError() {
    sim.start();

    Exception peer = assertThrows(IllegalArgumentException.class, () -> status(1).peer(9));
    Exception group = assertThrows(IllegalArgumentException.class, () -> status(1).group(9));

    assertTrue(peer.getMessage().contains("9"), peer.getMessage());
    assertTrue(group.getMessage().contains("9"), group.getMessage());
  }
}
