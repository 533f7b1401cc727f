package io.understudy.replication;

import io.understudy.delta.Drain;
import io.understudy.delta.InFlight;
import io.understudy.delta.PeerDelta;
import io.understudy.delta.Settlement;
import io.understudy.delta.TableDelta;
import io.understudy.metrics.CounterSet;
import io.understudy.metrics.SyncCounter;
import io.understudy.proto.v1.Ack;
import io.understudy.table.Authority;
import io.understudy.table.Partition;
import io.understudy.table.Row;
import io.understudy.wire.FrameReader;
import io.understudy.wire.WireFormatException;
import java.util.Arrays;
import java.util.Map;

/**
 * Settles the frames sent to one peer: what it acknowledged is done, what it refused is kept with the reason, and what was in flight
 * when the connection ended is owed again, which is the whole resume (protocol, rules 2 and 3).
 *
 * <p>What each of these does to one record's mark is {@link Settlement}'s.
 *
 * <p>Thread: the duty cycle; a partition is locked for 16 records at a time. The plain acknowledgement allocates nothing.
 *
 * <p>Errors: {@link WireFormatException} for an acknowledgement that no honest peer sends; the caller closes the connection.
 */
final class FrameSettlement {
  private static final int FRAMES_PER_REFRESH = 64;

  private final Inbound inbound;
  private final PeerDelta delta;
  private final Map<Integer, PeerDelta> peers;
  private final Groups groups;
  private final Settlement settlement;
  private final PeerStream.BulkSide bulk;
  private final EntryListener listener;
  private final InFlight inFlight;
  private final CounterSet counters;
  private final AckVerdicts verdicts = new AckVerdicts();
  private final InFlight.Visitor onAcknowledged = this::acknowledged;
  private final InFlight.Visitor onLost = this::lost;
  private final RefusalRetry retry;
  private long nowNs;

  /** What was read ahead; kept, or it would not be read. */
  @SuppressWarnings("unused")
  private long touched;

  /** For each group, the first frame sent since the present term and the peer's present epoch were known here. */
  private final long[] countsFrom = new long[Authority.GROUPS];

  /** The latest of these. */
  private long allCountFrom;

  private long peerEpoch;
  private int sinceRefresh;
  private long acknowledgedFrames;

  /** Nothing that is acknowledged now was refused, dropped, or sent in a former term. */
  private boolean plain;

  FrameSettlement(
      Inbound inbound,
      Map<Integer, PeerDelta> peers,
      Groups groups,
      Settlement settlement,
      PeerStream.BulkSide bulk,
      EntryListener listener,
      InFlight inFlight,
      CounterSet counters) {
    this.inbound = inbound;
    this.delta = inbound.delta();
    this.peers = peers;
    this.groups = groups;
    this.settlement = settlement;
    this.bulk = bulk;
    this.listener = listener;
    this.inFlight = inFlight;
    this.counters = counters;
    retry = new RefusalRetry(delta, settlement);
  }

  /**
   * The group has another term, or began one: what the peer says of frames that were sent before, it may have said as somebody else's
   * follower.
   */
  void termChanged(int group) {
    allCountFrom = inFlight.nextFrame();
    countsFrom[group] = allCountFrom;
  }

  /**
   * The peer's stream may have another epoch: what it says of frames that were sent before, it may have said before that.
   *
   * @param inOrder there is one connection, on which acknowledgements come in order with the epoch
   */
  void noteEpoch(boolean inOrder) {
    boolean isSame = inbound.epoch() == peerEpoch;
    peerEpoch = inbound.epoch();
    if (isSame || inOrder) {
      return;
    }
    allCountFrom = inFlight.nextFrame();
    Arrays.fill(countsFrom, allCountFrom);
  }

