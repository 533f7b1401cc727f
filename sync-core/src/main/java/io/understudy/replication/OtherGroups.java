package io.understudy.replication;

import io.understudy.metrics.CounterSet;
import io.understudy.metrics.SyncCounter;
import io.understudy.table.RecordRules;
import io.understudy.table.Row;
import io.understudy.wire.ColumnGroup;

/**
 * A record whose key has a live session of another group here: which of the two stays, and what of the other lives on in it.
 *
 * <p>A key has one session, a slot one group. Each group's stream tells the begin and the end of that group's sessions alone; only here do
 * two of them meet ({@link KeyMeeting}).
 *
 * <p>Thread: the duty cycle, under the partition's lock. Allocates nothing.
 */
final class OtherGroups {
  private final Groups groups;
  private final EntryListener listener;
  private final CounterSet counters;
  private final EntryMerge merge;

  /** What this member counted of a session that ends and goes on as another creator's. */
  private final long[] share = new long[Row.COUNTER_WORDS];

  OtherGroups(Groups groups, EntryListener listener, CounterSet counters, EntryMerge merge) {
    this.groups = groups;
    this.listener = listener;
    this.counters = counters;
    this.merge = merge;
  }

  /** What becomes of the entry and of a holder's record here. */
  KeyMeeting meeting(ReceivedBatch in, int slot, int at) {
    int group = in.groupOf(slot);
    // what it sent before it held that group says nothing of what it has on the key now
    boolean senderHolds =
        groups.holder(group) == in.from.node()
            && in.from.spokenTerm(group) == groups.termNumber(group);
    return meeting(in, slot, at, groups.holds(group), senderHolds);
  }

  /**
   * What becomes of the entry and of a candidate here. If the entry's group is the sender's by now, the entry is a candidate there, and the
   * two members decide about the same two records.
   */
  KeyMeeting meetingOfCandidate(ReceivedBatch in, int slot, int at) {
    int group = in.groupOf(slot);
    boolean decides = groups.holds(group) || groups.holder(group) == in.from.node();
    return meeting(in, slot, at, decides, false);
  }

  private KeyMeeting meeting(
      ReceivedBatch in, int slot, int at, boolean holds, boolean senderHolds) {
    RecordRules rules = in.rules();
    long[] slab = in.slab(slot);
    int row = in.row(slot);
    return KeyMeeting.of(
        Row.exclusion(slab, row) != 0 || merge.isRefusedByHolder(in, slot),
        holds,
        senderHolds,
        rules.joins(slab, row, in.records, at),
        rules.sameOpening(slab, row, in.records, at),
        in.compareGeneration(slot, at) > 0);
  }

  /** The entry stays where it is, and the sender gets it. */
  void keep(ReceivedBatch in, int slot, int at, KeyMeeting meeting) {
    countBinding(in, slot, at, meeting);
    if (meeting == KeyMeeting.STAYS_JOINED) {
      int facts = in.present(at) & ~ColumnGroup.USAGE & ~ColumnGroup.YOUR_USAGE;
      int grown = FieldMerge.mergeInto(in, slot, at, facts, 0);
      if (grown != 0) {
        merge.oweToAll(in, slot);
      }
    }
    merge.answerOlder(in, slot);
  }

  /**
   * The entry ends here. Answers whether it was one session with the record and this member knows more of it: then the record has the facts
   * of both, and {@link #takeShare} gives it what this member counted.
   */
  boolean give(ReceivedBatch in, int slot, int at, KeyMeeting meeting) {
    countBinding(in, slot, at, meeting);
    boolean more = false;
    if (meeting == KeyMeeting.YIELDS_JOINED) {
      more = in.rules().mergeFacts(in.records, at, in.slab(slot), in.row(slot)) != 0;
      more |= in.rows().copyShare(in.partition, slot, in.records, at, share);
    }
    listener.onEnded(in.table, in.partition, slot);
    in.rows().leave(in.partition, slot, true, in.nowNs);
    return more;
  }

  void takeShare(ReceivedBatch in, int slot) {
    in.rows().addShare(in.partition, slot, share);
  }

  private void countBinding(ReceivedBatch in, int slot, int at, KeyMeeting meeting) {
    boolean joined = meeting == KeyMeeting.STAYS_JOINED || meeting == KeyMeeting.YIELDS_JOINED;
    boolean bound =
        in.rules().hasBinding(in.slab(slot), in.row(slot))
            || (in.present(at) & ColumnGroup.NAT) != 0;
    if (!joined && bound) {
      counters.increment(SyncCounter.BINDINGS_RELEASED);
    }
  }

  /** Facts of a record that ends, where they are facts of the session that stands here. */
  void learn(ReceivedBatch in, int slot, int at) {
    boolean backedUp = Row.exclusion(in.slab(slot), in.row(slot)) == 0;
    if (backedUp && in.rules().joins(in.slab(slot), in.row(slot), in.records, at)) {
      int facts = in.present(at) & ~ColumnGroup.USAGE & ~ColumnGroup.YOUR_USAGE;
      int grown = FieldMerge.mergeInto(in, slot, at, facts, 0);
      if (grown != 0) {
        merge.tellOn(in, slot, grown, null); // the sender knows it of another record, which ends
      }
    }
  }
}
