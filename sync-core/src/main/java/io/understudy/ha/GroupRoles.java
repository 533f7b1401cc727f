package io.understudy.ha;

import io.understudy.metrics.PeerLog;
import io.understudy.model.Role;
import io.understudy.model.Term;
import io.understudy.proto.v1.GroupStatus;
import java.util.Map;
import org.slf4j.LoggerFactory;

/**
 * What this member becomes in a group by what it has heard: it claims, follows, gives up, gives way.
 *
 * <p>Thread: the duty cycle.
 */
final class GroupRoles {
  /** How long a takeover waits for what the old holder's connections hold. */
  private static final long FINISH_NS = 100_000_000;

  /** A holder that goes on is announced so often at most. */
  private static final long ANNOUNCE_NS = 100_000_000;

  /** A turn that comes so much of the claim time after the one before is a sleep: a handshake takes four, which are less than a boot hold together. */
  private static final int SLEEP_SHARE = 4;

  private static final long STORE_RETRY_NS = 1_000_000_000;
  private static final String PEER_REFUSED = "PEER_REFUSED";

  private final PeerLog log = new PeerLog(LoggerFactory.getLogger(GroupRoles.class));
  private final int node;
  private final RoleSettings settings;
  private final Map<Integer, PeerMonitor> peers;
  private final ClaimOrder order;
  private final RefusedMembers refused;
  private final Questions questions;
  private final RoleActions actions;
  private final ClaimTime claimTime;
  private long startedNs;
  private long turnedNs;

  /** When this member's last turn began that came a quarter of its claim time after the one before. */
  private long wokeNs = DecisionRight.NEVER;

  private long judgedNs = DecisionRight.NEVER;

  GroupRoles(
      int node,
      RoleSettings settings,
      Map<Integer, PeerMonitor> peers,
      ClaimOrder order,
      RefusedMembers refused,
      Questions questions,
      ClaimTime claimTime,
      RoleActions actions) {
    this.node = node;
    this.settings = settings;
    this.peers = peers;
    this.order = order;
    this.refused = refused;
    this.questions = questions;
    this.claimTime = claimTime;
    this.actions = actions;
  }

  void started(long nowNs) {
    startedNs = nowNs;
    turnedNs = nowNs;
  }

  /** A turn begins that judges by this clock reading. */
  void judged(long clockNs, long nowNs) {
    judgedNs = clockNs;
    if (nowNs - turnedNs >= claimTime.usedNs() / SLEEP_SHARE) {
      wokeNs = nowNs;
    }
    turnedNs = nowNs;
  }

  /**
   * It slept, and the holder that it followed has echoed nothing that was stamped since: the holder's next life may have claimed meanwhile, and its
   * connections are still being agreed on. Where nobody was followed, whoever claimed is heard within a claim time.
   */
  private boolean hasJustSlept(PeerMonitor holder) {
    if (wokeNs == DecisionRight.NEVER) {
      return false;
    }
    return holder == null
        ? turnedNs - wokeNs < claimTime.longerNs()
        : holder.echoedNumber() < wokeNs;
  }

  /** Looks at the group in a turn that was judged. Answers whether its role changed, or may soon. */
  boolean evaluate(GroupState state, long nowNs) {
    return state.holds() ? evaluateAsHolder(state, nowNs) : evaluateAsMember(state, nowNs);
  }

  private boolean evaluateAsHolder(GroupState state, long nowNs) {
    if (refused.isHolderAhead(state, nowNs)) {
      end(state, PEER_REFUSED, nowNs); // as after a cut; the other one has no term to follow
      return true;
    }
    Term elsewhere = order.holderElsewhere(state);
    if (!elsewhere.equals(Term.NONE)) {
      boolean unsynced = order.isUnsynced(state.group, elsewhere);
      follow(state, elsewhere, unsynced, "HOLDER_ELSEWHERE", nowNs);
      return true;
    }
    boolean isToFollow = state.isUnsynced() && order.isHeldWithHistory(state);
    if (state.highestNumber > state.term().number() && !isToFollow) {
      // a number says nothing about history: the holder goes on above it
      if (nowNs >= state.retryNs && claim(state, DecisionRight.NOBODY, "HIGHER_NUMBER", nowNs)) {
        return true;
      }
      if (state.right.isLapsed() && !order.hasRival(state) && order.hasCandidate(state)) {
        end(state, "STORE_FAILED", nowNs); // whoever gave this term up would leave it FENCED
        return true;
      }
      if (order.hasRival(state)) {
        state.right.fence(); // the rival decides until the store takes the number
      }
    }
    if (state.isUnsynced() && order.isOrigin(state)) {
      state.holderIsUnsynced(false);
      actions.announce();
    }
    announce(state, nowNs);
    if (state.right.isLapsed()) {
      state.announced = false;
      questions.ask(nowNs); // as an echo must be
      return become(state, Role.FENCED, "RIGHT_RAN_OUT");
    }
    Role role = actions.isAnyPeerInSync(state.group) ? Role.ACTIVE : Role.STANDALONE;
    return become(state, role, role == Role.ACTIVE ? "PEER_IN_SYNC" : "NO_PEER_IN_SYNC");
  }

