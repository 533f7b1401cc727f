package io.understudy.replication;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.ByteString;
import io.understudy.delta.Drain;
import io.understudy.delta.Settlement;
import io.understudy.proto.v1.Ack;
import io.understudy.proto.v1.RefusedRecords;
import io.understudy.table.PublishResult;
import io.understudy.table.Row;
import io.understudy.tables.session.SessionRecord;
import io.understudy.track.SessionFacts;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * The holder had not the entry of which a member told it, and answered that it is gone. On its other link, ahead of that answer, comes the entry,
 * which another member has offered it since.
 */
class LateGoneTest {
  private static final int GROUP = 1;
  private static final int HOLDER = 2;
  private static final long NOW = SendingMember.NOW;

  private final Following groups = new Following();
  private final SendingMember member = new SendingMember(groups, 1, 1);
  private final SendingMember.Peer toHolder = member.peers[0];
  private final SendingMember holder = new SendingMember(new HeldGroups(), 1, 1);

  /** Member 1 until it loses what it holds. */
  private static final class Following extends HeldGroups {
    private boolean holds = true;

    @Override
    public boolean holds(int group) {
      return holds;
    }
  }

  @BeforeEach
  void memberTellsItsNewHolderOfASession() throws Exception {
    publish(member, 0);
    send();
    toHolder.acknowledge(Ack.newBuilder().setFrame(1).build(), true);
    groups.holds = false;
    toHolder.delta.raiseSync(GROUP);
    publish(member, 1); // facts, no candidate
    send();
  }

  private void send() {
    toHolder.beginFrame();
    assertEquals(1, toHolder.collect());
    toHolder.addBatch();
    toHolder.endFrame();
  }

  @Test
  void entryThatItsHolderHasNotIsOver() throws Exception {
    toHolder.acknowledge(gone(), true);

    assertFalse(isThere());
  }

  @Test
  void entryThatItsHolderHasIntroducedSinceStaysAndIsToldOnceMore() throws Exception {
    introduce();

    toHolder.acknowledge(gone(), true);

    assertTrue(isThere());
    toHolder.beginFrame();
    assertEquals(1, toHolder.collect());
  }

  /** It said so as another holder's follower, or in a former reign: it may have the entry now. */
  @Test
  void goneThatWasSaidInAnotherTermEndsNothingAndIsAskedAgain() throws Exception {
    toHolder.termChanged(GROUP);

    toHolder.acknowledge(gone(), true);

    assertTrue(isThere());
    toHolder.beginFrame();
    assertEquals(1, toHolder.collect());
  }

  /**
   * Seeds 9724053 and 23004431: the present holder applied it as a follower and ended it since. Its sweep left the entry alone, since it was in
   * flight: so the holder is asked now.
   */
  @Test
  void acknowledgementOfAnotherTermOrEpochIsNoWordOfTheHolderWhichIsAsked() throws Exception {
    toHolder.termChanged(GROUP);
    toHolder.acknowledge(Ack.newBuilder().setFrame(2).build(), true);
    assertFalse(isSeen());
    send();

    toHolder.beginEpoch(1);
    toHolder.acknowledge(Ack.newBuilder().setFrame(3).build(), true);
    assertFalse(isSeen());
    send();

    toHolder.acknowledge(Ack.newBuilder().setFrame(4).build(), true);
    assertTrue(isSeen());
    toHolder.beginFrame();
    assertEquals(0, toHolder.collect());
  }

  /** Seed 23600070: the holder's walk in the epoch that is not known here yet lies on another link, ahead of what it has applied since. */
  @Test
  void acknowledgementSaysInWhichEpochItsSenderAppliedIt() throws Exception {
    toHolder.beginEpoch(1);
    toHolder.acknowledge(Ack.newBuilder().setFrame(2).setEpoch(2).build(), true);

    assertEquals(2, toHolder.inbound.epoch());
    assertFalse(isSeen());
    send();
    toHolder.acknowledge(Ack.newBuilder().setFrame(3).build(), true);
    assertTrue(isSeen());
  }

  /** What was sent as the holder, plain marks, is told to the next holder as a member tells it: it may have ended the entry since. */
  @Test
  void whatTheNextHolderAppliedAsAFollowerIsToldAgainAsFacts() throws Exception {
    toHolder.acknowledge(Ack.newBuilder().setFrame(2).build(), true);
    groups.holds = true;
    publish(member, 3);
    send();
    groups.holds = false;
    toHolder.delta.raiseSync(GROUP);
    toHolder.termChanged(GROUP);

    toHolder.acknowledge(Ack.newBuilder().setFrame(3).build(), true);

    assertTrue(toHolder.marks.isUnsettled(member.partition, 0));
    toHolder.beginFrame();
    assertEquals(1, toHolder.collect());
    assertEquals(Drain.FACTS, toHolder.drained().kind());
  }

  private boolean isSeen() {
    return toHolder
        .inbound
        .seen(0, GROUP)
        .isSet(member.partition.number(), 0, toHolder.inbound.epoch(), groups.termNumber(GROUP));
  }

  private static void publish(SendingMember at, int bits) {
    SessionFacts facts = new SessionFacts();
    facts.load(new long[] {0, 0, bits}, 0);
    SessionRecord record = at.record(0);
    record.facts(facts);
    assertEquals(PublishResult.QUEUED, at.sessions.publish(record, GROUP, 0, 0, NOW));
  }

  /** The holder's record, with all that the member knows, is applied at the member. */
  private void introduce() throws Exception {
    publish(holder, 1);
    holder.peers[0].introduceAt(member, HOLDER);
  }

  private boolean isThere() {
    return Row.isLive(member.partition.slab(0), member.partition.row(0));
  }

  private static Ack gone() {
    return Ack.newBuilder()
        .setFrame(2)
        .addRefused(
            RefusedRecords.newBuilder()
                .setFrame(2)
                .addRecord(0)
                .setReason(ByteString.copyFrom(new byte[] {Settlement.GONE_ENTRY})))
        .build();
  }
}
