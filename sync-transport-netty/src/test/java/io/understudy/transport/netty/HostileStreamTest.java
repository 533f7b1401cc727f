package io.understudy.transport.netty;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.understudy.NodeStatus;
import io.understudy.SyncListener;
import io.understudy.SyncNode;
import io.understudy.config.SyncConfig;
import io.understudy.metrics.SyncCounter;
import io.understudy.model.GroupId;
import io.understudy.model.IpProtocol;
import io.understudy.model.NodeId;
import io.understudy.model.Role;
import io.understudy.model.Term;
import io.understudy.proto.v1.Ack;
import io.understudy.proto.v1.Batch;
import io.understudy.proto.v1.Frame;
import io.understudy.runtime.Entropy;
import io.understudy.runtime.MemoryStore;
import io.understudy.table.TableId;
import io.understudy.tables.session.SessionRecord;
import io.understudy.tables.session.SessionTable;
import io.understudy.track.SessionFacts;
import io.understudy.transport.CloseCause;
import io.understudy.transport.DialFailure;
import io.understudy.transport.Link;
import io.understudy.transport.LinkKind;
import io.understudy.transport.LinkListener;
import io.understudy.transport.SendResult;
import io.understudy.transport.Transport;
import java.net.InetSocketAddress;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A standby that says over its stream what no member says, again and again: the active goes on as if it had not. */
@Timeout(180)
class HostileStreamTest {
  private static final int GROUP = 1;
  private static final int SESSIONS = 20_000;

  private final Member standby = new Member(2, 1_024, NettyFixture.loopback(0));
  private final Member active =
      new Member(1, 2 * SESSIONS, NettyFixture.loopback(standby.transport.localPort(0)));

  @AfterEach
  void close() {
    active.node.close();
    standby.node.close();
  }

  private void fill() {
    await("roles", () -> active.is(Role.ACTIVE) && standby.is(Role.STANDBY));
    for (int i = 0; i < SESSIONS; i++) {
      active.publish(i, 1);
    }
    awaitSettled("a full standby");
    active.roleChanges.set(0);
    standby.roleChanges.set(0);
  }

  private void awaitSettled(String what) {
    long sinceNs = System.nanoTime();
    await(what, () -> isSettled(sinceNs));
  }

  private boolean isSettled(long sinceNs) {
    NodeStatus status = active.node.status();
    NodeStatus.OfPeer peer = status.peer(2);
    return status.atNs() > sinceNs
        && peer.dataLinks() > 0
        && peer.recordsOwed() + peer.recordsInFlight() == 0
        && peer.recordsRefused() > SESSIONS / 2;
  }

  private long count(SyncCounter counter) {
    return active.node.counters().get(counter);
  }

  @Test
  void requestsForRoomAreNotedAndMakeNoWork() {
    fill();
    long sent = count(SyncCounter.RECORDS_SENT);
    long beganNs = System.nanoTime();

    byte[] room = Frame.newBuilder().setAck(Ack.newBuilder().setRoom(true)).build().toByteArray();
    for (int burst = 0; burst < 200; burst++) {
      assertTrue(standby.say(room, 500) > 0, "nothing could be said");
    }

    long intervals = 2 + (System.nanoTime() - beganNs) / 50_000_000;
    awaitSettled("its refusals");
    long again = count(SyncCounter.RECORDS_SENT) - sent;
    long most = (intervals + 20) * 256 * 12;
    assertTrue(again <= most, again + " records sent again in " + intervals + " intervals");
    assertEquals(0, active.roleChanges.get() + standby.roleChanges.get());
    assertEquals(0, count(SyncCounter.FRAMES_REJECTED));
    assertChangesArrive();
  }

  @Test
  void batchesWithoutNumbersCloseTheirConnectionAndNothingElse() {
    fill();
    Batch batch = Batch.newBuilder().setTable(1).setGroup(GROUP).setEpoch(1).build();
    byte[] frame = Frame.newBuilder().addBatch(batch).addBatch(batch).build().toByteArray();

    // what is said on a connection that is ending is lost, so it is said until it was heard
    await(
        "the refusals",
        () -> {
          standby.say(frame, 1);
          return count(SyncCounter.FRAMES_REJECTED) >= 10;
        });

    awaitSettled("the stream");
    assertEquals(0, active.roleChanges.get() + standby.roleChanges.get());
    assertChangesArrive();
  }

  /** What the standby has it gets the changes of. */
  private void assertChangesArrive() {
    int held = 0;
    while (!standby.has(held)) {
      held++;
    }
    int at = held;
    active.publish(at, 7);
    await("a change", () -> standby.policy(at) == 7);
  }

  private static void await(String what, BooleanSupplier condition) {
    long endNs = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
    while (!condition.getAsBoolean()) {
      assertTrue(System.nanoTime() < endNs, what + ": not in time");
      LockSupport.parkNanos(1_000_000); // and look again
    }
  }

