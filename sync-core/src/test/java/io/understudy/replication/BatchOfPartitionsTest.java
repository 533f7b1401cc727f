package io.understudy.replication;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import io.understudy.delta.ChangeFanout;
import io.understudy.delta.Drain;
import io.understudy.delta.PeerDelta;
import io.understudy.delta.Settlement;
import io.understudy.delta.TableDelta;
import io.understudy.metrics.CounterSet;
import io.understudy.metrics.SyncCounter;
import io.understudy.model.IpProtocol;
import io.understudy.proto.v1.Ack;
import io.understudy.proto.v1.Batch;
import io.understudy.proto.v1.BatchKind;
import io.understudy.proto.v1.DroppedBatch;
import io.understudy.proto.v1.Frame;
import io.understudy.proto.v1.RefusedRecords;
import io.understudy.table.HoldsAll;
import io.understudy.table.HotTable;
import io.understudy.table.Partition;
import io.understudy.table.SlotReference;
import io.understudy.tables.session.SessionRecord;
import io.understudy.tables.session.SessionTable;
import io.understudy.transport.FlushResult;
import io.understudy.transport.Link;
import io.understudy.transport.LinkKind;
import io.understudy.transport.SendResult;
import io.understudy.wire.FrameLimits;
import io.understudy.wire.FrameReader;
import io.understudy.wire.FrameWriter;
import io.understudy.wire.MessageType;
import io.understudy.wire.WireFormatException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** Changes in many partitions, as they are sent to one peer and as what it answers is settled. */
class BatchOfPartitionsTest {
  private static final int PEER = 2;
  private static final int GROUP = 1;
  private static final int SESSIONS = 8_000;
  private static final int SESSIONS6 = 300;
  private static final long NOW = 1_000_000_000L;
  private static final int WINDOW_BYTES = 1 << 20;
  private static final int SLOTS = SessionTable.spec4(16_384, 1).partitionCapacity();

  private final HeldGroups groups = new HeldGroups();
  private final ChangeFanout fanout = new ChangeFanout(groups, 5_000_000L);
  private final CounterSet counters = new CounterSet();
  private final HotTable table =
      new HotTable(SessionTable.spec4(16_384, 1), 1, 2, groups, fanout, counters);
  private final HotTable table6 =
      new HotTable(SessionTable.spec6(4_096, 1), 1, 2, groups, fanout, counters);
  private final List<HotTable> tables = List.of(table, table6);
  private final SessionTable sessions = new SessionTable(table);
  private final SessionTable sessions6 = new SessionTable(table6);
  private final PeerDelta peer = new PeerDelta(0, tables);
  private final TableDelta delta = peer.table(0);
  private final Settlement settlement = new Settlement(counters, 0);
  private final StreamSender sender = sender(FrameLimits.MAX_FRAME_BYTES);
  private final FrameSettlement settling =
      new FrameSettlement(
          new Inbound(PEER, peer, tables),
          Map.of(PEER, peer),
          groups,
          settlement,
          new NoBulk(),
          new NoListener(),
          sender.inFlight(),
          counters);
  private final Wire wire = new Wire();

  private StreamSender sender(int frameBytes) {
    return new StreamSender(
        peer,
        groups,
        new Drain(groups, settlement),
        new NoBulk(),
        new StreamSettings(WINDOW_BYTES, frameBytes, 5_000_000L),
        table6.spec().schema().words(),
        counters);
  }

  BatchOfPartitionsTest() {
    fanout.setPeers(new PeerDelta[] {peer});
    settlement.setPeers(new PeerDelta[] {peer});
    peer.setRemembered(true);
    sender.open(wire, 1);
  }

  @Test
  void aBatchTakesChangesFromPartitionToPartition() throws Exception {
    publish(1);

    List<Batch> batches = sent();

    assertTrue(batches.size() <= SESSIONS / 100, batches.size() + " batches");
    assertEquals(SESSIONS, batches.stream().mapToInt(Batch::getCount).sum());
    assertEquals(slotsInUse(table), slotsOf(batches));
  }

  /** More than a frame holds, twice, so that the second turn's first frame begins where the one before was full. */
  @Test
  void framesOfTwoTablesHaveEverySlotOnceAndBatchesOfOneTable() throws Exception {
    publish(1);
    publish6(1);
    List<Batch> first = sent();
    acknowledge(Ack.newBuilder().setFrame(wire.frames.size()));
    int frames = wire.frames.size();
    publish(2);
    publish6(2);

    List<Batch> second = sent();

    assertTrue(frames > 1, frames + " frames");
    for (List<Batch> batches : List.of(first, second)) {
      assertEquals(slotsInUse(table), slotsOf(ofTable(batches, table)));
      assertEquals(slotsInUse(table6), slotsOf(ofTable(batches, table6)));
    }
  }

