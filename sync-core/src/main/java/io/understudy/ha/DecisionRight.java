package io.understudy.ha;

import java.util.Arrays;

/**
 * Whether this member may decide for one group, and whether it may claim it. No clock, no sockets: what it is told is all it knows.
 *
 * <h2>The rule</h2>
 *
 * A member decides while clock &lt; until. <i>until</i> is V after the least credit over the peers; the credit of a peer is the newest own
 * number that it echoed, or, while the right stands, the newest that was taken ({@link PeerLine}). When something was read gives nothing: it may have lain
 * in a socket for any time. A right that ran out returns by echoes of numbers sent in this term, or from peers that are gone, or said
 * nothing for D + M within an unbroken chain. A claimant waits for D of silence by a clock read before it drained, so its first
 * decision comes after every holder's last: the number that gave the holder's right was taken before the claimant began to wait.
 *
 * <h2>A turn</h2>
 *
 * The clock is read, everything is drained and told here, {@link #judge} with that clock, {@link #claim} if {@link #mayClaim}; the heartbeat
 * is stamped and written, the clock read again, {@link #settle}.
 *
 * <p>Thread: the duty cycle; {@link #mayDecide} from any.
 *
 * <p>Source: docs/concepts/roles.md has the rule and why each clause is there.
 */
class DecisionRight {
  static final long NEVER = Long.MIN_VALUE / 4;

  /** No peer is replaced: nobody held the group. */
  static final int NOBODY = -1;

  private final RightSettings settings;
  private final ClaimTime own;
  private final PeerLine[] lines;
  private final long[] echoedNs;
  private final long[] creditNs;
  private final long[] consentNs;
  private volatile long untilNs = NEVER;
  private boolean holds;
  private boolean lapsed;
  private long lapsedNs = NEVER;
  private long judgedNs = NEVER;
  private long claimNs = NEVER;
  private long returnNs = NEVER;
  private long countsFromNs = NEVER;
  private long gaveUpNs = NEVER;
  private long answerNs = NEVER;

  DecisionRight(RightSettings settings, ClaimTime own, PeerLine... lines) {
    this.settings = settings;
    this.own = own;
    this.lines = lines;
    echoedNs = nevers();
    creditNs = nevers();
    consentNs = nevers();
  }

  private long[] nevers() {
    long[] nevers = new long[lines.length];
    Arrays.fill(nevers, NEVER);
    return nevers;
  }

  // ---- the answer

  /** Thread: any; one volatile read. */
  final boolean mayDecide(long nowNs) {
    return nowNs < untilNs;
  }

  final long untilNs() {
    return untilNs;
  }

  final boolean holds() {
    return holds;
  }

  /** It holds the group, and its right ran out, or has not begun. */
  final boolean isLapsed() {
    return holds && lapsed;
  }

  /** Nothing is said before this time: the batch that began under the right is over then. */
  boolean mayAnswer(long nowNs) {
    return nowNs >= answerNs;
  }

  final long answerNs() {
    return answerNs;
  }

  final long judgedNs() {
    return judgedNs;
  }

  final long lapsedNs() {
    return lapsedNs;
  }

  final PeerLine line(int peer) {
    return lines[peer];
  }

  // ---- what is heard

  /** The peer echoed this own number, and neither holds the group, nor knows a higher term, nor gave this one up. */
  void echoed(int peer, long number, long nowNs) {
    if (holds && number >= countsFromNs) {
      echoedNs[peer] = Math.max(echoedNs[peer], creditOfEcho(number, nowNs));
    }
  }

  long creditOfEcho(long number, long nowNs) {
    return number;
  }

  /** The peer gave the term up, or knows a better one: what it echoed gives nothing. */
  void withdrawn(int peer) {
    echoedNs[peer] = NEVER;
    creditNs[peer] = NEVER;
  }

  /** The peer echoed this own number, gave up the term that this member gave up, and stands behind it in the claim order. */
  void consented(int peer, long number) {
    if (isConsent(number)) {
      consentNs[peer] = Math.max(consentNs[peer], number);
    }
  }

  boolean isConsent(long number) {
    return number > gaveUpNs;
  }

