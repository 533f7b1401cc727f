package io.understudy.ha;

import io.understudy.model.Role;
import io.understudy.model.Term;
import io.understudy.proto.v1.GroupStatus;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Decides who holds each group (protocol, rule 10).
 *
 * <h2>States</h2>
 *
 * A member that hears the group's holder is SYNCING until the holder's bulk is complete, then STANDBY. When the holder is silent,
 * or comes back in a new life, the member that knows most history claims the group: it first applies what the old holder's
 * connections still hold (SWITCHING), stores a number above all it has seen, and is STANDALONE, or ACTIVE once a peer is in sync. A
 * process starts as the holder of nothing; without history it claims only when everyone answered or the boot hold is over, and
 * nobody who answered has any.
 *
 * <p>A holder decides until its last turn + detection time - 50 ms. Who may claim and who is followed says {@link ClaimOrder}, what
 * holds after a pause {@link SleepFence}.
 *
 * <p>Thread: the duty cycle; {@link #mayDecide}, {@link #holds}, {@link #termNumber} and {@link #role} from any.
 */
public final class RoleMachine {
  private static final Logger LOG = LoggerFactory.getLogger(RoleMachine.class);

  /** How long a takeover waits for what the old holder's connections hold. */
  private static final long FINISH_NS = 100_000_000;

  private static final long STORE_RETRY_NS = 1_000_000_000;

  private final int node;
  private final RoleSettings settings;
  private final RoleActions actions;
  private final GroupState[] groups;
  private final Map<Integer, PeerMonitor> peers = new TreeMap<>();
  private final ClaimOrder order;
  private final SleepFence fence;
  private long sequence;

  /**
   * Starts as the holder of nothing.
   *
   * @param priorities for each group the member may hold, its configured priority
   * @param storedNumbers the last stored term number of each group
   */
  public RoleMachine(
      int node,
      RoleSettings settings,
      List<Integer> peerNodes,
      Map<Integer, Integer> priorities,
      List<Integer> allGroups,
      Map<Integer, Long> storedNumbers,
      RoleActions actions) {
    this.node = node;
    this.settings = settings;
    this.actions = actions;
    for (int peer : peerNodes) {
      peers.put(peer, new PeerMonitor(peer, settings));
    }
    order = new ClaimOrder(node, settings, peers.values());
    fence = new SleepFence(settings, peers.values(), actions);
    groups = new GroupState[64];
    for (int group : allGroups) {
      int priority = priorities.getOrDefault(group, 0);
      long stored = storedNumbers.getOrDefault(group, 0L);
      groups[group] = new GroupState(group, priority, priorities.containsKey(group), stored);
    }
  }

  public PeerMonitor peer(int peerNode) {
    return peers.get(peerNode);
  }

  public boolean isAlive(int peerNode, long nowNs) {
    return peers.get(peerNode).isAlive(nowNs);
  }

  public boolean holds(int group) {
    GroupState state = state(group);
    return state != null && state.holds();
  }

  public long termNumber(int group) {
    return term(group).number();
  }

  /** The highest number of the group's terms that was heard of; the largest of all where nobody here has heard of the group. */
  public long highestNumber(int group) {
    GroupState state = state(group);
    return state == null ? Term.MAX_NUMBER : state.highestNumber;
  }

  public Term term(int group) {
    GroupState state = state(group);
    return state == null ? Term.NONE : state.term();
  }

  public Role role(int group) {
    GroupState state = state(group);
    return state == null ? Role.INIT : state.role();
  }

  /** The member may create, allocate and announce for this group until it asks again. */
  public boolean mayDecide(int group, long nowNs) {
    GroupState state = state(group);
    return state != null && state.mayDecide(nowNs);
  }

  /** {@code null}: nobody here has heard of the group. */
  private GroupState state(int group) {
    return group >= 0 && group < groups.length ? groups[group] : null;
  }

  /** The number of what is said next. */
  public long nextSequence() {
    return ++sequence;
  }

  /** What is said of every group in HELLO and heartbeats. */
  public List<GroupStatus> statuses(long nowNs) {
    List<GroupStatus> statuses = new ArrayList<>();
    for (GroupState state : groups) {
      if (state != null) {
        statuses.add(state.status(isHolderAlive(state, nowNs) || isWaitingForHolder(state)));
      }
    }
    return statuses;
  }

  // ---- what is heard

  /** A HELLO of a life not met before; the former one's connections are gone and what they held is applied. */
  public void onIncarnation(int peerNode, long incarnation, long nowNs) {
    peers.get(peerNode).beginIncarnation(incarnation);
    peers.get(peerNode).heard(nowNs);
  }

  public void onConnected(int peerNode) {
    peers.get(peerNode).connected();
  }

  public void onDisconnected(int peerNode, boolean inOrder) {
    peers.get(peerNode).disconnected(inOrder);
  }

  /** Any frame of the peer's present life. */
  public void onHeard(int peerNode, long nowNs) {
    peers.get(peerNode).heard(nowNs);
  }

  /** The peer said this of its groups. */
  public void onStatuses(int peerNode, long sequence, List<GroupStatus> statuses, long nowNs) {
    PeerMonitor peer = peers.get(peerNode);
    if (!peer.said(sequence, statuses)) {
      return; // overtaken on another connection
    }
    for (GroupStatus status : statuses) {
      GroupState state = state(status.getGroup());
      if (state != null) {
        onStatus(state, status);
      }
    }
    run(nowNs);
  }

  private void onStatus(GroupState state, GroupStatus status) {
    Term said = PeerMonitor.term(status.getTerm());
    state.highestNumber = Math.max(state.highestNumber, said.number());
    if (order.isRefused(state, said)) {
      // with the same number its node would decide: the term to come is above both
      long above = Math.min(state.term().number() + 1, Term.MAX_NUMBER);
      state.highestNumber = Math.max(state.highestNumber, above);
    } else if (status.getHolds() && order.isToBeFollowed(state, said)) {
      follow(state, said, state.holds() ? "HIGHER_TERM" : "HOLDER_FOUND");
    } else if (status.getHolds() && said.equals(state.term())) {
      state.holderIsUnsynced(status.getUnsynced());
    }
  }

  /** A batch came in a higher term than the one known: from that term's holder, or from somebody who follows it. */
  public void onTermLearnt(int fromNode, int group, Term term) {
    GroupState state = state(group);
    if (fromNode == term.node()) {
      peers.get(fromNode).showed(group, term);
    }
    if (state != null && term.node() != node && order.isToBeFollowed(state, term)) {
      follow(state, term, state.holds() ? "HIGHER_TERM" : "HOLDER_FOUND");
    }
  }

  /** The holder's bulk of this group is complete. */
  public void onBulkReceived(int group, Term holderTerm) {
    GroupState state = state(group);
    if (state != null && !state.holds() && holderTerm.equals(state.term())) {
      holderShowed(state);
      state.synced();
    }
  }

  /** Records of the present holder were applied. */
  public void onApplied(int group, int records) {
    GroupState state = state(group);
    if (state != null) {
      holderShowed(state);
      state.hasRecords = true;
      state.applied += records;
    }
  }

  /**
   * The holder's own stream came in the present term. Its last status may still be older where the term was learnt from a third member,
   * and would read as if it held the group no more.
   */
  private void holderShowed(GroupState state) {
    PeerMonitor holder = state.hasShown ? null : peers.get(state.term().node());
    if (holder != null) {
      state.hasShown = true;
      holder.showed(state.group, state.term());
    }
  }

  // ---- turning

  /** Looks at every group. Answers how many changed. */
  public int run(long nowNs) {
    if (!fence.mayTrust(nowNs)) {
      return 0;
    }
    int changed = 0;
    for (GroupState state : groups) {
      if (state != null) {
        changed += evaluate(state, nowNs) ? 1 : 0;
      }
    }
    return changed;
  }

  private boolean evaluate(GroupState state, long nowNs) {
    return state.holds() ? evaluateAsHolder(state, nowNs) : evaluateAsMember(state, nowNs);
  }

  private boolean evaluateAsHolder(GroupState state, long nowNs) {
    Term elsewhere = order.holderElsewhere(state, nowNs);
    if (!elsewhere.equals(Term.NONE)) {
      follow(state, elsewhere, "HOLDER_ELSEWHERE");
      return true;
    }
    if (state.highestNumber > state.term().number()) {
      // a number says nothing about history: the holder goes on above it
      if (nowNs >= state.retryNs && claim(state, "HIGHER_NUMBER", nowNs)) {
        return true;
      }
      if (order.hasRival(state, nowNs)) {
        state.renew(Long.MIN_VALUE); // the rival decides until the store takes the number
        return false;
      }
    }
    if (state.isUnsynced() && order.isOrigin(state)) {
      state.holderIsUnsynced(false);
      actions.announce();
    }
    state.awaitsOther &= order.isHeldByOther(state, nowNs);
    if (state.awaitsOther) {
      return false;
    }
    state.renew(nowNs + settings.decideNs());
    Role role = actions.isAnyPeerInSync(state.group) ? Role.ACTIVE : Role.STANDALONE;
    return become(state, role, role == Role.ACTIVE ? "PEER_IN_SYNC" : "NO_PEER_IN_SYNC");
  }

  private boolean evaluateAsMember(GroupState state, long nowNs) {
    if (isHolderAlive(state, nowNs)) {
      state.switchingSinceNs = Long.MIN_VALUE;
      state.gaveUp = false;
      boolean inSync = state.isInSync();
      return become(
          state, inSync ? Role.STANDBY : Role.SYNCING, inSync ? "BULK_COMPLETE" : "HOLDER_FOUND");
    }
    if (!state.gaveUp && !giveUp(state, nowNs)) {
      return true;
    }
    if (!order.mayClaim(state, fence.startedNs(), nowNs)) {
      return become(state, Role.CONNECTING, "NO_HOLDER");
    }
    PeerMonitor holder = peers.get(state.term().node());
    String cause =
        holder == null ? "FIRST_CLAIM" : holder.isAlive(nowNs) ? "HOLDER_RESTARTED" : "PEER_SILENT";
    return claim(state, cause, nowNs);
  }

  /**
   * What the silent holder's connections still hold is applied first; only then this member's history is final and is told to
   * others, so that all of them compare the same. Answers true when that is done.
   */
  private boolean giveUp(GroupState state, long nowNs) {
    int old = state.term().node();
    PeerMonitor holder = peers.get(old);
    if (holder != null && !holder.isAlive(nowNs) && !actions.isFinished(old)) {
      if (state.switchingSinceNs == Long.MIN_VALUE) {
        state.switchingSinceNs = nowNs;
        become(state, Role.SWITCHING, "PEER_SILENT");
        actions.finishConnections(old);
      }
      if (nowNs - state.switchingSinceNs < FINISH_NS) {
        return false;
      }
    }
    state.gaveUp = true;
    actions.announce();
    return true;
  }

  /** The holder is silent, and what it sent is not read to the end: others wait for this member's final word. */
  private boolean isWaitingForHolder(GroupState state) {
    return !state.holds()
        && state.term().node() != 0
        && peers.containsKey(state.term().node())
        && !state.gaveUp;
  }

  private boolean isHolderAlive(GroupState state, long nowNs) {
    if (state.holds()) {
      return true;
    }
    PeerMonitor holder = peers.get(state.term().node());
    return holder != null && holder.isAlive(nowNs) && holder.holds(state.group, state.term());
  }

  private boolean claim(GroupState state, String cause, long nowNs) {
    if (state.highestNumber >= Term.MAX_NUMBER) {
      LOG.error(
          "group {}: term number {} was heard and none is left above it; it cannot be claimed",
          state.group,
          state.highestNumber);
      state.retryNs = nowNs + STORE_RETRY_NS;
      return false;
    }
    Term next = new Term(state.highestNumber + 1, node);
    try {
      actions.store(state.group, next.number());
    } catch (RuntimeException e) {
      LOG.error(
          "group {}: term {} could not be stored, so it is not used; trying again: {}",
          state.group,
          next,
          e.toString());
      state.retryNs = nowNs + STORE_RETRY_NS;
      return false;
    }
    Term before = state.term();
    state.awaitsOther = order.isHeldByOther(state, nowNs);
    long untilNs = state.awaitsOther ? Long.MIN_VALUE : nowNs + settings.decideNs();
    state.begin(next, order.isOrigin(state), untilNs);
    actions.onHolderChanged(state.group, before, next);
    become(state, actions.isAnyPeerInSync(state.group) ? Role.ACTIVE : Role.STANDALONE, cause);
    actions.announce();
    return true;
  }

  private void follow(GroupState state, Term term, String cause) {
    Term before = state.term();
    state.adopt(term, order.isUnsynced(state.group, term));
    actions.onHolderChanged(state.group, before, term);
    become(state, Role.SYNCING, cause);
    actions.announce();
  }

  private boolean become(GroupState state, Role role, String cause) {
    Role before = state.role();
    if (!state.setRole(role)) {
      return false;
    }
    actions.onRoleChanged(state.group, before, role, state.term(), cause);
    return true;
  }

  /** When a silence may mean something. */
  public long nextDueNs(long nowNs) {
    long due = fence.lastRunNs() + settings.decideNs() / 4;
    for (PeerMonitor peer : peers.values()) {
      if (peer.hasAnswered()) {
        long silentNs = peer.lastHeardNs() + peer.silenceAllowedNs();
        due = silentNs > nowNs ? Math.min(due, silentNs) : due;
      }
    }
    return due;
  }
}
