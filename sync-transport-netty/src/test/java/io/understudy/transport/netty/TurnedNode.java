package io.understudy.transport.netty;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.understudy.SyncListener;
import io.understudy.SyncNode;
import io.understudy.SyncNodeBuilder;
import io.understudy.config.SyncConfig;
import io.understudy.metrics.SyncCounter;
import io.understudy.model.GroupId;
import io.understudy.model.IpProtocol;
import io.understudy.model.NodeId;
import io.understudy.model.Role;
import io.understudy.runtime.DutyCycle;
import io.understudy.runtime.MemoryStore;
import io.understudy.table.PublishResult;
import io.understudy.table.TableId;
import io.understudy.tables.session.SessionRecord;
import io.understudy.tables.session.SessionTable;
import io.understudy.track.SessionFacts;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.UnaryOperator;

/**
 * One of two members over real sockets, turned by its transport, with a port of its own: node 1 holds group 1 first and node 2 group 2.
 * Entries of its table are told one by one.
 */
final class TurnedNode implements AutoCloseable {
  static final int FIRST = 1;
  static final int SECOND = 2;

  private static final int CAPACITY = 1 << 16;

  final NettyTransport transport;
  final SyncNode node;
  final SessionTable sessions;
  private final int peer;

  TurnedNode(int id, int port, int peerPort, SyncListener listener, Executor callbacks) {
    this(id, port, peerPort, listener, callbacks, node -> node);
  }

  /** @param callbacks {@code null}: the transport's */
  TurnedNode(
      int id,
      int port,
      int peerPort,
      SyncListener listener,
      Executor callbacks,
      UnaryOperator<DutyCycle> wrapper) {
    peer = 3 - id;
    transport =
        NettyTransport.open(
            NettyTransportConfig.builder(new NodeId(id))
                .link(
                    NettyFixture.loopback(port),
                    Map.of(new NodeId(peer), NettyFixture.loopback(peerPort)))
                .insecurePlaintext(true)
                .build());
    node = builder(listener, callbacks).build();
    sessions = new SessionTable(node.table(TableId.SESSION4));
    node.setWaker(transport::wake);
    node.start(System.nanoTime());
    transport.turn(wrapper.apply(node));
  }

  SyncNodeBuilder builder(SyncListener listener, Executor callbacks) {
    int id = 3 - peer;
    SyncNodeBuilder builder =
        SyncNode.builder(
                SyncConfig.builder("turned", new NodeId(id))
                    .peer(new NodeId(peer))
                    .group(new GroupId(FIRST), id == 1 ? 200 : 100)
                    .group(new GroupId(SECOND), id == 1 ? 100 : 200)
                    .build())
            .transport(transport)
            .store(new MemoryStore())
            .listener(listener)
            .watch(TableId.SESSION4)
            .table(SessionTable.spec4(CAPACITY, 1));
    return callbacks == null ? builder : builder.callbacks(callbacks);
  }

  boolean is(int group, Role role) {
    return node.role(group) == role;
  }

  boolean decides(int group) {
    return node.mayDecide(group, System.nanoTime());
  }

  long count(SyncCounter counter) {
    return node.counters().get(counter);
  }

  SessionRecord key(int i) {
    return sessions
        .newRecord()
        .key4(0, IpProtocol.UDP, 0x0A000000 + i, 1_000 + i % 60_000, 0xC0A80001, 53);
  }

  PublishResult publish(int group, int i) {
    SessionRecord record = key(i).facts(new SessionFacts()).policy(i).zones(1, 2).timeoutClass(9);
    return sessions.publish(record, group, 0, 0, System.nanoTime());
  }

  boolean has(int i) {
    return sessions.lookup(key(i));
  }

  static void await(String what, BooleanSupplier condition) {
    long endNs = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
    while (!condition.getAsBoolean()) {
      assertTrue(System.nanoTime() < endNs, what + ": not in time");
      LockSupport.parkNanos(100_000); // and look again
    }
  }

  @Override
  public void close() {
    node.close();
    transport.close();
  }
}
