package io.understudy;

import io.understudy.ha.RoleMachine;
import io.understudy.proto.v1.GroupStatus;
import io.understudy.proto.v1.Heartbeat;
import io.understudy.table.GenerationClock;
import io.understudy.transport.LinkKind;
import io.understudy.wire.FrameWriter;
import io.understudy.wire.MessageType;
import java.util.Collection;
import java.util.List;

/** Sends a heartbeat on every heartbeat connection once an interval, and at once when a role changed. Thread: the duty cycle. */
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
  }

  int run(long nowNs) {
    if (nowNs < nextNs && !announce) {
      return 0;
    }
    announce = false;
    nextNs = nowNs + intervalNs;
    List<GroupStatus> statuses = roles.statuses(nowNs);
    Heartbeat heartbeat =
        Heartbeat.newBuilder()
            .setNode(node)
            .setIncarnation(incarnation)
            .setSequence(roles.nextSequence())
            .setGenerationClock(clock.last())
            .addAllGroups(statuses)
            .build();
    writer.reset();
    writer.message(MessageType.HEARTBEAT, heartbeat);
    int sent = 0;
    for (Peer peer : peers) {
      for (Connection connection : peer.connections) {
        if (connection.up
            && !connection.finishing
            && connection.link.kind() == LinkKind.HEARTBEAT) {
          connection.link.send(
              writer.bytes(),
              0,
              writer.length()); // a full buffer means that nobody reads: silence is the answer
          sent++;
        }
      }
    }
    return sent;
  }

  long nextDueNs() {
    return announce ? Long.MIN_VALUE : nextNs;
  }
}