  @Test
  void shorterFramesHaveEverySlotOnceAndRoomForAnAcknowledgement() throws Exception {
    int shortest = 1 << 13;
    StreamSender small = sender(shortest);
    small.open(wire, 1);
    publish(1);
    publish6(1);
    AckBuilder refusals = new AckBuilder(WINDOW_BYTES);
    for (int frame = 1; frame <= 20; frame++) {
      refusals.arrives(frame, 1_000);
      for (int record = 0; record < 500; record++) {
        refusals.refused(frame, 0, record, Settlement.FULL);
      }
      refusals.applied(frame, 1_000);
    }

    small.flush();
    for (int turn = 0; turn < 100; turn++) {
      small.run(refusals, NOW);
    }

    List<Batch> batches = new ArrayList<>();
    for (byte[] bytes : wire.frames) {
      assertTrue(bytes.length <= shortest, bytes.length + " bytes");
      batches.addAll(Frame.parseFrom(bytes).getBatchList());
    }
    assertFalse(refusals.isOwed());
    assertEquals(slotsInUse(table), slotsOf(ofTable(batches, table)));
    assertEquals(slotsInUse(table6), slotsOf(ofTable(batches, table6)));
  }

  /** What a peer does not know yet is tried again 20 ms later, not as fast as it answers. */
  @Test
  void manyChangesOfAPartitionThatWaitForARetryDoNotLeaveBefore() throws Exception {
    List<SessionRecord> many = new ArrayList<>();
    for (int i = 0; many.size() < StreamSender.WORTH_SENDING; i++) {
      if (sessions.partition(record(i)) == 5) {
        many.add(record(i));
      }
    }
    many.forEach(record -> sessions.publish(record, GROUP, 0, 0, NOW));
    wire.frames.clear();
    sender.run(new AckBuilder(WINDOW_BYTES), NOW);
    assertEquals(1, wire.frames.size());
    acknowledge(Ack.newBuilder().setFrame(1));

    Partition partition = table.partition(5);
    for (int slot = 0; slot < partition.highWater(); slot++) {
      delta.oweWhole(partition, slot, NOW + 20_000_000);
    }
    sender.run(new AckBuilder(WINDOW_BYTES), NOW);
    assertEquals(1, wire.frames.size());

    sender.run(new AckBuilder(WINDOW_BYTES), NOW + 20_000_000);
    assertEquals(2, wire.frames.size());
  }

  private static List<Batch> ofTable(List<Batch> batches, HotTable table) {
    int number = table.spec().number();
    return batches.stream().filter(b -> b.getTable() == number).toList();
  }

  @Test
  void aRefusalMeetsTheRecordItNamesInWhateverPartition() throws Exception {
    publish(1);
    List<Batch> batches = sent();
    int record = batches.get(1).getCount() - 2;
    int refused = references(batches.get(1)).get(record);

    acknowledge(
        Ack.newBuilder()
            .setFrame(1)
            .addRefused(
                RefusedRecords.newBuilder()
                    .setFrame(1)
                    .setBatch(1)
                    .addRecord(record)
                    .setReason(ByteString.copyFrom(new byte[] {Settlement.FULL}))));

    for (int reference : slotsInUse(table)) {
      Partition partition = table.partition(SlotReference.partition(reference));
      int slot = SlotReference.slot(reference);
      assertEquals(reference == refused, delta.isRefused(partition, slot), "slot " + reference);
      assertFalse(delta.isUnsettled(partition, slot));
    }
  }

  @Test
  void aDroppedBatchIsOwedAgainInAllItsPartitions() throws Exception {
    publish(1);
    List<Batch> batches = sent();

    acknowledge(
        Ack.newBuilder().setFrame(1).addDropped(DroppedBatch.newBuilder().setFrame(1).setBatch(2)));

    assertEquals(Set.copyOf(references(batches.get(2))), slotsOf(sent()));
  }

  @Test
  void aLostConnectionOwesAllPartitionsAgain() throws Exception {
    publish(1);
    sent();

    settling.onLost(NOW);

    assertEquals(slotsInUse(table), slotsOf(sent()));
  }

