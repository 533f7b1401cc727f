package io.understudy.delta;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.understudy.metrics.Accounting;
import io.understudy.metrics.CounterSet;
import io.understudy.model.IpProtocol;
import io.understudy.table.Authority;
import io.understudy.table.DirtySlots;
import io.understudy.table.HoldsAll;
import io.understudy.table.HotTable;
import io.understudy.table.Partition;
import io.understudy.tables.session.SessionRecord;
import io.understudy.tables.session.SessionTable;
import io.understudy.wire.ColumnGroup;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What becomes of an entry that the only peer has no room for, while its slot changes groups, its group holders, or it ends. */
class RefusalTest {
  private static final int GROUP = 1;
  private static final int OTHER_GROUP = 2;
  private static final int OTHER_NODE = 9;
  private static final long NOW = 1_000_000_000L;

  private final Authority authority = new HoldsAll();
  private final ChangeFanout fanout = new ChangeFanout(authority, 5_000_000L);
  private final CounterSet counters = new CounterSet();
  private final HotTable table =
      new HotTable(SessionTable.spec6(4_096, 1), 1, 2, authority, fanout, counters);
  private final SessionTable sessions = new SessionTable(table);
  private final Settlement settlement = new Settlement(counters);
  private final Drain drain = new Drain(authority, settlement);
  private final Drained drained = new Drained(table.spec().schema().words());
  private final PeerDelta peer = new PeerDelta(0, List.of(table));
  private final TableDelta delta = peer.table(0);
  private final Partition partition = table.partition(sessions.partition(record()));
  private final int slot = 0;

  RefusalTest() {
    fanout.setPeers(new PeerDelta[] {peer});
    settlement.setPeers(new PeerDelta[] {peer});
    peer.setRemembered(true);
    sessions.publish(record().policy(5), GROUP, 0, 0, NOW);
  }

  /** Simulation seed 458: a candidate took the slot of another group's entry, and the peer had no room for it. */
  @Test
  void anEntryInTheSlotOfAnotherGroupIsRefusedOnlyUnderItsOwnNumber() {
    changeGroup();
    delta.oweWhole(partition, slot, NOW);
    send(4);

    refuse(4, Drain.HOLDER);
    assertEquals(PeerMarks.ALL_VALUES, mark() & PeerMarks.DIRTY, "its group may have changed");
    send(5);
    assertEquals(Drain.HOLDER, drained.kind());
    refuse(5, Drain.HOLDER);

    isExcluded();
  }

  @Test
  void anEntryThatIsRefusedAfterItsGroupChangedIsOfferedOnceMoreInTheNewOne() {
    send(4);
    changeGroup();

    refuse(4, Drain.HOLDER);

    send(5);
    assertEquals(Drain.HOLDER, drained.kind());
    assertEquals(OTHER_GROUP, drained.group());
    refuse(5, Drain.HOLDER);
    isExcluded();
  }

  @Test
  void anEntryInTheSlotOfAnotherGroupThatEndsBeforeItsRefusalLeavesNoTombstone() {
    changeGroup();
    delta.oweWhole(partition, slot, NOW);
    send(4);
    sessions.remove(record(), 0, NOW);

    refuse(4, Drain.HOLDER);

    endIsToldAndFreesTheSlot();
  }

  @Test
  void anEntryThatEndsBeforeItsRefusalInALaterTermLeavesNoTombstone() {
    send(4);
    sessions.remove(record(), 0, NOW);
    peer.raiseSync(GROUP);

    refuse(4, Drain.HOLDER);

    endIsToldAndFreesTheSlot();
  }

  @Test
  void anEntryThatEndsBeforeItsRefusalFreesItsSlotAtOnce() {
    send(4);
    sessions.remove(record(), 0, NOW);

    refuse(4, Drain.HOLDER);

    assertFalse(partition.isUsed(slot), "the peer has nothing on the key");
    assertEquals(Partition.NONE, DirtySlots.next(partition, 0, 0));
  }

  @Test
  void aRefusedCandidateStaysOne() {
    changeGroup();
    delta.oweWhole(partition, slot, NOW);
    send(4);

    refuse(4, Drain.CANDIDATE);

    assertTrue(PeerMarks.isOfOtherGroup(mark()));
    assertTrue(PeerMarks.hasRefusal(mark()));
    assertFalse(delta.isUnsettled(partition, slot));
  }

  /** Nothing is owed, also not by a bulk. */
  private void isExcluded() {
    assertTrue(PeerMarks.isRefused(mark(), peer.sync(OTHER_GROUP)));
    assertFalse(delta.isUnsettled(partition, slot));
    Accounting sums = AccountingWalk.of(peer, authority);
    assertEquals(1, sums.refused());
    assertEquals(0, sums.queued());
    drain.walk(peer, delta, partition, 0, OTHER_GROUP, 6, 16, NOW, drained);
    assertEquals(0, drained.count());
  }

  private void endIsToldAndFreesTheSlot() {
    assertEquals(ColumnGroup.KEY, mark() & PeerMarks.DIRTY, "somebody may have given it");
    assertTrue(delta.dueNs(partition.number()) <= NOW);
    send(5);
    assertEquals(Drain.DELETE, drained.kind());
    assertTrue(
        settlement.acknowledged(peer, delta, partition, slot, 5, Drain.DELETE, drained.group()));
    assertFalse(partition.isUsed(slot));
  }

  private void send(long frame) {
    drained.clear();
    drain.collect(peer, delta, partition, frame, 16, NOW, drained);
    assertEquals(1, drained.count());
  }

  /** The peer has no room, and nothing on the key. */
  private void refuse(long frame, int kind) {
    assertTrue(
        settlement.refused(peer, delta, partition, slot, frame, kind, Settlement.FULL, false, NOW));
  }

  /** As where a candidate takes the slot. */
  private void changeGroup() {
    long generation = authority.nextGeneration();
    table.rows().renew(partition, slot, generation, OTHER_NODE, OTHER_GROUP);
  }

  private long mark() {
    return delta.mark(partition, slot);
  }

  private SessionRecord record() {
    return sessions.newRecord().key6(0, IpProtocol.TCP, 1, 2, 1_024, 3, 4, 80);
  }
}
