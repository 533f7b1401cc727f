package io.understudy.ha;

import java.util.Collection;

/**
 * Asks every peer for a heartbeat at once, and answers peers that ask, each at a bounded pace.
 *
 * <p>Thread: the duty cycle.
 */
final class Questions {
  /** So often in an interval, at most, a member asks the others while it knows no holder, or holds the group without the right to decide. */
  private static final int ASKS = 10;

  /** And so often at least, where the interval is long. */
  private static final long MOST_PACE_NS = 100_000_000;

  /** Peers that ask are answered so often at most, all by one heartbeat: nobody has a shorter interval than 10 ms. */
  private static final long ANSWER_NS = 1_000_000;

  private final long intervalNs;
  private final Collection<PeerMonitor> peers;
  private final RoleActions actions;
  private long askedNs = DecisionRight.NEVER;
  private long answeredNs = DecisionRight.NEVER;

  /** When somebody who asked is answered; MAX_VALUE: nobody waits. */
  private long answerDueNs = Long.MAX_VALUE;

  Questions(long intervalNs, Collection<PeerMonitor> peers, RoleActions actions) {
    this.intervalNs = intervalNs;
    this.peers = peers;
    this.actions = actions;
  }

  /**
   * Every peer should answer at once, though its own interval may be far longer than that of this member. Nobody is asked again before it
   * answered, within an interval: where a path is narrow, questions would queue until each answer is too old.
   */
  void ask(long nowNs) {
    long sinceNs = nowNs - askedNs;
    long paceNs = Math.min(MOST_PACE_NS, intervalNs / ASKS);
    if (sinceNs >= intervalNs || sinceNs >= paceNs && isAnswered()) {
      askedNs = nowNs;
      actions.ask();
    }
  }

  private boolean isAnswered() {
    for (PeerMonitor peer : peers) {
      if (peer.line().isUp() && peer.isAnswering() && peer.echoedNumber() < askedNs) {
        return false;
      }
    }
    return true;
  }

  /** A peer asks; one that is refused has no credentials, and is answered less often. */
  void asked(PeerMonitor by, long nowNs) {
    long paceNs = by.isRefused() ? intervalNs / ASKS : ANSWER_NS;
    answerDueNs = Math.min(answerDueNs, answeredNs + paceNs);
    answer(nowNs);
  }

  /** Whoever asked is answered, if that is due. */
  void answer(long nowNs) {
    if (nowNs >= answerDueNs) {
      answeredNs = nowNs;
      answerDueNs = Long.MAX_VALUE;
      actions.repeat();
    }
  }

  /** MAX_VALUE: nobody waits for an answer. */
  long dueNs() {
    return answerDueNs;
  }
}
