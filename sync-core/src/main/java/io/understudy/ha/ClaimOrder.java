package io.understudy.ha;

import io.understudy.model.Term;
import io.understudy.proto.v1.GroupStatus;
import java.util.Collection;

/**
 * Who may claim a group and whose term is followed, from what each member said it knows (protocol, rule 10).
 *
 * <h2>History</h2>
 *
 * A member that claims without history, because nobody answered within the boot hold, begins an unsynced term: it has no history
 * by it, and who syncs with it has none either, until everybody has answered that there is none anywhere. Whoever has history and
 * may hold the group does not follow an unsynced term, whatever its number; a holder claims above it.
 *
 * <p>Thread: the duty cycle.
 */
final class ClaimOrder {
  private final Self self;
  private final Collection<PeerMonitor> peers;

  ClaimOrder(Self self, Collection<PeerMonitor> peers) {
    this.self = self;
    this.peers = peers;
  }

  /** The holder of this term takes the group over from whomever this member knows; who gave a term up does not serve it again. */
  boolean isToBeFollowed(GroupState state, Term said) {
    return isToBeFollowed(state, said, isUnsynced(state.group, said));
  }

  /** The same of a term of which it is known whether it began without history. */
  boolean isToBeFollowed(GroupState state, Term said, boolean unsynced) {
    return said.compareTo(state.term()) > 0
        && said.number() > state.gaveUpNumber
        && !isOutranked(state, unsynced);
  }

  /** The term would take the group over, but began without history, which this member has. */
  boolean isRefused(GroupState state, Term said) {
    return said.node() != 0
        && said.compareTo(state.term()) > 0
        && isOutranked(state, isUnsynced(state.group, said));
  }

  /** This member stands against a term that began without history. */
  private static boolean isOutranked(GroupState state, boolean unsynced) {
    return unsynced && state.member && state.hasHistory();
  }

  /** The term began without history: its holder knows best, else whoever follows it. */
  boolean isUnsynced(int group, Term term) {
    boolean unsynced = false;
    for (PeerMonitor peer : peers) {
      GroupStatus status = peer.status(group);
      if (status != null && !peer.isRefused() && PeerMonitor.term(status.getTerm()).equals(term)) {
        if (peer.node() == term.node()) {
          return status.getUnsynced();
        }
        unsynced |= status.getUnsynced();
      }
    }
    return unsynced;
  }

  /** The term above this holder's own that another member hears the holder of; {@link Term#NONE}: none. */
  Term holderElsewhere(GroupState state) {
    for (PeerMonitor peer : peers) {
      GroupStatus status = peer.status(state.group);
      if (hearsHolder(peer, status)) {
        Term term = PeerMonitor.term(status.getTerm());
        // without a node it is a number only, and the holder that is heard may be this member
        boolean isOthers = term.node() != 0 && term.node() != self.node();
        if (isOthers && isToBeFollowed(state, term)) {
          return term;
        }
      }
    }
    return Term.NONE;
  }

  /** A member whose word counts here holds the group, or hears who does. */
  private static boolean hearsHolder(PeerMonitor peer, GroupStatus status) {
    return status != null && !peer.isRefused() && peer.isAlive() && status.getHolderAlive();
  }

  /** A peer says that it holds the group, in whatever term. */
  boolean isHeldByOther(GroupState state) {
    for (PeerMonitor peer : peers) {
      GroupStatus status = peer.status(state.group);
      if (status != null && peer.isAlive() && status.getHolds()) {
        return true;
      }
    }
    return false;
  }

  /** Somebody holds the group, or hears who does, in a term that is not followed. */
  boolean hasRival(GroupState state) {
    for (PeerMonitor peer : peers) {
      GroupStatus status = peer.status(state.group);
      if (hearsHolder(peer, status) && isRefused(state, PeerMonitor.term(status.getTerm()))) {
        return true;
      }
    }
    return false;
  }

  /** Everybody has said, in its present life, that there is no history: the group begins with this member. */
  boolean isOrigin(GroupState state) {
    for (PeerMonitor peer : peers) {
      GroupStatus status = peer.status(state.group);
      if (status == null
          || peer.isRefused()
          || !PeerMonitor.term(status.getHistory()).equals(Term.NONE)) {
        return false;
      }
    }
    return true;
  }

