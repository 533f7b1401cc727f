package io.understudy.replication;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.understudy.proto.v1.Ack;
import io.understudy.table.PublishResult;
import io.understudy.tables.session.SessionRecord;
import io.understudy.track.SessionFacts;
import org.junit.jupiter.api.Test;

/** A member tells the holder of facts that the holder had not known. */
class ToldBeforeIntroducedTest {
  private static final int GROUP = 1;
  private static final int NODE = 2;
  private static final long NOW = SendingMember.NOW;

  private final SendingMember member = new SendingMember(new FollowedGroups(), 1, 1);
  private final SendingMember holder = new SendingMember(new HeldGroups(), 1, 1);
  private final SendingMember.Peer toMember = holder.peers[0];

  /** Seed 23711454: it has ended the entry since, by another holder's word, and begins it anew with the record that is on its way. */
  @Test
  void whoeverHasNotAcknowledgedTheEntryIsToldWhatItTold() throws Exception {
    publish(holder, 1);
    toMember.introduceAt(member, NODE);
    memberTells();

    toMember.beginFrame();
    assertEquals(1, toMember.collect());
  }

  @Test
  void whoeverHasAcknowledgedTheEntryKnowsWhatItTold() throws Exception {
    publish(holder, 1);
    Ack answer = toMember.introduceAt(member, NODE);
    toMember.acknowledge(answer, true);
    memberTells();

    toMember.beginFrame();
    assertEquals(0, toMember.collect());
  }

  private void memberTells() throws Exception {
    publish(member, 3);
    assertEquals(0, member.peers[0].introduceAt(holder, NODE).getRefusedCount());
  }

  private static void publish(SendingMember at, int bits) {
    SessionFacts facts = new SessionFacts();
    facts.load(new long[] {0, 0, bits}, 0);
    SessionRecord record = at.record(0).facts(facts);
    assertEquals(PublishResult.QUEUED, at.sessions.publish(record, GROUP, 0, 0, NOW));
  }
}
