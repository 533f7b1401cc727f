package io.understudy.replication;

import io.understudy.delta.Drain;
import io.understudy.delta.FrameFiller;
import io.understudy.delta.InFlight;
import io.understudy.delta.PeerDelta;
import io.understudy.delta.Settlement;
import io.understudy.delta.TableDelta;
import io.understudy.metrics.CounterSet;
import io.understudy.metrics.SyncCounter;
import io.understudy.proto.v1.Ack;
import io.understudy.proto.v1.BulkMark;
import io.understudy.proto.v1.Gone;
import io.understudy.proto.v1.Need;
import io.understudy.table.HotTable;
import io.understudy.table.Partition;
import io.understudy.table.Row;
import io.understudy.transport.Link;
import io.understudy.wire.FrameReader;
import io.understudy.wire.FrameWriter;
import io.understudy.wire.MessageType;
import io.understudy.wire.WireFormatException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Both directions of one peer's streams: sends what the peer is owed, applies what it sends, acknowledges, and owes again
 * what was in flight when a connection ended. That is the whole resume.
 *
 * <p>Thread: the duty cycle.
 */
public final class PeerStream {
  private final Inbound inbound;
  private final PeerDelta delta;
  private final Map<Integer, PeerDelta> peers;
  private final List<HotTable> tables;
  private final Groups groups;
  private final Settlement settlement;
  private final BulkSide bulk;
  private final StreamReceiver receiver;
  private final StreamSender sender;
  private final Needs needs;
  private final EntryListener listener;
  private final CounterSet counters;
  private final AckVerdicts verdicts = new AckVerdicts();
  private final List<DataLink> links = new ArrayList<>();
  private final InFlight.Visitor onAcknowledged = this::acknowledged;
  private final InFlight.Visitor onLost = this::lost;
  private DataLink active;
  private long epoch;
  private long nowNs;

  /** What was read ahead; kept, or it would not be read. */
  @SuppressWarnings("unused")
  private long touched;

  private long ackedRecords;

  /** The bulk's halves for this peer, as the stream needs them. */
  public interface BulkSide extends FrameFiller {
    /** The peer's mark arrived in stream order. */
    void onMark(BulkMark mark, long connectionEpoch, long nowNs);

    /** The peer applied our mark. */
    void onMarkAcknowledged(int tableIndex, int partition, int group);

    /** The connection ended. */
    void onLost();
  }

  PeerStream(
      Inbound inbound,
      Map<Integer, PeerDelta> peers,
      List<HotTable> tables,
      Groups groups,
      Drain drain,
      Settlement settlement,
      BulkSide bulk,
      StreamReceiver receiver,
      Needs needs,
      EntryListener listener,
      StreamSettings settings,
      CounterSet counters) {
    this.inbound = inbound;
    this.delta = inbound.delta();
    this.peers = peers;
    this.tables = tables;
    this.groups = groups;
    this.settlement = settlement;
    this.bulk = bulk;
    this.receiver = receiver;
    this.needs = needs;
    this.listener = listener;
    this.counters = counters;
    int words = tables.stream().mapToInt(t -> t.spec().schema().words()).max().orElse(1);
    sender = new StreamSender(delta, groups, drain, bulk, settings, words, counters);
  }

  public Inbound inbound() {
    return inbound;
  }

  public InFlight inFlight() {
    return sender.inFlight();
  }

  /** The epoch of what is sent to this peer; rises whenever that moves to another connection (protocol, rule 4). */
  public long epoch() {
    return epoch;
  }

  /** A connection that HELLO agreed on. It takes over from an older one of the same link, or where there is none. */
  public void connected(Link data, long peerEpoch, long now) {
    DataLink added = new DataLink(data);
    links.add(added);
    inbound.beginEpoch(peerEpoch);
    if (inbound.hasRefused()) {
      added.ack.room(); // what was said about room may be lost with the former connection
    }
    if (active == null || active.link.index() == data.index()) {
      moveTo(added, now);
    }
  }

  /** The connection is gone: what was in flight on it is owed again, on another one if there is any. */
  public void disconnected(Link data, long now) {
    DataLink gone = find(data);
    links.remove(gone);
    if (gone != null && gone == active) {
      moveTo(links.isEmpty() ? null : links.get(links.size() - 1), now);
    }
  }

  private void moveTo(DataLink next, long now) {
    nowNs = now;
    if (active != null) {
      active = null;
      sender.close();
      sender.inFlight().reset(onLost);
      delta.setLostNs(now);
      bulk.onLost();
    }
    if (next != null) {
      active = next;
      epoch++;
      sender.open(next.link, epoch);
    }
  }

  private DataLink find(Link data) {
    for (int i = 0; i < links.size(); i++) {
      if (links.get(i).link == data) {
        return links.get(i);
      }
    }
    return null;
  }

  public boolean isOpen() {
    return active != null;
  }