  /** This member gave up the term it followed, or knows none, or its rank rose: consents count from here on. */
  void gaveUp(long nowNs) {
    gaveUpNs = nowNs;
    Arrays.fill(consentNs, NEVER);
  }

  /** END: whoever decides for a batch goes on for B; only then anything may be said of it. An ended right never comes back by itself. */
  void end(long nowNs) {
    if (holds) {
      answerNs = nowNs + settings.batchNs();
    }
    untilNs = NEVER;
    holds = false;
    lapsed = false;
    claimNs = NEVER;
    returnNs = NEVER;
    lapsedNs = NEVER;
    countOnlyFrom(NEVER);
  }

  // ---- turns

  /** Everything that had come before this clock reading was told. */
  void judge(long clockNs) {
    judgedNs = clockNs;
    returnNs = NEVER;
    if (!holds || claimNs != NEVER) {
      return;
    }
    if (clockNs >= untilNs && !lapsed) {
      lapsed = true;
      lapsedNs = clockNs;
      Arrays.fill(creditNs, NEVER);
    }
    if (lapsed) {
      judgeReturn(clockNs);
    }
  }

  /** By echoes alone at once; what silence gives waits for this turn's heartbeat. */
  private void judgeReturn(long clockNs) {
    long entryNs = clockNs;
    boolean byEchoes = true;
    for (int peer = 0; peer < lines.length; peer++) {
      if (clockNs < echoedNs[peer] + rightNs()) {
        entryNs = Math.min(entryNs, echoedNs[peer]);
      } else if (isOut(peer, clockNs)) {
        byEchoes = false;
      } else {
        return;
      }
    }
    if (byEchoes) {
      enter(entryNs);
    } else {
      returnNs = entryNs;
    }
  }

  /** After a lapse everybody counts again, who is not seen to be gone since, or silent. */
  boolean isOut(int peer, long clockNs) {
    return lines[peer].isGone(lapsedNs) || lines[peer].isSilentInChain(lapsedNs, clockNs, clockNs);
  }

  private void enter(long entryNs) {
    untilNs = entryNs + rightNs();
    lapsed = false;
    lapsedNs = NEVER;
  }

  private long rightNs() {
    return settings.rightNs(own.usedNs());
  }

  /**
   * Whether the claim's condition is met in the turn that was just judged.
   *
   * @param replaced the peer whose term was followed, or {@link #NOBODY}
   * @param ended that peer said that it ended the term
   * @param mayBegin nobody holds the group and the boot hold is over
   * @param fenced the claim will be {@link #claimFenced}: nobody need agree before, since everybody must echo after
   */
  boolean mayClaim(int replaced, boolean ended, boolean mayBegin, boolean fenced) {
    if (holds) {
      return false;
    }
    boolean isFree = replaced == NOBODY ? mayBegin || allConsent() : ended || isOver(replaced);
    return isFree && (fenced || agrees(replaced));
  }

  /** (a) or (c). */
  boolean isOver(int peer) {
    return lines[peer].isSilent() || lines[peer].isClosed(judgedNs);
  }

  private boolean allConsent() {
    for (int peer = 0; peer < lines.length; peer++) {
      if (!consents(peer)) {
        return false;
      }
    }
    return true;
  }

  private boolean consents(int peer) {
    return judgedNs < consentNs[peer] + rightNs();
  }

  /** Every other one consents, or cannot object. */
  boolean agrees(int replaced) {
    for (int peer = 0; peer < lines.length; peer++) {
      if (peer != replaced && !consents(peer) && !isOutOfIt(peer)) {
        return false;
      }
    }
    return true;
  }

  boolean isOutOfIt(int peer) {
    return isSilentFor(peer) || lines[peer].isGone(gaveUpNs);
  }

  private boolean isSilentFor(int peer) {
    return lines[peer].isSilentInChain(NEVER, judgedNs, judgedNs);
  }

  private boolean isGoneOnly(int replaced) {
    return !lines[replaced].isSilent() && lines[replaced].isClosed(judgedNs);
  }