  private static final class Member implements SyncListener {
    private final NettyTransport transport;
    private final Capture capture;
    private final SyncNode node;
    private final SessionTable sessions;
    private final SessionRecord record;
    private final AtomicInteger roleChanges = new AtomicInteger();

    Member(int id, int capacity, InetSocketAddress peerAddress) {
      transport =
          NettyTransport.open(
              NettyTransportConfig.builder(new NodeId(id))
                  .link(NettyFixture.loopback(0), Map.of(new NodeId(3 - id), peerAddress))
                  .insecurePlaintext(true)
                  .build());
      capture = new Capture(transport);
      long nowNs = System.nanoTime();
      node =
          SyncNode.builder(
                  SyncConfig.builder("hostile", new NodeId(id))
                      .peer(new NodeId(3 - id))
                      .group(new GroupId(GROUP), id == 1 ? 200 : 100)
                      .build())
              .transport(capture)
              .store(new MemoryStore())
              .entropy(Entropy.secure())
              .listener(this)
              .table(SessionTable.spec4(capacity, 1))
              .build();
      sessions = new SessionTable(node.table(TableId.SESSION4));
      record = sessions.newRecord();
      node.setWaker(transport::wake);
      node.start(nowNs);
      transport.turn(node);
    }

    @Override
    public void onRole(int group, Role before, Role now, Term term, String cause) {
      if (decides(before) != decides(now) || !decides(now)) {
        roleChanges.incrementAndGet();
      }
    }

    /** A holder is STANDALONE while its peer has no connection for records. */
    private static boolean decides(Role role) {
      return role == Role.ACTIVE || role == Role.STANDALONE;
    }

    boolean is(Role role) {
      return node.role(GROUP) == role;
    }

    private SessionRecord record(int i) {
      return record.key4(0, IpProtocol.UDP, 0x0A000001 + i, 1_000 + i, 0xC0A80001, 53);
    }

    void publish(int i, int policy) {
      record(i).facts(new SessionFacts()).policy(policy).zones(1, 2);
      sessions.publish(record, GROUP, 0, 0, System.nanoTime());
    }

    boolean has(int i) {
      return sessions.lookup(record(i));
    }

    int policy(int i) {
      return has(i) ? record.policy() : -1;
    }

    /** Sends a frame so many times on the data connection, from the node's own thread. Answers how many left. */
    int say(byte[] frame, int times) {
      AtomicInteger said = new AtomicInteger();
      CountDownLatch done = new CountDownLatch(1);
      transport.execute(
          () -> {
            Link link = capture.data;
            for (int i = 0; i < times && link != null; i++) {
              if (link.send(frame, 0, frame.length) == SendResult.SENT) {
                said.incrementAndGet();
              }
            }
            done.countDown();
          });
      try {
        assertTrue(done.await(60, TimeUnit.SECONDS), "the node does not turn");
      } catch (InterruptedException e) {
        throw new AssertionError(e);
      }
      return said.get();
    }
  }

  /** Keeps the data connection that was opened last. Thread: the node's. */
  private static final class Capture implements Transport, LinkListener {
    private final Transport transport;
    private LinkListener node;
    private Link data;

    Capture(Transport transport) {
      this.transport = transport;
    }

    @Override
    public Executor callbacks() {
      return Runnable::run;
    }

    @Override
    public int linksTo(int peer) {
      return transport.linksTo(peer);
    }

    @Override
    public int node() {
      return transport.node();
    }

    @Override
    public Set<Integer> peers() {
      return transport.peers();
    }

    @Override
    public void start(LinkListener listener) {
      node = listener;
      transport.start(this);
    }

    @Override
    public long drainedBeforeNs() {
      return transport.drainedBeforeNs();
    }

    @Override
    public void close() {
      transport.close();
    }

    @Override
    public void onTime(long nowNs) {
      node.onTime(nowNs);
    }

    @Override
    public void onOpened(Link link) {
      node.onOpened(link);
    }

    @Override
    public void onFrame(Link link, byte[] frame, int offset, int length) {
      // a frame of the peer: HELLO is under way or done, and this connection is not about to be
      // replaced
      data = link.kind() == LinkKind.DATA ? link : data;
      node.onFrame(link, frame, offset, length);
    }

    @Override
    public void onWritable(Link link) {
      node.onWritable(link);
    }

    @Override
    public void onClosed(Link link, CloseCause cause, String detail) {
      data = link == data ? null : data;
      node.onClosed(link, cause, detail);
    }

    @Override
    public void onDialFailed(
        int peer, int linkIndex, LinkKind kind, long begunNs, DialFailure why, String detail) {
      node.onDialFailed(peer, linkIndex, kind, begunNs, why, detail);
    }

    @Override
    public void onFailed(Throwable cause) {
      node.onFailed(cause);
    }
  }
}