  private void end(GroupState state, String cause, long nowNs) {
    state.right.end(nowNs);
    state.ended();
    become(state, Role.CONNECTING, cause);
    actions.announce();
  }

  /** Once the right stands, and nobody else holds the group. */
  private void announce(GroupState state, long nowNs) {
    boolean isDoubt = state.hasMetOther || state.mayHaveMissedOther;
    if (state.announced && !isDoubt || !state.right.mayDecide(nowNs)) {
      return;
    }
    if (order.isHeldByOther(state) || refused.isHeldByStranger(state)) {
      return;
    }
    if (state.announced && order.isOtherWatched(state)) {
      return; // it may go before this one, and has announced itself already
    }
    long gapNs = state.hasMetOther ? ANNOUNCE_NS : claimTime.longerNs();
    if (state.announced && nowNs - state.healedNs < gapNs) {
      return; // whoever is refused may say each moment that it ended, or have ever new lives
    }
    String afterDoubt = state.hasMetOther ? "SPLIT_HEALED" : "PEER_UNHEARD";
    String cause = state.hasMetOther || state.announced ? afterDoubt : "RIGHT_BEGAN";
    state.healedNs = isDoubt ? nowNs : state.healedNs;
    state.announced = true;
    state.hasMetOther = false;
    state.mayHaveMissedOther = false;
    actions.onAnnounce(state.group, state.term(), cause);
  }

  private boolean evaluateAsMember(GroupState state, long nowNs) {
    riseAgain(state, nowNs);
    if (isHolderAlive(state)) {
      state.switchingSinceNs = Long.MIN_VALUE;
      if (isHolderRefused(state)) {
        return become(state, Role.CONNECTING, PEER_REFUSED);
      }
      boolean inSync = state.isInSync();
      return become(
          state, inSync ? Role.STANDBY : Role.SYNCING, inSync ? "BULK_COMPLETE" : "HOLDER_FOUND");
    }
    if (!state.gaveUp && !giveUp(state, nowNs)) {
      return true;
    }
    tellGivenUp(state, nowNs);
    lookForOthersAhead(state, nowNs);
    PeerMonitor holder = peers.get(state.term().node());
    boolean isForced = holder != null && (hasEnded(state, holder) || isNewLife(state, holder));
    // whoever is refused must consent, and whoever ended its term and may claim again
    boolean isReplaced =
        holder != null
            && !holder.isRefused()
            && !(isForced && order.isCandidate(holder, state.group));
    int replaced = isReplaced ? holder.index() : DecisionRight.NOBODY;
    boolean mayBegin = isBootHoldOver(nowNs);
    if (!order.mayClaim(state, mayBegin, settings.bootHoldNs(), nowNs)
        || !state.right.mayClaim(replaced, isForced, mayBegin, order.isHeldByOther(state))) {
      if (refused.isAnyHolder(state)) {
        return become(state, Role.CONNECTING, PEER_REFUSED);
      }
      if (state.priority > 0) {
        questions.ask(nowNs); // a consent must be younger than a right lasts
      }
      return become(state, Role.CONNECTING, "NO_HOLDER");
    }
    String cause = holder == null ? "FIRST_CLAIM" : isForced ? "HOLDER_ENDED" : "PEER_SILENT";
    return claim(state, replaced, cause, nowNs);
  }

  private boolean isBootHoldOver(long nowNs) {
    return nowNs - startedNs >= settings.bootHoldNs();
  }

  /** A claim that the store refused may be tried again: whoever consented meanwhile did so to a lower rank, and may have claimed by it. */
  private void riseAgain(GroupState state, long nowNs) {
    if (state.retryNs != Long.MIN_VALUE && nowNs >= state.retryNs) {
      state.retryNs = Long.MIN_VALUE;
      state.right.gaveUp(nowNs);
      actions.announce();
    }
  }