  /** A new term begins in the turn that was judged; the right follows when its heartbeat was written. */
  void claim(int replaced) {
    holds = true;
    lapsed = false;
    claimNs = judgedNs;
    for (int peer = 0; peer < lines.length; peer++) {
      if (peer == replaced ? isGoneOnly(peer) : isOutOfIt(peer) && !isSilentFor(peer)) {
        claimNs = Math.min(claimNs, lines[peer].goneNs()); // a next life begins after it
      } else if (peer != replaced && !isOutOfIt(peer)) {
        claimNs = Math.min(claimNs, firstNumber(peer));
      }
    }
    countOnlyFrom(judgedNs);
  }

  long firstNumber(int peer) {
    return consentNs[peer];
  }

  /** A new term begins against a holder that is heard: the right comes with the echo that says that it ended. */
  void claimFenced() {
    holds = true;
    fence();
  }

  /** The holder goes on in a higher term: who gave the former one up gives nothing before it echoes a number of the new one. */
  void renumber() {
    countsFromNs = judgedNs;
  }

  /** There is a rival: nothing is decided before everybody echoes that there is none, or is silent. */
  void fence() {
    untilNs = NEVER;
    lapsed = true;
    lapsedNs = judgedNs;
    claimNs = NEVER;
    countOnlyFrom(judgedNs);
  }

  private void countOnlyFrom(long clockNs) {
    countsFromNs = clockNs;
    Arrays.fill(echoedNs, NEVER);
    Arrays.fill(creditNs, NEVER);
  }

  /** The heartbeat was stamped with this number and written to every connection; the clock was read after that, the lines are settled. */
  void settle(long stampNs, long nowNs) {
    if (!holds) {
      return;
    }
    if (claimNs != NEVER) {
      enter(firstRight(claimNs, stampNs));
      claimNs = NEVER;
    } else if (returnNs != NEVER && isReturnTaken(nowNs)) {
      enter(returnNs);
    }
    returnNs = NEVER;
    if (stands(stampNs, nowNs)) {
      long leastNs = stampNs;
      for (int peer = 0; peer < lines.length; peer++) {
        creditNs[peer] = isTaken(peer) ? stampNs : creditNs[peer];
        leastNs = Math.min(leastNs, Math.max(echoedNs[peer], creditNs[peer]));
      }
      renew(leastNs);
    }
  }

  long firstRight(long judged, long stampNs) {
    return judged;
  }

  /** The deciding heartbeat is part of the chain. */
  boolean isReturnTaken(long nowNs) {
    for (int peer = 0; peer < lines.length; peer++) {
      boolean byEcho = nowNs < echoedNs[peer] + rightNs();
      if (!byEcho && !lines[peer].wasTaken()) {
        return false;
      }
    }
    return true;
  }

  boolean isTaken(int peer) {
    return lines[peer].wasTaken();
  }

  /** By a clock read after the kernel took the heartbeat: before, the loop might stop in between for any time. */
  boolean stands(long stampNs, long nowNs) {
    return nowNs < untilNs;
  }

  final void renew(long creditNs) {
    untilNs = Math.max(untilNs, creditNs + rightNs());
  }

  /** D became lower. */
  void shorten(long nowNs) {
    untilNs = Math.min(untilNs, nowNs + rightNs());
  }

  /** All of the state, for tests that walk it. */
  final void fields(RightFields fields) {
    untilNs = fields.time("untilNs", untilNs);
    holds = fields.flag("holds", holds);
    lapsed = fields.flag("lapsed", lapsed);
    lapsedNs = fields.time("lapsedNs", lapsedNs);
    judgedNs = fields.time("judgedNs", judgedNs);
    claimNs = fields.time("claimNs", claimNs);
    returnNs = fields.time("returnNs", returnNs);
    countsFromNs = fields.time("countsFromNs", countsFromNs);
    gaveUpNs = fields.time("gaveUpNs", gaveUpNs);
    answerNs = fields.time("answerNs", answerNs);
    for (int peer = 0; peer < lines.length; peer++) {
      echoedNs[peer] = fields.time("echoedNs", echoedNs[peer]);
      creditNs[peer] = fields.time("creditNs", creditNs[peer]);
      consentNs[peer] = fields.time("consentNs", consentNs[peer]);
    }
  }
}
