package io.understudy.replication;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.ByteString;
import io.understudy.delta.Settlement;
import io.understudy.proto.v1.Ack;
import io.understudy.proto.v1.Frame;
import io.understudy.proto.v1.RefusedRecords;
import io.understudy.table.Partition;
import io.understudy.table.PublishResult;
import io.understudy.table.Row;
import io.understudy.tables.session.SessionRecord;
import io.understudy.track.SessionFacts;
import io.understudy.wire.FrameReader;
import io.understudy.wire.FrameWriter;
import io.understudy.wire.MessageType;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * A session of group 1 that this member held, and a session of group 2 on the same key from that group's holder, member 2. Member 1 holds
 * neither by now.
 */
class KeyOfAnotherHolderTest {
  private static final int OLD_GROUP = 1;
  private static final int GROUP = 2;
  private static final int HOLDER = 2;
  private static final int FULL = 3;
  private static final long NOW = SendingMember.NOW;
  private static final int WINDOW_BYTES = 1 << 20;

  private final Following groups = new Following();
  private final SendingMember member = new SendingMember(groups, 2, 1);
  private final SendingMember.Peer toHolder = member.peers[0];
  private final SendingMember.Peer toFull = member.peers[1];
  private final SendingMember holder = new SendingMember(new HeldGroups(), 1, 1);

  /** Ahead of the record the holder's stream told of the other group. */
  private boolean isSpokenFor;

  /** Member 1 until member 3 takes over. */
  private static final class Following extends HeldGroups {
    private boolean holds = true;
    private int oldHolder = FULL;

    @Override
    public boolean holds(int group) {
      return holds;
    }

    @Override
    public int holder(int group) {
      return holds ? 1 : group == OLD_GROUP ? oldHolder : HOLDER;
    }
  }

  @BeforeEach
  void memberOffersItsSessionToTheNewHolder() {
    publish(member, OLD_GROUP);
    groups.holds = false;
    toHolder.delta.raiseSync(OLD_GROUP);
    toFull.delta.raiseSync(OLD_GROUP);
    toFull.beginFrame();
    assertEquals(1, toFull.collect());
    toFull.addBatch();
    toFull.endFrame();
  }

  /** Seed 550 of the simulation. */
  @Test
  void sessionThatItsHolderHasNoRoomForGivesWay() throws Exception {
    toFull.acknowledge(full(), true);

    Ack answer = introduce();

    assertEquals(GROUP, groupOnTheKey());
    assertEquals(0, answer.getRefusedCount(), "the other holder would send it again and again");
  }

  /** It had no room, and then the session from another member. */
  @Test
  void sessionThatItsHolderHasIntroducedSinceStays() throws Exception {
    toFull.acknowledge(full(), true);
    toFull.marks.received(member.partition, member.slot(0));

    Ack answer = introduce();

    assertEquals(OLD_GROUP, groupOnTheKey());
    assertEquals(1, answer.getRefusedCount());
  }

  @Test
  void sessionThatItsHolderMayHaveStaysUntilThatEndsIt() throws Exception {
    Ack answer = introduce();

    assertEquals(OLD_GROUP, groupOnTheKey());
    assertEquals(1, answer.getRefusedCount());
  }

  /** Seed 21009669: it lay in a socket since then, and what the member had told of the other session was lost with that. */
  @Test
  void recordOfWhoeverHoldsBothGroupsNowEndsNothingIfItWasSentBeforeThat() throws Exception {
    groups.oldHolder = HOLDER;

    Ack answer = introduce();

    assertEquals(OLD_GROUP, groupOnTheKey());
    assertEquals(1, answer.getRefusedCount());
  }

  @Test
  void whoeverHoldsBothGroupsHasOneSessionOnTheKey() throws Exception {
    groups.oldHolder = HOLDER;
    isSpokenFor = true;

    Ack answer = introduce();

    assertEquals(GROUP, groupOnTheKey());
    assertEquals(0, answer.getRefusedCount());
  }

  private static void publish(SendingMember at, int group) {
    SessionRecord record = at.record(0);
    record.facts(new SessionFacts());
    assertEquals(PublishResult.QUEUED, at.sessions.publish(record, group, 0, 0, NOW));
  }

  private Ack introduce() throws Exception {
    publish(holder, GROUP);
    SendingMember.Peer toMember = holder.peers[0];
    toMember.beginFrame();
    assertEquals(1, toMember.collect());
    toMember.addBatchOf(HOLDER);
    toMember.endFrame();
    FrameReader arrived = toMember.arrives();
    assertEquals(MessageType.BATCH, arrived.next());
    Inbound inbound = new Inbound(HOLDER, toHolder.delta, List.of(member.table));
    if (isSpokenFor) {
      inbound.spokeAsHolder(OLD_GROUP, groups.termNumber(OLD_GROUP));
    }
    inbound.setBounds(
        new PeerBounds(WINDOW_BYTES, List.of(member.table.spec().partitionCapacity())));
    StreamReceiver receiver =
        new StreamReceiver(
            List.of(member.table),
            groups,
            member.settlement,
            new NoListener(),
            new Needs(member.counters),
            member.counters);
    receiver.setPeers(Map.of(HOLDER, toHolder.delta, FULL, toFull.delta));
    AckBuilder ack = new AckBuilder(WINDOW_BYTES);
    ack.arrives(1, arrived.length());
    receiver.apply(inbound, arrived, ack, NOW);
    ack.applied(1, arrived.length());
    FrameWriter answer = new FrameWriter();
    assertTrue(ack.write(answer, FrameWriter.MAX_FRAME_BYTES));
    return Frame.parseFrom(Arrays.copyOf(answer.bytes(), answer.length())).getAck();
  }

  /** Of the only live entry. */
  private int groupOnTheKey() {
    int group = 0;
    for (int slot = 0; slot < member.partition.highWater(); slot++) {
      if (Row.isLive(member.partition.slab(slot), member.partition.row(slot))) {
        assertEquals(0, group, "two sessions on one key");
        group = Row.group(member.partition.slab(slot), member.partition.row(slot));
      }
    }
    assertTrue(member.slot(0) != Partition.NONE);
    return group;
  }

  private static Ack full() {
    return Ack.newBuilder()
        .setFrame(1)
        .addRefused(
            RefusedRecords.newBuilder()
                .setFrame(1)
                .addRecord(0)
                .setReason(ByteString.copyFrom(new byte[] {Settlement.FULL})))
        .build();
  }
}
