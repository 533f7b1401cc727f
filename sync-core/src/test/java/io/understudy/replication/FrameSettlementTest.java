package io.understudy.replication;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.ByteString;
import io.understudy.delta.InFlight;
import io.understudy.delta.Settlement;
import io.understudy.delta.TableDelta;
import io.understudy.metrics.SyncCounter;
import io.understudy.proto.v1.Ack;
import io.understudy.proto.v1.DroppedBatch;
import io.understudy.proto.v1.RefusedRecords;
import io.understudy.table.DirtySlots;
import io.understudy.table.Partition;
import io.understudy.wire.WireFormatException;
import org.junit.jupiter.api.Test;

/** One entry on its way to one peer, and what the peer says of its frames. */
class FrameSettlementTest {
  private static final int GROUP = 1;
  private static final long NOW = SendingMember.NOW;

  private final SendingMember member = new SendingMember(new HeldGroups(), 1, 1);
  private final SendingMember.Peer peer = member.peers[0];
  private final TableDelta delta = peer.marks;
  private final InFlight inFlight = peer.inFlight;
  private final Partition partition = member.partition;
  private final int slot = 0;

  FrameSettlementTest() {
    member.sessions.publish(member.record(0), GROUP, 0, 0, NOW);
  }

  @Test
  void anAcknowledgedFrameOwesNothing() throws WireFormatException {
    send();

    peer.acknowledge(Ack.newBuilder().setFrame(1).build(), true);

    assertFalse(delta.isUnsettled(partition, slot));
    assertTrue(inFlight.isEmpty());
  }

  @Test
  void whatWasInFlightOnALostConnectionIsOwedAgain() {
    send();

    peer.lose();

    assertEquals(slot, DirtySlots.next(partition, 0, 0));
    assertEquals(1, member.counters.get(SyncCounter.RECORDS_RESENT));
    assertTrue(inFlight.isEmpty());
    assertEquals(1, inFlight.nextFrame(), "the next connection counts from 1");
  }

  @Test
  void anAcknowledgementOnAnotherConnectionSettlesNothing() throws WireFormatException {
    send();

    peer.acknowledge(refusing(1).build(), false);

    assertTrue(delta.isUnsettled(partition, slot));
    assertFalse(inFlight.isEmpty());
    peer.acknowledge(Ack.newBuilder().setFrame(1).build(), true);
    assertFalse(delta.isUnsettled(partition, slot), "what was said there is forgotten");
    assertFalse(delta.isRefused(partition, slot));
  }

  @Test
  void whatIsRefusedAsFullIsTriedAgainWhenThereIsRoom() throws WireFormatException {
    send();

    peer.acknowledge(refusing(1).build(), true);
    assertTrue(delta.isRefused(partition, slot));
    assertFalse(delta.isUnsettled(partition, slot));

    peer.acknowledge(Ack.newBuilder().setFrame(1).setRoom(true).build(), true);
    peer.retryRefused();
    assertFalse(delta.isRefused(partition, slot));
    assertEquals(slot, DirtySlots.next(partition, 0, 0));
  }

  /** Frames from both sides of a change of term, read by the peer in one turn. */
  @Test
  void whatIsDroppedForItsTermIsNamedByItsOwnFrame() throws WireFormatException {
    send();
    member.sessions.publish(member.record(0).policy(7), GROUP, 0, 0, NOW);
    send();

    Ack.Builder ack =
        Ack.newBuilder().setFrame(2).addDropped(DroppedBatch.newBuilder().setFrame(1));
    assertEquals(1, peer.acknowledge(ack.build(), true));

    member.sessions.publish(member.record(0).policy(8), GROUP, 0, 0, NOW);
    send();
    assertEquals(0, peer.acknowledge(Ack.newBuilder().setFrame(3).build(), true));
  }

  /** What such an acknowledgement says of records must not be taken for the same frames of the next connection. */
  @Test
  void anAcknowledgementOfAFrameThatWasNotSentIsAnErrorAndForgotten() throws WireFormatException {
    send();

    WireFormatException e =
        assertThrows(
            WireFormatException.class,
            () -> peer.acknowledge(refusing(1).setFrame(9).build(), true));

    assertEquals("acknowledgement of frame 9, but only 1 were sent", e.getMessage());
    assertTrue(delta.isUnsettled(partition, slot));
    peer.lose();
    send();
    peer.acknowledge(Ack.newBuilder().setFrame(1).build(), true);
    assertFalse(delta.isUnsettled(partition, slot));
    assertFalse(delta.isRefused(partition, slot));
  }

  /** The entry alone, in the connection's next frame. */
  private void send() {
    peer.beginFrame();
    assertEquals(1, peer.collect());
    peer.addBatch();
    peer.endFrame();
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
}
