package io.understudy.testkit.firewall;

import io.understudy.SyncNode;
import io.understudy.config.HeartbeatConfig;
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
import java.util.concurrent.Executor;

/** A member whose peer never comes: it holds group 1, and nobody receives what it backs up. */
final class LoneNode {
  /** By then it was silent around it for longer than any claim needs. */
  private static final long ALONE_NS = 20_000_000_000L;

  private static final long TURN_NS = 100_000_000;

  private LoneNode() {}

  static SyncNode started(int capacity, long nowNs) {
    SyncConfig config =
        SyncConfig.builder("lone", new NodeId(1))
            .peer(new NodeId(2))
            .group(new GroupId(1), 100)
            .heartbeat(HeartbeatConfig.of(Duration.ofSeconds(1), 5))
            .bootHold(Duration.ofSeconds(5))
            .build();
    SyncNode node =
        SyncNode.builder(config)
            .transport(new NoCable())
            .store(new MemoryStore())
            .entropy(new SimEntropy(1))
            .table(SessionTable.spec4(capacity, 1))
            .table(SessionTable.spec6(capacity, 1))
            .build();
    node.start(nowNs - ALONE_NS);
    pass(node, nowNs - ALONE_NS, nowNs);
    return node;
  }

  /** Time passes from then to now, in turns, as far as the node's right to decide needs them. */
  static void pass(SyncNode node, long thenNs, long nowNs) {
    for (long now = Math.max(thenNs, nowNs - ALONE_NS); now < nowNs; now += TURN_NS) {
      node.run(now);
      node.run(now);
    }
    node.run(nowNs);
    node.run(nowNs);
  }

  /** Nothing can arrive, so whatever time is asked about, all that had come by then is delivered. */
  private static final class NoCable implements Transport {
    @Override
    public Executor callbacks() {
      return Runnable::run;
    }

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
