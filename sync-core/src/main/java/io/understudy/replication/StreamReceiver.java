package io.understudy.replication;

import io.understudy.delta.Drain;
import io.understudy.delta.PeerDelta;
import io.understudy.delta.Settlement;
import io.understudy.metrics.CounterSet;
import io.understudy.metrics.SyncCounter;
import io.understudy.proto.v1.DropReason;
import io.understudy.table.HotTable;
import io.understudy.table.Partition;
import io.understudy.table.Row;
import io.understudy.table.SlotReference;
import io.understudy.wire.ColumnGroup;
import io.understudy.wire.FrameReader;
import io.understudy.wire.InputLimit;
import io.understudy.wire.InputLimits;
import io.understudy.wire.RecordSchema;
import io.understudy.wire.WireFormatException;
import java.util.BitSet;
import java.util.List;
import java.util.Map;

/**
 * Applies the batches of one frame: checks epoch and term, merges record by record, notes what the acknowledgement must say.
 *
 * <p>Thread: the duty cycle; a partition is locked for the merging of 16 records at a time. Allocates nothing but where it
 * refuses something.
 *
 * <p>Errors: {@link WireFormatException} for bytes that no honest peer sends; the caller closes the connection.
 */
final class StreamReceiver {
  private static final int MAX_RECORDS = 4_096;

  /** Records whose rows are read ahead at once; more would drive one another out of the cache. */
  private static final int AHEAD = 64;

  private static final int LAST_SLOT = SlotReference.of(HotTable.PARTITIONS, 0) - 1;

  private final List<HotTable> tables;
  private final Groups groups;
  private final CounterSet counters;
  private final EntryMerge merge;
  private final Candidates candidates;
  private final Needs needs;
  private final ReceivedBatch batch = new ReceivedBatch();
  private final long[] records;
  private final long[] hashes = new long[MAX_RECORDS];
  private final int[] partitions = new int[MAX_RECORDS];
  private final BitSet quarantined = new BitSet(MAX_RECORDS);
  private final BitSet[] full;

  /** Of each table, records refused because it was full. */
  private final long[] refused;

  /** What was read ahead; kept, or it would not be read. */
  @SuppressWarnings("unused")
  private long touched;

  StreamReceiver(
      List<HotTable> tables,
      Groups groups,
      Settlement settlement,
      EntryListener listener,
      Needs needs,
      CounterSet counters) {
    this.tables = tables;
    this.groups = groups;
    this.counters = counters;
    this.needs = needs;
    merge = new EntryMerge(groups, settlement, listener, counters);
    candidates = new Candidates(groups, listener, counters, merge);
    int words = tables.stream().mapToInt(t -> t.spec().schema().words()).max().orElse(1);
    records = new long[MAX_RECORDS * words];
    refused = new long[tables.size()];
    full = new BitSet[tables.size()];
    for (int i = 0; i < full.length; i++) {
      full[i] = new BitSet(HotTable.PARTITIONS);
    }
  }

  /** Set-up: all peers by their nodes. */
  void setPeers(Map<Integer, PeerDelta> peers) {
    merge.setPeers(peers);
  }

  /** Some partition that refused records as full has room now. Answers so once for each. */
  boolean takeRoom() {
    boolean room = false;
    for (int i = 0; i < full.length; i++) {
      for (int p = full[i].nextSetBit(0); p >= 0; p = full[i].nextSetBit(p + 1)) {
        if (hasRoom(tables.get(i).partition(p))) {
          full[i].clear(p);
          room = true;
        }
      }
    }
    return room;
  }

  /** Records of peers that found no room in a table; one that was tried again counts again. */
  long refused(int tableIndex) {
    return refused[tableIndex];
  }

  /** A partition of the table refused a record and has had no room since. */
  boolean isFull(int tableIndex) {
    return !full[tableIndex].isEmpty();
  }

  private static boolean hasRoom(Partition partition) {
    partition.lock();
    try {
      return partition.hasRoom();
    } finally {
      partition.unlock();
    }
  }