  /**
   * Three that refuse each other in part might wait in a circle: whoever waits for anybody says so, and nobody that refuses it waits for it. When it
   * waits no more, one of these may have claimed by that.
   */
  private void lookForOthersAhead(GroupState state, long nowNs) {
    boolean waited = state.waits;
    state.isHeldBack = refused.isAnyAhead(state);
    state.waits = state.isHeldBack || order.isAnyoneBetter(state);
    if (waited && !state.waits && refused.isAnyThere()) {
      state.right.gaveUp(nowNs); // as above
    }
  }

  private boolean isHolderRefused(GroupState state) {
    PeerMonitor holder = peers.get(state.term().node());
    return holder != null && holder.isRefused();
  }

  /**
   * What the silent holder's connections still hold is applied first; only then this member's history is final and is told to
   * others, so that all of them compare the same. Answers true when that is done.
   */
  private boolean giveUp(GroupState state, long nowNs) {
    int old = state.term().node();
    if (peers.containsKey(old) && !actions.isFinished(old)) {
      if (state.switchingSinceNs == Long.MIN_VALUE) {
        state.switchingSinceNs = nowNs;
        become(state, Role.SWITCHING, "PEER_SILENT");
        actions.finishConnections(old);
      }
      if (nowNs - state.switchingSinceNs < FINISH_NS && !actions.isFinished(old)) {
        return false;
      }
    }
    state.gaveUp = true;
    return true;
  }

  /**
   * Others may claim by this word, so what it names is never served again. Where nobody hears a holder, that is every number heard of: whoever
   * kept one back would look as if it served it, and nobody could claim. Nor are the numbers of a holder without history given up, which this
   * member claims against; but where another one goes before this member and does not hear that holder, it waits for this word.
   */
  private void tellGivenUp(GroupState state, long nowNs) {
    boolean isHolderHeard = order.isHolderHeard(state, isBootHoldOver(nowNs));
    if (isHolderHeard && !peers.containsKey(state.term().node())) {
      boolean isOwnOver = state.term().node() == node && state.endedNumber == state.term().number();
      if (isOwnOver) {
        tellGivenUp(state, state.endedNumber, nowNs); // a holder with this number goes above it
      }
      return;
    }
    boolean isServed =
        isHolderHeard || order.isOutrankedHolderHeard(state) && !order.isAnyoneBetterWaiting(state);
    tellGivenUp(state, isServed ? state.term().number() : state.highestNumber, nowNs);
  }

  private void tellGivenUp(GroupState state, long number, long nowNs) {
    if (number > state.gaveUpNumber) {
      state.gaveUpNumber = number;
      state.right.gaveUp(nowNs);
      actions.announce();
    }
  }

  /** The holder is silent, and what it sent is not read to the end: others wait for this member's final word. */
  boolean isWaitingForHolder(GroupState state) {
    return !state.holds() && peers.containsKey(state.term().node()) && !state.gaveUp;
  }

  boolean isHolderAlive(GroupState state) {
    if (state.holds()) {
      return true;
    }
    PeerMonitor holder = peers.get(state.term().node());
    if (holder == null || state.gaveUp) {
      return false; // who gave a term up does not serve it again
    }
    if (state.holderLife == 0) {
      holdsInPresentLife(state, holder);
    }
    if (isHoldersLife(state, holder)) {
      state.holderClaimNs = holder.line().claimNs();
    }
    if (judgedNs < state.formerLifeUntilNs) {
      return true;
    }
    long claimNs = claimNs(state, holder);
    boolean isOver =
        holder.line().isClosed(judgedNs)
            || holder.line().silentNs() >= claimNs && judgedNs - state.followedNs >= claimNs;
    return !isOver && !hasEnded(state, holder) && !isNewLife(state, holder);
  }

  /**
   * It says so, or has said for D that it holds nothing: once is not enough, since that may have lain in a socket while this member slept. What
   * another life ended says nothing of the one that held the term: it may be a second process with the same node id.
   */
  private boolean hasEnded(GroupState state, PeerMonitor holder) {
    GroupStatus status = holder.status(state.group);
    if (status == null) {
      return hasNoPart(state, holder);
    }
    return isHoldersLife(state, holder) && isOver(state, status)
        || holder.restsForNs(state.group, state.followedNs) >= claimNs(state, holder);
  }

