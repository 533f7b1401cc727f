package io.understudy.replication;

import io.understudy.delta.Drain;
import io.understudy.delta.FrameFiller;
import io.understudy.delta.InFlight;
import io.understudy.delta.PeerDelta;
import io.understudy.delta.Settlement;
import io.understudy.delta.TableDelta;
import io.understudy.metrics.CounterSet;
import io.understudy.metrics.SyncCounter;
import io.understudy.proto.v1.BulkMark;
import io.understudy.proto.v1.Gone;
import io.understudy.proto.v1.Need;
import io.understudy.table.HotTable;
import io.understudy.table.Partition;
import io.understudy.table.Row;
import io.understudy.transport.Link;
import io.understudy.wire.FrameReader;
import io.understudy.wire.FrameWriter;
import io.understudy.wire.InputLimit;
import io.understudy.wire.InputLimits;
import io.understudy.wire.MessageType;
import io.understudy.wire.WireFormatException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Both directions of one peer's streams: sends what the peer is owed, applies what it sends, acknowledges and asks, on whichever of
 * its data connections the streams run. What became of the frames sent is {@link FrameSettlement}'s.
 *
 * <p>Thread: the duty cycle.
 */
public final class PeerStream {
  /** What a peer dropped for its term would be dropped again until one of the two has learnt the other's. */
  private static final long TERM_PAUSE_NS = 20_000_000;

  private final Inbound inbound;
  private final PeerDelta delta;
  private final List<HotTable> tables;
  private final Groups groups;
  private final FrameSettlement settling;
  private final BulkSide bulk;
  private final StreamReceiver receiver;
  private final StreamSender sender;
  private final Needs needs;
  private final CounterSet counters;
  private final List<DataLink> links = new ArrayList<>();
  private DataLink active;
  private long epoch;

  /** On which the stream ran last; -1: on none. */
  private int lastLink = -1;

  /** To questions of the frame that is being read; {@code null}: none was answered yet. */
  private FrameWriter answers;

  private long nowNs;
  private long pausedUntilNs = Long.MIN_VALUE;

  /** The peer dropped what it was last sent, since it follows another term: it was lost before this connection, not with it. */
  private boolean isParted;

  /** The first frame of this connection that left after a term changed; drops of earlier ones mean nothing for what is sent now. */
  private long firstOfTerm = 1;

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
    this.tables = tables;
    this.groups = groups;
    this.bulk = bulk;
    this.receiver = receiver;
    this.needs = needs;
    this.counters = counters;
    int words = tables.stream().mapToInt(t -> t.spec().schema().words()).max().orElse(1);
    sender = new StreamSender(delta, groups, drain, bulk, settings, words, counters);
    settling =
        new FrameSettlement(
            inbound, peers, groups, settlement, bulk, listener, sender.inFlight(), counters);
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
  public void connected(Link data, long helloEpoch, PeerBounds bounds, long now) {
    DataLink added = new DataLink(data, bounds.windowBytes());
    links.add(added);
    inbound.setBounds(bounds);
    inbound.beginEpoch(helloEpoch);
    noteEpoch();
    if (inbound.hasRefused()) {
      added.ack.room(); // what was said about room may be lost with the former connection
    }
    if (active == null || active.link.index() == data.index()) {
      moveTo(added, now);
    } else {
      added.ack.beginEpoch(epoch); // its HELLO may be older
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
      settling.onLost(now);
      if (!isParted) {
        delta.setLostNs(now);
      }
      bulk.onLost();
    }
    if (next != null) {
      pausedUntilNs = Long.MIN_VALUE;
      firstOfTerm = 1;
      active = next;
      epoch++;
      sender.open(next.link, epoch);
      tellEpoch(lastLink >= 0 && lastLink != next.link.index());
      lastLink = next.link.index();
    }
  }

  /**
   * Acknowledgements on another link than the stream's may be read before anything of this epoch, and what was sent in the former one, on
   * another link, after that.
   */
  private void tellEpoch(boolean isMoved) {
    for (int i = 0; (isMoved || links.size() > 1) && i < links.size(); i++) {
      links.get(i).ack.beginEpoch(epoch);
    }
  }