  @Test
  void countsWhatIsInTheFramesByItsKind() throws Exception {
    sentChangesAndOneEnd();

    assertEquals(SESSIONS, counters.get(SyncCounter.CREATES_SENT));
    assertEquals(SESSIONS - 1, counters.get(SyncCounter.UPDATES_SENT));
    assertEquals(1, counters.get(SyncCounter.DELETES_SENT));
  }

  /** An end and a change cannot be in one batch, so that a partition with both cuts it. */
  @Test
  void anEndAmongChangesGoesInABatchOfItsOwn() throws Exception {
    List<Batch> batches = sentChangesAndOneEnd();

    assertEquals(SESSIONS - 1, count(batches, BatchKind.HOLDER));
    assertEquals(1, count(batches, BatchKind.DELETE));
    assertEquals(slotsInUse(table), slotsOf(batches));
  }

  /** Of sessions that the peer acknowledged. */
  private List<Batch> sentChangesAndOneEnd() throws Exception {
    publish(1);
    sent();
    acknowledge(Ack.newBuilder().setFrame(1));
    publish(2);
    sessions.remove(record(7), 0, NOW);
    return sent();
  }

  /** The peer's table is smaller: of a batch it refuses what is of the partitions that are full. */
  @Test
  void theReceiverRefusesByPartitionAndSaysWhenThereIsRoom() throws Exception {
    publish(1);
    sent();
    Receiving peers = new Receiving();

    Ack ack = peers.apply(wire.frames);

    int refused = ack.getRefusedList().stream().mapToInt(RefusedRecords::getRecordCount).sum();
    assertTrue(refused > 0);
    assertEquals(SESSIONS, refused + peers.table.liveCount());
    assertEquals(peers.table.liveCount(), peers.groups.applied, "what is refused is no history");
    assertEquals(peers.table.liveCount(), peers.counters.get(SyncCounter.RECORDS_APPLIED));
    acknowledge(ack.toBuilder());
    for (int reference : slotsInUse(table)) {
      int number = SlotReference.partition(reference);
      boolean refusedHere = delta.isRefused(table.partition(number), SlotReference.slot(reference));
      assertTrue(!refusedHere || !peers.table.partition(number).hasRoom(), "partition " + number);
    }
    assertFalse(peers.receiver.takeRoom());
    peers.free(fullest());
    assertTrue(peers.receiver.takeRoom());
    assertFalse(peers.receiver.takeRoom(), "said once");
  }

  /** The partition with the most entries. */
  private int fullest() {
    int fullest = 0;
    for (int p = 1; p < HotTable.PARTITIONS; p++) {
      if (table.partition(p).liveCount() > table.partition(fullest).liveCount()) {
        fullest = p;
      }
    }
    return fullest;
  }

  /** Member 2, which has less room. */
  private static final class Receiving {
    private final CounterSet counters = new CounterSet();
    private final Following groups = new Following();
    private final ChangeFanout fanout = new ChangeFanout(groups, 5_000_000L);
    private final HotTable table =
        new HotTable(SessionTable.spec4(1_024, 1), 1, 2, groups, fanout, counters);
    private final List<HotTable> tables = List.of(table);
    private final PeerDelta peer = new PeerDelta(0, tables);
    private final Settlement settlement = new Settlement(counters, 0);
    private final StreamReceiver receiver =
        new StreamReceiver(
            tables, groups, settlement, new NoListener(), new Needs(counters), counters);

    Receiving() {
      PeerDelta[] peers = {peer};
      fanout.setPeers(peers);
      settlement.setPeers(peers);
      receiver.setPeers(Map.of(1, peer));
    }

    /** Answers the acknowledgement of all frames. */
    Ack apply(List<byte[]> frames) throws Exception {
      Inbound from = new Inbound(1, peer, tables);
      from.setBounds(new PeerBounds(WINDOW_BYTES, List.of(BatchOfPartitionsTest.SLOTS)));
      AckBuilder ack = new AckBuilder(WINDOW_BYTES);
      FrameReader reader = new FrameReader();
      for (byte[] bytes : frames) {
        reader.wrap(bytes, 0, bytes.length);
        while (reader.next() == MessageType.BATCH) {
          receiver.apply(from, reader, ack, NOW);
        }
        ack.applied(reader.number(), bytes.length);
      }
      FrameWriter writer = new FrameWriter();
      assertTrue(ack.write(writer, writer.remaining()));
      return Frame.parseFrom(Arrays.copyOf(writer.bytes(), writer.length())).getAck();
    }

