package io.understudy.replication;

import io.understudy.delta.PeerDelta;
import io.understudy.delta.Settlement;
import io.understudy.delta.TableDelta;
import io.understudy.metrics.CounterSet;
import io.understudy.metrics.SyncCounter;
import io.understudy.table.Partition;
import io.understudy.table.Row;
import io.understudy.table.TableRows;
import io.understudy.wire.ColumnGroup;
import io.understudy.wire.RecordSchema;
import java.util.Map;

/**
 * Decides what a received record of a holder or of a member that sees traffic becomes in the table (protocol, rules 5 to 8).
 *
 * <h2>Ordering</h2>
 *
 * Within a generation facts accumulate and the holder's values with the larger (term, version) win, so the order of arrival
 * does not matter. Between generations the higher replaces, except that records of two creators may be one session and then
 * join. Nothing received is owed onwards; only a record strictly older than ours is answered with ours, once.
 *
 * <p>How the fields of one session merge is {@link FieldMerge}'s; what becomes of a record that the loser of a split offers is
 * {@link Candidates}'.
 *
 * <p>Thread: the duty cycle, under the partition's lock. Allocates nothing.
 */
final class EntryMerge {
  /** The record was merged, or rightly changed nothing. */
  static final int APPLIED = -1;

  static final int FULL = Settlement.FULL;
  static final int UNKNOWN = Settlement.UNKNOWN_HANDLE;
  static final int GONE = Settlement.GONE_ENTRY;

  private final Groups groups;
  private final Settlement settlement;
  private final EntryListener listener;
  private final CounterSet counters;
  private final OtherGroups others;
  private Map<Integer, PeerDelta> byNode = Map.of();
  private PeerDelta[] peers = new PeerDelta[0];

  EntryMerge(Groups groups, Settlement settlement, EntryListener listener, CounterSet counters) {
    this.groups = groups;
    this.settlement = settlement;
    this.listener = listener;
    this.counters = counters;
    others = new OtherGroups(groups, listener, counters, this);
  }

  /** Who stays on a key that has a session of another group here. */
  OtherGroups others() {
    return others;
  }

  void setPeers(Map<Integer, PeerDelta> byNode) {
    this.byNode = Map.copyOf(byNode);
    peers = byNode.values().toArray(new PeerDelta[0]);
  }

  /** The holder of the entry's group, a peer, has no room for it, so nobody but this member has it. */
  boolean isRefusedByHolder(ReceivedBatch in, int slot) {
    PeerDelta ofHolder = byNode.get(groups.holder(in.groupOf(slot)));
    return ofHolder != null
        && ofHolder.ofTable(in.table.spec().number()).isWithout(in.partition, slot);
  }

  /** A create or an update of the group's holder. */
  int applyHolder(ReceivedBatch in, int at, long hash) {
    int present = in.present(at);
    int slot;
    if ((present & ColumnGroup.KEY) == 0) {
      slot = byHandle(in, at);
      if (slot == Partition.NONE) {
        return UNKNOWN;
      }
      in.rules().takeDirections(in.slab(slot), in.row(slot), in.records, at);
      FieldMerge.mergeInto(in, slot, at, present, FieldMerge.HOLDER_GROUPS);
    } else {
      in.appliedTo = in.table.find(in.partition, in.records, at, hash);
      int verdict = introduce(in, in.appliedTo, at, present, hash);
      if (verdict != APPLIED) {
        return verdict;
      }
      slot = in.appliedTo;
    }
    in.seen.set(in.partition.number(), slot, in.epoch, in.termNumber);
    return APPLIED;
  }

  private int byHandle(ReceivedBatch in, int at) {
    long handle = in.records[at + RecordSchema.HANDLE];
    int peerSlot = (int) (handle >>> 32);
    int slot = in.from.handles(in.tableIndex).localSlot(in.partition.number(), peerSlot);
    boolean agrees =
        in.partition.isUsed(slot)
            && in.rows().holderHandle(in.partition, slot) == handle
            && in.isLive(slot)
            && in.groupOf(slot) == in.group;
    return agrees ? slot : Partition.NONE;
  }

  private int introduce(ReceivedBatch in, int slot, int at, int present, long hash) {
    if (slot == Partition.NONE) {
      return begin(in, slot, at, present, hash);
    }
    if (in.groupOf(slot) != in.group) {
      return meetOtherGroup(in, slot, at, present, hash);
    }
    int order = in.compareGeneration(slot, at);
    if (!in.isLive(slot)) {
      return begin(in, slot, at, present, hash);
    }
    if (order == 0) {
      return introduceSame(in, slot, at, present);
    }
    boolean keptBack = Row.exclusion(in.slab(slot), in.row(slot)) != 0;
    if ((keptBack || order > 0) && in.delta().isOfferOnItsWay(in.partition, slot)) {
      return UNKNOWN; // or it would begin there once what is told now has ended and is forgotten
    }
    if (keptBack || order > 0) {
      return replace(in, slot, at, present, hash); // what was kept back never stands against it
    }
    answerOlder(in, slot); // as a candidate, which the holder takes or refuses
    return UNKNOWN;
  }

