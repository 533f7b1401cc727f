package io.understudy.ha;

import java.util.Arrays;

/**
 * The way to one peer and back, for all groups: what was read of it, what its kernel took, which connections it may count on.
 *
 * <h2>Silence</h2>
 *
 * Time in which nothing of the peer's life was read; each own turn adds at most one interval, so that whoever slept, with its machine or
 * alone, waits for what is on its way. A turn's clock is read before it drains, so what it reads is later than the time it judges.
 *
 * <h2>Chain</h2>
 *
 * Own heartbeats that were each taken before the last one's number + V. A heartbeat is taken when every connection that the peer may
 * count on has it in its kernel, or has no room. A closed connection may be counted on until a dial was refused, the peer said that it
 * leaves, or D passed: the other side may not know yet.
 *
 * <p>Thread: the duty cycle.
 */
class PeerLine {
  static final long NEVER = DecisionRight.NEVER;

  private final RightSettings settings;
  private final ClaimTime own;
  private final boolean[] up;
  private final long[] closedNs;
  private final boolean[] closedByPeer;

  /** The path led to the present life. */
  private final boolean[] ledThere;

  private long life;
  private long readNs = NEVER;
  private long silentNs;
  private long countedNs = NEVER;
  private long chainFirstNs = NEVER;
  private long chainLastNs = NEVER;
  private boolean missed;
  private boolean taken;
  private boolean dropped;
  private long refusedNs = NEVER;
  private long metNs = NEVER;
  private boolean leaves;
  private long leftNs = NEVER;
  private long detectionNs;
  private long reload = -1;

  PeerLine(RightSettings settings, ClaimTime own, int paths) {
    this.settings = settings;
    this.own = own;
    up = new boolean[paths];
    closedNs = new long[paths];
    Arrays.fill(closedNs, NEVER);
    closedByPeer = new boolean[paths];
    ledThere = new boolean[paths];
    detectionNs = settings.largestDetectionNs();
  }

  // ---- what happens

  /** Only what this life of the peer says is heard from now on. */
  void begin(long nextLife, long nowNs) {
    life = nextLife;
    Arrays.fill(ledThere, false);
    leaves = false;
    leftNs = NEVER;
    detectionNs = settings.largestDetectionNs();
    reload = -1;
    met(nowNs);
    read(nextLife, nowNs);
  }

  /** Its process agreed on a connection: what a dial begun before that found is of a moment before the process listened. */
  void met(long nowNs) {
    metNs = nowNs;
  }

  /** Something of the peer was read; the clock may be any that is not before. */
  void read(long ofLife, long nowNs) {
    if (!isOfLife(ofLife)) {
      return;
    }
    readNs = nowNs;
    silentNs = 0;
    countedNs = nowNs;
    dropped = false;
  }

  boolean isOfLife(long ofLife) {
    return ofLife == life;
  }

  /** The peer said its claim time: of two paths that reorder the later reload counts. */
  void toldDetection(long itsReload, long itsDetectionNs) {
    if (itsReload > reload) {
      reload = itsReload;
      detectionNs = itsDetectionNs;
    }
  }

  /** This side confirmed a connection on the path. */
  void opened(int path) {
    up[path] = true;
    ledThere[path] = true;
    closedNs[path] = NEVER;
    refusedNs = NEVER;
    dropped = false;
  }

  /** The path's only connection ended. */
  void closed(int path, boolean byPeer, long nowNs) {
    up[path] = false;
    closedNs[path] = nowNs;
    closedByPeer[path] = byPeer;
  }

  /** The peer's host answered a dial begun then: nobody listens there. On a path that never led to its life, beside one that did, the address is wrong. */
  void refused(int path, long begunNs) {
    if (ledThere[path] || !anyLedThere()) {
      refusedNs = Math.max(refusedNs, begunNs);
    }
  }

  private boolean anyLedThere() {
    for (boolean led : ledThere) {
      if (led) {
        return true;
      }
    }
    return false;
  }

  /** When it was there at the latest: the last dial that was refused began, or it had read this number when it left. */
  final long goneNs() {
    return Math.max(refusedNs, leftNs);
  }

  /** For how long nothing of this life was read. */
  final long silentNs() {
    return silentNs;
  }

  /**
   * The peer said that it ended everything and leaves.
   *
   * @param echoNs the newest own number that it had read then; {@link #NEVER}: none
   */
  void leaves(long echoNs) {
    leaves = true;
    leftNs = Math.max(leftNs, echoNs);
  }

  /** It said so in this life: it holds nothing, judges nothing and claims nothing any more. */
  boolean isLeaving() {
    return leaves;
  }

  // ---- turns

  /** A turn drained everything that had come before this clock reading. */
  void judge(long clockNs) {
    if (clockNs > countedNs) {
      silentNs = countedNs == NEVER ? 0 : silentNs + counted(clockNs - countedNs);
      countedNs = clockNs;
    }
  }

  long counted(long turnNs) {
    return Math.min(turnNs, settings.intervalNs());
  }

  void stamped() {
    missed = false;
  }

  /** A connection's kernel has not taken the heartbeat, and did not say that it has no room. */
  void missed() {
    missed = true;
  }

