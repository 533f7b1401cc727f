package io.understudy.replication;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.understudy.delta.Settlement;
import io.understudy.proto.v1.Ack;
import io.understudy.table.PublishResult;
import io.understudy.table.Row;
import io.understudy.track.SessionFacts;
import org.junit.jupiter.api.Test;

/**
 * A member has forgotten the holder's handles and not its entries, since it took another process for the holder's next life; the holder knows nothing
 * of that. Seed 23611982.
 */
class ForgottenHandleTest {
  private static final int GROUP = 1;
  private static final int HOLDER = 2;
  private static final long NOW = SendingMember.NOW;

  private final SendingMember member = new SendingMember(new FollowedGroups(), 1, 1);
  private final SendingMember holder = new SendingMember(new HeldGroups(), 1, 1);
  private final SendingMember.Peer toMember = holder.peers[0];

  @Test
  void endThatNamesAForgottenHandleIsToldAgainByItsKey() throws Exception {
    var session = holder.record(0).facts(new SessionFacts());
    assertEquals(PublishResult.QUEUED, holder.sessions.publish(session, GROUP, 0, 0, NOW));
    toMember.acknowledge(toMember.introduceAt(member, HOLDER), true);
    assertTrue(isThere());
    assertEquals(PublishResult.QUEUED, holder.sessions.remove(holder.record(0), 0, NOW));

    Ack answer =
        toMember.introduceAt(
            member, HOLDER); // handles are an inbound stream's, and this one is new

    assertEquals(Settlement.UNKNOWN_HANDLE, answer.getRefused(0).getReason().byteAt(0));
    assertTrue(isThere());
    toMember.acknowledge(ofSecondFrame(answer), true);
    assertEquals(0, toMember.introduceAt(member, HOLDER).getRefusedCount());
    assertFalse(isThere());
  }

  /** The member counts the frames of a connection, and each of its answers here is of a first one. */
  private static Ack ofSecondFrame(Ack first) {
    Ack.Builder second = first.toBuilder().setFrame(2);
    second.getRefusedBuilder(0).setFrame(2);
    return second.build();
  }

  private boolean isThere() {
    return Row.isLive(member.partition.slab(0), member.partition.row(0));
  }
}