  /**
   * Settles what the peer applied. Answers the last frame of which something was dropped because the two know different terms,
   * otherwise 0.
   *
   * @param ofStream it came on the connection that the stream runs on; others speak of frames that were owed again long ago
   */
  long onAck(FrameReader frame, boolean ofStream, long now) throws WireFormatException {
    nowNs = now;
    boolean room = false;
    long termStale;
    try {
      long upTo;
      if (frame.ackIsSimple()) {
        upTo = frame.ackFrame();
      } else {
        Ack full = frame.ack();
        verdicts.read(full);
        upTo = full.getFrame();
        room = full.getRoom();
        beginEpoch(full.getEpoch());
      }
      if (ofStream) {
        settle(upTo);
      }
      termStale = ofStream ? verdicts.lastTermStale() : 0;
    } finally {
      verdicts.clear(); // also after an error: the next connection counts its frames from 1 again
    }
    if (room) {
      retry.room(); // also for what this very acknowledgement refuses
    }
    return termStale;
  }

  /** The peer's stream runs on another connection, on which this epoch has not come yet: what it has applied since counts in it. */
  private void beginEpoch(long begun) throws WireFormatException {
    if (begun != 0) {
      inbound.checkEpoch(begun);
      inbound.beginEpoch(begun);
      noteEpoch(false);
    }
  }

  private void settle(long upTo) throws WireFormatException {
    if (!inFlight.isPlausible(upTo)) {
      throw new WireFormatException(
          "acknowledgement of frame "
              + upTo
              + ", but only "
              + (inFlight.nextFrame() - 1)
              + " were sent");
    }
    plain = verdicts.isEmpty() && inFlight.firstFrame() >= allCountFrom;
    if (plain) {
      delta.settle(inFlight.serial(upTo));
    }
    int frames = inFlight.settle(upTo, onAcknowledged);
    if (!plain) {
      delta.settle(inFlight.serial(upTo)); // now that the refused ones do not read as acknowledged
    }
    refresh(frames);
  }

  /** Serials come round after four thousand million frames; no mark is left alone for so long. */
  private void refresh(int frames) {
    acknowledgedFrames += frames;
    sinceRefresh += frames;
    while (sinceRefresh >= FRAMES_PER_REFRESH) {
      sinceRefresh -= FRAMES_PER_REFRESH;
      delta.refreshSome();
    }
  }

  private void acknowledged(
      long frame, int batch, int table, int group, int kind, int from, int count) {
    if (kind == InFlight.MARK) {
      bulk.onMarkAcknowledged(table, from, group);
      return;
    }
    if (verdicts.isDropped(frame, batch)) {
      lost(frame, batch, table, group, kind, from, count);
      return;
    }
    long serial = inFlight.serial(frame);
    if (kind == Drain.HOLDER && plain) {
      return; // all of its marks are plain
    }
    boolean isFormer = isOfFormerTerm(frame, kind, group);
    TableDelta owed = delta.table(table);
    boolean ofMember = kind == Drain.FACTS || kind == Drain.CANDIDATE;
    for (int at = from, to; at < from + count; at = to) {
      to = endOfRun(at, from + count);
      Partition partition = owed.table().partition(inFlight.partition(at));
      touchMarks(partition, at, to);
      partition.lock();
      try {
        for (int i = at; i < to; i++) {
          int slot = inFlight.slot(i);
          int refusal = verdicts.refusal(frame, batch, i - from);
          if (isFormer) {
            settleFormer(owed, partition, slot, serial, refusal);
          } else if (refusal >= 0) {
            refused(owed, partition, slot, frame, kind, refusal);
            if (AckVerdicts.reason(refusal) == Settlement.FULL) {
              retry.full(table, partition.number());
            }
          } else if (settlement.acknowledged(delta, owed, partition, slot, serial, kind, group)) {
            if (ofMember && groups.holder(group) == inbound.node()) {
              // the holder has the entry: its sweep must not take it away (protocol, rule 11)
              inbound
                  .seen(table, group)
                  .set(partition.number(), slot, inbound.epoch(), groups.termNumber(group));
            }
          }
        }
      } finally {
        partition.unlock();
      }
    }
  }

