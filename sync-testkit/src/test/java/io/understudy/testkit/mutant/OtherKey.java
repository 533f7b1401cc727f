package io.understudy.testkit.mutant;

import io.understudy.SyncNode;
import io.understudy.config.SyncConfig;
import io.understudy.metrics.SyncCounter;
import io.understudy.model.GroupId;
import io.understudy.model.NodeId;
import io.understudy.runtime.MemoryStore;
import io.understudy.tables.session.SessionTable;
import io.understudy.testkit.sim.SimClock;
import io.understudy.testkit.sim.SimEntropy;
import io.understudy.testkit.sim.SimNetwork;
import io.understudy.testkit.sim.SimTransport;
import java.util.ArrayList;
import java.util.List;

/** Rule 16: members whose hash keys differ do not connect, since their partitions differ. */
final class OtherKey {
  private static final long MS = 1_000_000;

  private OtherKey() {}

  static void run() {
    SimClock clock = new SimClock();
    SimNetwork network = new SimNetwork(clock, 1);
    List<SyncNode> nodes = new ArrayList<>();
    for (int id = 1; id <= 2; id++) {
      nodes.add(node(clock, network, id));
    }
    for (int i = 0; i < 1_000; i++) {
      clock.runFor(MS);
      nodes.forEach(node -> turn(node, clock.nanoTime()));
    }
    long refused = nodes.stream().mapToLong(n -> n.counters().get(SyncCounter.HELLO_REFUSED)).sum();
    Stage.check("HelloRefused", refused > 0, "a HELLO with another hash key was accepted");
    boolean connected = nodes.get(0).isConnected(2) || nodes.get(1).isConnected(1);
    Stage.check("HelloRefused", !connected, "members with different hash keys are connected");
  }

  private static void turn(SyncNode node, long nowNs) {
    for (int i = 0; i < 100 && node.run(nowNs) > 0; i++) {
      // until it has nothing to do now
    }
  }

  private static SyncNode node(SimClock clock, SimNetwork network, int id) {
    int peer = 3 - id;
    byte[] key = new byte[16];
    key[0] = (byte) id;
    SyncConfig config =
        SyncConfig.builder("keys", new NodeId(id))
            .peer(new NodeId(peer))
            .group(new GroupId(1), 100 + id)
            .hashKey(key)
            .build();
    SimTransport transport = network.transport(id, List.of(peer), List.of(0));
    SyncNode node =
        SyncNode.builder(config)
            .transport(transport)
            .store(new MemoryStore())
            .entropy(new SimEntropy(id))
            .startNs(clock.nanoTime())
            .table(SessionTable.spec4(1_024, 1))
            .build();
    node.start(clock.nanoTime());
    return node;
  }
}