    /** Some entry of the partition ends and its slot is free. */
    void free(int number) {
      Partition partition = table.partition(number);
      partition.lock();
      try {
        table.rows().end(partition, 0);
        table.rows().free(partition, 0);
      } finally {
        partition.unlock();
      }
    }
  }

  /** The groups of member 2: member 1 holds them. */
  private static final class Following extends HoldsAll implements Groups {
    private int applied;

    @Override
    public boolean holds(int group) {
      return false;
    }

    @Override
    public int holder(int group) {
      return 1;
    }

    @Override
    public void learnTerm(int group, long number, int node, boolean unsynced) {}

    @Override
    public void applied(int group, int records) {
      applied += records;
    }

    @Override
    public void checkTerm(int group, long number) {}

    @Override
    public boolean isGenerationOfThisLife(long generation) {
      return false;
    }

    @Override
    public void observeGeneration(long generation) {}
  }

  private static int count(List<Batch> batches, BatchKind kind) {
    return batches.stream().filter(b -> b.getKind() == kind).mapToInt(Batch::getCount).sum();
  }

  private void publish(int policy) {
    for (int i = 0; i < SESSIONS; i++) {
      sessions.publish(record(i).policy(policy), GROUP, 0, 0, NOW);
    }
  }

  private void publish6(int policy) {
    for (int i = 0; i < SESSIONS6; i++) {
      SessionRecord record = sessions6.newRecord().key6(0, IpProtocol.TCP, 1, i, 1_024, 2, 3, 80);
      sessions6.publish(record.policy(policy), GROUP, 0, 0, NOW);
    }
  }

  private SessionRecord record(int i) {
    return sessions.newRecord().key4(0, IpProtocol.TCP, i, 1_024, 0x0A000001, 80);
  }

  /** The batches of the frames that one turn sends. */
  private List<Batch> sent() throws InvalidProtocolBufferException {
    wire.frames.clear();
    sender.flush();
    sender.run(new AckBuilder(WINDOW_BYTES), NOW);
    List<Batch> batches = new ArrayList<>();
    for (byte[] bytes : wire.frames) {
      batches.addAll(Frame.parseFrom(bytes).getBatchList());
    }
    return batches;
  }

  private static Set<Integer> slotsOf(List<Batch> batches) {
    Set<Integer> slots = new TreeSet<>();
    for (Batch batch : batches) {
      for (int reference : references(batch)) {
        assertTrue(slots.add(reference), "slot " + reference + " comes twice");
      }
    }
    return slots;
  }

  /** As the wire has them: differences, counted from the first slot of the batch's partition. */
  private static List<Integer> references(Batch batch) {
    List<Integer> references = new ArrayList<>();
    int reference = SlotReference.of(batch.getPartition(), 0);
    for (int difference : batch.getSlotList()) {
      reference += difference;
      references.add(reference);
    }
    return references;
  }

  private static Set<Integer> slotsInUse(HotTable table) {
    Set<Integer> slots = new TreeSet<>();
    for (int p = 0; p < HotTable.PARTITIONS; p++) {
      for (int slot = 0; slot < table.partition(p).highWater(); slot++) {
        slots.add(SlotReference.of(p, slot));
      }
    }
    return slots;
  }

  private void acknowledge(Ack.Builder ack) throws WireFormatException {
    FrameWriter writer = new FrameWriter();
    writer.message(MessageType.ACK, ack.build());
    FrameReader reader = new FrameReader();
    reader.wrap(writer.bytes(), 0, writer.length());
    assertEquals(MessageType.ACK, reader.next());
    settling.onAck(reader, true, NOW);
  }

  /** Takes every frame. */
  private static final class Wire implements Link {
    private final List<byte[]> frames = new ArrayList<>();

    @Override
    public int index() {
      return 0;
    }

    @Override
    public LinkKind kind() {
      return LinkKind.DATA;
    }

    @Override
    public long id() {
      return 1;
    }

    @Override
    public int dialledNode() {
      return PEER;
    }

    @Override
    public SendResult send(byte[] frame, int offset, int length) {
      frames.add(Arrays.copyOfRange(frame, offset, offset + length));
      return SendResult.SENT;
    }

    @Override
    public FlushResult flush() {
      return FlushResult.TAKEN;
    }

    @Override
    public boolean isAtAddressOf(int node) {
      return true;
    }

    @Override
    public void keep() {}

    @Override
    public void establish() {}

    @Override
    public void finish() {}

    @Override
    public void close() {}
  }
}
