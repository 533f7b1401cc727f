package io.understudy.ha;

import io.understudy.model.Term;
import io.understudy.proto.v1.GroupStatus;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Watches one peer: when it was heard, in which life, and what it last said of each group. Decides nothing.
 *
 * <p>Thread: the duty cycle.
 */
public final class PeerMonitor {
  private final int node;
  private final int index;
  private final PeerLine line;
  private final int[] connections;
  private final long[] numbers;
  private final HeardStatuses statuses = new HeardStatuses();

  /** For each group, since when it says in its present life that it does not hold it. */
  private final Map<Integer, Long> restsSinceNs = new HashMap<>();

  private long incarnation;
  private long beganNs = DecisionRight.NEVER;
  private boolean heardNow;
  private boolean heardEver;
  private boolean saidEver;
  private boolean refused;

  /** {@code null}: nobody else speaks in its place. */
  private Stranger stranger;

  private int callsItself;
  private long saidNs = DecisionRight.NEVER;
  private long echoedReload = -1;
  private long echoed = DecisionRight.NEVER;

  /** How long ago the newest own number was stamped that came back, as {@link PeerLine} counts silence. */
  private long unechoedNs;

  /** For how long none came back, counted alike. */
  private long unansweredNs;

  private long countedNs = DecisionRight.NEVER;
  private final long intervalNs;

  /** @param intervalNs this member's own, which one of its turns adds to a silence at most */
  PeerMonitor(int node, int index, PeerLine line, int paths, long intervalNs) {
    this.intervalNs = intervalNs;
    this.node = node;
    this.index = index;
    this.line = line;
    connections = new int[paths];
    numbers = new long[paths];
    forgetNumbers();
  }

  public int node() {
    return node;
  }

  /** One of the two refuses the other: what it says of its groups is of another cluster, or may be. */
  boolean isRefused() {
    return refused;
  }

  /** The node id that it has for itself: of a member that is refused it may be this member's. */
  int callsItself() {
    return refused ? callsItself : node;
  }

  /** A process that is refused speaks in the peer's place, and nobody else does. Answers whether it is another life. */
  boolean refused(int itsNode, long itsIncarnation, long itsDetectionNs, long nowNs) {
    boolean isNew = incarnation != itsIncarnation;
    Stranger same = isStranger(itsIncarnation) ? stranger : null;
    if (isNew) {
      beginIncarnation(itsIncarnation, nowNs);
      line.toldDetection(0, itsDetectionNs);
      if (same != null) {
        line.toldDetection(same.reload(), same.detectionNs());
      }
    }
    refused = true;
    callsItself = itsNode;
    heard();
    if (same != null) {
      said(same.statuses().sequence(), same.statuses().all(), nowNs);
    }
    stranger = same == stranger ? null : stranger;
    return isNew;
  }

  /** A process that is refused speaks in the peer's place, while another life of the peer is up. */
  Stranger meetStranger(StrangerHello hello) {
    if (stranger == null || isStrangerOfOtherLife(hello)) {
      stranger = new Stranger(hello, intervalNs);
    }
    stranger.met(hello);
    return stranger;
  }

  /** This very life spoke in the peer's place, and was refused. */
  boolean isStranger(long life) {
    return stranger != null && stranger.hello().life() == life;
  }

  /** Another one spoke in the peer's place before. */
  boolean isStrangerOfOtherLife(StrangerHello hello) {
    return stranger != null && stranger.hello().life() != hello.life();
  }

  /** There is one, and all that it says counts, but its echoes. */
  boolean isStrangerHeard() {
    return stranger != null && (stranger.isCertain() || !isEchoing());
  }

  /** It was not heard for so long that it holds nothing any more. */
  boolean isStrangerSilent() {
    return stranger != null && stranger.isSilent();
  }

  void forgetStranger() {
    stranger = null;
  }

  /** {@code null}: there is none. */
  Stranger stranger() {
    return stranger;
  }

  /**
   * The present life echoes own numbers that are young, or has just begun: it lives, whoever else speaks in its place. Until the next echo the last
   * number is as old, at most, as one own interval, one of the peer, which is half of its claim time at most, and a quarter of that on the way.
   */
  public boolean isEchoing() {
    return unechoedNs < longestEchoNs();
  }

  /** Own numbers come back, however old they are: where a path is slow or narrow a peer lives long before its answers are young. */
  boolean isAnswering() {
    return unansweredNs < longestEchoNs();
  }

  private long longestEchoNs() {
    return line.claimNs() + 2 * intervalNs;
  }

  /** The two agreed on a connection; what a process that was refused had said in its place is void. Answers whether there was one. */
  boolean agreed(long itsIncarnation, long nowNs) {
    boolean wasOther = refused || incarnation != itsIncarnation;
    if (wasOther) {
      beginIncarnation(itsIncarnation, nowNs);
    }
    refused = false;
    line.met(nowNs);
    heard();
    return wasOther;
  }

  /** Its place among the lines of the right to decide. */
  int index() {
    return index;
  }

  PeerLine line() {
    return line;
  }

  /** The peer's claim time as it said last; the longest that is allowed before it said any. */
  public long claimNs() {
    return line.claimNs();
  }

  /** The peer's present life, 0 before its first HELLO. */
  public long incarnation() {
    return incarnation;
  }

