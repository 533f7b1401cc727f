package io.understudy;

import io.understudy.ha.RoleMachine;
import io.understudy.ha.StrangerHello;
import io.understudy.proto.v1.Heartbeat;
import io.understudy.proto.v1.Hello;
import io.understudy.transport.LinkKind;
import java.util.List;
import java.util.Map;

/**
 * Heartbeat connections with members that refuse this one, or are refused: they stay and carry what each says of its groups, so that a
 * holder that answers is heard, however it is refused. No record ever goes over one.
 *
 * <h2>Which stay</h2>
 *
 * Who answers at the address that this member dials for a peer, or comes from such an address, is heard in that peer's place, whatever
 * cluster, key, version or life it has; with this member's own node id too, unless it is this process. Anybody else is a stranger. Of
 * one peer, path and direction one stays, the newest; who answers where this member dials goes before who comes from there.
 *
 * <h2>What they count for</h2>
 *
 * While another life of the peer is up, or a connection of its former life is not seen to be over, it counts whether this one holds a group
 * ({@link RoleMachine#onStranger}), all the more if it is certain that it is no process of another cluster on
 * the peer's host, or that life echoes nothing any more. Otherwise it is the peer: its silence is waited for, its
 * kernel must take heartbeats. It ends when a connection of the peer comes up.
 *
 * <p>Thread: the duty cycle. Source: docs/decisions/0031-refused-peers.md.
 */
final class RefusedConnections {
  private final int node;
  private final long incarnation;
  private final Map<Integer, Peer> peers;
  private final RoleMachine roles;

  RefusedConnections(int node, long incarnation, Map<Integer, Peer> peers, RoleMachine roles) {
    this.node = node;
    this.incarnation = incarnation;
    this.peers = peers;
    this.roles = roles;
  }

  /** Whether it stays. It talks once each side confirmed the other's HELLO. */
  boolean keep(Connection connection, long nowNs) {
    Peer peer = placeOf(connection);
    if (peer == null || peer.hasOpenConnections() && isOfLifeThatIsUp(peer, connection)) {
      return false;
    }
    for (Connection other : peer.kept) {
      if (other.incarnation != connection.incarnation
          && other.isDialled()
          && !connection.isDialled()) {
        return false; // who answers at the address goes before whoever comes from there
      }
    }
    for (Connection other : List.copyOf(peer.kept)) {
      if (other.isSameWay(connection) || other.incarnation != connection.incarnation) {
        drop(other, nowNs);
      }
    }
    connection.peer = peer;
    connection.kept = true;
    peer.kept.add(connection);
    return true;
  }

  private static boolean isOfLifeThatIsUp(Peer peer, Connection connection) {
    return connection.incarnation == peer.incarnation;
  }

  /** In whose place it is heard; {@code null}: nobody's. */
  private Peer placeOf(Connection connection) {
    Hello hello = connection.hello;
    if (hello == null || connection.link.kind() != LinkKind.HEARTBEAT) {
      return null;
    }
    boolean isNamesake = hello.getNode() == node;
    if (isNamesake && hello.getIncarnation() == incarnation) {
      return null; // this process: a peer's address is its own
    }
    int dialled = connection.link.dialledNode();
    if (dialled != 0) {
      return isNamesake || hello.getNode() == dialled ? peers.get(dialled) : null;
    }
    if (peers.containsKey(hello.getNode()) && connection.link.isAtAddressOf(hello.getNode())) {
      return peers.get(hello.getNode());
    }
    for (Peer peer : peers.values()) {
      if (connection.link.isAtAddressOf(peer.node)) {
        return peer;
      }
    }
    return null;
  }

  /** Each side confirmed the other's HELLO. */
  void talk(Connection connection, long nowNs) {
    Peer peer = connection.peer;
    connection.talks = true;
    connection.link.keep();
    Hello hello = connection.hello;
    if (peer.hasOpenConnections()) {
      roles.onStranger(peer.node, stranger(connection), hello.getSequence(), hello.getGroupsList());
      return;
    }
    count(connection, nowNs);
  }

  /** From now on it is the peer. */
  private void count(Connection connection, long nowNs) {
    int node = connection.peer.node;
    Hello hello = connection.hello;
    roles.onRefusedLife(
        node, hello.getNode(), hello.getIncarnation(), hello.getDetectionNs(), nowNs);
    connection.counted = true;
    roles.onConnected(node, connection.link.index());
    roles.onStatuses(node, hello.getSequence(), hello.getGroupsList(), nowNs);
  }

  /** A heartbeat came. */
  void onHeartbeat(Connection connection, Heartbeat heartbeat, long nowNs) {
    if (connection.finishing) {
      return; // it was dropped, and is read to its end
    }
    if (connection.counted) {
      roles.onHeard(connection.peer.node);
      roles.onHeartbeat(connection.peer.node, connection.link.index(), heartbeat, nowNs);
    } else {
      roles.onStranger(connection.peer.node, stranger(connection), heartbeat);
    }
  }

  private static StrangerHello stranger(Connection connection) {
    Hello hello = connection.hello;
    return new StrangerHello(
        hello.getNode(),
        hello.getIncarnation(),
        hello.getDetectionNs(),
        connection.isOfCluster || !isAtItsAddress(connection.peer));
  }

  /** Whoever is up as the peer is where this member dials that; if not, the one that is refused may be. */
  private static boolean isAtItsAddress(Peer peer) {
    for (Connection up : peer.connections) {
      if (up.isDialled() || up.link.isAtAddressOf(peer.node)) {
        return true;
      }
    }
    return false;
  }

  /** It is over, or about to be. */
  void drop(Connection connection, long nowNs) {
    remove(connection, false, nowNs);
    if (!connection.finishing) {
      connection.finishing = true;
      connection.link.finish();
    }
  }

  /** The last connection of the peer that was up has ended: whoever is refused is the peer now. */
  void countAll(Peer peer, long nowNs) {
    for (Connection connection : peer.kept) {
      if (connection.talks) {
        count(connection, nowNs);
      }
    }
  }

  /** A connection of the peer came up: whoever is refused may come again. */
  void dropAll(Peer peer, long nowNs) {
    for (Connection connection : List.copyOf(peer.kept)) {
      drop(connection, nowNs);
    }
  }

  /** The connection has ended. */
  void closed(Connection connection, boolean byPeer, long nowNs) {
    remove(connection, byPeer, nowNs);
  }

  private void remove(Connection connection, boolean byPeer, long nowNs) {
    Peer peer = connection.peer;
    if (!peer.kept.remove(connection)) {
      return;
    }
    if (connection.counted) {
      connection.counted = false;
      roles.onDisconnected(peer.node, connection.link.index(), byPeer, nowNs);
    }
  }
}
