package io.understudy.replication;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.understudy.metrics.SyncCounter;
import io.understudy.model.IpProtocol;
import io.understudy.table.HotTable;
import io.understudy.table.PublishResult;
import io.understudy.tables.session.NatKind;
import io.understudy.tables.session.SessionRecord;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A candidate whose NAT binding another session of the holder has: it is refused, and nothing at the holder is forgotten for it. */
class CandidateBindingTest {
  private final OfferingMember holder = new OfferingMember();
  private final OfferingMember loser = new OfferingMember();

  @BeforeEach
  void anotherSessionHasTheBinding() {
    holder.publish(bound(holder.sessions.newRecord().key4(0, IpProtocol.TCP, 77, 1_024, 2, 80)));
  }

  @Test
  void endThatIsOwedOnTheKeyStaysOwed() throws Exception {
    loser.publish();
    loser.offerTo(holder);
    assertEquals(PublishResult.QUEUED, holder.remove());
    loser.groups.holds = true;
    loser.publishAnew(bound(loser.record()));

    loser.offerTo(holder);

    assertEquals(1, holder.counters.get(SyncCounter.CANDIDATES_REFUSED));
    assertEquals(1, holder.table.deadCount(), "the tombstone that the peer has not acknowledged");
  }

  /** Seed 53026380: kept back while its other member was away, which has heard nothing of that. */
  @Test
  void sessionThatTheHolderKeepsBackByNowIsGoneForTheMemberThatOffersIt() throws Exception {
    loser.publish();
    loser.offerTo(holder);
    assertEquals(1, holder.counters.get(SyncCounter.CANDIDATES_ACCEPTED));
    holder.sessions.publish(
        holder.record(), OfferingMember.GROUP, 7, HotTable.WITHDRAW, OfferingMember.NOW);
    loser.groups.holds = true;
    loser.publish(loser.record().policy(9));

    loser.offerTo(holder);

    assertEquals(1, holder.counters.get(SyncCounter.CANDIDATES_REFUSED));
  }

  @Test
  void sessionOnTheKeyThatSawNoTrafficGoesOn() throws Exception {
    holder.publish();
    long before = generation();
    holder.peer.setLostNs(OfferingMember.NOW + 1_000_000_000L); // it saw none since
    loser.groups.later(10);
    loser.publish(bound(loser.record()));

    loser.offerTo(holder);

    assertEquals(1, holder.counters.get(SyncCounter.CANDIDATES_REFUSED));
    assertTrue(generation() > before, "it goes on above the candidate");
    assertEquals(PublishResult.QUEUED, holder.remove());
  }

  private long generation() {
    SessionRecord record = holder.record();
    assertTrue(holder.sessions.lookup(record));
    return record.generation();
  }

  private static SessionRecord bound(SessionRecord record) {
    return record.nat4(NatKind.SOURCE, 0x0A0000FE, 40_000, 2, 80);
  }
}
