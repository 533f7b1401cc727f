package io.understudy;

import io.understudy.ha.RoleMachine;
import io.understudy.transport.DialFailure;
import io.understudy.transport.LinkKind;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

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
  private final PeerFaults faults;

  /** What the listener was told of each peer. */
  private final Map<Integer, Boolean> told = new ConcurrentHashMap<>();

  private long nowNs;

  PeerEvents(
      RoleMachine roles, Debts debts, Callbacks callbacks, StatusBoard status, PeerFaults faults) {
    this.roles = roles;
    this.status = status;
    this.faults = faults;
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
    debts.forget(peer);
    peer.delta
        .raiseSyncs(); // nothing is acknowledged in this life, also while it is not remembered yet
    roles.onIncarnation(peer.node, incarnation, nowNs);
  }

  @Override
  public void onUp(Peer peer, Connection connection) {
    status.changed();
    faults.up(peer, connection, nowNs);
    if (connection.link.kind() == LinkKind.DATA) {
      boolean wasAway = !peer.isConnected();
      peer.stream.connected(
          connection.link, connection.hello.getEpoch(), peer.bounds(connection.hello), nowNs);
      peer.awaySinceNs = Long.MIN_VALUE;
      if (!peer.delta.isRemembered() && !peer.owesSweep) {
        debts.remember(peer);
      }
      if (wasAway) {
        tell(peer.node, true);
      }
    }
  }

  @Override
  public void onDown(Peer peer, Connection connection) {
    status.changed();
    faults.down(peer, connection, nowNs);
    if (connection.link.kind() == LinkKind.DATA) {
      peer.stream.disconnected(connection.link, nowNs);
      if (!peer.isConnected() && peer.awaySinceNs == Long.MIN_VALUE) {
        peer.awaySinceNs = nowNs;
        tell(peer.node, false);
      }
    }
  }

  private void tell(int node, boolean connected) {
    callbacks.tellInOrder(
        "peer",
        node,
        0,
        to -> {
          Boolean before = told.put(node, connected);
          if (before == null || before != connected) { // it may have been another way between
            to.onPeer(node, connected);
          }
        });
  }

  @Override
  public void onDialFailed(Peer peer, int link, LinkKind kind, DialFailure why, String detail) {
    faults.dialFailed(peer, link, kind, why, detail, nowNs);
  }

  @Override
  public void onRefused(Peer peer) {
    status.changed();
    faults.refused(peer, nowNs);
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
