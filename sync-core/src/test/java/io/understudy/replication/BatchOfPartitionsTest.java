package io.understudy.replication;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import io.understudy.delta.ChangeFanout;
import io.understudy.delta.Drain;
import io.understudy.delta.Hearsay;
import io.understudy.delta.PeerDelta;
import io.understudy.delta.Settlement;
import io.understudy.delta.TableDelta;
import io.understudy.metrics.CounterSet;
import io.understudy.model.IpProtocol;
import io.understudy.proto.v1.Ack;
import io.understudy.proto.v1.Batch;
import io.understudy.proto.v1.BatchKind;
import io.understudy.proto.v1.DroppedBatch;
import io.understudy.proto.v1.Frame;
import io.understudy.proto.v1.RefusedRecords;
import io.understudy.table.HotTable;
import io.understudy.table.Partition;
import io.understudy.table.SlotReference;
import io.understudy.tables.session.SessionRecord;
import io.understudy.tables.session.SessionTable;
import io.understudy.transport.Link;
import io.understudy.transport.LinkKind;
import io.understudy.transport.SendResult;
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
  private static final int SESSIONS = 1_000;
  private static final long NOW = 1_000_000_000L;

  private final HeldGroups groups = new HeldGroups();
  private final ChangeFanout fanout = new ChangeFanout(groups, 5_000_000L);
  private final CounterSet counters = new CounterSet();
  private final HotTable table =
      new HotTable(SessionTable.spec4(4_096, 1), 1, 2, groups, fanout, counters);
  private final SessionTable sessions = new SessionTable(table);
  private final PeerDelta peer = new PeerDelta(0, List.of(table));
  private final TableDelta delta = peer.table(0);
  private final Settlement settlement = new Settlement(counters);
  private final StreamSender sender =
      new StreamSender(
          peer,
          groups,
          new Drain(groups, settlement, counters),
          new NoBulk(),
          new StreamSettings(1 << 20, 5_000_000L),
          table.spec().schema().words(),
          counters);
  private final FrameSettlement settling =
      new FrameSettlement(
          new Inbound(PEER, peer, List.of(table), new Hearsay(List.of(table), fanout)),
          Map.of(PEER, peer),
          groups,
          settlement,
          new NoBulk(),
          new NoListener(),
          sender.inFlight(),
          counters);
  private final Wire wire = new Wire();

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

    assertTrue(batches.size() <= SESSIONS / 200, batches.size() + " batches");
    assertEquals(SESSIONS, batches.stream().mapToInt(Batch::getCount).sum());
    assertEquals(slotsInUse(), slotsOf(batches));
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

    for (int reference : slotsInUse()) {
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

    assertEquals(slotsInUse(), slotsOf(sent()));
  }

  /** An end and a change cannot be in one batch, so that a partition with both cuts it. */
  @Test
  void anEndAmongChangesGoesInABatchOfItsOwn() throws Exception {
    publish(1);
    sent();
    acknowledge(Ack.newBuilder().setFrame(1));
    publish(2);
    sessions.remove(record(7), 0, NOW);

    List<Batch> batches = sent();

    assertEquals(SESSIONS - 1, count(batches, BatchKind.HOLDER));
    assertEquals(1, count(batches, BatchKind.DELETE));
    assertEquals(slotsInUse(), slotsOf(batches));
  }

  private static int count(List<Batch> batches, BatchKind kind) {
    return batches.stream().filter(b -> b.getKind() == kind).mapToInt(Batch::getCount).sum();
  }

  private void publish(int policy) {
    for (int i = 0; i < SESSIONS; i++) {
      sessions.publish(record(i).policy(policy), GROUP, 0, 0, NOW);
    }
  }

  private SessionRecord record(int i) {
    return sessions.newRecord().key4(0, IpProtocol.TCP, i, 1_024, 0x0A000001, 80);
  }

  /** The batches of the frames that one turn sends. */
  private List<Batch> sent() throws InvalidProtocolBufferException {
    wire.frames.clear();
    sender.flush();
    sender.run(new AckBuilder(), NOW);
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

  private Set<Integer> slotsInUse() {
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
    public void finish() {}

    @Override
    public void close() {}
  }
}
