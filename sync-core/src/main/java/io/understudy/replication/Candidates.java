package io.understudy.replication;

import io.understudy.delta.Settlement;
import io.understudy.metrics.CounterSet;
import io.understudy.metrics.SyncCounter;
import io.understudy.table.Partition;
import io.understudy.table.RecordRules;
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
  private final Settlement settlement;
  private final EntryListener listener;
  private final CounterSet counters;
  private final EntryMerge merge;

  Candidates(
      Groups groups,
      Settlement settlement,
      EntryListener listener,
      CounterSet counters,
      EntryMerge merge) {
    this.groups = groups;
    this.settlement = settlement;
    this.listener = listener;
    this.counters = counters;
    this.merge = merge;
  }

  /** Answers {@link EntryMerge#APPLIED} or why the record is refused. */
  int apply(ReceivedBatch in, int at, long hash) {
    int slot = in.table.find(in.partition, in.records, at, hash);
    boolean live = slot != Partition.NONE && in.isLive(slot);
    int order = slot == Partition.NONE ? 1 : in.compareGeneration(slot, at);
    if (live && order == 0) {
      merge.mergeFactsOfMember(in, slot, at);
      return EntryMerge.APPLIED;
    }
    if (!groups.holds(in.group)) {
      // the holder decides; if it takes the candidate, it introduces it here first
      return EntryMerge.unknown(in);
    }
    if (!live) {
      return order > 0
          ? accept(in, slot, at, hash, in.generation(at), in.creator(at))
          : EntryMerge.GONE;
    }
    if (merge.isKeptBackByHolder(in, slot)) {
      counters.increment(SyncCounter.CANDIDATES_REFUSED);
      return EntryMerge.GONE;
    }
    int group = in.groupOf(slot);
    if (!groups.holds(group)) {
      return meetOtherGroup(in, slot, at, hash, order > 0);
    }
    long times = in.slab(slot)[in.row(slot) + Row.TIMES];
    boolean oursSawTraffic = Row.lastSeenNs(times, in.nowNs) >= in.from.delta().lostNs();
    if ((in.present(at) & ColumnGroup.SAW_TRAFFIC) != 0 && !oursSawTraffic) {
      return accept(in, slot, at, hash, groups.nextGeneration(), groups.nodeId());
    }
    counters.increment(SyncCounter.CANDIDATES_REFUSED);
    if (order > 0) {
      merge.keepUnderNewGeneration(in, slot);
    } else {
      merge.answerOlder(in, slot);
    }
    return EntryMerge.APPLIED;
  }

  private int meetOtherGroup(ReceivedBatch in, int slot, int at, long hash, boolean higher) {
    if (!standsAgainstOtherGroup(in, slot, at, higher)) {
      return EntryMerge.UNKNOWN;
    }
    RecordRules rules = in.rules();
    long[] slab = in.slab(slot);
    int row = in.row(slot);
    if (rules.joins(slab, row, in.records, at)) {
      rules.mergeFacts(in.records, at, slab, row); // one session: what was seen here belongs to it
    }
    return accept(in, slot, at, hash, in.generation(at), in.creator(at));
  }

  /**
   * The key is taken here by an entry of a group that this member does not hold: the two meet as creates of two creators do. The loser
   * is told "unknown" and asks again: either that group's holder gives it the entry that stands here, or its sweep takes it away here.
   */
  private static boolean standsAgainstOtherGroup(
      ReceivedBatch in, int slot, int at, boolean higher) {
    long[] slab = in.slab(slot);
    int row = in.row(slot);
    if (Row.exclusion(slab, row) != 0) {
      return true; // kept back while this member held its group: nobody else has it
    }
    RecordRules rules = in.rules();
    return rules.joins(slab, row, in.records, at)
        ? higher
        : rules.sameOpening(slab, row, in.records, at) != higher;
  }

  private int accept(ReceivedBatch in, int slot, int at, long hash, long generation, int creator) {
    TableRows rows = in.rows();
    int used = rows.claim(in.partition, slot, hash);
    if (used == Partition.NONE) {
      counters.increment(SyncCounter.TABLE_FULL);
      return EntryMerge.FULL;
    }
    in.records[at + Row.GENERATION] = generation;
    long meta = TableRows.meta(0, in.group, creator);
    rows.begin(in.partition, used, in.records, at, meta, in.version(at), in.nowNs);
    if (in.table.hasSameBindingElsewhere(in.partition, used)) {
      settlement.discard(in.table, in.partition, used);
      counters.increment(SyncCounter.CANDIDATES_REFUSED);
      return EntryMerge.GONE;
    }
    FieldMerge.mergeUsage(in, used, at, in.present(at));
    in.delta().mayHold(in.partition, used);
    merge.oweToAll(in, used);
    counters.increment(SyncCounter.CANDIDATES_ACCEPTED);
    listener.onArrived(in.table, in.partition, used);
    return EntryMerge.APPLIED;
  }
}