  /** Its present life does not name the group: the term was that of a life before, of which others may have told later. */
  private boolean hasNoPart(GroupState state, PeerMonitor holder) {
    long sinceNs = Math.max(state.followedNs, holder.beganNs());
    return !holder.names(state.group)
        && judgedNs - sinceNs >= claimNs(state, holder) + settings.intervalNs();
  }

  /** It ended the term that is followed, or holds the group in a later one that is not. */
  private static boolean isOver(GroupState state, GroupStatus status) {
    long number = state.term().number();
    return status.getEnded() > number || status.getHolds() && status.getTerm().getNumber() > number;
  }

  /** The holder's life is over, for D at least, since another one of its node id was met when no connection of it was left. */
  private boolean isNewLife(GroupState state, PeerMonitor holder) {
    return !isHoldersLife(state, holder)
        && judgedNs - holder.beganNs() >= claimNs(state, holder) + settings.intervalNs();
  }

  private static boolean isHoldersLife(GroupState state, PeerMonitor holder) {
    return holder.incarnation() == state.holderLife;
  }

  /** D of the life that held the term, and not less than that of the one which speaks now. */
  private static long claimNs(GroupState state, PeerMonitor holder) {
    return Math.max(state.holderClaimNs, holder.line().claimNs());
  }

  private boolean claim(GroupState state, int replaced, String cause, long nowNs) {
    if (state.highestKnown() >= Term.MAX_NUMBER) {
      log.error(
          "no number",
          state.group,
          nowNs,
          "group {}: term number {} was heard and none is left above it; it cannot be claimed",
          state.group,
          state.highestKnown());
      state.retryNs = nowNs + STORE_RETRY_NS;
      return false;
    }
    Term next = new Term(state.highestKnown() + 1, node);
    try {
      actions.reserve(state.group, next.number());
    } catch (RuntimeException e) {
      log.error(
          "no store",
          state.group,
          nowNs,
          "group {}: term {} could not be stored, so it is not used; trying again: {}",
          state.group,
          next,
          e.toString());
      state.retryNs = nowNs + STORE_RETRY_NS;
      return false;
    }
    beginRight(state, replaced);
    Term before = state.term();
    state.begin(next, order.isOrigin(state));
    actions.onHolderChanged(state.group, before, next);
    Role role = actions.isAnyPeerInSync(state.group) ? Role.ACTIVE : Role.STANDALONE;
    become(state, state.right.isLapsed() ? Role.FENCED : role, cause);
    actions.announce();
    return true;
  }

  private void beginRight(GroupState state, int replaced) {
    boolean isHeld = order.isHeldByOther(state);
    PeerMonitor holder = peers.get(state.term().node());
    if (!state.holds() && !isHeld && !hasJustSlept(holder)) {
      state.right.claim(replaced);
    } else if (!state.holds()) {
      state.right.claimFenced();
    } else if (isHeld) {
      state.right.fence();
    } else {
      state.right.renumber();
    }
  }

  /**
   * The holder's present life is that of the term. Where another one was followed before under its node id, that one may be a second process
   * which is cut off: it is waited for as long as its silence needs.
   *
   * @param holder {@code null}: it is no peer
   */
  void holdsInPresentLife(GroupState state, PeerMonitor holder) {
    if (holder == null || isHoldersLife(state, holder)) {
      return;
    }
    if (holder.isRefused() && state.holderLife != 0) {
      return; // who is refused serves no term that others tell of
    }
    if (state.holderLife != 0) {
      long untilNs = holder.beganNs() + claimNs(state, holder) + settings.intervalNs();
      state.formerLifeUntilNs = Math.max(state.formerLifeUntilNs, untilNs);
    }
    state.holderLife = holder.incarnation();
    state.holderClaimNs = holder.line().claimNs();
  }

  void follow(GroupState state, Term term, boolean unsynced, String cause, long nowNs) {
    Term before = state.term();
    if (state.holds()) {
      state.right.end(nowNs);
      state.ended();
    }
    state.adopt(term, unsynced);
    state.followedNs = nowNs;
    holdsInPresentLife(state, peers.get(term.node()));
    actions.onHolderChanged(state.group, before, term);
    become(state, Role.SYNCING, cause);
    actions.announce();
  }

  boolean become(GroupState state, Role role, String cause) {
    Role before = state.role();
    if (!state.setRole(role)) {
      return false;
    }
    actions.onRoleChanged(state.group, before, role, state.term(), cause);
    return true;
  }
}
