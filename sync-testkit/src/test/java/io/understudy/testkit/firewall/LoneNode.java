package io.understudy.testkit.firewall;

import io.understudy.SyncNode;
import io.understudy.config.SyncConfig;
import io.understudy.model.GroupId;
import io.understudy.model.NodeId;
import io.understudy.runtime.MemoryStore;
import io.understudy.tables.session.SessionTable;
import io.understudy.testkit.sim.SimEntropy;
import io.understudy.transport.LinkListener;
import io.understudy.transport.Transport;
import java.time.Duration;
import java.util.Set;

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
    SyncNode node =
        SyncNode.builder(config)
            .transport(new NoCable())
            .store(new MemoryStore())
            .entropy(new SimEntropy(1))
            .table(SessionTable.spec4(capacity, 1))
            .table(SessionTable.spec6(capacity, 1))
            .build();
    node.start(nowNs);
    while (!node.mayDecide(1, nowNs)) {
      node.run(nowNs);
    }
    return node;
  }

  /** Nothing can arrive, so whatever time is asked about, all that had come by then is delivered. */
  private static final class NoCable implements Transport {
    @Override
    public int node() {
      return 1;
    }

    @Override
    public Set<Integer> peers() {
      return Set.of(2);
    }

    @Override
    public int linksTo(int node) {
      return 1;
    }

    @Override
    public void start(LinkListener listener) {}

    @Override
    public long drainedBeforeNs() {
      return Long.MAX_VALUE;
    }

    @Override
    public void close() {}
  }
}
