package io.understudy.ha;

import io.understudy.model.Term;
import io.understudy.proto.v1.GroupStatus;
import java.util.Collection;
import java.util.function.Predicate;

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
      if (watchesHolder(peer, status)) {
        Term term = PeerMonitor.term(status.getTerm());
        // without a node it is a number only, and the holder that is heard may be this member
        boolean isOthers = term.node() != 0 && term.node() != self.node();
        if (isOthers && !isOfRefused(term) && isToBeFollowed(state, term)) {
          return term;
        }
      }
    }
    return Term.NONE;
  }

  /**
   * The term is that of a peer which is refused and heard: no holder gives way to it, whoever tells of it; rank decides between the two. Of one
   * that is not heard others know better.
   */
  boolean isOfRefused(Term term) {
    for (PeerMonitor peer : peers) {
      if (peer.node() == term.node()) {
        return peer.isRefused() && peer.isAlive();
      }
    }
    return false;
  }

  /** A member whose word counts here holds the group, or watches who does; whoever leaves does not look any more. */
  private boolean watchesHolder(PeerMonitor peer, GroupStatus status) {
    return hearsHolder(peer, status) && !peer.leaves(status.getGroup());
  }

  /** The same, also of one that leaves. */
  private boolean hearsHolder(PeerMonitor peer, GroupStatus status) {
    return hearsAnyLife(peer, status) && !isOtherLife(status);
  }

  private static boolean watchesAnyLife(PeerMonitor peer, GroupStatus status) {
    return hearsAnyLife(peer, status) && !peer.leaves(status.getGroup());
  }

  private static boolean hearsAnyLife(PeerMonitor peer, GroupStatus status) {
    return status != null && !peer.isRefused() && peer.isAlive() && status.getHolderAlive();
  }

  /** What that member reads of the holder was sent by another life than the one that this member hears: it lay in a socket. */
  private boolean isOtherLife(GroupStatus status) {
    for (PeerMonitor holder : peers) {
      if (holder.node() == status.getTerm().getNode()) {
        return status.getHolderLife() != 0
            && holder.isAlive()
            && !holder.isRefused()
            && holder.incarnation() != status.getHolderLife();
      }
    }
    return false;
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

  /**
   * Another one holds the group with history, or a member that has some follows another one, as it never does a holder without, or one follows a later
   * term that began with history, in whichever life of its holder: this one, which has none, does not go above the numbers that it hears, or the two
   * would climb over each other.
   */
  boolean isHeldWithHistory(GroupState state) {
    for (PeerMonitor peer : peers) {
      GroupStatus status = peer.status(state.group);
      if (watchesAnyLife(peer, status)
          && (status.getHolds()
              ? !status.getUnsynced()
              : standsAgainst(state, status) || isLaterWithHistory(state, status))
          && status.getTerm().getNode() != self.node()) {
        return true;
      }
    }
    return false;
  }

  private static boolean isLaterWithHistory(GroupState state, GroupStatus status) {
    return !status.getUnsynced()
        && status.getTerm().getNode() != 0
        && status.getTerm().getNumber() > state.term().number();
  }

  /** Another member watches a holder that is not this one. */
  boolean isOtherWatched(GroupState state) {
    for (PeerMonitor peer : peers) {
      GroupStatus status = peer.status(state.group);
      if (watchesHolder(peer, status)
          && status.getTerm().getNode() != 0
          && status.getTerm().getNode() != self.node()) {
        return true;
      }
    }
    return false;
  }

  /** Somebody holds the group, or hears who does, in a term that is not followed. */
  boolean hasRival(GroupState state) {
    for (PeerMonitor peer : peers) {
      GroupStatus status = peer.status(state.group);
      if (watchesHolder(peer, status) && isRefused(state, PeerMonitor.term(status.getTerm()))) {
        return true;
      }
    }
    return false;
  }

  /** Everybody has said, in its present life, that there is no history: the group begins with this member. */
  boolean isOrigin(GroupState state) {
    for (PeerMonitor peer : peers) {
      GroupStatus status = peer.status(state.group);
      boolean hasSaid = status == null ? !peer.names(state.group) : !hasHistory(status);
      if (peer.isRefused() || !hasSaid) {
        return false;
      }
    }
    return true;
  }

  /**
   * The claim order: history, records, configured priority, node id. Whoever has history and cannot claim now, since its store refused, says
   * rank 0: a member without waits for it, for as long as the boot hold.
   *
   * @param mayBegin the boot hold is over
   */
  boolean mayClaim(GroupState state, boolean mayBegin, long bootHoldNs, long nowNs) {
    long waitsSinceNs = state.waitsSinceNs;
    state.waitsSinceNs = DecisionRight.NEVER; // who is held back itself waits for nobody
    if (!state.member || state.isHeldBack || nowNs < state.retryNs) {
      return false;
    }
    boolean everyoneAnswered = true;
    boolean isAnyHistory = false;
    GroupStatus own = state.status(false, true);
    for (PeerMonitor peer : peers) {
      everyoneAnswered &= peer.hasAnswered();
      if (peer.isAboutToSay()) {
        return false;
      }
      GroupStatus status = peer.status(state.group);
      if (status == null || !peer.isAlive() || peer.isRefused()) {
        continue;
      }
      if (watchesHolder(peer, status)
          && status.getTerm().getNumber() >= state.term().number()
          && !isOutranked(state, status.getUnsynced())) {
        return false; // that member hears a holder; whoever has no stream from it does not claim
        // against it
      }
      if (isBetter(status, peer.node(), own)) {
        // whoever cannot claim now tries again, and says its rank then
        state.waitsSinceNs = hasHistory(status) ? waitsSinceNs : DecisionRight.NEVER;
        return false;
      }
      isAnyHistory |= hasHistory(status) && !peer.leaves(state.group);
    }
    if (state.hasHistory()) {
      return true;
    }
    if (!isAnyHistory) {
      return everyoneAnswered || mayBegin;
    }
    state.waitsSinceNs = waitsSinceNs == DecisionRight.NEVER ? nowNs : waitsSinceNs;
    return mayBegin && nowNs - state.waitsSinceNs >= bootHoldNs;
  }

  /**
   * Another member hears a holder that this member may have to follow.
   *
   * @param isBootHoldOver the holder itself was heard by now; before, whoever leaves may be the first to tell of it
   */
  boolean isHolderHeard(GroupState state, boolean isBootHoldOver) {
    for (PeerMonitor peer : peers) {
      GroupStatus status = peer.status(state.group);
      if ((isBootHoldOver ? watchesHolder(peer, status) : hearsHolder(peer, status))
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
      if (watchesHolder(peer, status) && isOutranked(state, status.getUnsynced())) {
        return true;
      }
    }
    return false;
  }

  /** It is heard, and may claim the group, which it does not hold now. */
  boolean isCandidate(PeerMonitor peer, int group) {
    GroupStatus status = peer.status(group);
    return status != null && peer.isAlive() && !status.getHolds() && status.getPriority() > 0;
  }

  /** Some peer may claim the group, once it is free. */
  boolean hasCandidate(GroupState state) {
    for (PeerMonitor peer : peers) {
      if (!peer.isRefused() && isCandidate(peer, state.group)) {
        return true;
      }
    }
    return false;
  }

  /** A member that is heard goes before this one. */
  boolean isAnyoneBetter(GroupState state) {
    return isAnyoneBetter(state, status -> true);
  }

  /** A member goes before this one, and hears no holder: it may wait for this member's consent. */
  boolean isAnyoneBetterWaiting(GroupState state) {
    return isAnyoneBetter(
        state, status -> !status.getHolds() && !status.getHolderAlive() && hasHistory(status));
  }

  private boolean isAnyoneBetter(GroupState state, Predicate<GroupStatus> counts) {
    GroupStatus own = state.status(false, true);
    for (PeerMonitor peer : peers) {
      GroupStatus status = peer.status(state.group);
      if (status != null
          && !peer.isRefused()
          && peer.isAlive()
          && counts.test(status)
          && isBetter(status, peer.node(), own)) {
        return true;
      }
    }
    return false;
  }

  /** It never serves a term of this holder, which began without history: a higher number is none that it would serve. */
  boolean standsAgainst(GroupState state, GroupStatus status) {
    return state.isUnsynced() && status.getPriority() > 0 && hasHistory(status);
  }

  private static boolean hasHistory(GroupStatus status) {
    return !PeerMonitor.term(status.getHistory()).equals(Term.NONE);
  }

  /** It gave up what this member gave up, serves nobody else, and stands behind this member: it lets this member claim. */
  boolean isConsent(GroupState state, GroupStatus status, PeerMonitor peer) {
    if (peer.leaves(state.group)) {
      return !status.getHolds(); // it never serves or claims anything again
    }
    long gaveUp = status.getGaveUp() - 1;
    return !status.getHolds()
        && gaveUp >= state.gaveUpNumber
        && gaveUp >= status.getTerm().getNumber()
        && !isBetter(status, peer.node(), state.status(false, true));
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
