package io.understudy.replication;

import io.understudy.metrics.CounterSet;
import io.understudy.metrics.SyncCounter;
import io.understudy.table.Partition;
import io.understudy.table.Row;
import io.understudy.table.TableRows;
import io.understudy.wire.ColumnGroup;

/**
 * Decides what becomes of the records that a member offers after it lost its group, in a split or by its silence: what it had changed
 * and told nobody (protocol, rule 10).
 *
 * <p>Facts of a session that stands here are merged like any member's. For the rest the group's holder decides: it takes what it does
 * not have, and of two sessions on one key the one that saw traffic while the stream was down. What it takes is its own from then on
 * and owed to all.
 *
 * <p>Thread: the duty cycle, under the partition's lock. Allocates nothing.
 */
final class Candidates {
  private final Groups groups;
  private final EntryListener listener;
  private final CounterSet counters;
  private final EntryMerge merge;

  Candidates(Groups groups, EntryListener listener, CounterSet counters, EntryMerge merge) {
    this.groups = groups;
    this.listener = listener;
    this.counters = counters;
    this.merge = merge;
  }

  /** Answers {@link EntryMerge#APPLIED} or why the record is refused. */
  int apply(ReceivedBatch in, int at, long hash) {
    int slot = in.table.find(in.partition, in.records, at, hash);
    boolean live = slot != Partition.NONE && in.isLive(slot);
    boolean sameGroup = live && in.groupOf(slot) == in.group;
    if (sameGroup && in.compareGeneration(slot, at) == 0) {
      merge.mergeFactsOfMember(in, slot, at);
      // of what was kept back while its member was away that one has heard nothing
      return merge.isKeptBackByHolder(in, slot) ? refused(EntryMerge.GONE) : EntryMerge.APPLIED;
    }
    if (!groups.holds(in.group)) {
      // the holder decides; if it takes the candidate, it introduces it here first
      return EntryMerge.unknown(in);
    }
    if (sameGroup) {
      return merge.isKeptBackByHolder(in, slot)
          ? refused(EntryMerge.GONE)
          : meetSameGroup(in, slot, at, hash);
    }
    if (isEndedHere(in, at, slot)) {
      return refused(EntryMerge.GONE);
    }
    return live
        ? meetOtherGroup(in, slot, at, hash)
        : accept(in, slot, at, hash, in.generation(at));
  }

  /**
   * No candidate brings back what has ended here: a generation that this member gave in its present life and has no longer, or one not above
   * a tombstone of the group, also where another group's session has taken the key since.
   */
  private boolean isEndedHere(ReceivedBatch in, int at, int slot) {
    if (isGivenHere(in, at)) {
      return true;
    }
    if (slot != Partition.NONE && !in.isLive(slot) && isNotAbove(in, at, slot)) {
      return true;
    }
    int dead = in.partition.unindexedCount() == 0 ? Partition.NONE : in.partition.nextDead(0);
    while (dead != Partition.NONE) {
      if (in.partition.hasKey(dead, in.records, at + Row.PAYLOAD) && isNotAbove(in, at, dead)) {
        return true;
      }
      dead = in.partition.nextDead(dead + 1);
    }
    return false;
  }

  /** By this member in its present life. */
  private boolean isGivenHere(ReceivedBatch in, int at) {
    return in.creator(at) == groups.nodeId() && groups.isGenerationOfThisLife(in.generation(at));
  }

  private static boolean isNotAbove(ReceivedBatch in, int at, int tombstone) {
    return in.groupOf(tombstone) == in.group && in.compareGeneration(tombstone, at) <= 0;
  }

  private int refused(int verdict) {
    counters.increment(SyncCounter.CANDIDATES_REFUSED);
    return verdict;
  }

  private int meetSameGroup(ReceivedBatch in, int slot, int at, long hash) {
    in.delta().mayHold(in.partition, slot);
    long times = in.slab(slot)[in.row(slot) + Row.TIMES];
    boolean oursSawTraffic = Row.lastSeenNs(times, in.nowNs) >= in.from.delta().lostNs();
    if ((in.present(at) & ColumnGroup.SAW_TRAFFIC) != 0
        && !oursSawTraffic
        && !isGivenHere(in, at)
        && !in.table.isBindingElsewhere(in.partition, slot, in.records, at)) {
      long generation = groups.nextGeneration();
      if (generation == 0) {
        return EntryMerge.UNKNOWN; // the store gives none now
      }
      in.creator(at, groups.nodeId());
      listener.onEnded(in.table, in.partition, slot);
      return accept(in, slot, at, hash, generation);
    }
    if (in.compareGeneration(slot, at) > 0) {
      int verdict = merge.keepUnderNewGeneration(in, slot);
      return verdict == EntryMerge.UNKNOWN ? verdict : refused(verdict);
    }
    merge.answerOlder(in, slot);
    return refused(EntryMerge.APPLIED);
  }

  /** The key has a session of another group here: it is no candidate's to end, but its holder's. */
  private int meetOtherGroup(ReceivedBatch in, int slot, int at, long hash) {
    KeyMeeting meeting = merge.others().meetingOfCandidate(in, slot, at);
    switch (meeting) {
      case YIELDS, YIELDS_JOINED -> {
        if (in.table.isBindingElsewhere(in.partition, slot, in.records, at)) {
          return refused(EntryMerge.GONE); // what it would end goes on
        }
        if (groups.holds(in.groupOf(slot)) && !in.partition.hasRoom()) {
          counters.increment(SyncCounter.TABLE_FULL);
          return EntryMerge.FULL; // the same: a tombstone of it keeps its slot
        }
        boolean knowsMore = merge.others().give(in, slot, at, meeting);
        int verdict = accept(in, Partition.NONE, at, hash, in.generation(at));
        if (verdict == EntryMerge.APPLIED && knowsMore) {
          merge.others().takeShare(in, in.appliedTo);
        }
        return verdict;
      }
      case STAYS, STAYS_JOINED, WAITS -> {
        merge.others().learn(in, slot, at);
        return refused(EntryMerge.GONE);
      }
    }
    throw new AssertionError(meeting);
  }

  private int accept(ReceivedBatch in, int slot, int at, long hash, long generation) {
    TableRows rows = in.rows();
    if (in.table.isBindingElsewhere(in.partition, slot, in.records, at)) {
      return refused(EntryMerge.GONE); // before anything of what stands here is forgotten
    }
    int free = slot;
    if (slot != Partition.NONE && in.groupOf(slot) != in.group) {
      rows.leave(in.partition, slot, true, in.nowNs); // a tombstone
      free = Partition.NONE;
    }
    int used = rows.claim(in.partition, free, hash);
    if (used == Partition.NONE) {
      counters.increment(SyncCounter.TABLE_FULL);
      return EntryMerge.FULL;
    }
    in.records[at + Row.GENERATION] = generation;
    long meta = TableRows.meta(0, in.group, in.creator(at));
    rows.begin(in.partition, used, in.records, at, meta, in.version(at), in.nowNs);
    in.appliedTo = used;
    FieldMerge.mergeUsage(in, used, at, in.present(at));
    in.delta().mayHold(in.partition, used);
    merge.oweToAll(in, used);
    counters.increment(SyncCounter.CANDIDATES_ACCEPTED);
    listener.onArrived(in.table, in.partition, used);
    return EntryMerge.APPLIED;
  }
}
