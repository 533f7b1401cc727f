package io.understudy.replication;

import io.understudy.delta.PeerDelta;
import io.understudy.delta.SeenMarks;
import io.understudy.delta.Settlement;
import io.understudy.delta.TableDelta;
import io.understudy.metrics.CounterSet;
import io.understudy.metrics.SyncCounter;
import io.understudy.table.HotTable;
import io.understudy.table.Partition;
import io.understudy.table.RecordRules;
import io.understudy.table.Row;
import io.understudy.table.TableRows;
import io.understudy.wire.ColumnGroup;
import io.understudy.wire.RecordSchema;

/**
 * Merges one received record into the table (protocol, rules 5 to 8).
 *
 * <h2>Ordering</h2>
 *
 * Within a generation facts accumulate and the holder's values with the larger (term, version) win, so the order of arrival
 * does not matter. Between generations the higher replaces, except that records of two creators may be one session and then
 * join. Nothing received is owed onwards; only a record strictly older than ours is answered with ours, once.
 *
 * <p>Thread: the duty cycle, under the partition's lock. Allocates nothing.
 */
final class EntryMerge {
  /** The record was merged, or rightly changed nothing. */
  static final int APPLIED = -1;

  private static final int FULL = Settlement.FULL;
  private static final int UNKNOWN = Settlement.UNKNOWN_HANDLE;
  private static final int GONE = Settlement.GONE_ENTRY;

  /** An answer to an older record waits this long, so that a burst of them is answered once. */
  private static final long ANSWER_NS = 20_000_000;

  private static final int HOLDER_GROUPS =
      ColumnGroup.HOLDER | ColumnGroup.NAT | ColumnGroup.OFFSETS;

  private final Groups groups;
  private final Settlement settlement;
  private final EntryListener listener;
  private final CounterSet counters;
  private PeerDelta[] peers = new PeerDelta[0];

  EntryMerge(Groups groups, Settlement settlement, EntryListener listener, CounterSet counters) {
    this.groups = groups;
    this.settlement = settlement;
    this.listener = listener;
    this.counters = counters;
  }

  void setPeers(PeerDelta[] peers) {
    this.peers = peers.clone();
  }

  /** The batch a record came in. */
  static final class Source {
    Inbound from;
    HotTable table;
    int tableIndex;
    Partition partition;
    int group;
    long termNumber;
    long epoch;
    long nowNs;
    long[] records;
    SeenMarks seen;

    /** Where the record that is being applied went. */
    int slot;
  }

  /** A create or an update of the group's holder. */
  int applyHolder(Source s, int at, long hash) {
    int present = present(s, at);
    int slot;
    if ((present & ColumnGroup.KEY) == 0) {
      slot = byHandle(s, at);
      if (slot == Partition.NONE) {
        return UNKNOWN;
      }
      long[] slab = s.partition.slab(slot);
      s.table.spec().rules().takeDirections(slab, s.partition.row(slot), s.records, at);
      mergeInto(s, slot, at, present, HOLDER_GROUPS);
    } else {
      s.slot = s.table.find(s.partition, s.records, at, hash);
      int verdict = introduce(s, s.slot, at, present, hash);
      if (verdict != APPLIED) {
        return verdict;
      }
      slot = s.slot;
    }
    s.seen.set(s.partition.number(), slot, s.epoch, s.termNumber);
    return APPLIED;
  }

  private int byHandle(Source s, int at) {
    long handle = s.records[at + RecordSchema.HANDLE];
    int peerSlot = (int) (handle >>> 32);
    int slot = s.from.handles(s.tableIndex).localSlot(s.partition.number(), peerSlot);
    boolean agrees =
        s.partition.isUsed(slot)
            && s.table.rows().holderHandle(s.partition, slot) == handle
            && isLive(s, slot)
            && Row.group(s.partition.slab(slot), s.partition.row(slot)) == s.group;
    return agrees ? slot : Partition.NONE;
  }

