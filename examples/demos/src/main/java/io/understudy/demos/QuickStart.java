package io.understudy.demos;

import io.understudy.SyncNode;
import io.understudy.config.SyncConfig;
import io.understudy.model.Direction;
import io.understudy.model.GroupId;
import io.understudy.model.IpProtocol;
import io.understudy.model.NodeId;
import io.understudy.runtime.MemoryStore;
import io.understudy.table.HotTable;
import io.understudy.table.TableId;
import io.understudy.tables.session.SessionRecord;
import io.understudy.tables.session.SessionTable;
import io.understudy.transport.netty.NettyTransport;
import io.understudy.transport.netty.NettyTransportConfig;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Command;

/**
 * Shows the library in a dataplane: two members in one process, a session published at one and found at the other.
 *
 * <p>Run: {@code java -jar understudy-demos.jar quickstart}. It prints {@code node 2 has the session}.
 */
@Command(
    name = "quickstart",
    mixinStandardHelpOptions = true,
    description = "The smallest use of the library, for reading.")
public final class QuickStart implements Runnable {
  private static final long LIMIT_NS = 10_000_000_000L;

  // tag::embed[]
  /** A member: its transport turns it, its table is the dataplane's. */
  static SyncNode member(int id, int peer, NettyTransport transport) {
    SyncConfig config =
        SyncConfig.builder("edge", new NodeId(id))
            .peer(new NodeId(peer))
            .group(new GroupId(1), id == 1 ? 200 : 100) // member 1 holds it first
            .build();
    SyncNode node =
        SyncNode.builder(config)
            .transport(transport)
            .store(new MemoryStore()) // a FileStore where restarts count
            .table(SessionTable.spec4(1 << 20, 1))
            .build();
    node.setWaker(transport::wake);
    node.start(System.nanoTime());
    transport.turn(node);
    return node;
  }

  /** The sessions of a member, for any of its dataplane's threads. */
  static SessionTable sessions(SyncNode node) {
    return new SessionTable(node.table(TableId.SESSION4));
  }

  /** A packet began a session: back it up. */
  static void publish(SyncNode node, SessionTable sessions, SessionRecord session) {
    long now = System.nanoTime();
    if (node.mayDecide(1, now)) { // once per batch of packets
      session.count(Direction.FORWARD, 1, 60);
      switch (sessions.publish(session, 1, 0, HotTable.URGENT, now)) {
        case QUEUED, ABSORBED, STORED -> {} // the peer gets it with the next turn
        case TABLE_FULL,
            NOT_HOLDER,
            NO_ENTRY,
            BINDING_TAKEN,
            CLOSED -> {} // it goes on, unprotected
      }
    }
  }

  /** A packet of a session: after a takeover the other member finds it in the same table. */
  static boolean find(SessionTable sessions, SessionRecord key) {
    return sessions.lookup(key) && sessions.touch(key, key.direction(), 1, 60, System.nanoTime());
  }

  // end::embed[]

  @Override
  public void run() {
    List<Integer> ports = FreePorts.find(2);
    InetSocketAddress one = new InetSocketAddress(InetAddress.getLoopbackAddress(), ports.get(0));
    InetSocketAddress two = new InetSocketAddress(InetAddress.getLoopbackAddress(), ports.get(1));
    try (SyncNode standby = member(2, 1, transport(2, two, 1, one));
        SyncNode active =
            member(1, 2, transport(1, one, 2, two))) { // closed in order, first one first
      SessionTable here = sessions(active);
      SessionTable there = sessions(standby);
      SessionRecord session = key(here);
      SessionRecord wanted = key(there);
      long endNs = System.nanoTime() + LIMIT_NS;
      boolean found = false;
      while (!found && System.nanoTime() < endNs) {
        publish(active, here, session);
        found = find(there, wanted);
        Thread.onSpinWait(); // a dataplane would have packets to look at
      }
      if (!found) {
        throw new DemoFailure("node 2 did not get the session within 10 s; giving up");
      }
      System.out.println("node 2 has the session");
    }
  }

  private static SessionRecord key(SessionTable sessions) {
    return sessions.newRecord().key4(0, IpProtocol.UDP, 0x0A000001, 40_000, 0xC0000235, 53);
  }

  private static NettyTransport transport(
      int id, InetSocketAddress local, int peer, InetSocketAddress there) {
    return NettyTransport.open(
        NettyTransportConfig.builder(new NodeId(id))
            .link(local, Map.of(new NodeId(peer), there))
            .insecurePlaintext(true) // loopback
            .build());
  }
}
