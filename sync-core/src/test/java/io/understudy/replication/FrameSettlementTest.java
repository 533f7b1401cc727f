package io.understudy.replication;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.ByteString;
import io.understudy.delta.ChangeFanout;
import io.understudy.delta.Drain;
import io.understudy.delta.Hearsay;
import io.understudy.delta.InFlight;
import io.understudy.delta.OutFrame;
import io.understudy.delta.PeerDelta;
import io.understudy.delta.Settlement;
import io.understudy.delta.TableDelta;
import io.understudy.metrics.CounterSet;
import io.understudy.metrics.SyncCounter;
import io.understudy.model.IpProtocol;
import io.understudy.proto.v1.Ack;
import io.understudy.proto.v1.RefusedRecords;
import io.understudy.table.HotTable;
import io.understudy.table.Partition;
import io.understudy.tables.session.SessionRecord;
import io.understudy.tables.session.SessionTable;
import io.understudy.wire.FrameReader;
import io.understudy.wire.FrameWriter;
import io.understudy.wire.MessageType;
import io.understudy.wire.WireFormatException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** One entry on its way to one peer, and what the peer says of its frames. */
class FrameSettlementTest {
  private static final int PEER = 2;
  private static final int GROUP = 1;
  private static final int WINDOW_BYTES = 1 << 17;
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
  private final Drain drain = new Drain(groups, settlement, counters);
  private final InFlight inFlight = new InFlight(WINDOW_BYTES);
  private final OutFrame frame = new OutFrame(inFlight, table.spec().schema().words());
  private final FrameSettlement settling =
      new FrameSettlement(
          new Inbound(PEER, peer, List.of(table), new Hearsay(List.of(table), fanout)),
          Map.of(PEER, peer),
          groups,
          settlement,
          new NoBulk(),
          new NoListener(),
          inFlight,
          counters);
  private final Partition partition = table.partition(sessions.partition(record()));
  private final int slot = 0;

  FrameSettlementTest() {
    fanout.setPeers(new PeerDelta[] {peer});
    settlement.setPeers(new PeerDelta[] {peer});
    peer.setRemembered(true);
    sessions.publish(record(), GROUP, 0, 0, NOW);
  }

  @Test
  void anAcknowledgedFrameOwesNothing() throws WireFormatException {
    send();

    acknowledge(Ack.newBuilder().setFrame(1), true);

    assertFalse(delta.isUnsettled(partition, slot));
    assertTrue(inFlight.isEmpty());
  }

  @Test
  void whatWasInFlightOnALostConnectionIsOwedAgain() {
    send();

    settling.onLost(NOW);

    assertEquals(slot, partition.nextDirty(0, 0));
    assertEquals(1, counters.get(SyncCounter.RECORDS_RESENT));
    assertTrue(inFlight.isEmpty());
    assertEquals(1, inFlight.nextFrame(), "the next connection counts from 1");
  }

  @Test
  void anAcknowledgementOnAnotherConnectionSettlesNothing() throws WireFormatException {
    send();

    acknowledge(refusing(1), false);

    assertTrue(delta.isUnsettled(partition, slot));
    assertFalse(inFlight.isEmpty());
    acknowledge(Ack.newBuilder().setFrame(1), true);
    assertFalse(delta.isUnsettled(partition, slot), "what was said there is forgotten");
    assertFalse(delta.isRefused(partition, slot));
  }

  @Test
  void whatIsRefusedAsFullIsTriedAgainWhenThereIsRoom() throws WireFormatException {
    send();

    acknowledge(refusing(1), true);
    assertTrue(delta.isRefused(partition, slot));
    assertFalse(delta.isUnsettled(partition, slot));

    acknowledge(Ack.newBuilder().setFrame(1).setRoom(true), true);
    assertFalse(delta.isRefused(partition, slot));
    assertEquals(slot, partition.nextDirty(0, 0));
  }

  /** What such an acknowledgement says of records must not be taken for the same frames of the next connection. */
  @Test
  void anAcknowledgementOfAFrameThatWasNotSentIsAnErrorAndForgotten() throws WireFormatException {
    send();

    WireFormatException e =
        assertThrows(WireFormatException.class, () -> acknowledge(refusing(1).setFrame(9), true));

    assertEquals("acknowledgement of frame 9, but only 1 were sent", e.getMessage());
    assertTrue(delta.isUnsettled(partition, slot));
    settling.onLost(NOW);
    send();
    acknowledge(Ack.newBuilder().setFrame(1), true);
    assertFalse(delta.isUnsettled(partition, slot));
    assertFalse(delta.isRefused(partition, slot));
  }

  /** The entry alone, in the connection's next frame. */
  private void send() {
    frame.begin();
    drain.collect(peer, delta, partition, frame.serial(), 16, NOW, frame.drained());
    assertEquals(1, frame.drained().count());
    frame.add(0, delta, 1, 1);
    frame.end();
  }

  /** An acknowledgement of the frame which says that its record found no room. */
  private static Ack.Builder refusing(long number) {
    return Ack.newBuilder()
        .setFrame(number)
        .addRefused(
            RefusedRecords.newBuilder()
                .setFrame(number)
                .addRecord(0)
                .setReason(ByteString.copyFrom(new byte[] {Settlement.FULL})));
  }

  private void acknowledge(Ack.Builder ack, boolean ofStream) throws WireFormatException {
    FrameWriter writer = new FrameWriter();
    if (ack.getRefusedCount() == 0 && !ack.getRoom()) {
      writer.ack(ack.getFrame());
    } else {
      writer.message(MessageType.ACK, ack.build());
    }
    FrameReader reader = new FrameReader();
    reader.wrap(writer.bytes(), 0, writer.length());
    assertEquals(MessageType.ACK, reader.next());
    settling.onAck(reader, ofStream, NOW);
  }

  private SessionRecord record() {
    return sessions.newRecord().key4(0, IpProtocol.TCP, 1, 1_024, 2, 80);
  }
}