  /**
   * Everything is told anew, though the connection stands: a new epoch, so that the receiver does not count as seen what it heard before the
   * walk that follows.
   */
  public void beginAgain() {
    if (active != null) {
      epoch++;
      sender.beginEpoch(epoch);
      tellEpoch(true); // an acknowledgement in parts may go on behind the first batch of the epoch
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
    boolean numbered = frame.number() != 0;
    if (numbered) {
      from.ack.arrives(frame.number(), frame.length());
    }
    int questions = 0;
    int marks = 0;
    answers = null; // of a frame that was bad
    for (MessageType type = frame.next(); type != MessageType.END; type = frame.next()) {
      switch (type) {
        case BATCH -> {
          requireNumber(numbered, type);
          receiver.apply(inbound, frame, from.ack, now);
          noteEpoch();
        }
        case BULK_MARK -> {
          requireNumber(numbered, type);
          InputLimit.FRAME_MARKS.check(++marks);
          onMark(frame.parse(BulkMark.parser()));
        }
        case ACK -> onAck(frame, from);
        case NEED -> {
          InputLimit.FRAME_QUESTIONS.check(++questions);
          onNeed(frame.parse(Need.parser()));
        }
        case GONE -> {
          InputLimit.FRAME_QUESTIONS.check(++questions);
          onGone(frame.parse(Gone.parser()));
        }
        default -> counters.increment(SyncCounter.UNKNOWN_FIELDS);
      }
    }
    sendAnswers();
    counters.add(SyncCounter.UNKNOWN_FIELDS, frame.unknownFields());
    if (numbered) {
      from.ack.applied(frame.number(), frame.length());
    }
  }

  /** What was said of it could be acknowledged with no frame, and would wait for one for ever. */
  private static void requireNumber(boolean numbered, MessageType type) throws WireFormatException {
    if (!numbered) {
      throw new WireFormatException(type + " in a frame without a number");
    }
  }

  private void onMark(BulkMark mark) throws WireFormatException {
    InputLimits.check(mark);
    groups.checkTerm(mark.getGroup(), mark.getTermNumber());
    inbound.checkEpoch(mark.getEpoch());
    inbound.beginEpoch(mark.getEpoch());
    noteEpoch();
    inbound.checkMark(mark, nowNs);
    bulk.onMark(mark, inbound.epoch(), nowNs);
  }

  private void noteEpoch() {
    settling.noteEpoch(links.size() == 1);
  }

  private void onAck(FrameReader frame, DataLink from) throws WireFormatException {
    long termStale = settling.onAck(frame, from == active, nowNs);
    if (termStale >= firstOfTerm) {
      pausedUntilNs = nowNs + TERM_PAUSE_NS;
      isParted = true;
    } else if (from == active) {
      isParted = false;
    }
    if (from == active) {
      sender.acknowledged();
    }
  }

  private void onNeed(Need need) throws WireFormatException {
    TableDelta owed = delta.ofTable(need.getTable());
    if (owed == null || !groups.holds(need.getGroup())) {
      return; // whoever asks again will ask the present holder
    }
    HotTable table = owed.table();
    Needs.checkKey(table, need.getKeyCount());
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
    if (!there) {
      answer(
          Gone.newBuilder()
              .setTable(need.getTable())
              .setPartition(need.getPartition())
              .setGroup(need.getGroup())
              .addAllKey(need.getKeyList())
              .build());
    }
  }

  /** The questions of one frame are answered in one. Where the link has no room they will be asked again. */
  private void answer(Gone gone) {
    if (answers == null && active != null && active.isFree()) {
      answers = active.begin();
    }
    if (answers != null && answers.hasRoom(FrameWriter.bytesFor(gone))) {
      answers.message(MessageType.GONE, gone);
    }
  }

  private void sendAnswers() {
    if (answers != null) {
      answers = null;
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

  private void onGone(Gone gone) throws WireFormatException {
    TableDelta owed = delta.ofTable(gone.getTable());
    if (owed != null) {
      Needs.checkKey(owed.table(), gone.getKeyCount());
      needs.gone(owed.table(), gone.getKeyList());
    }
  }

  /** Sends what is due, acknowledges, asks. Answers the frames sent. */
  public int run(long now) {
    nowNs = now;
    int work = settling.retryRefused(now);
    if (active != null && active.isFree()) {
      work += now < pausedUntilNs ? 0 : sender.run(active.ack, now);
      if (!needs.isEmpty() && active.isFree()) {
        work += askNeeds();
      }
    }
    for (int i = 0; i < links.size(); i++) {
      work += isHeldUp(links.get(i)) ? 0 : links.get(i).acknowledge();
    }
    return work;
  }

  /** A frame that waits for the link's buffer may carry an acknowledgement: a later one must not overtake what that one refuses. */
  private boolean isHeldUp(DataLink link) {
    return link == active && sender.isWaitingForLink();
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
    for (int i = 0; i < links.size(); i++) {
      links.get(i).ack.room(); // on each behind what was refused on it
    }
  }

  /** A group has another holder or term: what was dropped for the former one need not wait. */
  public void termChanged(int group) {
    pausedUntilNs = Long.MIN_VALUE;
    firstOfTerm = inFlight().nextFrame();
    settling.termChanged(group);
  }

  /** Frames that the peer acknowledged, on all connections. */
  public long acknowledgedFrames() {
    return settling.acknowledgedFrames();
  }

  /** Closes the connection that this member sends on: what is in flight is owed again, on the next one. */
  public void renew() {
    if (active != null) {
      active.link.close();
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

  public long nextDueNs(long now) {
    // behind a control frame that found no room nothing is due: the link tells when it has room
    boolean hasRoom = active != null && !active.isWaiting();
    long due = hasRoom ? Math.max(sender.nextDueNs(now), pausedUntilNs) : Long.MAX_VALUE;
    if (hasRoom && !needs.isEmpty()) {
      due = Math.min(due, now + Needs.retryNs());
    }
    for (int i = 0; i < links.size(); i++) {
      due = links.get(i).isDue() && !isHeldUp(links.get(i)) ? now : due;
    }
    return Math.min(due, settling.retryDueNs());
  }
}
