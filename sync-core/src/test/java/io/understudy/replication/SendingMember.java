package io.understudy.replication;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.understudy.delta.AccountingWalk;
import io.understudy.delta.ChangeFanout;
import io.understudy.delta.Drain;
import io.understudy.delta.Drained;
import io.understudy.delta.InFlight;
import io.understudy.delta.OutFrame;
import io.understudy.delta.PeerDelta;
import io.understudy.delta.Settlement;
import io.understudy.delta.TableDelta;
import io.understudy.metrics.Accounting;
import io.understudy.metrics.CounterSet;
import io.understudy.model.IpProtocol;
import io.understudy.proto.v1.Ack;
import io.understudy.table.HotTable;
import io.understudy.table.Partition;
import io.understudy.tables.session.SessionRecord;
import io.understudy.tables.session.SessionTable;
import io.understudy.wire.FrameLimits;
import io.understudy.wire.FrameReader;
import io.understudy.wire.FrameWriter;
import io.understudy.wire.MessageType;
import io.understudy.wire.WireFormatException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What member 1 has for sending: a table of which one partition is used, and for each peer, from node 2 on, what it is owed, what is in
 * flight to it and what becomes of its acknowledgements. Streams, heartbeats and connections are left out.
 */
final class SendingMember {
  static final long NOW = 1_000_000_000L;

  private static final int FIRST_PEER = 2;
  private static final int PARTITION = 77;
  private static final int WINDOW_BYTES = 1 << 20;
  private static final int RECORDS_PER_BATCH = 16;
  private static final long TERM = 1;

  final HeldGroups groups;
  final CounterSet counters = new CounterSet();
  final HotTable table;
  final SessionTable sessions;
  final Partition partition;
  final Settlement settlement = new Settlement(counters, 0);
  final Peer[] peers;

  private final ChangeFanout fanout;
  private final Drain drain;
  private final int[] addresses;

  /** @param keys entries that there may be */
  SendingMember(HeldGroups groups, int peers, int keys) {
    this.groups = groups;
    fanout = new ChangeFanout(groups, 5_000_000L);
    drain = new Drain(groups, settlement);
    table = new HotTable(SessionTable.spec4(4_096, peers), 1, 2, groups, fanout, counters);
    sessions = new SessionTable(table);
    partition = table.partition(PARTITION);
    addresses = new int[keys];
    int found = 0;
    for (int address = 1; found < keys; address++) {
      if (sessions.partition(recordOf(address)) == PARTITION) {
        addresses[found++] = address;
      }
    }
    PeerDelta[] deltas = new PeerDelta[peers];
    Map<Integer, PeerDelta> byNode = new HashMap<>();
    for (int i = 0; i < peers; i++) {
      deltas[i] = new PeerDelta(i, List.of(table));
      deltas[i].setRemembered(true);
      byNode.put(FIRST_PEER + i, deltas[i]);
    }
    fanout.setPeers(deltas);
    settlement.setPeers(deltas);
    this.peers = new Peer[peers];
    for (int i = 0; i < peers; i++) {
      this.peers[i] = new Peer(FIRST_PEER + i, byNode);
    }
  }

  /** The entry with this number, all in the one partition. */
  SessionRecord record(int key) {
    return recordOf(addresses[key]);
  }

  private SessionRecord recordOf(int address) {
    return sessions.newRecord().key4(0, IpProtocol.TCP, address, 1_024, 2, 80);
  }

  /** Where the entry is, or {@link Partition#NONE}. Under the partition's lock if others publish. */
  int slot(int key) {
    SessionRecord wanted = record(key);
    SessionRecord there = sessions.newRecord();
    for (int slot = 0; slot < partition.highWater(); slot++) {
      if (partition.isUsed(slot)
          && sessions.read(partition, slot, there)
          && there.originatorPort() == wanted.originatorPort()
          && there.originatorLow() == wanted.originatorLow()) {
        return slot;
      }
    }
    return Partition.NONE;
  }

  /** One peer, on connection after connection. */
  final class Peer {
    final PeerDelta delta;
    final TableDelta marks;
    final InFlight inFlight = new InFlight(WINDOW_BYTES);
    private final OutFrame frame =
        new OutFrame(
            inFlight, FrameLimits.MAX_FRAME_BYTES, table.spec().schema().words(), counters);
    final Inbound inbound;
    private final FrameSettlement settling;

    private Peer(int node, Map<Integer, PeerDelta> deltas) {
      delta = deltas.get(node);
      marks = delta.table(0);
      List<HotTable> tables = List.of(table);
      inbound = new Inbound(node, delta, tables);
      settling =
          new FrameSettlement(
              inbound,
              deltas,
              groups,
              settlement,
              new NoBulk(),
              new NoListener(),
              inFlight,
              counters);
    }

