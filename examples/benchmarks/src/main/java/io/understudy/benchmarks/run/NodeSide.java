package io.understudy.benchmarks.run;

import io.understudy.SyncListener;
import io.understudy.SyncNode;
import io.understudy.config.HeartbeatConfig;
import io.understudy.config.StreamConfig;
import io.understudy.config.SyncConfig;
import io.understudy.metrics.SyncCounter;
import io.understudy.model.GroupId;
import io.understudy.model.NodeId;
import io.understudy.model.Role;
import io.understudy.runtime.DutyCycle;
import io.understudy.runtime.MemoryStore;
import io.understudy.table.TableId;
import io.understudy.tables.session.SessionTable;
import io.understudy.transport.netty.NettyTransport;
import io.understudy.transport.netty.NettyTransportConfig;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * One member: node 1 is the active, which publishes, node 2 the standby.
 *
 * <p>Heartbeats are patient (200 ms, 20 misses): a core that is full for a second by purpose is no failure here.
 */
final class NodeSide implements AutoCloseable {
  private static final long LIMIT_S = 300;
  private static final int STANDBY = 2;
  private static final int REMOVE_PARTS = 20;

  private final SyncNode node;
  private final NettyTransport transport;
  private final SessionTable table;
  private final SessionLoad load;
  private final Turned turned;
  private volatile long connectedNs = Long.MIN_VALUE;

  NodeSide(int id, int port, int sessions, int windowBytes) {
    NodeId self = new NodeId(id);
    NodeId peer = new NodeId(3 - id);
    InetSocketAddress own = new InetSocketAddress("127.0.0.1", id == STANDBY ? port : 0);
    InetSocketAddress other = new InetSocketAddress("127.0.0.1", id == STANDBY ? 0 : port);
    transport =
        NettyTransport.open(
            NettyTransportConfig.builder(self)
                .link(own, Map.of(peer, other))
                .insecurePlaintext(true)
                .build());
    node =
        SyncNode.builder(config(self, peer, windowBytes))
            .transport(transport)
            .store(new MemoryStore())
            .listener(new Connected())
            .table(SessionTable.spec4(sessions, 1))
            .build();
    table = new SessionTable(node.table(TableId.SESSION4));
    load = id == STANDBY ? null : new SessionLoad(table, sessions);
    turned = new Turned();
    node.setWaker(transport::wake);
    node.start(System.nanoTime());
    transport.turn(turned);
  }

  private static SyncConfig config(NodeId self, NodeId peer, int windowBytes) {
    StreamConfig defaults = StreamConfig.DEFAULT;
    SyncConfig.Builder builder = SyncConfig.builder("benchmark", self).peer(peer);
    GroupId group = new GroupId(SessionLoad.GROUP);
    if (self.value() == STANDBY) {
      builder.groupOfOthers(group); // never takes over: nothing here is a failure
    } else {
      builder.group(group, 200);
    }
    return builder
        .heartbeat(
            new HeartbeatConfig(
                Duration.ofMillis(200), 20, 40, Duration.ofMillis(5), Duration.ofMillis(20)))
        .bootHold(Duration.ofSeconds(10))
        .stream(
            new StreamConfig(
                windowBytes,
                defaults.frameBytes(),
                defaults.batching(),
                defaults.usageInterval(),
                defaults.outageMemory()))
        .build();
  }

  int port() {
    return transport.localPort(0);
  }

  /**
   * Waits until this member is the active and the other one, connected since then, has everything. Answers when that was, and when
   * it connected.
   */
  long[] awaitSync(long sinceNs) throws InterruptedException {
    long syncedNs =
        turned.await(
            () ->
                connectedNs > sinceNs
                    && isDeciding(node.role(SessionLoad.GROUP))
                    && node.isInSync(STANDBY, SessionLoad.GROUP),
            "the standby is not in sync");
    return new long[] {syncedNs, connectedNs};
  }

  private static boolean isDeciding(Role role) {
    return role == Role.ACTIVE || role == Role.STANDALONE;
  }

  /** Makes the packets of a pass. */
  void arrive(String which) {
    load.arrive(which.equals("state"));
  }

  /** Does a pass of the load on this thread. Answers the nanoseconds until everything is acknowledged, and those of them that went into look-ups. */
  long[] pass(String which) throws InterruptedException {
    long beganNs = System.nanoTime();
    switch (which) {
      case "new" -> load.publishNew(0, load.sessions());
      case "state" -> load.publishEstablished(0, load.sessions());
      default -> removeAll();
    }
    long endedNs = turned.await(() -> node.isFlushed(STANDBY), "not everything was acknowledged");
    return new long[] {endedNs - beganNs, load.lookNs()};
  }

  /** In parts that stay below the limit of tombstones. */
  private void removeAll() throws InterruptedException {
    int part = load.sessions() / REMOVE_PARTS;
    for (int from = 0; from < load.sessions(); from += part) {
      load.remove(from, Math.min(load.sessions(), from + part));
      turned.await(() -> node.isFlushed(STANDBY), "not every end was acknowledged");
    }
  }

  long payloadBytes() {
    return node.counters().get(SyncCounter.PAYLOAD_BYTES_SENT);
  }

  TableHash hash() {
    return new TableHash(table);
  }

  @Override
  public void close() {
    node.close();
  }

  private final class Connected implements SyncListener {
    @Override
    public void onPeer(int peer, boolean connected) {
      if (connected) {
        connectedNs = System.nanoTime();
      }
    }
  }

  /** Turns the node, and looks after each turn whether what is waited for has come. */
  private final class Turned implements DutyCycle {
    private volatile Waiting waiting;

    /** Answers when it was so. */
    long await(Condition condition, String otherwise) throws InterruptedException {
      Waiting mine = new Waiting(condition);
      waiting = mine;
      transport.wake();
      if (!mine.reached.await(LIMIT_S, TimeUnit.SECONDS)) {
        throw new IllegalStateException(otherwise + " after " + LIMIT_S + " s");
      }
      return mine.reachedNs;
    }

    @Override
    public int run(long nowNs) {
      int work = node.run(nowNs);
      Waiting present = waiting;
      if (present != null && present.condition.holds()) {
        waiting = null;
        present.reachedNs = System.nanoTime();
        present.reached.countDown();
      }
      return work;
    }

    @Override
    public long nextDueNs() {
      return node.nextDueNs();
    }
  }

  /** Asked on the duty cycle's thread. */
  private interface Condition {
    boolean holds();
  }

  private static final class Waiting {
    private final Condition condition;
    private final CountDownLatch reached = new CountDownLatch(1);
    private long reachedNs;

    Waiting(Condition condition) {
      this.condition = condition;
    }
  }
}