  private int introduce(Source s, int slot, int at, int present, long hash) {
    if (slot == Partition.NONE) {
      return begin(s, slot, at, present, hash);
    }
    long[] slab = s.partition.slab(slot);
    int row = s.partition.row(slot);
    int order = compareGeneration(s, slot, at);
    int group = Row.group(slab, row);
    if (!Row.isLive(slab, row)) {
      // our delete, of another group's newer generation, is on its way: what stands there when that
      // is done is asked for again; of a group that we lost, nothing is on its way
      return order > 0 || !groups.holds(group) ? begin(s, slot, at, present, hash) : UNKNOWN;
    }
    if (order == 0) {
      return introduceSame(s, slot, at, present);
    }
    if (Row.exclusion(slab, row) != 0 && !groups.holds(s.group)) {
      return replace(
          s, slot, at, present, hash); // what was kept back here never stands against the holder's
    }
    if (group != s.group) {
      return meetOtherCreator(s, slot, at, present, hash, order > 0);
    }
    if (groups.holds(group)) {
      return APPLIED; // two holders of one group: their terms decide, not their records
    }
    if (order > 0) {
      return replace(s, slot, at, present, hash);
    }
    answerOlder(s, slot);
    return APPLIED;
  }

  private int introduceSame(Source s, int slot, int at, int present) {
    TableRows rows = s.table.rows();
    long[] slab = s.partition.slab(slot);
    int row = s.partition.row(slot);
    if (!groups.holds(Row.group(slab, row))) {
      boolean wasKeptBack = Row.exclusion(slab, row) != 0;
      rows.rewriteMeta(s.partition, slot, 0, s.group, Row.creator(slab, row));
      // what a former holder of a term with the same number wrote here must not outlive this one's
      rows.setVersion(s.partition, slot, 0);
      takeHandle(s, slot, at);
      s.from.delta().table(s.tableIndex).received(s.partition, slot);
      if (wasKeptBack) {
        oweToAll(s, slot); // what was seen meanwhile was told to nobody
      }
    }
    mergeInto(s, slot, at, present, HOLDER_GROUPS);
    // a new holder may never have heard what was told here, and whoever told it may be dead
    oweOwnFacts(s, slot, at);
    return APPLIED;
  }

  /** Another member created this key too, in a group of its own. */
  private int meetOtherCreator(Source s, int slot, int at, int present, long hash, boolean higher) {
    HotTable table = s.table;
    long[] slab = s.partition.slab(slot);
    int row = s.partition.row(slot);
    if (table.spec().rules().joins(slab, row, s.records, at)) {
      join(s, slot, at, present, higher);
      return APPLIED;
    }
    boolean theirsStays = table.spec().rules().sameOpening(slab, row, s.records, at) != higher;
    if (table.spec().rules().hasBinding(slab, row) || (present & ColumnGroup.NAT) != 0) {
      counters.increment(SyncCounter.BINDINGS_RELEASED);
    }
    if (theirsStays) {
      return replace(s, slot, at, present, hash);
    }
    answerOlder(s, slot);
    return APPLIED;
  }

  /** One session of two creators: facts of both, identity and holder's values of the higher generation. */
  private void join(Source s, int slot, int at, int present, boolean higher) {
    TableRows rows = s.table.rows();
    if (!higher) {
      mergeFactsOfOtherCreator(s, slot, at);
      return;
    }
    int creator = creator(s, at);
    rows.renew(s.partition, slot, s.records[at + Row.GENERATION], creator, s.group);
    rows.rewriteMeta(s.partition, slot, 0, s.group, creator);
    rows.setVersion(s.partition, slot, 0); // the binding and values of the lower one go
    takeHandle(s, slot, at);
    s.from.delta().table(s.tableIndex).received(s.partition, slot);
    mergeInto(s, slot, at, present & ~ColumnGroup.USAGE & ~ColumnGroup.YOUR_USAGE, 0);
    int identity = HOLDER_GROUPS | ColumnGroup.KEY;
    rows.replaceHolderValues(s.partition, slot, s.records, at, identity, version(s, at));
    mergeUsage(s, slot, at, present);
    oweOwnFacts(s, slot, at);
  }

  /** What this member knows beyond the record it merged goes on as a member's facts: the record is older than ours (rule 8). */
  private void oweOwnFacts(Source s, int slot, int at) {
    long[] slab = s.partition.slab(slot);
    int row = s.partition.row(slot);
    if (s.table.spec().rules().mergeFacts(s.records, at, slab, row) != 0) {
      oweToAll(s, slot);
    }
  }

  private int replace(Source s, int slot, int at, int present, long hash) {
    listener.onEnded(s.table, s.partition, slot);
    return begin(s, slot, at, present, hash);
  }