  /** One frame of one of the peer's data connections. */
  public void onFrame(Link data, FrameReader frame, long now) throws WireFormatException {
    nowNs = now;
    DataLink from = find(data);
    if (from == null) {
      return;
    }
    for (MessageType type = frame.next(); type != MessageType.END; type = frame.next()) {
      switch (type) {
        case BATCH -> receiver.apply(inbound, frame, from.ack, now);
        case ACK -> onAck(frame, from == active);
        case BULK_MARK -> onMark(frame.parse(BulkMark.parser()));
        case NEED -> onNeed(frame.parse(Need.parser()));
        case GONE -> onGone(frame.parse(Gone.parser()));
        default -> counters.increment(SyncCounter.UNKNOWN_FIELDS);
      }
    }
    counters.add(SyncCounter.UNKNOWN_FIELDS, frame.unknownFields());
    if (frame.number() > 0) {
      if (frame.number() != from.ack.applied() + 1) {
        throw new WireFormatException(
            "frame number "
                + frame.number()
                + " follows "
                + from.ack.applied()
                + "; they count by one");
      }
      from.ack.applied(frame.number());
    }
  }

  private void onMark(BulkMark mark) {
    inbound.beginEpoch(mark.getEpoch());
    bulk.onMark(mark, inbound.epoch(), nowNs);
  }

  /**
   * Settles what the peer applied.
   *
   * @param ofStream it came on the connection that the stream runs on; others speak of frames that were owed again long ago
   */
  private void onAck(FrameReader frame, boolean ofStream) throws WireFormatException {
    long upTo;
    boolean room = false;
    if (frame.ackIsSimple()) {
      upTo = frame.ackFrame();
    } else {
      Ack full = frame.ack();
      verdicts.read(full);
      upTo = full.getFrame();
      room = full.getRoom();
    }
    if (ofStream) {
      settle(upTo);
    }
    verdicts.clear();
    if (room) {
      retryRefused(); // what this very acknowledgement refuses may have room by now
    }
  }

  private void settle(long upTo) throws WireFormatException {
    if (!sender.inFlight().isPlausible(upTo)) {
      throw new WireFormatException(
          "acknowledgement of frame "
              + upTo
              + ", but only "
              + (sender.inFlight().nextFrame() - 1)
              + " were sent");
    }
    sender.inFlight().settle(upTo, onAcknowledged);
    sender.acknowledged();
  }

  private void acknowledged(
      long frame,
      int batch,
      int table,
      int partitionNumber,
      int group,
      int kind,
      int from,
      int count) {
    if (kind == InFlight.MARK) {
      bulk.onMarkAcknowledged(table, partitionNumber, group);
      return;
    }
    if (verdicts.isDropped(frame, batch)) {
      lost(frame, batch, table, partitionNumber, group, kind, from, count);
      return;
    }
    TableDelta owed = delta.table(table);
    Partition partition = owed.table().partition(partitionNumber);
    boolean ofMember = kind == Drain.FACTS || kind == Drain.CANDIDATE;
    for (int i = 0; i < count; i += Drain.RECORDS_PER_LOCK) {
      touchMarks(partition, from + i, from + Math.min(count, i + Drain.RECORDS_PER_LOCK));
      partition.lock();
      try {
        int to = Math.min(count, i + Drain.RECORDS_PER_LOCK);
        for (int j = i; j < to; j++) {
          int slot = sender.inFlight().slot(from + j);
          int refusal = verdicts.refusal(frame, batch, j);
          if (refusal >= 0) {
            refused(owed, partition, slot, frame, refusal);
          } else if (settlement.acknowledged(delta, owed, partition, slot, frame, kind, group)) {
            ackedRecords++;
            if (ofMember && groups.holder(group) == inbound.node()) {
              // the holder has the entry: its sweep must not take it away (protocol, rule 11)
              inbound
                  .seen(table, group)
                  .set(partitionNumber, slot, inbound.epoch(), groups.termNumber(group));
            }
          }
        }
      } finally {
        partition.unlock();
      }
    }
  }

  /** Reads the marks that are settled next, so that their cache misses overlap. */
  private void touchMarks(Partition partition, int from, int to) {
    long read = 0;
    for (int i = from; i < to; i++) {
      read ^= partition.touchMark(delta.peerSlot(), sender.inFlight().slot(i));
    }
    touched = read;
  }

  private void refused(TableDelta owed, Partition partition, int slot, long frame, int refusal) {
    int reason = AckVerdicts.reason(refusal);
    boolean older = AckVerdicts.isOlderHeld(refusal);
    boolean hopeless =
        reason == Settlement.UNKNOWN_HANDLE && isRefusedByHolder(owed, partition, slot);
    int settled = hopeless ? Settlement.GONE_ENTRY : reason;
    boolean last = settlement.refused(delta, owed, partition, slot, frame, settled, older, nowNs);
    if (last && reason == Settlement.GONE_ENTRY && isHoldersWord(partition, slot)) {
      listener.onEnded(owed.table(), partition, slot);
      settlement.endedByOther(groups, owed.table(), partition, slot);
      counters.increment(SyncCounter.ENTRIES_ENDED_BY_PEER);
    }
  }

