package io.understudy.ha;

import io.understudy.proto.v1.GroupStatus;
import java.util.Collection;

/**
 * What members that refuse this one, or that it refuses, have to say about a claim: of theirs neither terms nor history are compared.
 *
 * <p>Thread: the duty cycle.
 */
final class RefusedMembers {
  private final Self self;
  private final Collection<PeerMonitor> peers;

  RefusedMembers(Self self, Collection<PeerMonitor> peers) {
    this.self = self;
    this.peers = peers;
  }

  /** One of them holds the group, hears a holder or goes before this member. */
  boolean isAnyAhead(GroupState state) {
    GroupStatus own = null;
    for (PeerMonitor peer : peers) {
      boolean isRefused = peer.isRefused() && peer.isAlive();
      if (isRefused || peer.stranger() != null) {
        own = own == null ? state.status(false, true) : own;
        GroupStatus status = peer.status(state.group);
        if (isRefused && status != null && !isBehind(peer, status, own)
            || isStrangerAhead(peer, own)) {
          return true;
        }
      }
    }
    return false;
  }

  /** It holds the group; or it is heard, and hears a holder or goes before this member. */
  private boolean isStrangerAhead(PeerMonitor peer, GroupStatus own) {
    Stranger stranger = peer.stranger();
    GroupStatus status = stranger == null ? null : stranger.status(own.getGroup());
    return status != null
        && (status.getHolds()
            || peer.isStrangerHeard()
                && !status.getLeaves()
                && (status.getHolderAlive() || isAhead(stranger, status, own)));
  }

  /** There is one, or was until a moment ago. */
  boolean isAnyThere() {
    for (PeerMonitor peer : peers) {
      if (peer.isRefused() || peer.stranger() != null) {
        return true;
      }
    }
    return false;
  }

  /** One of them says that it holds the group. */
  boolean isAnyHolder(GroupState state) {
    for (PeerMonitor peer : peers) {
      if (peer.isRefused() && peer.isAlive() && peer.holds(state.group)
          || heldByStranger(peer, state.group) != null) {
        return true;
      }
    }
    return false;
  }

  /** A stranger that is heard holds it. */
  boolean isHeldByStranger(GroupState state) {
    for (PeerMonitor peer : peers) {
      if (peer.isStrangerHeard() && heldByStranger(peer, state.group) != null) {
        return true;
      }
    }
    return false;
  }

  /** What a stranger says of the group, if it says that it holds it; else {@code null}. */
  private static GroupStatus heldByStranger(PeerMonitor peer, int group) {
    Stranger stranger = peer.stranger();
    GroupStatus status = stranger == null ? null : stranger.status(group);
    return status != null && status.getHolds() ? status : null;
  }

  /** One of them holds the group as this member does, and goes before it. */
  boolean isHolderAhead(GroupState state, long nowNs) {
    GroupStatus own = null;
    for (PeerMonitor peer : peers) {
      boolean isHeldByPeer = peer.isRefused() && peer.isAlive() && peer.holds(state.group);
      GroupStatus ofStranger = peer.isStrangerHeard() ? heldByStranger(peer, state.group) : null;
      if (isHeldByPeer || ofStranger != null) {
        own = own == null ? state.status(false, nowNs >= state.retryNs) : own;
        if (isHeldByPeer && isRefusedAhead(peer, peer.status(state.group), own)
            || ofStranger != null && isAhead(peer.stranger(), ofStranger, own)) {
          return true;
        }
      }
    }
    return false;
  }

  /** It neither holds the group nor hears a holder, and stands behind this member; or it does not know the group. */
  boolean isConsent(GroupState state, PeerMonitor peer) {
    GroupStatus status = peer.status(state.group);
    return status == null || isBehind(peer, status, state.status(false, true));
  }

  /** Whoever is refused does not hold the group; it hears no holder and goes not before this member, or it leaves. */
  private boolean isBehind(PeerMonitor peer, GroupStatus theirs, GroupStatus own) {
    return !theirs.getHolds()
        && (peer.leaves(theirs.getGroup())
            || !theirs.getHolderAlive() && !isRefusedAhead(peer, theirs, own));
  }

  private boolean isRefusedAhead(PeerMonitor peer, GroupStatus theirs, GroupStatus own) {
    return isAhead(theirs, peer.callsItself(), peer.incarnation(), own);
  }

  private boolean isAhead(Stranger stranger, GroupStatus theirs, GroupStatus own) {
    return isAhead(theirs, stranger.hello().node(), stranger.hello().life(), own);
  }

  /** Rank alone; ties: the lower node id, then the lower life. Nobody waits for one that itself waits: that might be in a circle. */
  private boolean isAhead(GroupStatus theirs, int theirNode, long theirLife, GroupStatus own) {
    if (theirs.getWaits()) {
      return false;
    }
    if (theirs.getPriority() != own.getPriority()) {
      return theirs.getPriority() > own.getPriority();
    }
    return theirNode != self.node() ? theirNode < self.node() : theirLife < self.incarnation();
  }
}