  private int begin(Source s, int slot, int at, int present, long hash) {
    long meta = TableRows.meta(0, s.group, creator(s, at));
    int used =
        s.table
            .rows()
            .begin(s.partition, slot, hash, s.records, at, meta, version(s, at), false, s.nowNs);
    if (used == Partition.NONE) {
      counters.increment(SyncCounter.TABLE_FULL);
      return FULL;
    }
    s.slot = used;
    takeHandle(s, used, at);
    mergeUsage(s, used, at, present);
    s.from.delta().table(s.tableIndex).received(s.partition, used);
    listener.onArrived(s.table, s.partition, used);
    return APPLIED;
  }

  /** From here on the peer's handle means this slot; a former handle of the entry means nothing any more. */
  private void takeHandle(Source s, int slot, int at) {
    if ((present(s, at) & ColumnGroup.NO_HANDLE) != 0) {
      return;
    }
    long handle = s.records[at + RecordSchema.HANDLE];
    s.table.rows().setHolderHandle(s.partition, slot, handle);
    s.from.handles(s.tableIndex).put(s.partition.number(), (int) (handle >>> 32), slot);
  }

  /** The holder ended the entry. */
  int applyDelete(Source s, int at, long hash) {
    int slot;
    if ((present(s, at) & ColumnGroup.KEY) == 0) {
      slot = byHandle(s, at);
    } else {
      slot = s.table.find(s.partition, s.records, at, hash);
      if (slot != Partition.NONE && (!isLive(s, slot) || compareGeneration(s, slot, at) < 0)) {
        return APPLIED; // that generation is long gone; the one that stands is newer
      }
    }
    if (slot == Partition.NONE) {
      return APPLIED;
    }
    int group = Row.group(s.partition.slab(slot), s.partition.row(slot));
    if (groups.holder(group) != s.from.node()) {
      return APPLIED; // whatever stands here is not the sender's to end
    }
    if (s.from.delta().table(s.tableIndex).isOfferOnItsWay(s.partition, slot)) {
      return UNKNOWN; // the tombstone must stand until that has arrived, or it would begin the
      // entry again
    }
    listener.onEnded(s.table, s.partition, slot);
    settlement.endedByOther(groups, s.table, s.partition, slot);
    counters.increment(SyncCounter.ENTRIES_ENDED_BY_PEER);
    return APPLIED;
  }

  /** Facts of a member that sees traffic and does not hold the group. It creates nothing. */
  int applyFacts(Source s, int at, long hash) {
    int slot = s.table.find(s.partition, s.records, at, hash);
    if (slot == Partition.NONE || !isLive(s, slot)) {
      return groups.holds(s.group) ? GONE : unknown(s);
    }
    if (isKeptBackByHolder(s, slot)) {
      return GONE;
    }
    int order = compareGeneration(s, slot, at);
    long[] slab = s.partition.slab(slot);
    int row = s.partition.row(slot);
    if (order == 0) {
      mergeFactsOfMember(s, slot, at);
    } else if (order < 0 && isOfOtherCreator(s, slot, at)) {
      mergeFactsOfOtherCreator(s, slot, at);
    } else if (order < 0) {
      answerOlder(s, slot);
    } else if (groups.holds(Row.group(slab, row)) && groups.holds(s.group)) {
      keepUnderNewGeneration(s, slot);
    } else {
      return UNKNOWN;
    }
    return APPLIED;
  }

  /** An entry for which there is no room here is not waited for: whoever speaks of it is told when there is. */
  private static int unknown(Source s) {
    return s.partition.hasRoom() ? UNKNOWN : FULL;
  }

  /** This member holds the entry and does not back it up: no other member has it. */
  private boolean isKeptBackByHolder(Source s, int slot) {
    long[] slab = s.partition.slab(slot);
    int row = s.partition.row(slot);
    return Row.exclusion(slab, row) != 0 && groups.holds(Row.group(slab, row));
  }

  /** The sender's entry belongs to another group and is one session with ours; within a group an older generation is over. */
  private static boolean isOfOtherCreator(Source s, int slot, int at) {
    long[] slab = s.partition.slab(slot);
    int row = s.partition.row(slot);
    return Row.group(slab, row) != s.group
        && s.table.spec().rules().joins(slab, row, s.records, at);
  }

