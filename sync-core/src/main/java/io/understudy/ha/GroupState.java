package io.understudy.ha;

import io.understudy.model.Role;
import io.understudy.model.Term;
import io.understudy.proto.v1.GroupStatus;

/**
 * What this member knows and is in one group.
 *
 * <p>Thread: changed by the duty cycle; {@link #holds}, {@link #termNumber}, {@link #role} and the answer of {@link #right} from any.
 */
final class GroupState {
  final int group;
  final int priority;

  /** Whether this member may hold the group at all. */
  final boolean member;

  private volatile Term term = Term.NONE;
  private volatile boolean holds;
  private volatile Role role = Role.INIT;

  /** Whether this member may decide for the group, and may claim it. */
  final DecisionRight right;

  /** The highest number heard of in this life, also of terms that began elsewhere and are over. */
  long highestNumber;

  /** No term of this member's former lives was above it. It is told to nobody: a holder would go on above it for nothing. */
  private final long formerNumber;

  /** The present term's holder claimed it without history. */
  private boolean unsynced;

  /** The term of the holder whose bulk was completed, or that this member began. */
  private Term syncedTerm = Term.NONE;

  /** History: as {@link #syncedTerm}, but for terms whose holder has none, and that holder's records applied since. */
  private Term historyTerm = Term.NONE;

  long applied;
  boolean hasRecords;

  /** The life of the holder that is followed; 0: it was not met yet. */
  long holderLife;

  /** The claim time that this life said last; 0: none was met yet. */
  long holderClaimNs;

  /** Another life of its node id holds the group since: the one before may hold it too until then. */
  long formerLifeUntilNs = DecisionRight.NEVER;

  /** Since when the holder is followed: silence before says nothing of this term. */
  long followedNs = DecisionRight.NEVER;

  /** This member serves no term up to this number any more; -1: it gave none up. */
  long gaveUpNumber = -1;

  /** The last term of its own that this member ended; -1: it ended none. */
  long endedNumber = -1;

  /** The dataplane was told that this member is the holder, since it became it or there was a doubt. */
  boolean announced;

  /** When it was told last that another one does not hold the group any more. */
  long healedNs = DecisionRight.NEVER;

  /** Since when this member, which could claim and has no history, waits for one that has some and does not; {@link DecisionRight#NEVER}: it does not. */
  long waitsSinceNs = DecisionRight.NEVER;

  /** When this member began to wait for what the silent holder's connections still hold; MIN_VALUE: it does not. */
  long switchingSinceNs = Long.MIN_VALUE;

  /** The holder is silent and what its connections held is applied: from here on others may be told. */
  boolean gaveUp;

  /** Another one holds the group too, or did until it followed or died: whoever forwards must be told again who is right. */
  boolean hasMetOther;

  /** A peer that was not heard for a while is met, or gone: it may have held the group meanwhile. */
  boolean mayHaveMissedOther;

  /** No claim before this time: the store refused the last one. */
  long retryNs = Long.MIN_VALUE;

  /** No claim while one that is refused goes before this member, or holds the group. */
  boolean isHeldBack;

  /** No claim while any other one goes before this member. */
  boolean waits;

  GroupState(int group, int priority, boolean member, long formerNumber, DecisionRight right) {
    this.group = group;
    this.priority = priority;
    this.member = member;
    this.right = right;
    this.formerNumber = formerNumber;
  }

  /** The next term of this member's own is above it. */
  long highestKnown() {
    return Math.max(highestNumber, formerNumber);
  }

  Term term() {
    return term;
  }

  boolean holds() {
    return holds;
  }

  Role role() {
    return role;
  }

  /** Answers true if it changed. A member that has ended stays so, whatever it still hears of others. */
  boolean setRole(Role next) {
    if (role == next || role == Role.CLOSED || role == Role.FAILED) {
      return false;
    }
    role = next;
    return true;
  }

  boolean hasHistory() {
    return !historyTerm.equals(Term.NONE);
  }

  /** Everything of the present term's holder is here. */
  boolean isInSync() {
    return syncedTerm.equals(term);
  }

  /** What was here before is gone; it is history only as far as the holder's is. */
  void synced() {
    syncedTerm = term;
    applied = 0;
    historyTerm = unsynced ? Term.NONE : term;
  }

  /** What the present term's holder says of itself: history that this member has from it counts once the holder has any. */
  void holderIsUnsynced(boolean value) {
    unsynced = value;
    if (!unsynced && isInSync()) {
      historyTerm = term;
    }
  }

  /** The term's holder claimed it without history; it goes on, but gives way to whoever has some. */
  boolean isUnsynced() {
    return unsynced;
  }

  void adopt(Term next, boolean nextIsUnsynced) {
    if (next.node() != term.node()) {
      holderLife = 0;
      holderClaimNs = 0;
      formerLifeUntilNs = DecisionRight.NEVER;
    }
    holds = false;
    hasMetOther = false;
    mayHaveMissedOther = false;
    term = next;
    unsynced = nextIsUnsynced;
    waitsSinceNs = DecisionRight.NEVER;
    isHeldBack = false;
    waits = false;
    highestNumber = Math.max(highestNumber, next.number());
    switchingSinceNs = Long.MIN_VALUE;
    gaveUp = false;
  }

  /** A claim without history is no history, unless the group begins with it: nobody else has any either. */
  void begin(Term own, boolean isOrigin) {
    term = own;
    highestNumber = Math.max(highestNumber, own.number());
    unsynced = !hasHistory() && !isOrigin;
    synced();
    waitsSinceNs = DecisionRight.NEVER;
    isHeldBack = false;
    waits = false;
    switchingSinceNs = Long.MIN_VALUE;
    gaveUp = false;
    holds = true;
    announced = false;
    hasMetOther = false;
    mayHaveMissedOther = false;
  }

  /** The term is over here; nobody else's is known. What began in it is here, though a term that began without history leaves none. */
  void ended() {
    holds = false;
    endedNumber = term.number();
    hasRecords = true;
  }

  /** @param mayClaim this member could claim now: who cannot says rank 0 */
  GroupStatus status(boolean holderAlive, boolean mayClaim) {
    boolean isHighest = holds || term.number() >= highestNumber;
    return GroupStatus.newBuilder()
        .setGroup(group)
        .setTerm(toProto(isHighest ? term : new Term(highestNumber, 0)))
        .setUnsynced(isHighest && unsynced)
        .setHolds(holds)
        .setHistory(toProto(historyTerm))
        .setApplied(applied)
        .setPriority(member && mayClaim ? priority : 0)
        .setHasRecords(hasRecords)
        .setHolderAlive(holderAlive)
        .setHolderLife(holderAlive && !holds ? holderLife : 0)
        .setGaveUp(gaveUpNumber + 1)
        .setEnded(endedNumber + 1)
        .setWaits(waits)
        .build();
  }

  static io.understudy.proto.v1.Term toProto(Term term) {
    return io.understudy.proto.v1.Term.newBuilder()
        .setNumber(term.number())
        .setNode(term.node())
        .build();
  }
}
