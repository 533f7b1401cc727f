package io.understudy.transport.netty;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.understudy.NodeStatus;
import io.understudy.NodeStatus.OfPeer;
import io.understudy.SyncNode;
import io.understudy.config.SyncConfig;
import io.understudy.metrics.Accounting;
import io.understudy.metrics.SyncCounter;
import io.understudy.model.GroupId;
import io.understudy.model.IpProtocol;
import io.understudy.model.NodeId;
import io.understudy.model.Role;
import io.understudy.runtime.Entropy;
import io.understudy.runtime.MemoryStore;
import io.understudy.table.HotTable;
import io.understudy.table.PublishResult;
import io.understudy.table.TableId;
import io.understudy.tables.session.SessionRecord;
import io.understudy.tables.session.SessionTable;
import io.understudy.testkit.SessionDump;
import io.understudy.track.SessionFacts;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/**
 * Two members over real sockets of which the standby has room for a part of what the active has: it fills, the rest is refused and
 * counted, room that returns is filled, and both say the same of every session.
 */
final class FullStandby implements AutoCloseable {
  private static final int GROUP = 1;

  private final int sessions;
  private final Member standby;
  private final Member active;

  FullStandby(int sessions, int standbyCapacity) {
    this.sessions = sessions;
    standby = new Member(2, standbyCapacity, NettyFixture.loopback(0));
    InetSocketAddress address = NettyFixture.loopback(standby.transport.localPort(0));
    active = new Member(1, sessions + sessions / 4, address);
  }

  /** Throws if anything is not as it must be. */
  void run() {
    await("roles", () -> active.is(Role.ACTIVE) && standby.is(Role.STANDBY));
    for (int i = 0; i < sessions; i++) {
      assertEquals(PublishResult.QUEUED, active.publish(i));
    }
    awaitSettled("a full standby");
    check();
    assertTrue(active.peer().recordsRefused() >= sessions - standby.room());

    for (int i = 0; i < sessions; i++) {
      if (standby.has(i)) {
        active.remove(i);
      }
    }
    awaitSettled("a standby that is full again");
    check();

    int left = standby.capacity / 4;
    for (int i = left; i < sessions; i++) {
      active.remove(i);
    }
    awaitSettled("a standby with room");
    assertEquals(0, active.peer().recordsRefused());
    check();
    assertEquals(active.dump(), standby.dump());
  }

  /** Nothing is under way, and each of the standby's partitions is full or has what the active's has. */
  private boolean isSettled(long sinceNs) {
    NodeStatus status = active.node.status();
    if (status.atNs() <= sinceNs) {
      return false; // of before
    }
    OfPeer peer = status.peer(2);
    if (peer.recordsOwed() + peer.recordsInFlight() > 0
        || active.sessions.table().deadCount() > 0) {
      return false;
    }
    for (int p = 0; p < HotTable.PARTITIONS; p++) {
      int there = active.sessions.table().partition(p).liveCount();
      int expected = Math.min(standby.partitionRoom(), there);
      if (standby.sessions.table().partition(p).liveCount() != expected) {
        return false;
      }
    }
    return true;
  }

  private void check() {
    Accounting sums = active.accounting();
    assertTrue(sums.isClosed(), sums.toString());
    assertEquals(0, sums.queued() + sums.inFlight(), sums.toString());
    assertEquals(standby.sessions.liveCount(), sums.acknowledged(), sums.toString());
    Set<String> atActive = new HashSet<>(active.dump());
    assertTrue(atActive.containsAll(standby.dump()), "the standby has something else");
    long refused = standby.node.counters().get(SyncCounter.RECORDS_REFUSED);
    assertTrue(refused >= sums.refused(), refused + " were refused");
    assertEquals(0, active.node.counters().get(SyncCounter.STREAMS_STALLED));
    assertEquals(0, active.node.counters().get(SyncCounter.FRAMES_REJECTED));
    assertEquals(0, standby.node.counters().get(SyncCounter.FRAMES_REJECTED));
  }

  private void awaitSettled(String what) {
    long sinceNs = System.nanoTime();
    await(what, () -> isSettled(sinceNs));
  }

  private static void await(String what, BooleanSupplier condition) {
    long endNs = System.nanoTime() + TimeUnit.SECONDS.toNanos(90);
    while (!condition.getAsBoolean()) {
      assertTrue(System.nanoTime() < endNs, what + ": not in time");
      LockSupport.parkNanos(1_000_000); // and look again
    }
  }

  @Override
  public void close() {
    active.node.close();
    standby.node.close();
  }

  private static final class Member {
    private final int capacity;
    private final NettyTransport transport;
    private final SyncNode node;
    private final SessionTable sessions;
    private final SessionRecord record;

    Member(int id, int capacity, InetSocketAddress peerAddress) {
      this.capacity = capacity;
      transport =
          NettyTransport.open(
              NettyTransportConfig.builder(new NodeId(id))
                  .link(NettyFixture.loopback(0), Map.of(new NodeId(3 - id), peerAddress))
                  .insecurePlaintext(true)
                  .build());
      long nowNs = System.nanoTime();
      node =
          SyncNode.builder(
                  SyncConfig.builder("full", new NodeId(id))
                      .peer(new NodeId(3 - id))
                      .group(new GroupId(GROUP), id == 1 ? 200 : 100)
                      .build())
              .transport(transport)
              .store(new MemoryStore())
              .entropy(Entropy.secure())
              .table(SessionTable.spec4(capacity, 1))
              .build();
      sessions = new SessionTable(node.table(TableId.SESSION4));
      record = sessions.newRecord();
      node.setWaker(transport::wake);
      node.start(nowNs);
      transport.turn(node);
    }

    boolean is(Role role) {
      return node.role(GROUP) == role;
    }

    OfPeer peer() {
      return node.status().peers().get(0);
    }

    int partitionRoom() {
      return sessions.table().spec().partitionCapacity();
    }

    long room() {
      return (long) HotTable.PARTITIONS * partitionRoom();
    }

    private SessionRecord record(int i) {
      return record.key4(0, IpProtocol.UDP, 0x0A000001 + i, 1_000 + i % 60_000, 0xC0A80001, 53);
    }

    PublishResult publish(int i) {
      record(i).facts(new SessionFacts()).policy(i).zones(1, 2).timeoutClass(9);
      return sessions.publish(record, GROUP, 0, 0, System.nanoTime());
    }

    void remove(int i) {
      sessions.remove(record(i), 0, System.nanoTime());
    }

    boolean has(int i) {
      return sessions.lookup(record(i));
    }

    List<String> dump() {
      List<String> lines = new ArrayList<>();
      SessionDump.lines(sessions, lines);
      lines.sort(null);
      return lines;
    }

    /** Counted by the node's own thread. */
    Accounting accounting() {
      AtomicReference<Accounting> sums = new AtomicReference<>();
      CountDownLatch counted = new CountDownLatch(1);
      transport.execute(
          () -> {
            sums.set(node.accounting(2));
            counted.countDown();
          });
      try {
        assertTrue(counted.await(60, TimeUnit.SECONDS), "the node does not turn");
      } catch (InterruptedException e) {
        throw new AssertionError(e);
      }
      return sums.get();
    }
  }
}