  /** What the loser of a split had changed meanwhile; the holder decides. */
  int applyCandidate(Source s, int at, long hash) {
    int slot = s.table.find(s.partition, s.records, at, hash);
    boolean live = slot != Partition.NONE && isLive(s, slot);
    int order = slot == Partition.NONE ? 1 : compareGeneration(s, slot, at);
    if (live && order == 0) {
      mergeFactsOfMember(s, slot, at);
      return APPLIED;
    }
    if (!groups.holds(s.group)) {
      return unknown(
          s); // the holder decides; if it takes the candidate, it introduces it here first
    }
    if (!live) {
      return order > 0
          ? acceptCandidate(s, slot, at, hash, generation(s, at), creator(s, at))
          : GONE;
    }
    if (isKeptBackByHolder(s, slot)) {
      counters.increment(SyncCounter.CANDIDATES_REFUSED);
      return GONE;
    }
    int group = Row.group(s.partition.slab(slot), s.partition.row(slot));
    if (!groups.holds(group)) {
      return meetCandidateOfOtherGroup(s, slot, at, hash, order > 0);
    }
    long times = s.partition.slab(slot)[s.partition.row(slot) + Row.TIMES];
    boolean oursSawTraffic = Row.lastSeenNs(times, s.nowNs) >= s.from.delta().lostNs();
    if ((present(s, at) & ColumnGroup.SAW_TRAFFIC) != 0 && !oursSawTraffic) {
      return acceptCandidate(s, slot, at, hash, groups.nextGeneration(), groups.nodeId());
    }
    counters.increment(SyncCounter.CANDIDATES_REFUSED);
    if (order > 0) {
      keepUnderNewGeneration(s, slot);
    } else {
      answerOlder(s, slot);
    }
    return APPLIED;
  }

  private int meetCandidateOfOtherGroup(Source s, int slot, int at, long hash, boolean higher) {
    if (!standsAgainstOtherGroup(s, slot, at, higher)) {
      return UNKNOWN;
    }
    RecordRules rules = s.table.spec().rules();
    long[] slab = s.partition.slab(slot);
    int row = s.partition.row(slot);
    if (rules.joins(slab, row, s.records, at)) {
      rules.mergeFacts(s.records, at, slab, row); // one session: what was seen here belongs to it
    }
    return acceptCandidate(s, slot, at, hash, generation(s, at), creator(s, at));
  }

  /**
   * The key is taken here by an entry of a group that this member does not hold: the two meet as creates of two creators do. The loser
   * is told "unknown" and asks again: either that group's holder gives it the entry that stands here, or its sweep takes it away here.
   */
  private static boolean standsAgainstOtherGroup(Source s, int slot, int at, boolean higher) {
    long[] slab = s.partition.slab(slot);
    int row = s.partition.row(slot);
    if (Row.exclusion(slab, row) != 0) {
      return true; // kept back while this member held its group: nobody else has it
    }
    RecordRules rules = s.table.spec().rules();
    return rules.joins(slab, row, s.records, at)
        ? higher
        : rules.sameOpening(slab, row, s.records, at) != higher;
  }

  private int acceptCandidate(Source s, int slot, int at, long hash, long generation, int creator) {
    s.records[at + Row.GENERATION] = generation;
    long meta = TableRows.meta(0, s.group, creator);
    int used =
        s.table
            .rows()
            .begin(s.partition, slot, hash, s.records, at, meta, version(s, at), false, s.nowNs);
    if (used == Partition.NONE) {
      counters.increment(SyncCounter.TABLE_FULL);
      return FULL;
    }
    if (bindingIsTaken(s, used)) {
      settlement.discard(s.table, s.partition, used);
      counters.increment(SyncCounter.CANDIDATES_REFUSED);
      return GONE;
    }
    mergeUsage(s, used, at, present(s, at));
    oweToAll(s, used);
    counters.increment(SyncCounter.CANDIDATES_ACCEPTED);
    listener.onArrived(s.table, s.partition, used);
    return APPLIED;
  }

  private boolean bindingIsTaken(Source s, int slot) {
    return s.table.hasSameBindingElsewhere(s.partition, slot);
  }

  /** A higher generation from a member that does not hold the group replaces nothing that the holder holds live. */
  private void keepUnderNewGeneration(Source s, int slot) {
    int group = Row.group(s.partition.slab(slot), s.partition.row(slot));
    s.table.rows().renew(s.partition, slot, groups.nextGeneration(), groups.nodeId(), group);
    for (PeerDelta peer : peers) {
      peer.table(s.tableIndex).renewed(s.partition, slot, s.nowNs);
    }
  }

  private void oweToAll(Source s, int slot) {
    for (PeerDelta peer : peers) {
      peer.table(s.tableIndex).oweWhole(s.partition, slot, s.nowNs);
    }
  }

