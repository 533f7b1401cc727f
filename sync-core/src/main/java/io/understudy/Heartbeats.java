package io.understudy;

import io.understudy.ha.PeerMonitor;
import io.understudy.ha.RoleMachine;
import io.understudy.proto.v1.Heartbeat;
import io.understudy.proto.v1.PathHeard;
import io.understudy.table.GenerationClock;
import io.understudy.transport.FlushResult;
import io.understudy.transport.LinkKind;
import io.understudy.transport.SendResult;
import io.understudy.wire.FrameWriter;
import io.understudy.wire.MessageType;
import java.util.Collection;

/**
 * Sends a heartbeat on every heartbeat connection, refused ones that stay too, once an interval, and at once when a role changed; asks each kernel whether it took it.
 *
 * <p>Thread: the duty cycle.
 */
final class Heartbeats {
  private final Collection<Peer> peers;
  private final RoleMachine roles;
  private final GenerationClock clock;
  private final int node;
  private final long incarnation;
  private final long intervalNs;
  private final FrameWriter writer = new FrameWriter();
  private long nextNs = Long.MIN_VALUE;
  private boolean announce;
  private boolean asks;

  /** How often there was something that peers should hear at once. */
  private long news;

  private boolean leaves;
  private long farewellNs;

  Heartbeats(
      Collection<Peer> peers,
      RoleMachine roles,
      GenerationClock clock,
      int node,
      long incarnation,
      long intervalNs) {
    this.peers = peers;
    this.roles = roles;
    this.clock = clock;
    this.node = node;
    this.incarnation = incarnation;
    this.intervalNs = intervalNs;
  }

  /** Something that peers should hear at once. */
  void announce() {
    announce = true;
    news++;
  }

  /** A connection that had no room for the last news has some, or a peer asks. */
  void repeat() {
    announce = true;
  }

  /** The next heartbeat goes at once, and asks for one of each peer. */
  void ask() {
    announce = true;
    asks = true;
  }

  /** From now on heartbeats say that this member goes. */
  void leave(long nowNs) {
    leaves = true;
    farewellNs = nowNs;
    announce();
  }

  /** Every peer with a heartbeat connection, refused or not, echoed a heartbeat that said that this member goes. */
  boolean isFarewellHeard() {
    for (Peer peer : peers) {
      for (Connection connection : peer.connections) {
        if (isUp(connection) && roles.peer(peer.node).echoedNumber() < farewellNs) {
          return false;
        }
      }
      for (Connection connection : peer.kept) {
        if (connection.counted && roles.peer(peer.node).echoedNumber() < farewellNs) {
          return false;
        }
      }
    }
    return true;
  }

  int run(long nowNs) {
    if (nowNs < nextNs && !announce || !roles.mayAnswer(nowNs)) {
      return 0;
    }
    announce = false;
    nextNs = nowNs + intervalNs;
    Heartbeat.Builder heartbeat =
        Heartbeat.newBuilder()
            .setNode(node)
            .setIncarnation(incarnation)
            .setSequence(roles.nextSequence())
            .setGenerationClock(clock.last())
            .setNumber(nowNs)
            .setDetectionNs(roles.claimTime().toldNs())
            .setReload(roles.claimTime().reload())
            .setLeaves(leaves)
            .addAllGroups(roles.statuses(nowNs));
    roles.stamp(nowNs);
    int sent = 0;
    for (Peer peer : peers) {
      for (int i = 0; i < peer.connections.size(); i++) {
        if (isUp(peer.connections.get(i))) {
          sent += send(peer, peer.connections.get(i), heartbeat);
        }
      }
      for (int i = 0; i < peer.kept.size(); i++) {
        if (peer.kept.get(i).talks) {
          sent += send(peer, peer.kept.get(i), heartbeat);
        }
      }
    }
    asks = false;
    return sent;
  }

  private static boolean isUp(Connection connection) {
    return connection.up && !connection.finishing && connection.link.kind() == LinkKind.HEARTBEAT;
  }

  private int send(Peer peer, Connection connection, Heartbeat.Builder heartbeat) {
    PeerMonitor monitor = roles.peer(peer.node);
    boolean isQuestion = asks || connection.owesQuestion;
    heartbeat.clearHeard().setHeardReload(monitor.heardReload() + 1).setAsks(isQuestion);
    for (int link = 0; link < monitor.links(); link++) {
      if (connection.counted && monitor.hasRead(link)) { // else it is another life that was read
        heartbeat.addHeard(PathHeard.newBuilder().setLink(link).setNumber(monitor.number(link)));
      }
    }
    writer.reset();
    writer.message(MessageType.HEARTBEAT, heartbeat.build());
    SendResult queued = connection.link.send(writer.bytes(), 0, writer.length());
    FlushResult flushed = connection.link.flush();
    if (queued == SendResult.FULL && flushed == FlushResult.TAKEN) {
      queued = connection.link.send(writer.bytes(), 0, writer.length());
      flushed = connection.link.flush();
    }
    boolean isFull = queued == SendResult.FULL;
    connection.toldNews = queued == SendResult.SENT ? news : connection.toldNews;
    connection.owesQuestion = isFull && isQuestion;
    connection.owesNews = isFull && (isQuestion || connection.toldNews < news);
    // no room in the kernel is as good as taken: what lies there was not read, so the peer's
    // silence begins later than it
    if (connection.counted
        && (flushed == FlushResult.CLOSED
            || queued == SendResult.CLOSED
            || queued == SendResult.FULL && flushed == FlushResult.TAKEN)) {
      roles.missed(peer.node);
    }
    return 1;
  }

  /** While no answer may leave yet, none is due; when it may, the roles say. */
  long nextDueNs(long nowNs) {
    if (!roles.mayAnswer(nowNs)) {
      return Long.MAX_VALUE;
    }
    return announce ? nowNs : nextNs;
  }
}
