package io.understudy.ha;

import io.understudy.model.Role;
import io.understudy.model.Term;
import io.understudy.proto.v1.GroupStatus;
import io.understudy.proto.v1.Heartbeat;
import io.understudy.proto.v1.PathHeard;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Decides who holds each group (docs/concepts/roles.md).
 *
 * <h2>States</h2>
 *
 * A member that hears the group's holder is SYNCING until the holder's bulk is complete, then STANDBY. When the holder's claim condition
 * is met ({@link DecisionRight#mayClaim}) it gives that term up: it applies what the old holder's connections still hold (SWITCHING) and
 * serves that term no more. The one that is first in the claim order, and of which every other one agrees or is silent, takes a
 * number above all it has seen, and is STANDALONE, or ACTIVE once a peer is in sync. A process starts as the holder of nothing. A
 * holder whose right ran out is FENCED: it goes on sending, and decides again when its peers echo that.
 *
 * <p>Who may claim and who is followed says {@link ClaimOrder}, whether a member may decide {@link DecisionRight}.
 *
 * <p>Thread: the duty cycle; {@link #mayDecide}, {@link #holds}, {@link #termNumber} and {@link #role} from any.
 */
public final class RoleMachine {
  private static final long NO_STAMP = DecisionRight.NEVER;

  private final RoleSettings settings;
  private final RoleActions actions;
  private final GroupState[] groups;
  private final ClaimTime claimTime;
  private final Map<Integer, PeerMonitor> peers = new TreeMap<>();
  private final ClaimOrder order;
  private final Questions questions;
  private final GroupRoles roles;
  private final StatusRules rules;
  private final OtherHolders others;
  private long sequence;
  private boolean started;
  private long judgedNs = DecisionRight.NEVER;
  private long lastRunNs;
  private long stampNs = NO_STAMP;
  private long lastStampNs = NO_STAMP;
  private volatile boolean isOver;

  /**
   * Starts as the holder of nothing.
   *
   * @param priorities for each group the member may hold, its configured priority
   * @param formerNumbers for each group a number that no term of this member's former lives was above
   */
  public RoleMachine(
      Self self,
      RoleSettings settings,
      List<Integer> peerNodes,
      Map<Integer, Integer> priorities,
      List<Integer> allGroups,
      Map<Integer, Long> formerNumbers,
      RoleActions actions) {
    this.settings = settings;
    this.actions = actions;
    claimTime = new ClaimTime(settings.detectionNs());
    RightSettings right = settings.right();
    PeerLine[] lines = new PeerLine[peerNodes.size()];
    for (int peer : peerNodes) {
      int index = peers.size();
      lines[index] = new PeerLine(right, claimTime, settings.paths());
      peers.put(
          peer,
          new PeerMonitor(peer, index, lines[index], settings.paths(), settings.intervalNs()));
    }
    order = new ClaimOrder(self, peers.values());
    questions = new Questions(settings.intervalNs(), peers.values(), actions);
    RefusedMembers refused = new RefusedMembers(self, peers.values());
    roles =
        new GroupRoles(self.node(), settings, peers, order, refused, questions, claimTime, actions);
    rules = new StatusRules(self.node(), peers, order, refused, roles);
    groups = new GroupState[64];
    others = new OtherHolders(groups);
    for (int group : allGroups) {
      groups[group] =
          new GroupState(
              group,
              priorities.getOrDefault(group, 0),
              priorities.containsKey(group),
              formerNumbers.getOrDefault(group, 0L),
              new DecisionRight(right, claimTime, lines));
    }
  }

  public PeerMonitor peer(int peerNode) {
    return peers.get(peerNode);
  }

  public boolean isAlive(int peerNode) {
    return peers.get(peerNode).isAlive();
  }

  public boolean holds(int group) {
    GroupState state = state(group);
    return state != null && state.holds();
  }

  public boolean holdsAny() {
    for (GroupState state : groups) {
      if (state != null && state.holds()) {
        return true;
      }
    }
    return false;
  }

  public long termNumber(int group) {
    return term(group).number();
  }

  /** The highest number of the group's terms that was heard of, or used in a former life; the largest of all where nobody here has heard of the group. */
  public long highestNumber(int group) {
    GroupState state = state(group);
    return state == null ? Term.MAX_NUMBER : state.highestKnown();
  }

  public Term term(int group) {
    GroupState state = state(group);
    return state == null ? Term.NONE : state.term();
  }

  /** The group's present term began without history, as far as this member knows. */
  public boolean isUnsynced(int group) {
    GroupState state = state(group);
    return state != null && state.isUnsynced();
  }

  public Role role(int group) {
    GroupState state = state(group);
    return state == null ? Role.INIT : state.role();
  }

  /** The member may create, allocate, age and end for this group until it asks again. Two volatile reads. */
  public boolean mayDecide(int group, long nowNs) {
    GroupState state = state(group);
    return state != null && state.right.mayDecide(nowNs) && !isOver;
  }

  /** Until when that holds if nobody is heard any more; {@code nowNs}: it does not. */
  public long decidesUntilNs(int group, long nowNs) {
    return mayDecide(group, nowNs) ? state(group).right.untilNs() : nowNs;
  }

  /** {@code null}: nobody here has heard of the group. */
  private GroupState state(int group) {
    return group >= 0 && group < groups.length ? groups[group] : null;
  }

  // ---- what is said

  /** The number of what is said next. */
  public long nextSequence() {
    return ++sequence;
  }

  /** Nothing is said of the groups while a packet batch may go on that began under a right that ended. */
  public boolean mayAnswer(long nowNs) {
    for (GroupState state : groups) {
      if (state != null && !state.right.mayAnswer(nowNs)) {
        return false;
      }
    }
    return true;
  }

  /** What is said of every group in HELLO and heartbeats; nothing while {@link #mayAnswer} says no. */
  public List<GroupStatus> statuses(long nowNs) {
    List<GroupStatus> statuses = new ArrayList<>();
    if (mayAnswer(nowNs)) {
      for (GroupState state : groups) {
        if (state != null) {
          boolean isHolderAlive = roles.isHolderAlive(state) || roles.isWaitingForHolder(state);
          GroupStatus status = state.status(isHolderAlive, nowNs >= state.retryNs && !isOver);
          boolean leaves = isOver && !state.holds();
          statuses.add(leaves ? status.toBuilder().setLeaves(true).build() : status);
        }
      }
    }
    return statuses;
  }

  /** A heartbeat with this number is written to every connection next. */
  public void stamp(long nowNs) {
    stampNs = nowNs;
    lastStampNs = nowNs;
    peers.values().forEach(peer -> peer.line().stamped());
  }

  /** The number of the heartbeat that was stamped last. */
  public long lastNumber() {
    return lastStampNs;
  }

  /** A connection that the peer may count on has neither taken the heartbeat nor no room for it. */
  public void missed(int peerNode) {
    peers.get(peerNode).line().missed();
  }

  public ClaimTime claimTime() {
    return claimTime;
  }

  // ---- what is heard

  /**
   * A HELLO of a life not met before; the former one's connections are gone and what they held is applied. That one, or another that was never met,
   * may have held a group until it died.
   */
  public void onIncarnation(int peerNode, long incarnation, long nowNs) {
    PeerMonitor peer = peers.get(peerNode);
    peer.beginIncarnation(incarnation, nowNs);
    withdraw(peer);
    others.noteUnheard();
  }

  /** What a former life of the peer echoed gives nothing. */
  private void withdraw(PeerMonitor peer) {
    for (GroupState state : groups) {
      if (state != null) {
        state.right.withdrawn(peer.index());
      }
    }
  }

  /**
   * A process that one of the two refuses speaks in the peer's place, and no other life of the peer is up.
   *
   * @param itsNode the node id that it has for itself
   * @param itsDetectionNs its claim time as its HELLO says
   */
  public void onRefusedLife(
      int peerNode, int itsNode, long incarnation, long itsDetectionNs, long nowNs) {
    PeerMonitor peer = peers.get(peerNode);
    others.noteStrangerOver(peer);
    if (peer.refused(itsNode, incarnation, itsDetectionNs, nowNs)) {
      withdraw(peer);
      others.noteUnheard();
    }
  }

  /** A process that one of the two refuses said this in the peer's place, and another life of the peer is up. */
  public void onStranger(
      int peerNode, StrangerHello hello, long sequence, List<GroupStatus> statuses) {
    PeerMonitor peer = peers.get(peerNode);
    if (peer.isStrangerOfOtherLife(hello)) {
      others.noteStrangerOver(peer);
    }
    Stranger stranger = peer.meetStranger(hello);
    if (peer.isStrangerHeard()) {
      others.noteHolds(statuses);
      for (GroupStatus status : statuses) {
        others.noteMet(status, stranger.statuses().hasEndedSince(sequence, status));
      }
    }
    stranger.statuses().said(sequence, statuses);
  }

  /** The same by a heartbeat, which says its claim time too. */
  public void onStranger(int peerNode, StrangerHello hello, Heartbeat heartbeat) {
    onStranger(peerNode, hello, heartbeat.getSequence(), heartbeat.getGroupsList());
    if (heartbeat.getDetectionNs() > 0) {
      Stranger stranger = peers.get(peerNode).stranger();
      stranger.toldDetection(heartbeat.getReload(), heartbeat.getDetectionNs());
    }
  }

  /** HELLO was agreed on, on any connection. */
  public void onAgreed(int peerNode, long incarnation, long nowNs) {
    PeerMonitor peer = peers.get(peerNode);
    if (peer.isStranger(incarnation)) {
      others.noteStrangerOver(peer); // what it says from now on is a peer's
      peer.forgetStranger();
    }
    if (peer.agreed(incarnation, nowNs)) {
      withdraw(peer);
      others.noteUnheard();
    }
  }

  /** A heartbeat connection of this link is up both ways, or is refused and kept. */
  public void onConnected(int peerNode, int link) {
    peers.get(peerNode).connected(link);
    actions.announce();
  }

  /** A heartbeat connection that had no room for news has some. */
  public void onRoom() {
    actions.repeat();
  }

  public void onDisconnected(int peerNode, int link, boolean byPeer, long nowNs) {
    peers.get(peerNode).disconnected(link, byPeer, nowNs);
  }

  /** The peer's host answered a dial begun then: nobody listens. It may have held a group, unheard, until its process ended. */
  public void onDialRefused(int peerNode, int link, long begunNs) {
    PeerLine line = peers.get(peerNode).line();
    long beforeNs = line.goneNs();
    line.refused(link, begunNs);
    boolean isGap = line.goneNs() - beforeNs >= settings.bootHoldNs(); // a process claims after one
    boolean isUnheard = line.silentNs() >= Math.min(claimTime.usedNs(), line.claimNs());
    if (isUnheard && isGap && line.isGone(DecisionRight.NEVER)) {
      others.noteUnheard();
    }
  }

  /** Any frame of the peer's present life. */
  public void onHeard(int peerNode) {
    peers.get(peerNode).heard();
  }

  /** Proof of life, what it proves of this member's own numbers, and what the peer says of its groups. */
  public void onHeartbeat(int peerNode, int link, Heartbeat heartbeat, long nowNs) {
    PeerMonitor peer = peers.get(peerNode);
    peer.read(link, heartbeat.getNumber());
    if (heartbeat.getDetectionNs() > 0) {
      peer.line().toldDetection(heartbeat.getReload(), heartbeat.getDetectionNs());
    }
    peer.echoedReload(heartbeat.getHeardReload() - 1);
    long echo = echoOf(heartbeat);
    if (heartbeat.getLeaves()) {
      peer.line().leaves(echo);
    }
    if (heartbeat.getAsks()) {
      questions.asked(peer, nowNs);
    }
    if (!onStatuses(peerNode, heartbeat.getSequence(), heartbeat.getGroupsList(), nowNs)) {
      return; // overtaken on another connection: what it echoes was true of another state
    }
    peer.echoed(echo, nowNs);
    if (echo == NO_STAMP) {
      return;
    }
    if (peer.isRefused()) {
      onEchoOfRefused(peer, echo, nowNs);
      return;
    }
    for (GroupState state : groups) {
      if (state != null) {
        rules.onEcho(state, peer, echo, nowNs);
      }
    }
  }

  /** The newest own number that it had read; {@link #NO_STAMP}: none. */
  private long echoOf(Heartbeat heartbeat) {
    long echo = NO_STAMP;
    for (PathHeard heard : heartbeat.getHeardList()) {
      echo = heard.getNumber() <= lastStampNs ? Math.max(echo, heard.getNumber()) : echo;
    }
    return echo;
  }

  /** Also for groups that it says nothing of: it does not know them. */
  private void onEchoOfRefused(PeerMonitor peer, long echo, long nowNs) {
    for (GroupState state : groups) {
      if (state != null) {
        rules.onEchoOfRefused(state, peer, echo, nowNs);
      }
    }
  }

  /** The peer names the group, or has not said in its present life which it names. */
  public boolean isNamedBy(int peerNode, int group) {
    return peers.get(peerNode).names(group);
  }

  /** The peer said this of its groups. Answers false if it said something newer before. */
  public boolean onStatuses(int peerNode, long sequence, List<GroupStatus> statuses, long nowNs) {
    PeerMonitor peer = peers.get(peerNode);
    others.noteEnded(peer, sequence, statuses);
    if (!peer.said(sequence, statuses, nowNs)) {
      return false;
    }
    if (peer.isRefused()) {
      others.noteHolds(statuses);
      return true;
    }
    for (GroupStatus status : statuses) {
      GroupState state = state(status.getGroup());
      if (state != null) {
        rules.onStatus(state, peer, status, nowNs);
      }
    }
    return true;
  }

  /**
   * A batch came in a higher term than the one known: from that term's holder, or from somebody who follows it.
   *
   * @param unsynced whoever sent it says that the term began without history; its status may come later
   */
  public void onTermLearnt(int group, Term term, boolean unsynced, long nowNs) {
    GroupState state = state(group);
    if (state != null) {
      rules.onTermLearnt(state, term, unsynced, nowNs);
    }
  }

  /** The holder's bulk of this group is complete. */
  public void onBulkReceived(int group, Term holderTerm) {
    GroupState state = state(group);
    if (state != null && !state.holds() && !state.gaveUp && holderTerm.equals(state.term())) {
      state.synced();
    }
  }

  /** Records of the present holder were applied. What comes after this member told its rank counts no more: others claim by that. */
  public void onApplied(int group, int records) {
    GroupState state = state(group);
    if (state != null && (state.holds() || !state.gaveUp)) {
      state.hasRecords |= records > 0;
      state.applied += records;
    }
  }

  // ---- turning

  /**
   * Settles what was said last, judges, and looks at every group.
   *
   * @param drainedNs everything that had reached this machine before that was read
   * @return how many groups changed
   */
  public int run(long drainedNs, long nowNs) {
    if (isOver) {
      stampNs = NO_STAMP;
      return 0;
    }
    if (!started) {
      start(nowNs);
    }
    lastRunNs = nowNs;
    questions.answer(nowNs);
    settle(nowNs);
    judgedNs = Math.min(drainedNs, nowNs);
    roles.judged(judgedNs, nowNs);
    long leastReload = Long.MAX_VALUE;
    for (PeerMonitor peer : peers.values()) {
      if (peer.turn(judgedNs, nowNs)) {
        others.noteUnheard();
      }
      if (peer.isStrangerSilent()) {
        others.noteStrangerOver(peer);
        peer.forgetStranger();
      }
      leastReload = peer.line().isUp() ? Math.min(leastReload, peer.echoedReload()) : leastReload;
    }
    claimTime.echoed(leastReload);
    int changed = 0;
    for (GroupState state : groups) {
      if (state != null) {
        state.right.judge(judgedNs);
        changed += roles.evaluate(state, nowNs) ? 1 : 0;
      }
    }
    return changed;
  }

  private void start(long nowNs) {
    started = true;
    roles.started(nowNs);
    for (GroupState state : groups) {
      if (state != null) {
        state.right.gaveUp(nowNs);
      }
    }
  }

  /** The turn that stamped is over: this clock was read after every kernel was asked. */
  private void settle(long nowNs) {
    if (stampNs == NO_STAMP) {
      return;
    }
    for (PeerMonitor peer : peers.values()) {
      peer.line().settle(judgedNs, stampNs, nowNs);
    }
    for (GroupState state : groups) {
      if (state != null) {
        state.right.settle(stampNs, nowNs);
      }
    }
    stampNs = NO_STAMP;
  }

  /** A heartbeat was written whose effect on the right the next turn sees. */
  public boolean isUnsettled() {
    return stampNs != NO_STAMP;
  }

  /** Every peer should answer at once. */
  public void ask(long nowNs) {
    questions.ask(nowNs);
  }

  // ---- END

  /** The right to decide ends, for good and for every group, before anything else does. Thread: any. */
  public void stopDeciding() {
    isOver = true;
  }

  /** Nothing is held any more: the role says why, and heartbeats say which terms ended. */
  public void end(Role role, String cause, long nowNs) {
    isOver = true;
    for (GroupState state : groups) {
      if (state != null) {
        if (state.holds()) {
          state.right.end(nowNs - settings.batchNs()); // B has passed
          state.ended();
        }
        roles.become(state, role, cause);
      }
    }
  }

  /** A reload of the heartbeat's times. */
  public void changeClaimTime(long detectionNs, long nowNs) {
    if (claimTime.change(detectionNs)) {
      for (GroupState state : groups) {
        if (state != null) {
          state.right.shorten(nowNs);
        }
      }
    }
    actions.announce();
  }

  /** When a silence may mean something, or a batch is over. */
  public long nextDueNs(long nowNs) {
    if (isUnsettled()) {
      return nowNs;
    }
    if (isOver) {
      return Long.MAX_VALUE; // nothing is judged any more, so nothing is due
    }
    long due = lastRunNs + Math.max(settings.confirmNs() / 2, settings.detectionNs() / 16);
    due = Math.min(due, Math.max(questions.dueNs(), nowNs));
    for (PeerMonitor peer : peers.values()) {
      long silentNs = peer.line().silentDueNs();
      due = silentNs > nowNs ? Math.min(due, silentNs) : due;
      long closedNs = peer.line().closedNs() + settings.confirmNs();
      due = closedNs > nowNs ? Math.min(due, closedNs) : due;
    }
    for (GroupState state : groups) {
      if (state != null && !state.right.mayAnswer(nowNs)) {
        due = Math.min(due, state.right.answerNs());
      }
    }
    return due;
  }
}