  /** A received record strictly older than ours is answered with ours: the only merge that owes anything (rule 8). */
  private void answerOlder(Source s, int slot) {
    TableDelta delta = s.from.delta().table(s.tableIndex);
    if (!delta.isUnsettled(s.partition, slot)) {
      delta.oweWhole(s.partition, slot, s.nowNs + ANSWER_NS);
    }
  }

  /** The sender tells everybody itself; whether it could is not known if it dies. */
  private void mergeFactsOfMember(Source s, int slot, int at) {
    if (mergeInto(s, slot, at, present(s, at), 0) != 0) {
      s.from.hearsay().note(s.tableIndex, s.partition.number(), slot);
    }
  }

  /**
   * The lower of two that are one session. Its creator may have ended it before it hears of the higher one, and then knows these facts
   * no more: it is answered with ours, as whoever sends an older record is (rule 8), and so is everybody who heard of that end.
   */
  private void mergeFactsOfOtherCreator(Source s, int slot, int at) {
    if (!groups.holds(Row.group(s.partition.slab(slot), s.partition.row(slot)))) {
      mergeFactsOfMember(s, slot, at);
    } else if (mergeInto(s, slot, at, present(s, at), 0) != 0) {
      oweToAll(s, slot);
    }
  }

  /** Answers the groups of facts that grew. */
  private int mergeInto(Source s, int slot, int at, int present, int holderGroups) {
    TableRows rows = s.table.rows();
    int grown = 0;
    if ((present & ColumnGroup.WHOLE & ~HOLDER_GROUPS) != 0) {
      grown = rows.mergeFacts(s.partition, slot, s.records, at);
      if ((present & ColumnGroup.USAGE) == 0) {
        rows.seen(s.partition, slot, s.nowNs); // a state change is traffic
      }
    }
    if ((present & holderGroups & ColumnGroup.HOLDER) != 0) {
      mergeHolderValues(s, slot, at, present & holderGroups);
    }
    mergeUsage(s, slot, at, present);
    return grown;
  }

  private void mergeHolderValues(Source s, int slot, int at, int present) {
    TableRows rows = s.table.rows();
    int order = Long.compareUnsigned(version(s, at), rows.version(s.partition, slot));
    long[] slab = s.partition.slab(slot);
    int row = s.partition.row(slot);
    boolean theirs =
        order > 0
            || order == 0
                && s.table.spec().rules().compareHolderValues(slab, row, s.records, at) > 0;
    if (theirs) {
      int named = (present & ColumnGroup.KEY) != 0 ? HOLDER_GROUPS | ColumnGroup.KEY : present;
      rows.replaceHolderValues(s.partition, slot, s.records, at, named, version(s, at));
    }
  }

  private void mergeUsage(Source s, int slot, int at, int present) {
    TableRows rows = s.table.rows();
    long[] slab = s.partition.slab(slot);
    int row = s.partition.row(slot);
    if ((present & ColumnGroup.KEY) != 0
        && !s.table.spec().rules().sameDirections(slab, row, s.records, at)) {
      return; // of a creator who has not joined yet; its counters come again as soon as it has
    }
    if ((present & ColumnGroup.USAGE) != 0) {
      rows.mergeShare(s.partition, slot, s.from.delta().peerSlot(), s.records, at);
      rows.mergeTimes(s.partition, slot, s.records, at, s.nowNs);
    }
    if ((present & ColumnGroup.YOUR_USAGE) != 0) {
      rows.mergeOwnShare(s.partition, slot, s.records, at);
    }
  }

  static int present(Source s, int at) {
    return (int) s.records[at + RecordSchema.HEAD] & 0xFFFF;
  }

  private static long generation(Source s, int at) {
    return s.records[at + Row.GENERATION];
  }

  private static int creator(Source s, int at) {
    return (int) (s.records[at + RecordSchema.HEAD] >>> 16) & 0xFFFF;
  }

  private static long version(Source s, int at) {
    return s.termNumber << 32 | s.records[at + RecordSchema.HEAD] >>> 32;
  }

  private static boolean isLive(Source s, int slot) {
    return Row.isLive(s.partition.slab(slot), s.partition.row(slot));
  }

  /** The record's generation against the row's. */
  private static int compareGeneration(Source s, int slot, int at) {
    long[] slab = s.partition.slab(slot);
    int row = s.partition.row(slot);
    int byCounter = Long.compare(s.records[at + Row.GENERATION], Row.generation(slab, row));
    return byCounter != 0 ? byCounter : Integer.compare(creator(s, at), Row.creator(slab, row));
  }
}
