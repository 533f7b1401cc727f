package io.understudy.ha;

import io.understudy.metrics.PeerLog;
import io.understudy.model.Role;
import io.understudy.model.Term;
import io.understudy.proto.v1.GroupStatus;
import io.understudy.proto.v1.Heartbeat;
import io.understudy.proto.v1.PathHeard;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.slf4j.LoggerFactory;

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
  /** How long a takeover waits for what the old holder's connections hold. */
  private static final long FINISH_NS = 100_000_000;

  /** So often in an interval, at most, a member asks the others while it knows no holder, or holds the group without the right to decide. */
  private static final int ASKS = 10;

  /** And so often at least, where the interval is long. */
  private static final long MOST_PACE_NS = 100_000_000;

  /** Peers that ask are answered so often at most, all by one heartbeat: nobody has a shorter interval than 10 ms. */
  private static final long ANSWER_NS = 1_000_000;

  /** A holder that goes on is announced so often at most. */
  private static final long ANNOUNCE_NS = 100_000_000;

  private static final long STORE_RETRY_NS = 1_000_000_000;
  private static final String PEER_REFUSED = "PEER_REFUSED";
  private static final long NO_STAMP = DecisionRight.NEVER;

  private final PeerLog log = new PeerLog(LoggerFactory.getLogger(RoleMachine.class));
  private final int node;
  private final RoleSettings settings;
  private final RoleActions actions;
  private final GroupState[] groups;
  private final ClaimTime claimTime;
  private final Map<Integer, PeerMonitor> peers = new TreeMap<>();
  private final ClaimOrder order;
  private long sequence;
  private boolean started;
  private long startedNs;
  private long judgedNs = DecisionRight.NEVER;
  private long lastRunNs;
  private long stampNs = NO_STAMP;
  private long lastStampNs = NO_STAMP;
  private long askedNs = DecisionRight.NEVER;
  private long answeredNs = DecisionRight.NEVER;

  /** When somebody who asked is answered; MAX_VALUE: nobody waits. */
  private long answerDueNs = Long.MAX_VALUE;

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
    node = self.node();
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
    groups = new GroupState[64];
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
          boolean isHolderAlive = isHolderAlive(state) || isWaitingForHolder(state);
          statuses.add(state.status(isHolderAlive, nowNs >= state.retryNs && !isOver));
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

  /** A HELLO of a life not met before; the former one's connections are gone and what they held is applied. */
  public void onIncarnation(int peerNode, long incarnation, long nowNs) {
    PeerMonitor peer = peers.get(peerNode);
    if (peer.isUnheard()) {
      noteUnheard(); // the life before may have held a group until it died
    }
    peer.beginIncarnation(incarnation, nowNs);
    withdraw(peer);
  }

  private void noteUnheard() {
    for (GroupState state : groups) {
      if (state != null && state.holds()) {
        state.hasMetOther = true;
      }
    }
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
    boolean wasUnheard = peer.isUnheard();
    noteStrangerOver(peer);
    if (peer.refused(itsNode, incarnation, itsDetectionNs, nowNs)) {
      withdraw(peer);
      if (wasUnheard) {
        noteUnheard();
      }
    }
  }

  /** A process that one of the two refuses said this in the peer's place, and another life of the peer is up. */
  public void onStranger(
      int peerNode, StrangerHello hello, long sequence, List<GroupStatus> statuses) {
    PeerMonitor peer = peers.get(peerNode);
    if (peer.isStrangerOfOtherLife(hello)) {
      noteStrangerOver(peer);
    }
    Stranger stranger = peer.meetStranger(hello);
    if (peer.isStrangerHeard()) {
      noteHolds(statuses);
      for (GroupStatus status : statuses) {
        noteMet(status, stranger.hasEndedSince(sequence, status));
      }
    }
    stranger.said(sequence, statuses);
  }

  /** The same by a heartbeat, which says its claim time too. */
  public void onStranger(int peerNode, StrangerHello hello, Heartbeat heartbeat) {
    onStranger(peerNode, hello, heartbeat.getSequence(), heartbeat.getGroupsList());
    if (heartbeat.getDetectionNs() > 0) {
      Stranger stranger = peers.get(peerNode).stranger();
      stranger.toldDetection(heartbeat.getReload(), heartbeat.getDetectionNs());
    }
  }

  /** Nobody else speaks in the peer's place any more. */
  public void onStrangerGone(int peerNode) {
    PeerMonitor peer = peers.get(peerNode);
    noteStrangerOver(peer);
    peer.forgetStranger();
  }

  /** What a stranger says is not noted while the peer's other life echoes: it may have held a group until a moment ago. */
  private void noteStrangerOver(PeerMonitor peer) {
    if (peer.stranger() != null) {
      for (GroupStatus status : peer.stranger().statuses()) {
        noteMet(status, status.getHolds() || status.getEnded() > 0);
      }
    }
  }

  /** One that is refused holds what this member holds: when that is over, others are told again. */
  private void noteHolds(List<GroupStatus> statuses) {
    for (GroupStatus status : statuses) {
      noteMet(status, status.getHolds());
    }
  }

  private void noteMet(GroupStatus status, boolean isMet) {
    GroupState state = state(status.getGroup());
    if (state != null) {
      state.hasMetOther |= state.holds() && isMet;
    }
  }

  /** HELLO was agreed on, on any connection. */
  public void onAgreed(int peerNode, long incarnation, long nowNs) {
    PeerMonitor peer = peers.get(peerNode);
    boolean wasUnheard = peer.isUnheard();
    if (peer.agreed(incarnation, nowNs)) {
      withdraw(peer);
      if (wasUnheard) {
        noteUnheard();
      }
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

  /** The peer's host answered a dial begun then: nobody listens. */
  public void onDialRefused(int peerNode, long begunNs) {
    peers.get(peerNode).line().refused(begunNs);
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
    if (heartbeat.getLeaves()) {
      peer.line().leaves();
    }
    if (heartbeat.getAsks()) {
      // whoever is refused has no credentials
      answerDueNs =
          Math.min(
              answerDueNs,
              answeredNs + (peer.isRefused() ? settings.intervalNs() / ASKS : ANSWER_NS));
      answer(nowNs);
    }
    if (!onStatuses(peerNode, heartbeat.getSequence(), heartbeat.getGroupsList(), nowNs)) {
      return; // overtaken on another connection: what it echoes was true of another state
    }
    long echo = NO_STAMP;
    for (PathHeard heard : heartbeat.getHeardList()) {
      echo = heard.getNumber() <= lastStampNs ? Math.max(echo, heard.getNumber()) : echo;
    }
    peer.echoed(echo, nowNs);
    if (echo == NO_STAMP) {
      return;
    }
    if (peer.isRefused()) {
      onEchoOfRefused(peer, echo, nowNs);
      return;
    }
    for (GroupStatus status : heartbeat.getGroupsList()) {
      GroupState state = state(status.getGroup());
      if (state != null) {
        onEcho(state, peer, status, echo, nowNs);
      }
    }
  }

  private void answer(long nowNs) {
    if (nowNs >= answerDueNs) {
      answeredNs = nowNs;
      answerDueNs = Long.MAX_VALUE;
      actions.repeat();
    }
  }

  /** Also for groups that it says nothing of: it does not know them. */
  private void onEchoOfRefused(PeerMonitor peer, long echo, long nowNs) {
    for (GroupState state : groups) {
      if (state != null) {
        onEchoOfRefused(state, peer, echo, nowNs);
      }
    }
  }

  /** Terms are not compared: it counts whether it holds the group, and it claims only by this member's consent or silence. */
  private void onEchoOfRefused(GroupState state, PeerMonitor peer, long echo, long nowNs) {
    if (!state.holds()) {
      if (order.isConsentOfRefused(state, peer)) {
        state.right.consented(peer.index(), echo);
      }
    } else if (peer.holds(state.group)) {
      state.right.withdrawn(peer.index());
    } else {
      state.right.echoed(peer.index(), echo, nowNs);
    }
  }

  private void onEcho(
      GroupState state, PeerMonitor peer, GroupStatus status, long echo, long nowNs) {
    if (!state.holds()) {
      if (order.isConsent(state, status, peer.node())) {
        state.right.consented(peer.index(), echo);
      }
    } else if (!status.getHolds()
        && PeerMonitor.term(status.getTerm()).compareTo(state.term()) <= 0
        && status.getGaveUp() <= state.term().number()) {
      state.right.echoed(peer.index(), echo, nowNs);
    } else {
      state.right.withdrawn(peer.index());
    }
  }

  /** The peer said this of its groups. Answers false if it said something newer before. */
  public boolean onStatuses(int peerNode, long sequence, List<GroupStatus> statuses, long nowNs) {
    PeerMonitor peer = peers.get(peerNode);
    noteEnded(peer, sequence, statuses);
    if (!peer.said(sequence, statuses, nowNs)) {
      return false;
    }
    if (peer.isRefused()) {
      noteHolds(statuses);
      return true;
    }
    for (GroupStatus status : statuses) {
      GroupState state = state(status.getGroup());
      if (state != null) {
        onStatus(state, status, nowNs);
      }
    }
    return true;
  }

  /** It held the group until a moment ago: whoever forwards may have learnt the way to it after the way to this member. */
  private void noteEnded(PeerMonitor peer, long sequence, List<GroupStatus> statuses) {
    for (GroupStatus status : statuses) {
      noteMet(status, peer.hasEndedSince(sequence, status));
    }
  }

  private void onStatus(GroupState state, GroupStatus status, long nowNs) {
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
      follow(state, said, unsynced, state.holds() ? "HIGHER_TERM" : "HOLDER_FOUND", nowNs);
    } else if (status.getHolds() && said.equals(state.term())) {
      if (peers.containsKey(said.node())) { // another member may have told of the term first
        state.holderLife = peers.get(said.node()).incarnation();
      }
      state.holderIsUnsynced(status.getUnsynced());
    } else if (status.getHolds()) {
      if (state.holds()) {
        state.hasMetOther = true;
      } else if (said.number() <= state.gaveUpNumber) {
        claimAbove(state, state.gaveUpNumber);
      }
    }
  }

  private static void claimAbove(GroupState state, long number) {
    state.highestNumber = Math.max(state.highestNumber, Math.min(number + 1, Term.MAX_NUMBER));
  }

  /**
   * A batch came in a higher term than the one known: from that term's holder, or from somebody who follows it.
   *
   * @param unsynced whoever sent it says that the term began without history; its status may come later
   */
  public void onTermLearnt(int group, Term term, boolean unsynced, long nowNs) {
    GroupState state = state(group);
    if (state != null && term.node() != node && order.isToBeFollowed(state, term, unsynced)) {
      follow(state, term, unsynced, state.holds() ? "HIGHER_TERM" : "HOLDER_FOUND", nowNs);
    }
  }

  /** The holder's bulk of this group is complete. */
  public void onBulkReceived(int group, Term holderTerm) {
    GroupState state = state(group);
    if (state != null && !state.holds() && holderTerm.equals(state.term())) {
      state.synced();
    }
  }

  /** Records of the present holder were applied. */
  public void onApplied(int group, int records) {
    GroupState state = state(group);
    if (state != null) {
      state.hasRecords = true;
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
    answer(nowNs);
    settle(nowNs);
    judgedNs = Math.min(drainedNs, nowNs);
    long leastReload = Long.MAX_VALUE;
    for (PeerMonitor peer : peers.values()) {
      if (peer.turn(judgedNs, nowNs)) {
        noteUnheard();
      }
      leastReload = peer.line().isUp() ? Math.min(leastReload, peer.echoedReload()) : leastReload;
    }
    claimTime.echoed(leastReload);
    int changed = 0;
    for (GroupState state : groups) {
      if (state != null) {
        state.right.judge(judgedNs);
        changed += evaluate(state, nowNs) ? 1 : 0;
      }
    }
    return changed;
  }

  private void start(long nowNs) {
    started = true;
    startedNs = nowNs;
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

  private boolean evaluate(GroupState state, long nowNs) {
    return state.holds() ? evaluateAsHolder(state, nowNs) : evaluateAsMember(state, nowNs);
  }

  private boolean evaluateAsHolder(GroupState state, long nowNs) {
    if (order.isRefusedHolderAhead(state, nowNs)) {
      giveWay(state, nowNs);
      return true;
    }
    Term elsewhere = order.holderElsewhere(state);
    if (!elsewhere.equals(Term.NONE)) {
      boolean unsynced = order.isUnsynced(state.group, elsewhere);
      follow(state, elsewhere, unsynced, "HOLDER_ELSEWHERE", nowNs);
      return true;
    }
    if (state.highestNumber > state.term().number()) {
      // a number says nothing about history: the holder goes on above it
      if (nowNs >= state.retryNs && claim(state, DecisionRight.NOBODY, "HIGHER_NUMBER", nowNs)) {
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
      ask(nowNs); // as an echo must be
      return become(state, Role.FENCED, "RIGHT_RAN_OUT");
    }
    Role role = actions.isAnyPeerInSync(state.group) ? Role.ACTIVE : Role.STANDALONE;
    return become(state, role, role == Role.ACTIVE ? "PEER_IN_SYNC" : "NO_PEER_IN_SYNC");
  }

  /** Two that refuse each other hold the group, as after a cut; the other one is ahead, and has no term to follow. */
  private void giveWay(GroupState state, long nowNs) {
    state.right.end(nowNs);
    state.ended();
    become(state, Role.CONNECTING, PEER_REFUSED);
    actions.announce();
  }

  /** Once the right stands, and nobody else holds the group. */
  private void announce(GroupState state, long nowNs) {
    if (state.announced && !state.hasMetOther || !state.right.mayDecide(nowNs)) {
      return;
    }
    if (order.isHeldByOther(state) || order.isHeldByStranger(state)) {
      return;
    }
    if (state.announced && nowNs - state.healedNs < ANNOUNCE_NS) {
      return; // whoever is refused may say each moment that it ended
    }
    String cause = state.hasMetOther ? "SPLIT_HEALED" : "RIGHT_BEGAN";
    state.healedNs = state.hasMetOther ? nowNs : state.healedNs;
    state.announced = true;
    state.hasMetOther = false;
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
    PeerMonitor holder = peers.get(state.term().node());
    boolean isForced = holder != null && (hasEnded(state, holder) || isNewLife(state, holder));
    // whoever is refused must consent, and whoever ended its term and may claim again
    boolean isReplaced =
        holder != null
            && !holder.isRefused()
            && !(isForced && order.isCandidate(holder, state.group));
    int replaced = isReplaced ? holder.index() : DecisionRight.NOBODY;
    boolean mayBegin = nowNs - startedNs >= settings.bootHoldNs();
    if (!order.mayClaim(state, mayBegin, nowNs)
        || !state.right.mayClaim(replaced, isForced, mayBegin, order.isHeldByOther(state))) {
      if (order.isHeldByRefused(state)) {
        return become(state, Role.CONNECTING, PEER_REFUSED);
      }
      if (state.priority > 0) {
        ask(nowNs); // a consent must be younger than a right lasts
      }
      return become(state, Role.CONNECTING, "NO_HOLDER");
    }
    String cause = holder == null ? "FIRST_CLAIM" : isForced ? "HOLDER_ENDED" : "PEER_SILENT";
    return claim(state, replaced, cause, nowNs);
  }

  /** A claim that the store refused may be tried again: whoever consented meanwhile did so to a lower rank, and may have claimed by it. */
  private void riseAgain(GroupState state, long nowNs) {
    if (state.retryNs != Long.MIN_VALUE && nowNs >= state.retryNs) {
      state.retryNs = Long.MIN_VALUE;
      state.right.gaveUp(nowNs);
      actions.announce();
    }
  }

  private boolean isHolderRefused(GroupState state) {
    PeerMonitor holder = peers.get(state.term().node());
    return holder != null && holder.isRefused();
  }

  /**
   * Every peer should answer at once, though its own interval may be far longer than that of this member. Nobody is asked again before it
   * answered, within an interval: where a path is narrow, questions would queue until each answer is too old.
   */
  public void ask(long nowNs) {
    long sinceNs = nowNs - askedNs;
    long paceNs = Math.min(MOST_PACE_NS, settings.intervalNs() / ASKS);
    if (sinceNs >= settings.intervalNs() || sinceNs >= paceNs && isAnswered()) {
      askedNs = nowNs;
      actions.ask();
    }
  }

  private boolean isAnswered() {
    for (PeerMonitor peer : peers.values()) {
      if (peer.line().isUp() && peer.isEchoing() && peer.echoedNumber() < askedNs) {
        return false;
      }
    }
    return true;
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
    boolean isHolderHeard = order.isHolderHeard(state);
    if (isHolderHeard && !peers.containsKey(state.term().node())) {
      return;
    }
    boolean isServed =
        isHolderHeard || order.isOutrankedHolderHeard(state) && !order.isAnyoneBetterWaiting(state);
    long number = isServed ? state.term().number() : state.highestNumber;
    if (number > state.gaveUpNumber) {
      state.gaveUpNumber = number;
      state.right.gaveUp(nowNs);
      actions.announce();
    }
  }

  /** The holder is silent, and what it sent is not read to the end: others wait for this member's final word. */
  private boolean isWaitingForHolder(GroupState state) {
    return !state.holds() && peers.containsKey(state.term().node()) && !state.gaveUp;
  }

  private boolean isHolderAlive(GroupState state) {
    if (state.holds()) {
      return true;
    }
    PeerMonitor holder = peers.get(state.term().node());
    if (holder == null || state.gaveUp) {
      return false; // who gave a term up does not serve it again
    }
    if (state.holderLife == 0) {
      state.holderLife = holder.incarnation();
    }
    boolean isOver =
        holder.line().isClosed(judgedNs)
            || holder.line().isSilent() && judgedNs - state.followedNs >= holder.line().claimNs();
    return !isOver && !hasEnded(state, holder) && !isNewLife(state, holder);
  }

  /**
   * It says so, or, in another life than the one that held the term, it has said for D that it holds nothing: once is not enough, since that
   * may have lain in a socket while this member slept.
   */
  private static boolean hasEnded(GroupState state, PeerMonitor holder) {
    GroupStatus status = holder.status(state.group);
    return status != null
        && (status.getEnded() > state.term().number()
            || holder.restsForNs(state.group, state.followedNs) >= holder.line().claimNs());
  }

  /** The holder's life is over, for D at least, since another one of its node id was met when no connection of it was left. */
  private boolean isNewLife(GroupState state, PeerMonitor holder) {
    return holder.incarnation() != state.holderLife
        && judgedNs - holder.beganNs() >= holder.line().claimNs() + settings.intervalNs();
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
    if (!state.holds() && !isHeld) {
      state.right.claim(replaced);
    } else if (!state.holds()) {
      state.right.claimFenced();
    } else if (isHeld) {
      state.right.fence();
    } else {
      state.right.renumber();
    }
  }

  private void follow(GroupState state, Term term, boolean unsynced, String cause, long nowNs) {
    Term before = state.term();
    if (state.holds()) {
      state.right.end(nowNs);
      state.ended();
    }
    state.adopt(term, unsynced);
    state.followedNs = nowNs;
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
        become(state, role, cause);
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
    due = Math.min(due, Math.max(answerDueNs, nowNs));
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
