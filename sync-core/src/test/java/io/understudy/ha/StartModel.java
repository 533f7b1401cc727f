package io.understudy.ha;

import java.util.Set;

/**
 * A holder alone, whose loop may stop for any time; a peer boots at any time, dials, and claims when its boot hold is over and it heard
 * nobody. The holder's kernel takes the connection while its loop is stopped; the holder answers in a turn, which the peer reads within
 * a tick. The holder's D may be larger than the peer's own.
 */
final class StartModel implements StateWalk.Model {
  /** Wordings that fell. */
  enum Wording {
    RULE,
    /** Boot hold and D are the booting member's own. */
    OWN_DETECTION,
    /** After a lapse the right returns at once, since no peer is up. */
    NOBODY_TO_ASK
  }

  private static final int OFF = 0;
  private static final int IN_KERNEL = 1;
  private static final int ANSWERED = 2;
  private static final int BATCH = 1;

  private final Ages ages;
  private final long bootHold;
  private final PeerLine line;
  private final DecisionRight right;
  private final PeerLine heard;
  private final DecisionRight claim;
  private long link;
  private long answered;
  private long booted;
  private long actsUntil;
  private boolean claimed;
  private boolean mayTurn;

  /**
   * Of this world.
   *
   * @param holdersDetection the largest of the cluster
   */
  StartModel(Wording wording, long holdersDetection, long ownDetection) {
    boolean isOwn = wording == Wording.OWN_DETECTION;
    bootHold = isOwn ? ownDetection : holdersDetection;
    RightSettings settings = new RightSettings(1, BATCH, 1, holdersDetection, 1);
    RightSettings peers = new RightSettings(1, BATCH, 1, bootHold, 1);
    ClaimTime own = new ClaimTime(holdersDetection);
    ClaimTime peersOwn = new ClaimTime(ownDetection);
    ages = new Ages((int) (holdersDetection + settings.marginNs(holdersDetection)) + 1);
    line = new PeerLine(settings, own, 1);
    right =
        new DecisionRight(settings, own, line) {
          @Override
          boolean isOut(int peer, long clockNs) {
            return wording == Wording.NOBODY_TO_ASK || super.isOut(peer, clockNs);
          }

          @Override
          boolean isReturnTaken(long nowNs) {
            return wording == Wording.NOBODY_TO_ASK || super.isReturnTaken(nowNs);
          }
        };
    heard = new PeerLine(peers, peersOwn, 1);
    claim = new DecisionRight(peers, peersOwn, heard);
  }

  @Override
  public byte[] start() {
    right.judge(Ages.NOW);
    right.claim(0); // whoever it replaced is long gone
    line.settle(Ages.NOW, Ages.NOW, Ages.NOW);
    right.settle(Ages.NOW, Ages.NOW);
    follow();
    booted = DecisionRight.NEVER;
    answered = DecisionRight.NEVER;
    return save();
  }

  private void fields(RightFields f) {
    ages.blank(Set.of("countsFromNs", "creditNs", "judgedNs", "readNs", "silentNs", "countedNs"));
    line.fields(f);
    right.fields(f);
    ages.blank(Set.of("silentNs", "countedNs"));
    heard.fields(f);
    claim.fields(f);
    ages.blank(Set.of());
    link = f.number("link", link);
    answered = f.time("answered", answered);
    booted = f.time("booted", booted);
    actsUntil = f.time("actsUntil", actsUntil);
    claimed = f.flag("claimed", claimed);
    mayTurn = f.flag("mayTurn", mayTurn);
  }

  private void follow() {
    actsUntil = right.mayDecide(Ages.NOW) ? right.untilNs() + BATCH : actsUntil;
    actsUntil = actsUntil <= Ages.NOW ? DecisionRight.NEVER : actsUntil;
  }

  private byte[] save() {
    ages.beginSave();
    fields(ages);
    return ages.saved();
  }

  private void load(byte[] state) {
    ages.beginLoad(state);
    fields(ages);
  }

  @Override
  public String bad(byte[] state) {
    load(state);
    return claimed && actsUntil > Ages.NOW ? "both decide" : "";
  }

  @Override
  public void next(byte[] state, StateWalk.Out out) {
    load(state);
    if (link != ANSWERED || answered == Ages.NOW) { // it reads the answer within a tick
      fields(Ages.TICK);
      mayTurn = true;
      follow();
      out.to(save(), "tick");
      load(state);
    }
    if (link == OFF && booted == DecisionRight.NEVER) {
      booted = Ages.NOW;
      link = IN_KERNEL;
      heard.begin(0, DecisionRight.NEVER);
      claim.gaveUp(Ages.NOW);
      out.to(save(), "B boots, A's kernel answers");
      load(state);
    }
    if (link == ANSWERED) {
      return; // they hear each other: the rest is PairModel
    }
    if (booted != DecisionRight.NEVER && !claimed) {
      claimant(state, out);
    }
    load(state);
    if (mayTurn) {
      turnOfHolder(out);
    }
  }

  private void claimant(byte[] state, StateWalk.Out out) {
    heard.judge(Ages.NOW);
    claim.judge(Ages.NOW);
    boolean mayBegin = Ages.NOW - booted >= bootHold;
    if (claim.mayClaim(DecisionRight.NOBODY, false, mayBegin, false)) {
      claimed = true;
      out.to(save(), "B CLAIMS");
    } else {
      heard.stamped();
      heard.settle(Ages.NOW, Ages.NOW, Ages.NOW);
      claim.judge(DecisionRight.NEVER);
      out.to(save(), "B turns");
    }
    load(state);
  }

  private void turnOfHolder(StateWalk.Out out) {
    mayTurn = false;
    line.judge(Ages.NOW);
    right.judge(Ages.NOW);
    line.stamped();
    line.settle(Ages.NOW, Ages.NOW, Ages.NOW);
    right.settle(Ages.NOW, Ages.NOW);
    if (link == IN_KERNEL && claimed && !right.mayDecide(Ages.NOW)) {
      return; // it reads of the higher term and has ended
    }
    right.judge(DecisionRight.NEVER);
    follow();
    answered = link == IN_KERNEL ? Ages.NOW : answered;
    link = link == IN_KERNEL ? ANSWERED : link;
    out.to(save(), "A turns");
  }
}