  /** The peer holds the group now, and what it says of this frame it may have said as somebody's follower, or before its present epoch. */
  private boolean isOfFormerTerm(long frame, int kind, int group) {
    return frame < countsFrom[group]
        && kind != Drain.DELETE
        && groups.holder(group) == inbound.node();
  }

  /**
   * Its sweep has left the entry alone, since it was in flight: the holder is asked now, with what a member tells it of an entry that it had,
   * or with a candidate where it had none.
   */
  private void settleFormer(
      TableDelta owed, Partition partition, int slot, long serial, int refusal) {
    if (refusal >= 0) {
      settlement.lost(delta, owed, partition, slot, serial, nowNs);
    } else {
      settlement.toldBefore(delta, owed, partition, slot, serial, nowNs);
    }
  }

  /** Where another partition's records begin, or where the lock has been held for long enough. */
  private int endOfRun(int at, int end) {
    int partition = inFlight.partition(at);
    int most = Math.min(end, at + Drain.RECORDS_PER_LOCK);
    int to = at + 1;
    while (to < most && inFlight.partition(to) == partition) {
      to++;
    }
    return to;
  }

  /** Reads the marks that are settled next, so that their cache misses overlap. */
  private void touchMarks(Partition partition, int from, int to) {
    long read = 0;
    for (int i = from; i < to; i++) {
      read ^= partition.mark(delta.peerSlot(), inFlight.slot(i));
    }
    touched = read;
  }

  private void refused(
      TableDelta owed, Partition partition, int slot, long frame, int kind, int refusal) {
    int reason = AckVerdicts.reason(refusal);
    long serial = inFlight.serial(frame);
    boolean older = AckVerdicts.isOlderHeld(refusal);
    boolean hopeless =
        reason == Settlement.UNKNOWN_HANDLE && isRefusedByHolder(owed, partition, slot);
    int settled = hopeless ? Settlement.GONE_ENTRY : reason;
    boolean last =
        settlement.refused(delta, owed, partition, slot, serial, kind, settled, older, nowNs);
    if (last && (reason == Settlement.FULL || reason == Settlement.QUARANTINED)) {
      counters.increment(SyncCounter.RECORDS_REFUSED_BY_PEER);
    }
    if (last
        && reason == Settlement.GONE_ENTRY
        && isHoldersWord(partition, slot)
        && !owed.isWholeOwed(partition, slot)) { // what it has introduced since is told once more
      listener.onEnded(owed.table(), partition, slot);
      settlement.discard(owed.table(), partition, slot);
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

  /** The connection that the stream ran on is gone. */
  void onLost(long now) {
    nowNs = now;
    inFlight.reset(onLost);
    Arrays.fill(countsFrom, 0); // frames are counted from 1 again
    allCountFrom = 0;
  }

  private void lost(long frame, int batch, int table, int group, int kind, int from, int count) {
    if (kind == InFlight.MARK) {
      return;
    }
    TableDelta owed = delta.table(table);
    long serial = inFlight.serial(frame);
    for (int at = from, to; at < from + count; at = to) {
      to = endOfRun(at, from + count);
      Partition partition = owed.table().partition(inFlight.partition(at));
      partition.lock();
      try {
        for (int i = at; i < to; i++) {
          settlement.lost(delta, owed, partition, inFlight.slot(i), serial, nowNs);
        }
      } finally {
        partition.unlock();
      }
    }
  }

  /** Tries again what the peer had no room for, if it said that it has. Answers the work done. */
  int retryRefused(long now) {
    return retry.run(now);
  }

  /** Frames that the peer acknowledged, on all connections. */
  long acknowledgedFrames() {
    return acknowledgedFrames;
  }

  /** When something refused may be tried again. */
  long retryDueNs() {
    return retry.nextDueNs();
  }
}
