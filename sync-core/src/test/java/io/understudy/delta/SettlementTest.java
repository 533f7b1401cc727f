package io.understudy.delta;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.understudy.table.DirtySlots;
import io.understudy.table.HotTable;
import io.understudy.table.Partition;
import io.understudy.table.PublishResult;
import io.understudy.table.Row;
import io.understudy.wire.ColumnGroup;
import io.understudy.wire.RecordSchema;
import org.junit.jupiter.api.Test;

/** What acknowledgements do to the marks of an entry that this member sent to seven peers. */
class SettlementTest extends SentEntry {
  private final PeerDelta peer = peers[peers.length - 1];

  SettlementTest() {
    super(7);
  }

  @Test
  void anAcknowledgedEntryIsIntroducedAndNothingIsOwed() {
    send(peer, 4);

    assertTrue(acknowledge(peer, 4, GROUP));

    assertTrue(PeerMarks.isIntroduced(mark(peer), peer.sync(GROUP)));
    assertFalse(peer.table(0).isUnsettled(partition, slot));
  }

  @Test
  void aPlainFrameIntroducesItsEntriesWithoutAVisit() {
    send(peer, 4);

    peer.settle(4);

    assertTrue(PeerMarks.isIntroduced(mark(peer), peer.sync(GROUP)));
    assertFalse(peer.table(0).isUnsettled(partition, slot));
    assertFalse(acknowledge(peer, 4, GROUP), "a visit would find nothing to do");
  }

  @Test
  void anEarlierPlainFrameSettlesNothing() {
    send(peer, 4);
    peer.table(0).oweWhole(partition, slot, NOW);
    send(peer, 5);

    peer.settle(4);

    assertTrue(PeerMarks.isInFlight(mark(peer)), "frame 5 is the last");
    peer.settle(5);
    assertFalse(PeerMarks.isInFlight(mark(peer)));
    peer.settle(3);
    assertFalse(PeerMarks.isInFlight(mark(peer)), "acknowledgements do not go back");
  }

  /** Seed 204525268223: later a peer was told that the session had ended, on a key that an older one had taken meanwhile. */
  @Test
  void entryThatEndedOnItsWayToAForgottenPeerIsOwedNothingWhenThatConnectionEnds() {
    send(peer, 4);
    for (PeerDelta any : peers) {
      any.setRemembered(false);
    }
    assertEquals(PublishResult.STORED, sessions.remove(record(), 0, NOW));

    settlement.lost(peer, peer.table(0), partition, slot, 4, NOW);

    assertFalse(peer.table(0).isUnsettled(partition, slot));
  }

  /** Only this member has it: nobody else could end it. */
  @Test
  void withdrawnEntryWhoseEndEveryPeerHasAcknowledgedCanBeRemovedWhereTheGroupIsNotHeldAnyMore() {
    send(peer, 4);
    acknowledge(peer, 4, GROUP);
    sessions.publish(record(), GROUP, 7, HotTable.WITHDRAW, NOW);
    send(peer, 5);
    holds = false;
    assertEquals(PublishResult.NOT_HOLDER, sessions.remove(record(), 0, NOW));

    settlement.acknowledged(peer, peer.table(0), partition, slot, 5, Drain.DELETE, GROUP);

    assertEquals(PublishResult.STORED, sessions.remove(record(), 0, NOW));
  }

  @Test
  void whatBecameDirtyInFlightStaysDirtyWhenItsFrameIsSettled() {
    send(peer, 4);
    sessions.publish(record().policy(6), GROUP, 0, 0, NOW);

    peer.settle(4);

    assertTrue(PeerMarks.isIntroduced(mark(peer), peer.sync(GROUP)));
    assertEquals(ColumnGroup.HOLDER, mark(peer) & PeerMarks.DIRTY);
  }

  @Test
  void aFrameFromBeforeThePeersNewLifeIntroducesNothing() {
    send(peer, 4);
    peer.raiseSyncs();

    peer.settle(4);
    sessions.publish(record().policy(6), GROUP, 0, 0, NOW);
    send(peer, 5);

    assertTrue((drained.records()[RecordSchema.HEAD] & ColumnGroup.KEY) != 0, "introduced again");
  }

  @Test
  void anEndIsVisitedBecauseItFreesTheSlot() {
    send(peer, 4);
    peer.settle(4);
    sessions.remove(record(), 0, NOW);
    send(peer, 5);

    peer.settle(5);

    assertTrue(PeerMarks.isInFlight(mark(peer)));
    assertTrue(acknowledge(peer, 5, GROUP));
  }

  /** A dataplane thread may end an entry between two batches of one frame: its end in the same frame would never be settled. */
  @Test
  void anEntryThatChangesWhileItsFrameIsFilledGoesInTheNextOne() {
    send(peer, 4);
    sessions.remove(record(), 0, NOW);

    drained.clear();
    drain.collect(peer, peer.table(0), partition, 4, 16, NOW, drained);
    assertEquals(0, drained.count());
    drain.walk(peer, peer.table(0), partition, 0, GROUP, 4, 16, NOW, drained);
    assertEquals(0, drained.count());

    assertEquals(slot, DirtySlots.next(partition, peer.peerSlot(), 0), "still owed");
    send(peer, 5);
    assertEquals(Drain.DELETE, drained.kind());
    assertFalse(settlement.acknowledged(peer, peer.table(0), partition, slot, 4, 0, GROUP));
    assertTrue(acknowledge(peer, 5, GROUP));
    assertFalse(peer.table(0).isUnsettled(partition, slot));
  }

  @Test
  void anEntryThatIsInTheFrameIsNotWalkedIntoItOnceMore() {
    send(peer, 4);

    drain.walk(peer, peer.table(0), partition, 0, GROUP, 4, 16, NOW, drained);
    assertEquals(0, drained.count());

    drain.walk(peer, peer.table(0), partition, 0, GROUP, 5, 16, NOW, drained);
    assertEquals(1, drained.count());
  }

  @Test
  void aMarkThatWasRefreshedIsSettledAlsoWhenSerialsComeRound() {
    send(peer, 4);
    peer.settle(4);
    for (int i = 0; i < HotTable.PARTITIONS; i++) {
      peer.refreshSome();
    }

    peer.settle(5 + (1L << 31));

    assertFalse(PeerMarks.isInFlight(mark(peer)));
    assertTrue(PeerMarks.isIntroduced(mark(peer), peer.sync(GROUP)));
  }

  @Test
  void eachOfSevenPeersIsOwedAndSettledByItself() {
    for (PeerDelta each : peers) {
      assertEquals(slot, DirtySlots.next(partition, each.peerSlot(), 0));
      send(each, 10 + each.peerSlot());
      assertEquals(Partition.NONE, DirtySlots.next(partition, each.peerSlot(), 0));
    }

    for (PeerDelta each : peers) {
      assertFalse(acknowledge(each, 9, GROUP), "another's frame");
      assertTrue(acknowledge(each, 10 + each.peerSlot(), GROUP));
      for (PeerDelta other : peers) {
        boolean settled = other.peerSlot() <= each.peerSlot();
        assertEquals(!settled, PeerMarks.isInFlight(mark(other)));
        assertEquals(settled, PeerMarks.isIntroduced(mark(other), other.sync(GROUP)));
      }
    }
  }

  private boolean acknowledge(PeerDelta by, long frame, int group) {
    boolean live = Row.isLive(partition.slab(slot), partition.row(slot));
    int kind = live ? Drain.HOLDER : Drain.DELETE;
    return settlement.acknowledged(by, by.table(0), partition, slot, frame, kind, group);
  }
}