  /** The heartbeat with this number was written to every connection; the clock was read after that. */
  void settle(long judgedNs, long stampNs, long nowNs) {
    taken = dropped || !missed && !isClosedCountedOn(nowNs);
    if (!taken) {
      return;
    }
    if (!isUnbroken(nowNs)) {
      chainFirstNs = nowNs;
      dropped = false;
    }
    chainLastNs = stampNs;
    dropped |= isSilentInChain(NEVER, judgedNs, nowNs);
  }

  // ---- what follows

  boolean wasTaken() {
    return taken;
  }

  final boolean isUnbroken(long nowNs) {
    return nowNs < chainLastNs + settings.rightNs(own.usedNs());
  }

  private boolean isClosedCountedOn(long nowNs) {
    for (int path = 0; path < up.length; path++) {
      if (!up[path] && isCountedOn(path, nowNs)) {
        return true;
      }
    }
    return false;
  }

  boolean isCountedOn(int path, long nowNs) {
    return closedNs[path] != NEVER
        && nowNs - closedNs[path] < own.longerNs()
        && refusedNs < closedNs[path]
        && !leaves;
  }

  /** (a): nothing of this life for its claim time. */
  boolean isSilent() {
    return silentNs >= claimNs();
  }

  /** The peer's claim time as it said last. */
  long claimNs() {
    return detectionNs;
  }

  /** Nothing of it for D + M, within one chain: it gave this member up, or is no more. */
  boolean isSilentInChain(long sinceNs, long judgedNs, long nowNs) {
    long longest = Math.max(own.longerNs(), life == 0 ? 0 : detectionNs);
    return isUnbroken(nowNs)
        && judgedNs - Math.max(sinceNs, silentSinceNs()) >= longest + settings.marginNs(longest);
  }

  long silentSinceNs() {
    return Math.max(readNs, chainFirstNs);
  }

  /** (c): every path that led to its life was closed by the other side, for C, and its host refused a dial begun after that. */
  boolean isClosed(long judgedNs) {
    long last = lastClosedNs();
    return last != NEVER && judgedNs - last >= settings.confirmNs() && isRefused(last);
  }

  boolean isRefused(long sinceNs) {
    return refusedNs >= sinceNs && refusedNs > metNs;
  }

  private long lastClosedNs() {
    long last = NEVER;
    for (int path = 0; path < up.length; path++) {
      if (up[path] || ledThere[path] && !closedByPeer[path]) {
        return NEVER;
      }
      last = ledThere[path] ? Math.max(last, closedNs[path]) : last;
    }
    return last;
  }

  /** It is no process any more: a dial begun since then was refused by its host, or it left in order and had read a number of since then. */
  boolean isGone(long sinceNs) {
    if (isUp()) {
      return false;
    }
    return leaves && leftNs >= sinceNs || isRefused(Math.max(sinceNs, lastCloseNs()));
  }

  private long lastCloseNs() {
    long last = NEVER + 1; // before any close: the dial must have been refused at all
    for (long closed : closedNs) {
      last = Math.max(last, closed);
    }
    return last;
  }

  /** All of the state, for tests that walk it. */
  final void fields(RightFields fields) {
    readNs = fields.time("readNs", readNs);
    silentNs = fields.length("silentNs", silentNs);
    countedNs = fields.time("countedNs", countedNs);
    chainFirstNs = fields.time("chainFirstNs", chainFirstNs);
    chainLastNs = fields.time("chainLastNs", chainLastNs);
    refusedNs = fields.time("refusedNs", refusedNs);
    metNs = fields.time("metNs", metNs);
    detectionNs = fields.length("detectionNs", detectionNs);
    reload = fields.number("reload", reload);
    life = fields.number("life", life);
    missed = fields.flag("missed", missed);
    taken = fields.flag("taken", taken);
    dropped = fields.flag("dropped", dropped);
    leaves = fields.flag("leaves", leaves);
    leftNs = fields.time("leftNs", leftNs);
    for (int path = 0; path < up.length; path++) {
      up[path] = fields.flag("up", up[path]);
      closedNs[path] = fields.time("closedNs", closedNs[path]);
      closedByPeer[path] = fields.flag("closedByPeer", closedByPeer[path]);
      ledThere[path] = fields.flag("ledThere", ledThere[path]);
    }
  }

  /** When (a) is met at the earliest, if nothing is read and turns follow each other; long ago: it is met. */
  final long silentDueNs() {
    return countedNs == NEVER ? NEVER : countedNs + Math.max(0, claimNs() - silentNs);
  }

  /** When the last path was closed; {@link #NEVER}: not all are, or not all by the other side. */
  final long closedNs() {
    return lastClosedNs();
  }

  /** Up to this reading silence is counted. */
  final long countedNs() {
    return countedNs;
  }

  /** When something of the present life was read last; {@link #NEVER}: nothing was. */
  final long readNs() {
    return readNs;
  }

  final long life() {
    return life;
  }

  /** The last reload whose claim time was read; -1: none. */
  final long reload() {
    return reload;
  }

  final boolean isUp() {
    for (boolean isUp : up) {
      if (isUp) {
        return true;
      }
    }
    return false;
  }
}
