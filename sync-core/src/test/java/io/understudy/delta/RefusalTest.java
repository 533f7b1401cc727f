package io.understudy.delta;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.understudy.metrics.Accounting;
import io.understudy.table.DirtySlots;
import io.understudy.table.Partition;
import io.understudy.wire.ColumnGroup;
import org.junit.jupiter.api.Test;

/** What becomes of an entry that the only peer has no room for, while its group changes holders, or it ends. */
class RefusalTest extends SentEntry {
  private final PeerDelta peer = peers[0];
  private final TableDelta delta = peer.table(0);

  RefusalTest() {
    super(1);
  }

  @Test
  void aRefusedEntryIsOwedNoMoreAlsoNotByABulk() {
    send(peer, 4);

    refuse(4, Drain.HOLDER);

    assertTrue(PeerMarks.isRefused(mark(peer), peer.sync(GROUP)));
    assertFalse(delta.isUnsettled(partition, slot));
    Accounting sums = AccountingWalk.of(peer, authority);
    assertEquals(1, sums.refused());
    assertEquals(0, sums.queued());
    drain.walk(peer, delta, partition, 0, GROUP, 6, 16, NOW, drained);
    assertEquals(0, drained.count());
  }

  @Test
  void anEntryThatEndsBeforeItsRefusalInALaterTermLeavesNoTombstone() {
    send(peer, 4);
    sessions.remove(record(), 0, NOW);
    peer.raiseSync(GROUP);

    refuse(4, Drain.HOLDER);

    endIsToldAndFreesTheSlot();
  }

  @Test
  void anEntryThatEndsBeforeItsRefusalFreesItsSlotAtOnce() {
    send(peer, 4);
    sessions.remove(record(), 0, NOW);

    refuse(4, Drain.HOLDER);

    assertFalse(partition.isUsed(slot), "the peer has nothing on the key");
    assertEquals(Partition.NONE, DirtySlots.next(partition, 0, 0));
  }

  @Test
  void aRefusedCandidateStaysOne() {
    holds = false;
    peer.raiseSync(GROUP);
    send(peer, 4);
    assertEquals(Drain.CANDIDATE, drained.kind());

    refuse(4, Drain.CANDIDATE);

    assertTrue(PeerMarks.isStale(mark(peer), peer.sync(GROUP)));
    assertTrue(PeerMarks.hasRefusal(mark(peer)));
    assertFalse(delta.isUnsettled(partition, slot));
  }

  /** The holder would say of facts that the entry is gone, and it would end here. */
  @Test
  void candidateThatFoundNoRoomAndSawTrafficSinceIsOfferedAgain() {
    holds = false;
    peer.raiseSync(GROUP);
    send(peer, 4);
    refuse(4, Drain.CANDIDATE);

    assertTrue(delta.changed(partition, slot, ColumnGroup.USAGE, false, NOW));
    send(peer, 5);

    assertEquals(Drain.CANDIDATE, drained.kind());
  }

  private void endIsToldAndFreesTheSlot() {
    assertEquals(ColumnGroup.KEY, mark(peer) & PeerMarks.DIRTY, "somebody may have given it");
    assertTrue(delta.dueNs(partition.number()) <= NOW);
    send(peer, 5);
    assertEquals(Drain.DELETE, drained.kind());
    assertTrue(
        settlement.acknowledged(peer, delta, partition, slot, 5, Drain.DELETE, drained.group()));
    assertFalse(partition.isUsed(slot));
  }

  /** The peer has no room, and nothing on the key. */
  private void refuse(long frame, int kind) {
    assertTrue(
        settlement.refused(peer, delta, partition, slot, frame, kind, Settlement.FULL, false, NOW));
  }
}