  /** When the present life began for this member. */
  long beganNs() {
    return beganNs;
  }

  /** The peer said, since this member started, what it knows of the groups; whoever is refused may know more than it can say here. */
  public boolean hasAnswered() {
    return saidEver;
  }

  /** The peer was heard, and has not said yet, in its present life, what it knows of the groups. */
  boolean isAboutToSay() {
    return statuses.isEmpty() && isAlive();
  }

  /** A new life: what the former one said is void. */
  void beginIncarnation(long next, long nowNs) {
    if (refused && next != incarnation && !line.isGone(DecisionRight.NEVER)) {
      StrangerHello hello = new StrangerHello(callsItself, incarnation, line.claimNs(), false);
      stranger = Stranger.of(hello, statuses, intervalNs, line.silentNs());
    }
    incarnation = next;
    beganNs = nowNs;
    statuses.clear();
    restsSinceNs.clear();
    echoedReload = -1;
    echoed = DecisionRight.NEVER;
    unechoedNs = 0;
    unansweredNs = 0;
    forgetNumbers();
    line.begin(next, nowNs);
  }

  private void forgetNumbers() {
    java.util.Arrays.fill(numbers, DecisionRight.NEVER);
  }

  /** Something came; the next turn says when it was read at the latest. */
  void heard() {
    heardEver = true;
    heardNow = true;
  }

  /**
   * A turn begins: what came before was read before now, wherever the process stopped in between. Answers whether the peer is heard after
   * its claim time.
   */
  boolean turn(long judgedNs, long nowNs) {
    boolean returns = heardNow && line.isSilent();
    if (heardNow) {
      heardNow = false;
      line.read(incarnation, nowNs);
    }
    line.judge(judgedNs);
    if (countedNs != DecisionRight.NEVER && judgedNs > countedNs) {
      long turnNs = Math.min(judgedNs - countedNs, intervalNs);
      unechoedNs += turnNs;
      unansweredNs += turnNs;
    }
    countedNs = Math.max(countedNs, judgedNs);
    if (stranger != null) {
      stranger.turn(judgedNs);
    }
    return returns;
  }

  void connected(int path) {
    connections[path]++;
    line.opened(path);
  }

  void disconnected(int path, boolean byPeer, long nowNs) {
    connections[path] = Math.max(0, connections[path] - 1);
    if (connections[path] == 0) {
      line.closed(path, byPeer, nowNs);
    }
  }

  public int links() {
    return numbers.length;
  }

  /** Some heartbeat of its present life was read on the link. */
  public boolean hasRead(int link) {
    return numbers[link] != DecisionRight.NEVER;
  }

  /** The newest number that was read of it on the link. */
  public long number(int link) {
    return numbers[link];
  }

  /** The newest own number that it echoed. */
  public long echoedNumber() {
    return echoed;
  }

  /** It lived when this number had come: an echo may have lain in a socket for any time. */
  void echoed(long number, long nowNs) {
    if (number > echoed) {
      echoed = number;
      unechoedNs = Math.min(unechoedNs, nowNs - number);
      unansweredNs = 0;
    }
  }

  /** Its newest reload that was read; -1: none. */
  public long heardReload() {
    return line.reload();
  }

  void read(int path, long number) {
    numbers[path] = Math.max(numbers[path], number);
  }

  /** Answers false if something newer was said already. */
  boolean said(long sequence, List<GroupStatus> said, long nowNs) {
    if (!statuses.said(sequence, said)) {
      return false;
    }
    saidNs = nowNs;
    saidEver |= !refused;
    for (GroupStatus status : said) {
      if (status.getHolds()) {
        restsSinceNs.remove(status.getGroup());
      } else {
        restsSinceNs.putIfAbsent(status.getGroup(), nowNs);
      }
    }
    return true;
  }

  /** What it said in its present life. */
  HeardStatuses statuses() {
    return statuses;
  }

  /** It says something of the group, or has not said yet of which it does: whose configuration has not the group neither holds nor claims it. */
  boolean names(int group) {
    return statuses.isEmpty() || statuses.of(group) != null;
  }

  /** For how long it has said, in its present life and since this moment, that it does not hold the group. */
  long restsForNs(int group, long sinceNs) {
    Long first = restsSinceNs.get(group);
    return first == null ? 0 : saidNs - Math.max(sinceNs, first);
  }

  GroupStatus status(int group) {
    return statuses.of(group);
  }

  /** It is being closed and does not hold the group: it holds, claims and watches it no more. */
  boolean leaves(int group) {
    GroupStatus status = statuses.of(group);
    return line.isLeaving() || status != null && status.getLeaves();
  }

  /** It said last that it holds the group. */
  boolean holds(int group) {
    GroupStatus status = statuses.of(group);
    return status != null && status.getHolds();
  }

  void echoedReload(long reload) {
    echoedReload = Math.max(echoedReload, reload);
  }

  long echoedReload() {
    return echoedReload;
  }

  /** The peer is taken for alive: something was read of it within its claim time, and its process is not seen to be gone. */
  boolean isAlive() {
    return heardEver && !line.isSilent() && !line.isGone(DecisionRight.NEVER);
  }

  static Term term(io.understudy.proto.v1.Term term) {
    return new Term(term.getNumber() & 0xFFFFFFFFL, term.getNode());
  }
}