  /** The reader stands at a batch. */
  void apply(Inbound from, FrameReader frame, AckBuilder ack, long nowNs)
      throws WireFormatException {
    int tableIndex = indexOf(frame.table());
    if (tableIndex < 0) {
      counters.increment(SyncCounter.UNKNOWN_FIELDS);
      return;
    }
    checkHeader(from, frame);
    if ((groups.knownGroups() >>> frame.group() & 1) == 0) {
      counters.increment(SyncCounter.UNKNOWN_FIELDS);
      return; // dropped, it would come again without end
    }
    groups.checkTerm(frame.group(), frame.termNumber());
    if (from.isStaleEpoch(frame.epoch())) {
      counters.increment(SyncCounter.STALE_EPOCH_BATCHES);
      ack.dropped(frame.number(), frame.batchIndex(), DropReason.STALE_EPOCH);
      return;
    }
    from.beginEpoch(frame.epoch()); // also where the stream moved to a connection that was up
    if (!isOfPresentTerm(from, frame)) {
      counters.increment(SyncCounter.STALE_TERM_BATCHES);
      ack.dropped(frame.number(), frame.batchIndex(), DropReason.STALE_TERM);
      return;
    }
    if (kind(frame) == Drain.HOLDER || kind(frame) == Drain.DELETE) {
      from.spokeAsHolder(frame.group(), frame.termNumber());
    }
    HotTable table = tables.get(tableIndex);
    RecordSchema schema = table.spec().schema();
    int count = frame.records(schema, records, MAX_RECORDS);
    findPartitions(frame, schema.words(), count, from.handles(tableIndex).limit());
    hashKeys(table, schema, frame, count, from.suspects());
    batch.from = from;
    batch.table = table;
    batch.tableIndex = tableIndex;
    batch.group = frame.group();
    batch.termNumber = frame.termNumber();
    batch.epoch = frame.epoch();
    batch.nowNs = nowNs;
    batch.records = records;
    // others sweep nothing: for the groups they name nothing is kept
    batch.seen = kind(frame) == Drain.HOLDER ? from.seen(tableIndex, frame.group()) : null;
    int applied = 0;
    for (int i = 0; i < count; i += AHEAD) {
      int to = Math.min(count, i + AHEAD);
      touchAhead(schema.words(), i, to);
      applied += applyRecords(frame, schema.words(), i, to, ack);
    }
    counters.add(SyncCounter.RECORDS_APPLIED, applied);
    if (kind(frame) == Drain.HOLDER || kind(frame) == Drain.DELETE) {
      groups.applied(frame.group(), applied); // what was refused is no history
    }
  }

  private static void checkHeader(Inbound from, FrameReader frame) throws WireFormatException {
    InputLimit.PARTITION.check(frame.partition());
    InputLimit.GROUP.check(frame.group());
    InputLimit.BATCH_KIND.check(frame.kind());
    InputLimits.checkTerm(frame.termNumber(), frame.termNode());
    from.checkEpoch(frame.epoch());
  }

  private static int kind(FrameReader frame) {
    return frame.kind() & ~Drain.UNSYNCED;
  }

  /** Batches of an older term are dropped; creates and ends come from the term's holder alone (rules 7 and 10). */
  private boolean isOfPresentTerm(Inbound from, FrameReader frame) {
    int group = frame.group();
    long number = frame.termNumber();
    if (number == 0) {
      return false; // before its first term, or of a group that this member has not: nobody could
      // be asked about it
    }
    boolean asHolder = kind(frame) == Drain.HOLDER || kind(frame) == Drain.DELETE;
    if (number > groups.termNumber(group)
        || number == groups.termNumber(group) && asHolder && groups.holder(group) != from.node()) {
      groups.learnTerm(group, number, frame.termNode(), frame.kind() >= Drain.UNSYNCED);
    }
    if (number != groups.termNumber(group)) {
      return false; // an older one, or one that began without history and is not followed
    }
    return !asHolder || frame.termNode() == from.node() && groups.holder(group) == from.node();
  }

  /** Slots are counted on from partition to partition on the wire: finds each record's partition and its slot there. */
  private void findPartitions(FrameReader frame, int words, int count, int slots)
      throws WireFormatException {
    int first = SlotReference.of(frame.partition(), 0);
    for (int i = 0, at = RecordSchema.HANDLE; i < count; i++, at += words) {
      long reference = first + (records[at] >>> 32);
      if (reference > LAST_SLOT) {
        throw new WireFormatException(
            "record "
                + i
                + " of a batch from partition "
                + frame.partition()
                + " on has slot "
                + (records[at] >>> 32)
                + ", beyond the last partition");
      }
      int slot = SlotReference.slot((int) reference);
      if (slot >= slots) {
        throw new WireFormatException(
            "slot "
                + slot
                + " of record "
                + i
                + " is beyond the "
                + slots
                + " that the peer says a partition has there");
      }
      partitions[i] = SlotReference.partition((int) reference);
      records[at] = (long) slot << 32 | records[at] & 0xFFFFFFFFL;
    }
  }

