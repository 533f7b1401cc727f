package io.understudy.transport.netty;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.understudy.SyncNode;
import io.understudy.config.SyncConfig;
import io.understudy.model.Direction;
import io.understudy.model.GroupId;
import io.understudy.model.IpProtocol;
import io.understudy.model.NodeId;
import io.understudy.model.Role;
import io.understudy.runtime.Entropy;
import io.understudy.runtime.MemoryStore;
import io.understudy.table.PublishResult;
import io.understudy.table.TableId;
import io.understudy.tables.session.SessionRecord;
import io.understudy.tables.session.SessionTable;
import io.understudy.testkit.SessionDump;
import io.understudy.track.SessionFacts;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Two nodes over real sockets, each turned by its transport. */
@Timeout(120)
class NettyTransportIT {
  private static final int GROUP = 1;
  private static final int SESSIONS = 20_000;

  private final List<Member> members = new ArrayList<>();

  @AfterEach
  void close() {
    members.forEach(member -> member.node.close());
  }

  @Test
  void standbyFollowsTheActiveAndTakesOver() {
    Member standby = member(2, 1, NettyFixture.loopback(0), NettyFixture.loopback(0));
    InetSocketAddress standbyAddress = NettyFixture.loopback(standby.transport.localPort(0));
    Member active = member(1, 2, NettyFixture.loopback(0), standbyAddress);
    await(() -> active.role() == Role.ACTIVE && standby.role() == Role.STANDBY);

    for (int i = 0; i < SESSIONS; i++) {
      assertEquals(PublishResult.QUEUED, active.publish(i));
    }
    await(() -> standby.sessions.liveCount() == SESSIONS);
    assertEquals(active.dump(), standby.dump());

    active.node.close();
    await(() -> standby.role() == Role.STANDALONE);
    await(() -> standby.node.mayDecide(GROUP, System.nanoTime())); // after its first heartbeat
    assertEquals(SESSIONS, standby.sessions.liveCount());
  }

  private Member member(int id, int peer, InetSocketAddress local, InetSocketAddress peerAddress) {
    Member member = new Member(id, peer, local, peerAddress);
    members.add(member);
    return member;
  }

  private static void await(BooleanSupplier condition) {
    long endNs = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
    while (!condition.getAsBoolean()) {
      assertTrue(System.nanoTime() < endNs, "not in time");
      LockSupport.parkNanos(100_000); // and look again
    }
  }

  private static final class Member {
    private final NettyTransport transport;
    private final SyncNode node;
    private final SessionTable sessions;

    Member(int id, int peer, InetSocketAddress local, InetSocketAddress peerAddress) {
      transport =
          NettyTransport.open(
              NettyTransportConfig.builder(new NodeId(id))
                  .link(local, Map.of(new NodeId(peer), peerAddress))
                  .insecurePlaintext(true)
                  .build());
      long nowNs = System.nanoTime();
      node =
          SyncNode.builder(
                  SyncConfig.builder("real", new NodeId(id))
                      .links(1)
                      .peer(new NodeId(peer))
                      .group(new GroupId(GROUP), id == 1 ? 200 : 100)
                      .build())
              .transport(transport)
              .store(new MemoryStore())
              .entropy(Entropy.secure())
              .table(SessionTable.spec4(4 * SESSIONS, 1))
              .build();
      sessions = new SessionTable(node.table(TableId.SESSION4));
      node.setWaker(transport::wake);
      node.start(nowNs);
      transport.turn(node);
    }

    Role role() {
      return node.role(GROUP);
    }

    PublishResult publish(int i) {
      SessionRecord session = sessions.newRecord();
      session.key4(0, IpProtocol.UDP, 0x0a000001 + i, 1000 + i % 60000, 0xc0a80001, 53);
      session.facts(new SessionFacts()).policy(i).zones(1, 2).timeoutClass(9);
      session.count(Direction.FORWARD, 1, 60);
      return sessions.publish(session, GROUP, 0, 0, System.nanoTime());
    }

    List<String> dump() {
      List<String> lines = new ArrayList<>();
      SessionDump.lines(sessions, lines);
      lines.sort(null);
      return lines;
    }
  }
}
