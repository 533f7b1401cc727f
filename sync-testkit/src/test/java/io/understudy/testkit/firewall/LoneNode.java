package io.understudy.testkit.firewall;

import io.understudy.SyncNode;
import io.understudy.config.SyncConfig;
import io.understudy.model.GroupId;
import io.understudy.model.NodeId;
import io.understudy.runtime.MemoryStore;
import io.understudy.tables.session.SessionTable;
import io.understudy.testkit.sim.SimClock;
import io.understudy.testkit.sim.SimEntropy;
import io.understudy.testkit.sim.SimNetwork;
import java.time.Duration;
import java.util.List;

/** A member whose peer never comes: it holds group 1 from its first turn on, and nobody receives what it backs up. */
final class LoneNode {
  private LoneNode() {}

  static SyncNode started(int capacity, long nowNs) {
    SyncConfig config =
        SyncConfig.builder("lone", new NodeId(1))
            .peer(new NodeId(2))
            .group(new GroupId(1), 100)
            .bootHold(Duration.ZERO)
            .build();
    SimNetwork nobody = new SimNetwork(new SimClock(), 1);
    SyncNode node =
        SyncNode.builder(config)
            .transport(nobody.transport(1, List.of(2), List.of(0)))
            .store(new MemoryStore())
            .entropy(new SimEntropy(1))
            .startNs(nowNs)
            .table(SessionTable.spec4(capacity, 1))
            .table(SessionTable.spec6(capacity, 1))
            .build();
    node.start(nowNs);
    while (!node.mayDecide(1, nowNs)) {
      node.run(nowNs);
    }
    return node;
  }
}
