package io.understudy.ha;

import io.understudy.model.Role;
import io.understudy.model.Term;
import io.understudy.proto.v1.GroupStatus;

/**
 * What this member knows and is in one group.
 *
 * <p>Thread: changed by the duty cycle; {@link #holds}, {@link #termNumber}, {@link #role} and {@link #mayDecide} from any.
 */
final class GroupState {
  final int group;
  final int priority;

  /** Whether this member may hold the group at all. */
  final boolean member;

  private volatile Term term = Term.NONE;
  private volatile boolean holds;
  private volatile Role role = Role.INIT;
  private volatile long decideUntilNs = Long.MIN_VALUE;

  /** The highest number heard of, also of terms that began elsewhere and are over. */
  long highestNumber;

  /** History: the term of the holder whose bulk was completed, and that holder's records applied since. */
  Term historyTerm = Term.NONE;

  long applied;
  boolean hasRecords;

  /** When this member began to wait for what the silent holder's connections still hold; MIN_VALUE: it does not. */
  long switchingSinceNs = Long.MIN_VALUE;

  /** The holder is silent and what its connections held is applied: from here on others may be told. */
  boolean gaveUp;

  /** No claim before this time: the store refused the last one. */
  long retryNs = Long.MIN_VALUE;

  GroupState(int group, int priority, boolean member, long storedNumber) {
    this.group = group;
    this.priority = priority;
    this.member = member;
    highestNumber = storedNumber; // a floor, not a role
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

  /** Answers true if it changed. */
  boolean setRole(Role next) {
    boolean changed = role != next;
    role = next;
    return changed;
  }

  void adopt(Term next) {
    holds = false;
    decideUntilNs = Long.MIN_VALUE;
    term = next;
    highestNumber = Math.max(highestNumber, next.number());
    switchingSinceNs = Long.MIN_VALUE;
    gaveUp = false;
  }

  void begin(Term own, long untilNs) {
    term = own;
    highestNumber = Math.max(highestNumber, own.number());
    historyTerm = own;
    applied = 0;
    switchingSinceNs = Long.MIN_VALUE;
    gaveUp = false;
    holds = true;
    decideUntilNs = untilNs;
  }

  void renew(long untilNs) {
    decideUntilNs = untilNs;
  }

  boolean mayDecide(long nowNs) {
    return holds && nowNs < decideUntilNs;
  }

  GroupStatus status(boolean holderAlive) {
    return GroupStatus.newBuilder()
        .setGroup(group)
        .setTerm(
            toProto(holds || term.number() >= highestNumber ? term : new Term(highestNumber, 0)))
        .setHolds(holds)
        .setHistory(toProto(historyTerm))
        .setApplied(applied)
        .setPriority(member ? priority : 0)
        .setHasRecords(hasRecords)
        .setHolderAlive(holderAlive)
        .build();
  }

  static io.understudy.proto.v1.Term toProto(Term term) {
    return io.understudy.proto.v1.Term.newBuilder()
        .setNumber(term.number())
        .setNode(term.node())
        .build();
  }
}