  /**
   * The entry's holder has no room for it, so nobody will introduce it to this peer. When it finds room, what it introduces has all
   * that this member knows.
   */
  private boolean isRefusedByHolder(TableDelta owed, Partition partition, int slot) {
    int holder = groups.holder(Row.group(partition.slab(slot), partition.row(slot)));
    PeerDelta ofHolder = peers.get(holder);
    return ofHolder != null
        && ofHolder != delta
        && ofHolder.ofTable(owed.table().spec().number()).isRefused(partition, slot);
  }

  /** The entry belongs to a group that this peer holds: if it says that it is gone, it is (protocol, rule 7). */
  private boolean isHoldersWord(Partition partition, int slot) {
    long[] slab = partition.slab(slot);
    int row = partition.row(slot);
    return Row.isLive(slab, row) && groups.holder(Row.group(slab, row)) == inbound.node();
  }

  private void lost(
      long frame,
      int batch,
      int table,
      int partitionNumber,
      int group,
      int kind,
      int from,
      int count) {
    if (kind == InFlight.MARK) {
      return;
    }
    TableDelta owed = delta.table(table);
    Partition partition = owed.table().partition(partitionNumber);
    for (int i = 0; i < count; i += Drain.RECORDS_PER_LOCK) {
      partition.lock();
      try {
        int to = Math.min(count, i + Drain.RECORDS_PER_LOCK);
        for (int j = i; j < to; j++) {
          settlement.lost(delta, owed, partition, sender.inFlight().slot(from + j), frame, nowNs);
        }
      } finally {
        partition.unlock();
      }
    }
  }

  private void retryRefused() {
    for (int i = 0; i < tables.size(); i++) {
      for (int p = 0; p < HotTable.PARTITIONS; p++) {
        settlement.retryRefused(delta.table(i), tables.get(i).partition(p), nowNs);
      }
    }
  }

  private void onNeed(Need need) {
    TableDelta owed = delta.ofTable(need.getTable());
    if (owed == null
        || need.getPartition() >= HotTable.PARTITIONS
        || !groups.holds(need.getGroup())) {
      return; // whoever asks again will ask the present holder
    }
    HotTable table = owed.table();
    long[] record = Needs.record(table, need.getKeyList());
    long hash = table.hash(record, Row.PAYLOAD);
    Partition partition = table.partition(HotTable.partitionOf(hash));
    partition.lock();
    boolean there;
    try {
      int slot = table.find(partition, record, 0, hash);
      there = slot != Partition.NONE && isBackedUpHere(partition, slot);
      if (there) {
        owed.oweWhole(partition, slot, nowNs);
      }
    } finally {
      partition.unlock();
    }
    if (!there && active != null && active.isFree()) { // otherwise it will be asked again
      active
          .begin()
          .message(
              MessageType.GONE,
              Gone.newBuilder()
                  .setTable(need.getTable())
                  .setPartition(need.getPartition())
                  .setGroup(need.getGroup())
                  .addAllKey(need.getKeyList())
                  .build());
      active.send();
    }
  }

  /** This member introduces the entry to the peers: one that is kept back is never sent, so for the others it is gone. */
  private boolean isBackedUpHere(Partition partition, int slot) {
    long[] slab = partition.slab(slot);
    int row = partition.row(slot);
    return Row.isLive(slab, row)
        && Row.exclusion(slab, row) == 0
        && groups.holds(Row.group(slab, row));
  }

  private void onGone(Gone gone) {
    TableDelta owed = delta.ofTable(gone.getTable());
    if (owed != null) {
      needs.gone(owed.table(), gone.getKeyList());
    }
  }

  /** Sends what is due, acknowledges, asks. Answers the frames sent. */
  public int run(long now) {
    nowNs = now;
    int work = 0;
    if (active != null && active.isFree()) {
      work += sender.run(active.ack, now);
      if (!needs.isEmpty() && active.isFree()) {
        work += askNeeds();
      }
    }
    for (int i = 0; i < links.size(); i++) {
      work += links.get(i).acknowledge();
    }
    return work;
  }

  private int askNeeds() {
    List<Need> due = needs.due(groups, inbound.node(), tables, nowNs);
    if (due.isEmpty()) {
      return 0;
    }
    FrameWriter control = active.begin();
    for (Need need : due) {
      control.message(MessageType.NEED, need);
    }
    active.send();
    return 1;
  }

  /** The receiver has room again: tells the peer, which retries what was refused. */
  public void tellRoom() {
    if (active != null) {
      active.ack.room();
    }
  }

  /** Everything owed now is due now. */
  public void flush() {
    sender.flush();
  }

  /** Nothing but usage is owed to the peer or unacknowledged. */
  public boolean isFlushed() {
    return sender.isFlushed();
  }

  /** Records settled by acknowledgements since the start. */
  public long ackedRecords() {
    return ackedRecords;
  }

  public long nextDueNs(long now) {
    long due = sender.nextDueNs(now);
    if (active != null && !needs.isEmpty()) {
      due = Math.min(due, now + Needs.retryNs());
    }
    for (int i = 0; i < links.size(); i++) {
      due = links.get(i).isDue() ? now : due;
    }
    return due;
  }
}
