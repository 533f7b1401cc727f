package io.understudy.replication;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.ByteString;
import io.understudy.proto.v1.Ack;
import io.understudy.proto.v1.RefusedRecords;
import io.understudy.wire.ColumnGroup;
import io.understudy.wire.WireFormatException;
import org.junit.jupiter.api.Test;

/** What a peer that had no room costs when it says that it has some, however often it does. */
class RefusalRetryTest {
  private static final int GROUP = 1;
  private static final int KEYS = 48;
  private static final int BATCH = 16;
  private static final long NOW = SendingMember.NOW;

  private final SendingMember member = new SendingMember(new HeldGroups(), 1, KEYS);
  private final SendingMember.Peer peer = member.peers[0];
  private final RefusalRetry retry = new RefusalRetry(peer.delta, member.settlement);
  private final int partition = member.partition.number();

  private int owed() {
    return peer.marks.dirtyCount(partition);
  }

  /** All entries are sent, and the peer has room for none. */
  private void refuseAll() throws WireFormatException {
    for (int key = 0; key < KEYS; key++) {
      member.sessions.publish(member.record(key), GROUP, 0, 0, NOW);
    }
    for (int frame = 1; frame <= KEYS / BATCH; frame++) {
      peer.beginFrame();
      assertEquals(BATCH, peer.collect());
      peer.addBatch();
      peer.endFrame();
      RefusedRecords.Builder refused =
          RefusedRecords.newBuilder()
              .setFrame(frame)
              .setReason(ByteString.copyFrom(new byte[BATCH]));
      for (int record = 0; record < BATCH; record++) {
        refused.addRecord(record);
      }
      peer.acknowledge(Ack.newBuilder().setFrame(frame).addRefused(refused).build(), true);
    }
    assertEquals(KEYS, peer.marks.full(partition));
    assertEquals(0, owed());
  }

  @Test
  void requestsForRoomWalkNothingWhereNothingIsRefused() {
    member.sessions.publish(member.record(0), GROUP, 0, 0, NOW);

    int looked = 0;
    for (int i = 0; i < 100_000; i++) {
      retry.room();
      looked += retry.run(NOW + i);
    }

    assertEquals(0, looked);
  }

  /** Its own facts of the entry were refused there long ago, then the entry came from it as its holder. */
  @Test
  void whatThePeerBroughtItselfIsNotTakenForRefusedAnyMore() throws WireFormatException {
    refuseAll();
    int slot = 5;

    peer.marks.received(member.partition, slot);

    assertEquals(KEYS - 1, peer.marks.full(partition));
    assertTrue(peer.marks.changed(member.partition, slot, ColumnGroup.FACTS, true, NOW));
    assertEquals(1, owed());
  }

  @Test
  void howeverManyRequestsComeOneRoundIsMadeInAnInterval() throws WireFormatException {
    refuseAll();

    retry.room();
    assertTrue(retry.run(NOW) > 0);
    assertEquals(4, owed());
    for (int i = 0; i < 1_000; i++) {
      retry.room();
      assertEquals(0, retry.run(NOW + i));
    }

    assertEquals(NOW + RefusalRetry.INTERVAL_NS, retry.nextDueNs());
    retry.run(NOW + RefusalRetry.INTERVAL_NS);
    assertEquals(4 + 8, owed(), "twice as many as before");
  }

  @Test
  void whatIsNotRefusedAgainGoesOnUntilNothingIsRefused() throws WireFormatException {
    refuseAll();

    retry.room();
    long now = NOW;
    for (int rounds = 0; retry.nextDueNs() != Long.MAX_VALUE; rounds++) {
      assertTrue(rounds < 20, "it finds no end");
      retry.run(now);
      now += RefusalRetry.INTERVAL_NS;
    }

    assertEquals(KEYS, owed());
    assertEquals(0, peer.marks.full(partition));
  }

  @Test
  void partitionThatIsFullAgainWaitsForRoom() throws WireFormatException {
    refuseAll();
    retry.room();
    retry.run(NOW);

    retry.full(0, partition);
    for (int i = 1; i < 100; i++) {
      retry.run(NOW + i * RefusalRetry.INTERVAL_NS);
    }
    assertEquals(4, owed());
    assertEquals(Long.MAX_VALUE, retry.nextDueNs(), "nothing is due");

    retry.room();
    retry.run(NOW + 100 * RefusalRetry.INTERVAL_NS);
    assertEquals(8, owed());
  }
}
