package io.understudy;

import io.understudy.ha.RoleMachine;
import io.understudy.transport.LinkKind;

/**
 * What comes and goes with a peer's connections: its life, its stream, its debts; and what time it is for all of them.
 *
 * <p>Thread: the duty cycle.
 */
final class PeerEvents implements Connections.Events {
  private final RoleMachine roles;
  private final Debts debts;
  private final Callbacks callbacks;
  private final StatusBoard status;
  private long nowNs;

  PeerEvents(RoleMachine roles, Debts debts, Callbacks callbacks, StatusBoard status) {
    this.roles = roles;
    this.status = status;
    this.debts = debts;
    this.callbacks = callbacks;
  }

  /** A turn of the duty cycle begins. */
  void at(long now) {
    nowNs = now;
  }

  @Override
  public void onIncarnation(Peer peer, long incarnation) {
    peer.inbound.forgetIncarnation();
    peer.inSync.clear();
    peer.delta.setRemembered(false);
    peer.delta
        .raiseSyncs(); // nothing is acknowledged in this life, also while it is not remembered yet
    roles.onIncarnation(peer.node, incarnation, nowNs);
  }

  @Override
  public void onUp(Peer peer, Connection connection) {
    status.changed();
    if (connection.link.kind() == LinkKind.DATA) {
      boolean wasAway = !peer.isConnected();
      peer.stream.connected(
          connection.link, connection.hello.getEpoch(), peer.bounds(connection.hello), nowNs);
      peer.awaySinceNs = Long.MIN_VALUE;
      if (!peer.delta.isRemembered() && !peer.owesSweep) {
        debts.remember(peer);
      }
      if (wasAway) {
        callbacks.tell("peer", peer.node, 0, to -> to.onPeer(peer.node, true));
      }
    }
  }

  @Override
  public void onDown(Peer peer, Connection connection) {
    status.changed();
    if (connection.link.kind() == LinkKind.DATA) {
      peer.stream.disconnected(connection.link, nowNs);
      if (!peer.isConnected() && peer.awaySinceNs == Long.MIN_VALUE) {
        peer.awaySinceNs = nowNs;
        callbacks.tell("peer", peer.node, 0, to -> to.onPeer(peer.node, false));
      }
    }
  }

  @Override
  public void onRefused(Peer peer) {
    status.changed();
  }

  @Override
  public void onTime(long now) {
    nowNs = Math.max(nowNs, now);
  }

  @Override
  public long now() {
    return nowNs;
  }
}
