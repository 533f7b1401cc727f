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
import io.understudy.transport.SendResult;
import io.understudy.wire.FrameReader;
import io.understudy.wire.FrameWriter;
import io.understudy.wire.MessageType;
import io.understudy.wire.WireFormatException;
import java.util.List;

/**
 * Both directions of one peer's streams: sends what the peer is owed, applies what it sends, acknowledges, and owes again
 * what was in flight when a connection ended. That is the whole resume.
 *
 * <p>Thread: the duty cycle.
 */
public final class PeerStream {
  private final Inbound inbound;
  private final PeerDelta delta;
  private final List<HotTable> tables;
  private final Groups groups;
  private final Settlement settlement;
  private final BulkSide bulk;
  private final StreamReceiver receiver;
  private final StreamSender sender;
  private final Needs needs;
  private final CounterSet counters;
  private final AckBuilder ack = new AckBuilder();
  private final AckBuilder noAck = new AckBuilder();
  private final AckVerdicts verdicts = new AckVerdicts();
  private final FrameWriter control = new FrameWriter();
  private final InFlight.Visitor onAcknowledged = this::acknowledged;
  private final InFlight.Visitor onLost = this::lost;
  private Link link;
  private long nowNs;
  private long ackedRecords;
  private boolean controlUnsent;

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
      List<HotTable> tables,
      Groups groups,
      Drain drain,
      Settlement settlement,
      BulkSide bulk,
      StreamReceiver receiver,
      Needs needs,
      StreamSettings settings,
      CounterSet counters) {
    this.inbound = inbound;
    this.delta = inbound.delta();
    this.tables = tables;
    this.groups = groups;
    this.settlement = settlement;
    this.bulk = bulk;
    this.receiver = receiver;
    this.needs = needs;
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

  /** Begins on a connection that HELLO agreed on. */
  public void open(Link data, long ownEpoch, long peerEpoch) {
    link = data;
    ack.reset();
    controlUnsent = false;
    inbound.beginEpoch(peerEpoch);
    sender.open(data, ownEpoch);
  }

  public boolean isOpen() {
    return link != null;
  }

  public Link link() {
    return link;
  }

  /** The connection is gone: what was in flight on it is owed again. */
  public void close(long now) {
    if (link == null) {
      return;
    }
    nowNs = now;
    link = null;
    sender.close();
    sender.inFlight().reset(onLost);
    delta.setLostNs(now);
    bulk.onLost();
  }

  /** One frame of the peer's data connection; also from one that was replaced but still had something to say. */
  public void onFrame(FrameReader frame, boolean present, long now) throws WireFormatException {
    nowNs = now;
    for (MessageType type = frame.next(); type != MessageType.END; type = frame.next()) {
      switch (type) {
        case BATCH -> receiver.apply(inbound, frame, present ? ack : noAck, now);
        case ACK -> {
          if (present) {
            onAck(frame);
          }
        }
        case BULK_MARK -> bulk.onMark(frame.parse(BulkMark.parser()), inbound.epoch(), now);
        case NEED -> onNeed(frame.parse(Need.parser()));
        case GONE -> onGone(frame.parse(Gone.parser()));
        default -> counters.increment(SyncCounter.UNKNOWN_FIELDS);
      }
    }
    counters.add(SyncCounter.UNKNOWN_FIELDS, frame.unknownFields());
    noAck.reset(); // nobody waits for an acknowledgement on a connection that was replaced
    if (present && frame.number() > 0) {
      if (frame.number() != ack.applied() + 1) {
        throw new WireFormatException(
            "frame number " + frame.number() + " follows " + ack.applied() + "; they count by one");
      }
      ack.applied(frame.number());
    }
  }

  private void onAck(FrameReader frame) throws WireFormatException {
    long upTo;
    if (frame.ackIsSimple()) {
      upTo = frame.ackFrame();
    } else {
      Ack full = frame.ack();
      verdicts.read(full);
      upTo = full.getFrame();
      if (full.getRoom()) {
        retryRefused();
      }
    }
    if (!sender.inFlight().isPlausible(upTo)) {
      throw new WireFormatException(
          "acknowledgement of frame "
              + upTo
              + ", but only "
              + (sender.inFlight().nextFrame() - 1)
              + " were sent");
    }
    sender.inFlight().settle(upTo, onAcknowledged);
    verdicts.clear();
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
      partition.lock();
      try {
        int to = Math.min(count, i + Drain.RECORDS_PER_LOCK);
        for (int j = i; j < to; j++) {
          int slot = sender.inFlight().slot(from + j);
          int refusal = verdicts.refusal(frame, batch, j);
          if (refusal >= 0) {
            settlement.refused(
                delta,
                owed,
                partition,
                slot,
                frame,
                AckVerdicts.reason(refusal),
                AckVerdicts.isOlderHeld(refusal),
                nowNs);
          } else if (settlement.acknowledged(delta, owed, partition, slot, frame, kind)) {
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
      there = slot != Partition.NONE && Row.isLive(partition.slab(slot), partition.row(slot));
      if (there) {
        owed.oweWhole(partition, slot, nowNs);
      }
    } finally {
      partition.unlock();
    }
    if (!there && !controlUnsent) { // it will be asked again
      control.reset();
      control.message(
          MessageType.GONE,
          Gone.newBuilder()
              .setTable(need.getTable())
              .setPartition(need.getPartition())
              .setGroup(need.getGroup())
              .addAllKey(need.getKeyList())
              .build());
      sendControl();
    }
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
    if (link == null || controlUnsent && !sendControl()) {
      return 0;
    }
    int work = sender.run(ack, now);
    if (ack.isOwed()) {
      control.reset();
      if (!ack.write(control) || !sendControl()) {
        return work;
      }
    }
    return needs.isEmpty() ? work : work + askNeeds();
  }

  private int askNeeds() {
    List<Need> due = needs.due(groups, inbound.node(), tables, nowNs);
    if (due.isEmpty()) {
      return 0;
    }
    control.reset();
    for (Need need : due) {
      control.message(MessageType.NEED, need);
    }
    sendControl();
    return 1;
  }

  /** Sends the frame without a number; if the link's buffer is full it waits, and the next one with it. */
  private boolean sendControl() {
    controlUnsent =
        link != null && link.send(control.bytes(), 0, control.length()) == SendResult.FULL;
    return !controlUnsent;
  }

  /** The receiver has room again: tells the peer, which retries what was refused. */
  public void tellRoom() {
    ack.room();
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
    if (link != null && !needs.isEmpty()) {
      due = Math.min(due, now + Needs.retryNs());
    }
    return link != null && ack.isOwed() ? now : due;
  }
}
