package io.understudy.replication;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.ByteString;
import io.understudy.delta.Settlement;
import io.understudy.proto.v1.Ack;
import io.understudy.proto.v1.RefusedRecords;
import io.understudy.table.HotTable;
import io.understudy.table.Partition;
import io.understudy.table.PublishResult;
import io.understudy.table.Row;
import io.understudy.tables.session.SessionRecord;
import io.understudy.track.SessionFacts;
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

  /** Seed 23508017: what is on its way began again there after the newer generation and its end were long forgotten. */
  @Test
  void newerGenerationWaitsUntilTheOfferOfTheFormerOneHasArrived() throws Exception {
    groups.oldHolder = HOLDER;
    toHolder.beginFrame();
    assertEquals(1, toHolder.collect());
    toHolder.addBatch();
    toHolder.endFrame();
    publish(holder, OLD_GROUP);
    holder.sessions.publish(holder.record(0), OLD_GROUP, 0, HotTable.NEW_GENERATION, NOW);

    Ack answer = holder.peers[0].introduceAt(member, HOLDER);

    assertEquals(1, answer.getRefusedCount());
    assertEquals(Settlement.UNKNOWN_HANDLE, answer.getRefused(0).getReason().byteAt(0), "not now");

    toHolder.acknowledge(Ack.newBuilder().setFrame(1).build(), true);
    holder.peers[0].lose();
    assertEquals(0, holder.peers[0].introduceAt(member, HOLDER).getRefusedCount());
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
    int[] spokenFor = isSpokenFor ? new int[] {OLD_GROUP} : new int[0];
    return holder.peers[0].introduceAt(member, HOLDER, spokenFor);
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
