package io.understudy;

import io.understudy.ha.RoleMachine;
import io.understudy.model.GroupId;
import io.understudy.transport.LinkKind;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.function.Supplier;

/**
 * Where the duty cycle leaves the node's status for other threads: one reference to an immutable snapshot.
 *
 * <p>Thread: {@link #latest} from any; the rest the duty cycle. A snapshot is made at the end of a turn in which {@link #changed} was
 * called, otherwise once a second: the other turns allocate nothing.
 */
final class StatusBoard {
  private static final long INTERVAL_NS = 1_000_000_000;

  /** A change is shown at most this often, whatever a peer does to cause one. */
  private static final long LEAST_NS = 10_000_000;

  private final int node;
  private final List<GroupId> groups;
  private final RoleMachine roles;
  private final Collection<Peer> peers;
  private final Supplier<List<Fault>> faults;
  private volatile NodeStatus latest;
  private boolean isChanged = true;
  private boolean isOver;
  private long publishedNs;

  StatusBoard(
      int node,
      List<GroupId> groups,
      RoleMachine roles,
      Collection<Peer> peers,
      Supplier<List<Fault>> faults) {
    this.node = node;
    this.groups = groups;
    this.roles = roles;
    this.peers = peers;
    this.faults = faults;
    publish(0); // no clock was read yet
  }

  NodeStatus latest() {
    return latest;
  }

  /** Something that whoever watches the node should see soon. */
  void changed() {
    isChanged = true;
  }

  /** The end of a turn. */
  void run(long now) {
    long age = now - publishedNs;
    if (age >= INTERVAL_NS || isChanged && age >= LEAST_NS) {
      publish(now);
    }
  }

  /** The node has ended, and its connections with it. */
  void publishEnd(long now) {
    isOver = true;
    publish(now);
  }

  /** The last turn, or one whose outcome must be seen at once. */
  void publish(long now) {
    List<NodeStatus.OfGroup> ofGroups = new ArrayList<>(groups.size());
    for (GroupId id : groups) {
      int group = id.value();
      long untilNs = roles.decidesUntilNs(group, now);
      ofGroups.add(
          new NodeStatus.OfGroup(
              group, roles.role(group), roles.term(group), untilNs > now, untilNs));
    }
    List<NodeStatus.OfPeer> ofPeers = new ArrayList<>(peers.size());
    for (Peer peer : peers) {
      ofPeers.add(status(peer));
    }
    latest = new NodeStatus(node, now, ofGroups, ofPeers, faults.get());
    publishedNs = now;
    isChanged = false;
  }

  /** When a change that came too soon after another will be shown. */
  long nextDueNs() {
    return isChanged ? publishedNs + LEAST_NS : Long.MAX_VALUE;
  }

  private NodeStatus.OfPeer status(Peer peer) {
    int heartbeatLinks = 0;
    int dataLinks = 0;
    for (Connection connection : peer.connections) {
      if (connection.up && !isOver) {
        boolean data = connection.link.kind() == LinkKind.DATA;
        dataLinks += data ? 1 : 0;
        heartbeatLinks += data ? 0 : 1;
      }
    }
    return new NodeStatus.OfPeer(
        peer.node,
        peer.state(heartbeatLinks, dataLinks),
        heartbeatLinks,
        dataLinks,
        java.util.Optional.ofNullable(peer.lastRefusal),
        peer.delta.stateDirty(),
        peer.stream.inFlight().records(),
        peer.delta.refused());
  }
}