  /** Hashes the keys, and judges which records are none of this table: they are left out, the others applied. */
  private void hashKeys(
      HotTable table, RecordSchema schema, FrameReader frame, int count, Suspects suspects)
      throws WireFormatException {
    long highest = 0;
    int misplaced = -1;
    quarantined.clear();
    for (int i = 0, at = 0; i < count; i++, at += schema.words()) {
      if (((int) records[at + RecordSchema.HEAD] & ColumnGroup.KEY) == 0) {
        if (kind(frame) == Drain.FACTS || kind(frame) == Drain.CANDIDATE) {
          throw new WireFormatException(
              "facts without a key, record " + i + ", of partition " + partitions[i]);
        }
        continue;
      }
      hashes[i] = table.hash(records, at + Row.PAYLOAD);
      long generation = records[at + Row.GENERATION];
      InputLimits.checkGeneration(generation);
      highest = Math.max(highest, generation);
      if (HotTable.partitionOf(hashes[i]) != partitions[i]) {
        misplaced = suspects.isFirst(hashes[i]) ? i : misplaced;
        quarantined.set(i);
      } else if (!table.spec().rules().isOfTable(records, at)) {
        quarantined.set(i);
      }
    }
    if (misplaced >= 0) {
      throw new WireFormatException(
          "record "
              + misplaced
              + " of partition "
              + partitions[misplaced]
              + " has a key of partition "
              + HotTable.partitionOf(hashes[misplaced])
              + "; if it comes again, it is quarantined");
    }
    if (highest > 0) { // once a batch: each new session would move the clock
      groups.observeGeneration(highest);
    }
  }

  /** Reads what the records will be merged into, so that their cache misses overlap. */
  private void touchAhead(int words, int from, int to) {
    Handles handles = batch.from.handles(batch.tableIndex);
    long read = 0;
    for (int i = from, at = from * words; i < to; i++, at += words) {
      int peerSlot = (int) (records[at + RecordSchema.HANDLE] >>> 32);
      int slot = handles.localSlot(partitions[i], peerSlot);
      if (((int) records[at + RecordSchema.HEAD] & ColumnGroup.KEY) != 0) {
        read ^= batch.table.readAhead().place(hashes[i]);
      } else if (slot >= 0) {
        read ^= batch.table.partition(partitions[i]).touchRow(slot);
      }
    }
    touched = read;
  }

  private int applyRecords(FrameReader frame, int words, int from, int end, AckBuilder ack) {
    int applied = 0;
    for (int at = from, to; at < end; at = to) {
      to = endOfRun(at, end);
      batch.partition = batch.table.partition(partitions[at]);
      batch.partition.lock();
      try {
        for (int i = at; i < to; i++) {
          int verdict =
              quarantined.get(i)
                  ? quarantine(i * words)
                  : applyOne(kind(frame), i * words, hashes[i]);
          if (verdict == EntryMerge.APPLIED) {
            applied++;
          } else {
            refuse(frame, i, i * words, verdict, ack);
          }
        }
      } finally {
        batch.partition.unlock();
      }
    }
    return applied;
  }

  /** Where another partition's records begin, or where the lock has been held for long enough. */
  private int endOfRun(int at, int end) {
    int most = Math.min(end, at + Drain.RECORDS_PER_LOCK);
    int to = at + 1;
    while (to < most && partitions[to] == partitions[at]) {
      to++;
    }
    return to;
  }

  private int applyOne(int kind, int at, long hash) {
    return switch (kind) {
      case Drain.HOLDER -> merge.applyHolder(batch, at, hash);
      case Drain.DELETE -> merge.applyDelete(batch, at, hash);
      case Drain.FACTS -> merge.applyFacts(batch, at, hash);
      default -> candidates.apply(batch, at, hash);
    };
  }

  /** The record is not looked at any further. What stands here under its handle is an older version. */
  private int quarantine(int at) {
    counters.increment(SyncCounter.RECORDS_QUARANTINED);
    int peerSlot = (int) (records[at + RecordSchema.HANDLE] >>> 32);
    boolean byHandle = (batch.present(at) & ColumnGroup.NO_HANDLE) == 0;
    int slot = batch.from.handles(batch.tableIndex).localSlot(batch.partition.number(), peerSlot);
    boolean holdsOlder =
        byHandle
            && batch.partition.isUsed(slot)
            && batch.isLive(slot)
            && batch.groupOf(slot) == batch.group
            && batch.rows().holderHandle(batch.partition, slot) >>> 32 == peerSlot;
    return Settlement.QUARANTINED | (holdsOlder ? AckVerdicts.OLDER_HELD : 0);
  }

  private void refuse(FrameReader frame, int record, int at, int verdict, AckBuilder ack) {
    ack.refused(frame.number(), frame.batchIndex(), record, verdict);
    if (verdict == Settlement.FULL) {
      counters.increment(SyncCounter.RECORDS_REFUSED);
      refused[batch.tableIndex]++;
      full[batch.tableIndex].set(batch.partition.number());
      batch.from.refuse();
    } else if (verdict == Settlement.UNKNOWN_HANDLE) {
      counters.increment(SyncCounter.UNKNOWN_HANDLES);
      if (kind(frame) == Drain.FACTS && !groups.holds(frame.group())) {
        needs.ask(batch.tableIndex, partitions[record], frame.group(), batch.table, records, at);
      }
    }
  }

  private int indexOf(int tableNumber) {
    for (int i = 0; i < tables.size(); i++) {
      if (tables.get(i).spec().number() == tableNumber) {
        return i;
      }
    }
    return -1;
  }
}