  private int introduceSame(ReceivedBatch in, int slot, int at, int present) {
    TableRows rows = in.rows();
    long[] slab = in.slab(slot);
    int row = in.row(slot);
    if (!groups.holds(Row.group(slab, row))) {
      boolean wasKeptBack = Row.exclusion(slab, row) != 0;
      rows.setExclusion(in.partition, slot, 0);
      // what a former holder of a term with the same number wrote here must not outlive this one's
      rows.setVersion(in.partition, slot, 0);
      takeHandle(in, slot, at);
      in.delta().received(in.partition, slot);
      if (wasKeptBack) {
        oweToAll(in, slot); // what was seen meanwhile was told to nobody
      }
    }
    FieldMerge.mergeInto(in, slot, at, present, FieldMerge.HOLDER_GROUPS);
    // a new holder may never have heard what was told here, and whoever told it may be dead
    oweOwnFacts(in, slot, at);
    return APPLIED;
  }

  /** The key has an entry of another group here, live or ended. */
  private int meetOtherGroup(ReceivedBatch in, int slot, int at, int present, long hash) {
    if (!in.isLive(slot)) {
      in.rows().leave(in.partition, slot, true, in.nowNs);
      return begin(in, Partition.NONE, at, present, hash);
    }
    KeyMeeting meeting = others.meeting(in, slot, at);
    switch (meeting) {
      case STAYS, STAYS_JOINED -> {
        others.keep(in, slot, at, meeting);
        return UNKNOWN; // it comes again as what then stands there
      }
      case YIELDS, YIELDS_JOINED -> {
        boolean knowsMore = others.give(in, slot, at, meeting);
        int verdict = begin(in, Partition.NONE, at, present, hash);
        if (verdict == APPLIED && knowsMore) {
          others.takeShare(in, in.appliedTo);
          oweToAll(in, in.appliedTo);
        }
        return verdict;
      }
      case WAITS -> {
        return UNKNOWN;
      }
    }
    throw new AssertionError(meeting);
  }

  /**
   * What this member knows beyond the holder's record that it merged, of facts and of its own counters, goes to the holder as a member's:
   * the record is older than ours (rule 8). So does what is on its way there: the holder may have had no such entry when it came, and its
   * answer that it is gone must not end what it has introduced since.
   */
  private void oweOwnFacts(ReceivedBatch in, int slot, int at) {
    if (in.delta().isInFlight(in.partition, slot)
        || in.rules().mergeFacts(in.records, at, in.slab(slot), in.row(slot)) != 0
        || FieldMerge.hasMoreOwnUsage(in, slot, at)) {
      in.delta().oweWhole(in.partition, slot, in.nowNs);
    }
  }

  private int replace(ReceivedBatch in, int slot, int at, int present, long hash) {
    listener.onEnded(in.table, in.partition, slot);
    return begin(in, slot, at, present, hash);
  }

  private int begin(ReceivedBatch in, int slot, int at, int present, long hash) {
    TableRows rows = in.rows();
    int used = rows.claim(in.partition, slot, hash);
    if (used == Partition.NONE) {
      counters.increment(SyncCounter.TABLE_FULL);
      return FULL;
    }
    long meta = TableRows.meta(0, in.group, in.creator(at));
    rows.begin(in.partition, used, in.records, at, meta, in.version(at), in.nowNs);
    in.appliedTo = used;
    takeHandle(in, used, at);
    FieldMerge.mergeUsage(in, used, at, present);
    in.delta().received(in.partition, used);
    listener.onArrived(in.table, in.partition, used);
    return APPLIED;
  }

  /** From here on the peer's handle means this slot; a former handle of the entry means nothing any more. */
  private void takeHandle(ReceivedBatch in, int slot, int at) {
    if ((in.present(at) & ColumnGroup.NO_HANDLE) != 0) {
      return;
    }
    long handle = in.records[at + RecordSchema.HANDLE];
    in.rows().setHolderHandle(in.partition, slot, handle);
    in.from.handles(in.tableIndex).put(in.partition.number(), (int) (handle >>> 32), slot);
  }

  /** The holder ended the entry. */
  int applyDelete(ReceivedBatch in, int at, long hash) {
    int slot;
    if ((in.present(at) & ColumnGroup.KEY) == 0) {
      slot = byHandle(in, at);
      if (slot == Partition.NONE) {
        return UNKNOWN; // it is told again by its key: the handle may have been forgotten here
        // alone
      }
    } else {
      slot = in.table.find(in.partition, in.records, at, hash);
      if (slot != Partition.NONE && (!in.isLive(slot) || in.compareGeneration(slot, at) < 0)) {
        return APPLIED; // that generation is long gone; the one that stands is newer
      }
    }
    if (slot == Partition.NONE) {
      return APPLIED;
    }
    if (in.groupOf(slot) != in.group) {
      return APPLIED; // whatever stands here is not of the group that the sender speaks of
    }
    if (in.delta().isOfferOnItsWay(in.partition, slot)) {
      return UNKNOWN; // the tombstone must stand until that has arrived, or it would begin the
      // entry again
    }
    listener.onEnded(in.table, in.partition, slot);
    settlement.discard(in.table, in.partition, slot);
    counters.increment(SyncCounter.ENTRIES_ENDED_BY_PEER);
    return APPLIED;
  }

