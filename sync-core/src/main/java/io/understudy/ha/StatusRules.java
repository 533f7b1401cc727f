package io.understudy.ha;

import io.understudy.model.Term;
import io.understudy.proto.v1.GroupStatus;
import java.util.Map;

/**
 * What peers say of one group: whose term is followed, which numbers were used, who consents and who echoes the holder.
 *
 * <p>Thread: the duty cycle.
 */
final class StatusRules {
  private final int node;
  private final Map<Integer, PeerMonitor> peers;
  private final ClaimOrder order;
  private final RefusedMembers refused;
  private final GroupRoles roles;

  StatusRules(
      int node,
      Map<Integer, PeerMonitor> peers,
      ClaimOrder order,
      RefusedMembers refused,
      GroupRoles roles) {
    this.node = node;
    this.peers = peers;
    this.order = order;
    this.refused = refused;
    this.roles = roles;
  }

  /**
   * A peer that is not refused says this of the group. Whoever leaves follows every number that it hears, and watches nobody: of two holders that it
   * hears, and that are cut from each other, neither goes above the other's by its word.
   */
  void onStatus(GroupState state, PeerMonitor peer, GroupStatus status, long nowNs) {
    if (state.holds() && peer.leaves(state.group)) {
      return;
    }
    Term said = PeerMonitor.term(status.getTerm());
    state.highestNumber = Math.max(state.highestNumber, said.number());
    boolean isGivenUp = state.holds() && status.getGaveUp() > state.term().number();
    if (isGivenUp && !order.standsAgainst(state, status)) {
      claimAbove(
          state, status.getGaveUp() - 1); // it serves this term no more, but may serve the next
    }
    if (order.isRefused(state, said)) {
      // with the same number its node would decide: the term to come is above both
      claimAbove(state, state.term().number());
    } else if (status.getHolds() && order.isToBeFollowed(state, said)) {
      boolean unsynced = order.isUnsynced(state.group, said);
      roles.follow(state, said, unsynced, state.holds() ? "HIGHER_TERM" : "HOLDER_FOUND", nowNs);
    } else if (status.getHolds() && said.equals(state.term())) {
      // another member may have told of the term first
      roles.holdsInPresentLife(state, peers.get(said.node()));
      state.holderIsUnsynced(status.getUnsynced());
    } else if (status.getHolds()) {
      // whose number this member gave up hears it, and goes on above
      state.hasMetOther |= state.holds();
    }
  }

  /** What it says of the group it says in a heartbeat that echoes this own number. */
  void onEcho(GroupState state, PeerMonitor peer, long echo, long nowNs) {
    GroupStatus status = peer.status(state.group);
    if (!state.holds()) {
      if (status == null || order.isConsent(state, status, peer)) {
        state.right.consented(peer.index(), echo);
      }
    } else if (status == null
        || !status.getHolds()
            && (peer.leaves(state.group)
                || PeerMonitor.term(status.getTerm()).compareTo(state.term()) <= 0
                    && status.getGaveUp() <= state.term().number())) {
      state.right.echoed(peer.index(), echo, nowNs);
    } else {
      state.right.withdrawn(peer.index());
    }
  }

  /** Terms are not compared: it counts whether it holds the group, and it claims only by this member's consent or silence. */
  void onEchoOfRefused(GroupState state, PeerMonitor peer, long echo, long nowNs) {
    if (!state.holds()) {
      if (refused.isConsent(state, peer)) {
        state.right.consented(peer.index(), echo);
      }
    } else if (peer.holds(state.group)) {
      state.right.withdrawn(peer.index());
    } else {
      state.right.echoed(peer.index(), echo, nowNs);
    }
  }

  private static void claimAbove(GroupState state, long number) {
    state.highestNumber = Math.max(state.highestNumber, Math.min(number + 1, Term.MAX_NUMBER));
  }

  /** Somebody sends records in this term. */
  void onTermLearnt(GroupState state, Term term, boolean unsynced, long nowNs) {
    if (term.node() != node
        && !(state.holds() && order.isOfRefused(term))
        && order.isToBeFollowed(state, term, unsynced)) {
      roles.follow(state, term, unsynced, state.holds() ? "HIGHER_TERM" : "HOLDER_FOUND", nowNs);
    }
  }
}