    Accounting accounting() {
      return AccountingWalk.of(delta, groups);
    }

    void beginFrame() {
      frame.begin();
    }

    /** Takes some of what is owed for the next batch. Answers how many records. */
    int collect() {
      return drain.collect(
          delta, marks, partition, frame.serial(), RECORDS_PER_BATCH, NOW, drained());
    }

    /** As the bulk walker does, from the first slot on. */
    int walk(int group) {
      drain.walk(delta, marks, partition, 0, group, frame.serial(), 64, NOW, drained());
      return drained().count();
    }

    /** What was taken, until it is in the frame. */
    Drained drained() {
      return frame.drained();
    }

    /** Writes what was taken into the frame. */
    void addBatch() {
      frame.add(0, marks, TERM, groups.nodeId(), false);
    }

    /** The same, as of the group's holder. */
    void addBatchOf(int holder) {
      frame.add(0, marks, TERM, holder, false);
    }

    /** The frame leaves. */
    void endFrame() {
      frame.end();
    }

    /**
     * What is owed, one record, arrives at another member as the word of the holder of its group. Answers that member's acknowledgement.
     *
     * @param node that holder, as the other member knows it
     * @param spokenFor groups that it held, as its stream said ahead of the record
     */
    Ack introduceAt(SendingMember to, int node, int... spokenFor) throws Exception {
      beginFrame();
      assertEquals(1, collect());
      addBatchOf(node);
      endFrame();
      FrameReader arrived = arrives();
      assertEquals(MessageType.BATCH, arrived.next());
      Inbound from = new Inbound(node, to.peers[node - FIRST_PEER].delta, List.of(to.table));
      for (int group : spokenFor) {
        from.spokeAsHolder(group, to.groups.termNumber(group));
      }
      from.setBounds(new PeerBounds(WINDOW_BYTES, List.of(to.table.spec().partitionCapacity())));
      StreamReceiver receiver =
          new StreamReceiver(
              List.of(to.table),
              to.groups,
              to.settlement,
              new NoListener(),
              new Needs(to.counters),
              to.counters);
      Map<Integer, PeerDelta> byNode = new HashMap<>();
      for (Peer peer : to.peers) {
        byNode.put(peer.inbound.node(), peer.delta);
      }
      receiver.setPeers(byNode);
      AckBuilder ack = new AckBuilder(WINDOW_BYTES);
      ack.arrives(1, arrived.length());
      receiver.apply(from, arrived, ack, NOW);
      ack.applied(1, arrived.length());
      FrameWriter answer = new FrameWriter();
      assertTrue(ack.write(answer, FrameWriter.MAX_FRAME_BYTES));
      FrameReader said = new FrameReader();
      said.wrap(answer.bytes(), 0, answer.length());
      assertEquals(MessageType.ACK, said.next());
      return said.ackIsSimple() ? Ack.newBuilder().setFrame(said.ackFrame()).build() : said.ack();
    }

    /** The frame as it arrives. */
    FrameReader arrives() throws WireFormatException {
      FrameReader reader = new FrameReader();
      reader.wrap(frame.writer().bytes(), 0, frame.writer().length());
      return reader;
    }

    /**
     * Answers the last frame that the peer dropped something of for its term.
     *
     * @param ofStream it came on the connection on which the frames left
     */
    long acknowledge(Ack ack, boolean ofStream) throws WireFormatException {
      FrameWriter writer = new FrameWriter();
      if (ack.getRefusedCount() == 0
          && ack.getDroppedCount() == 0
          && !ack.getRoom()
          && ack.getEpoch() == 0) {
        writer.ack(ack.getFrame());
      } else {
        writer.message(MessageType.ACK, ack);
      }
      FrameReader reader = new FrameReader();
      reader.wrap(writer.bytes(), 0, writer.length());
      assertEquals(MessageType.ACK, reader.next());
      return settling.onAck(reader, ofStream, NOW);
    }

    /** The peer's group, or this member's knowledge of it, has another term. */
    void termChanged(int group) {
      settling.termChanged(group);
    }

    /** The peer's stream has another epoch. */
    void beginEpoch(long epoch) {
      inbound.beginEpoch(epoch);
      settling.noteEpoch(false);
    }

    /** Time for what was refused to be tried again, if there is room. */
    void retryRefused() {
      settling.retryRefused(NOW);
    }

    /** The connection ends. */
    void lose() {
      settling.onLost(NOW);
    }
  }
}