  /** Facts of a member that sees traffic and does not hold the group. It creates nothing. */
  int applyFacts(ReceivedBatch in, int at, long hash) {
    int slot = in.table.find(in.partition, in.records, at, hash);
    if (slot == Partition.NONE || !in.isLive(slot)) {
      return groups.holds(in.group) ? GONE : unknown(in);
    }
    if (in.groupOf(slot) != in.group) {
      return applyFactsOfOtherGroup(in, slot, at);
    }
    if (isKeptBackByHolder(in, slot)) {
      return GONE;
    }
    int order = in.compareGeneration(slot, at);
    if (order == 0) {
      mergeFactsOfMember(in, slot, at);
    } else if (order < 0) {
      answerOlder(in, slot);
    } else {
      return groups.holds(in.group) ? keepUnderNewGeneration(in, slot) : UNKNOWN;
    }
    return APPLIED;
  }

  /** The key has another group's session here; if this member holds the sender's group, that one has no session on it any longer. */
  private int applyFactsOfOtherGroup(ReceivedBatch in, int slot, int at) {
    if (!groups.holds(in.group)) {
      return unknown(in);
    }
    others.learn(in, slot, at);
    return GONE;
  }

  /** Facts of the session that stands here, of a member that saw them. */
  void mergeFactsOfMember(ReceivedBatch in, int slot, int at) {
    in.delta().mayHold(in.partition, slot);
    int grown = FieldMerge.mergeInto(in, slot, at, in.present(at), 0);
    if (grown != 0) {
      tellOn(in, slot, grown, in.from.delta());
    }
  }

  /**
   * What a member told and was not known here goes on: the holder owes it to every other member, and any other member to the holder. Whoever
   * told it may have died before it told them, and what they acknowledged they may have acknowledged in a former life (rule 8). So it does to
   * whoever told it, until that has acknowledged the holder's entry: it may have ended what it told of, by another holder's word, and begin anew
   * with a record that is on its way.
   */
  void tellOn(ReceivedBatch in, int slot, int grown, PeerDelta knows) {
    int group = in.groupOf(slot);
    if (!groups.holds(group)) {
      PeerDelta holder = byNode.get(groups.holder(group));
      if (holder != null && holder != knows) {
        holder.table(in.tableIndex).changed(in.partition, slot, grown, false, in.nowNs);
      }
      return;
    }
    for (PeerDelta peer : peers) {
      TableDelta delta = peer.table(in.tableIndex);
      if (peer != knows || !delta.isIntroduced(in.partition, slot)) {
        delta.changed(in.partition, slot, grown, true, in.nowNs);
      }
    }
  }

  /** An entry for which there is no room here is not waited for: whoever speaks of it is told when there is. */
  static int unknown(ReceivedBatch in) {
    return in.partition.hasRoom() ? UNKNOWN : FULL;
  }

  /** This member holds the entry and does not back it up: no other member has it. */
  boolean isKeptBackByHolder(ReceivedBatch in, int slot) {
    return Row.exclusion(in.slab(slot), in.row(slot)) != 0 && groups.holds(in.groupOf(slot));
  }

  /**
   * A higher generation from a member that does not hold the group replaces nothing that the holder holds live. While the store gives no
   * generation the answer is "not now".
   */
  int keepUnderNewGeneration(ReceivedBatch in, int slot) {
    in.delta().mayHold(in.partition, slot);
    long generation = groups.nextGeneration();
    if (generation == 0) {
      return UNKNOWN;
    }
    in.rows().renew(in.partition, slot, generation, groups.nodeId());
    for (PeerDelta peer : peers) {
      peer.table(in.tableIndex).renewed(in.partition, slot, in.nowNs);
    }
    return APPLIED;
  }

  void oweToAll(ReceivedBatch in, int slot) {
    for (PeerDelta peer : peers) {
      peer.table(in.tableIndex).oweWhole(in.partition, slot, in.nowNs);
    }
  }

  /** A received record strictly older than ours is answered with ours: the only merge that owes anything (rule 8). */
  void answerOlder(ReceivedBatch in, int slot) {
    TableDelta delta = in.delta();
    delta.mayHold(in.partition, slot);
    if (!delta.isUnsettled(in.partition, slot)) {
      // a burst of older records is answered once
      delta.oweWhole(in.partition, slot, in.nowNs + settlement.retryNs());
    }
  }
}