  /** The claim order: history, records, configured priority, node id. */
  boolean mayClaim(GroupState state, boolean mayBegin, long nowNs) {
    if (!state.member || nowNs < state.retryNs) {
      return false;
    }
    boolean everyoneAnswered = true;
    GroupStatus own = state.status(false, true);
    for (PeerMonitor peer : peers) {
      everyoneAnswered &= peer.hasAnswered();
      if (peer.isAboutToSay()) {
        return false;
      }
      GroupStatus status = peer.status(state.group);
      if (status == null || !peer.isAlive()) {
        continue;
      }
      if (peer.isRefused()) {
        if (status.getHolds() || status.getHolderAlive() || isRefusedAhead(peer, own)) {
          return false;
        }
        continue;
      }
      if (status.getHolderAlive()
          && status.getTerm().getNumber() >= state.term().number()
          && !isOutranked(state, status.getUnsynced())) {
        return false; // that member hears a holder; whoever has no stream from it does not claim
        // against it
      }
      if (isBetter(status, peer.node(), own)) {
        return false;
      }
    }
    return state.hasHistory() || everyoneAnswered || mayBegin;
  }

  /** Another member hears a holder that this member may have to follow. */
  boolean isHolderHeard(GroupState state) {
    for (PeerMonitor peer : peers) {
      GroupStatus status = peer.status(state.group);
      if (hearsHolder(peer, status)
          && status.getTerm().getNumber() > state.gaveUpNumber
          && !isOutranked(state, status.getUnsynced())) {
        return true;
      }
    }
    return false;
  }

  /** A holder without history, against which this member stands, is heard. */
  boolean isOutrankedHolderHeard(GroupState state) {
    for (PeerMonitor peer : peers) {
      GroupStatus status = peer.status(state.group);
      if (hearsHolder(peer, status) && isOutranked(state, status.getUnsynced())) {
        return true;
      }
    }
    return false;
  }

  /** It gave up what this member gave up, serves nobody else, and stands behind this member: it lets this member claim. */
  boolean isConsent(GroupState state, GroupStatus status, int theirNode) {
    long gaveUp = status.getGaveUp() - 1;
    return !status.getHolds()
        && gaveUp >= state.gaveUpNumber
        && gaveUp >= status.getTerm().getNumber()
        && !isBetter(status, theirNode, state.status(false, true));
  }

  // ---- who is refused: neither terms nor history are compared

  /** A member that is refused says that it holds the group. */
  boolean isHeldByRefused(GroupState state) {
    for (PeerMonitor peer : peers) {
      if (peer.isRefused() && peer.isAlive() && peer.holds(state.group)) {
        return true;
      }
    }
    return false;
  }

  /** One that is refused holds the group as this member does, and goes before it. */
  boolean isRefusedHolderAhead(GroupState state, long nowNs) {
    for (PeerMonitor peer : peers) {
      if (peer.isRefused()
          && peer.isAlive()
          && peer.holds(state.group)
          && isRefusedAhead(peer, state.status(false, nowNs >= state.retryNs))) {
        return true;
      }
    }
    return false;
  }

  /** It neither holds the group nor hears a holder, and stands behind this member; or it does not know the group. */
  boolean isConsentOfRefused(GroupState state, PeerMonitor peer) {
    GroupStatus status = peer.status(state.group);
    return status == null
        || !status.getHolds()
            && !status.getHolderAlive()
            && !isRefusedAhead(peer, state.status(false, true));
  }

  /** Rank alone; ties: the lower node id, then the lower life. */
  private boolean isRefusedAhead(PeerMonitor peer, GroupStatus own) {
    int theirs = peer.status(own.getGroup()).getPriority();
    if (theirs != own.getPriority()) {
      return theirs > own.getPriority();
    }
    return peer.callsItself() != self.node()
        ? peer.callsItself() < self.node()
        : peer.incarnation() < self.incarnation();
  }

  private boolean isBetter(GroupStatus theirs, int theirNode, GroupStatus own) {
    if (theirs.getPriority() == 0) {
      return false; // it may not hold the group
    }
    int byTerm =
        PeerMonitor.term(theirs.getHistory()).compareTo(PeerMonitor.term(own.getHistory()));
    if (byTerm != 0) {
      return byTerm > 0;
    }
    if (theirs.getApplied() != own.getApplied()) {
      return theirs.getApplied() > own.getApplied();
    }
    if (theirs.getHasRecords() != own.getHasRecords()) {
      return theirs.getHasRecords();
    }
    if (theirs.getPriority() != own.getPriority()) {
      return theirs.getPriority() > own.getPriority();
    }
    return theirNode < self.node();
  }
}
