package io.understudy.delta;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.understudy.metrics.CounterSet;
import io.understudy.model.IpProtocol;
import io.understudy.table.Authority;
import io.understudy.table.DirtySlots;
import io.understudy.table.HoldsAll;
import io.understudy.table.HotTable;
import io.understudy.table.Partition;
import io.understudy.table.PublishResult;
import io.understudy.table.TableId;
import io.understudy.tables.session.SessionRecord;
import io.understudy.tables.session.SessionTable;
import io.understudy.track.SessionFacts;
import io.understudy.wire.ColumnGroup;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What a peer is owed after changes of a real table, seen in its marks. */
class PeerDeltaTest {
  private static final int GROUP = 1;
  private static final int OTHER_GROUP = 2;
  private static final long NOW = 1_000_000_000L;
  private static final long BATCHING = 5_000_000L;

  private final boolean[] holds = {true};
  private final Authority authority =
      new HoldsAll() {
        @Override
        public boolean holds(int group) {
          return holds[0];
        }
      };
  private final ChangeFanout fanout = new ChangeFanout(authority, BATCHING);
  private final HotTable table =
      new HotTable(SessionTable.spec4(4_096, 2), 1, 2, authority, fanout, new CounterSet());
  private final SessionTable sessions = new SessionTable(table);
  private final PeerDelta peer = new PeerDelta(0, List.of(table));
  private final PeerDelta other = new PeerDelta(1, List.of(table));
  private final TableDelta delta = peer.table(0);

  PeerDeltaTest() {
    fanout.setPeers(new PeerDelta[] {peer, other});
    peer.setRemembered(true);
  }

  @Test
  void aTableIsFoundByItsNumber() {
    assertEquals(1, peer.tableCount());
    assertNotNull(peer.ofTable(TableId.SESSION4));
    assertNull(peer.ofTable(TableId.SESSION6));
  }

  @Test
  void aNewSessionIsOwedWholeAndDueAfterTheBatchingTime() {
    assertEquals(PublishResult.QUEUED, publish(1, 0));

    Partition partition = partition(1);
    assertEquals(ColumnGroup.WHOLE, delta.mark(partition, 0) & PeerMarks.DIRTY);
    assertEquals(1, delta.dirtyCount(partition.number()));
    assertEquals(1, delta.stateDirty());
    assertEquals(1, other.stateDirty());
    assertEquals(NOW + BATCHING, delta.dueNs(partition.number()));
    assertEquals(partition.number(), delta.nextPending(0));
    assertEquals(-1, delta.nextPending(partition.number() + 1));
    assertEquals(0, DirtySlots.next(partition, 0, 0));
    assertEquals(Partition.NONE, DirtySlots.next(partition, 0, 1));
    assertFalse(PeerMarks.isKnown(delta.mark(partition, 0), peer.sync(GROUP)));
  }

  @Test
  void anUrgentChangeIsDueAtOnce() {
    publish(1, 0);

    assertEquals(PublishResult.ABSORBED, publish(1, 9, HotTable.URGENT));

    assertEquals(NOW, delta.dueNs(partition(1).number()));
  }

  @Test
  void aSessionThatEndsUnsentIsOwedToNobody() {
    publish(1, 0);

    assertEquals(PublishResult.STORED, remove(1));

    assertEquals(-1, delta.nextPending(0));
    assertEquals(0, peer.stateDirty());
    assertEquals(Long.MAX_VALUE, delta.dueNs(partition(1).number()));
  }

  @Test
  void theEndOfASessionInFlightIsOwedToThePeerThatMayHaveIt() {
    publish(1, 0);
    Partition partition = partition(1);
    delta.setMark(partition, 0, PeerMarks.inFlight(delta.mark(partition, 0), 4));

    assertEquals(PublishResult.QUEUED, remove(1));

    assertEquals(ColumnGroup.KEY, delta.mark(partition, 0) & PeerMarks.DIRTY);
    assertEquals(0, other.stateDirty(), "the other peer never got it");
    assertFalse(delta.isForgettable(partition, 0));
    assertTrue(other.table(0).isForgettable(partition, 0));
    assertTrue(delta.isUnsettled(partition, 0));
  }

  @Test
  void aPeerThatIsNotRememberedIsOwedNoDelete() {
    publish(1, 0);
    Partition partition = partition(1);
    delta.setMark(partition, 0, PeerMarks.inFlight(delta.mark(partition, 0), 4));
    peer.setRemembered(false);

    assertEquals(PublishResult.STORED, remove(1));

    assertEquals(0, peer.stateDirty());
  }

  @Test
  void aRefusedSessionIsOwedNothingUntilItIsTriedAgain() {
    publish(1, 0);
    Partition partition = partition(1);
    delta.setMark(partition, 0, PeerMarks.refused(delta.mark(partition, 0), Settlement.FULL));

    publish(1, 9);
    assertEquals(0, delta.stateDirty());
    assertEquals(1, other.stateDirty());

    delta.oweWhole(partition, 0, NOW);
    assertEquals(1, delta.stateDirty());
    assertFalse(PeerMarks.isRefused(delta.mark(partition, 0), peer.sync(GROUP)));
  }

  @Test
  void afterTheSyncNumberRoseEverySessionIsPerhapsKnown() {
    publish(1, 0);
    Partition partition = partition(1);
    delta.setMark(partition, 0, PeerMarks.fresh(peer.sync(GROUP)) | PeerMarks.INTRODUCED);

    peer.raiseSync(GROUP);

    assertTrue(PeerMarks.isKnown(delta.mark(partition, 0), peer.sync(GROUP)));
    assertFalse(PeerMarks.isIntroduced(delta.mark(partition, 0), peer.sync(GROUP)));
    assertEquals(PublishResult.QUEUED, remove(1));
  }

  /** The number has 15 bits; when it begins again, no old mark may read as fresh. */
  @Test
  void marksStayStaleWhenTheSyncNumberBeginsAgain() {
    publish(1, 0);
    Partition partition = partition(1);
    delta.setMark(partition, 0, PeerMarks.fresh(peer.sync(GROUP)) | PeerMarks.INTRODUCED);

    for (int i = 0; i < 2 * PeerMarks.MAX_SYNC + 5; i++) {
      peer.raiseSync(GROUP);
      assertTrue(PeerMarks.isStale(delta.mark(partition, 0), peer.sync(GROUP)));
    }
  }

  @Test
  void theNumberOfAnotherGroupMakesNoMarkStale() {
    publish(1, 0);
    Partition partition = partition(1);
    delta.setMark(partition, 0, PeerMarks.fresh(peer.sync(GROUP)) | PeerMarks.INTRODUCED);

    peer.raiseSync(OTHER_GROUP);
    assertTrue(PeerMarks.isIntroduced(delta.mark(partition, 0), peer.sync(partition, 0)));

    peer.raiseSyncs();
    assertFalse(PeerMarks.isIntroduced(delta.mark(partition, 0), peer.sync(partition, 0)));
    assertEquals(peer.sync(GROUP) + 1, peer.sync(OTHER_GROUP));
  }

  @Test
  void whatAMemberSawOfAnothersSessionIsOwedAsFactsOfAKnownEntry() {
    publish(1, 0);
    Partition partition = partition(1);
    delta.setMark(partition, 0, PeerMarks.fresh(peer.sync(GROUP)));
    peer.raiseSync(GROUP);
    holds[0] = false;
    SessionRecord record = record(1);
    long[] seen = {77L << 32, 0, 1L << 10};
    SessionFacts facts = new SessionFacts();
    facts.load(seen, 0);

    sessions.publish(record.facts(facts), GROUP, 0, 0, NOW);

    long mark = delta.mark(partition, 0);
    assertFalse(PeerMarks.isStale(mark, peer.sync(GROUP)));
    assertTrue(PeerMarks.isKnown(mark, peer.sync(GROUP)));
    assertEquals(ColumnGroup.FACTS | ColumnGroup.OPEN_FORWARD, mark & PeerMarks.DIRTY);
  }

  @Test
  void aSleepingDutyCycleIsWokenOnceByWhatIsDueSooner() {
    int[] woken = {0};
    fanout.setWaker(() -> woken[0]++);
    publish(1, 0);
    assertEquals(0, woken[0], "it is awake");

    fanout.drowsy();
    fanout.asleep(NOW + 1_000_000_000L);
    publish(2, 0);
    publish(3, 0);
    assertEquals(1, woken[0]);

    fanout.drowsy();
    fanout.asleep(NOW + BATCHING);
    publish(4, 0);
    assertEquals(1, woken[0], "it wakes in time by itself");
    publish(5, 0, HotTable.URGENT);
    assertEquals(2, woken[0]);
  }

  @Test
  void aChangeBetweenTheLookAndTheSleepWakes() {
    int[] woken = {0};
    fanout.setWaker(() -> woken[0]++);
    fanout.drowsy();

    publish(1, 0);
    fanout.asleep(NOW + 1);

    assertEquals(1, woken[0]);
    publish(2, 0, HotTable.URGENT);
    assertEquals(1, woken[0], "it looks at everything before it sleeps again");
  }

  @Test
  void whatWasRefusedInAFormerTermIsOwedWholeWithTheNextChange() {
    publish(1, 0);
    Partition partition = partition(1);
    delta.setMark(partition, 0, PeerMarks.refused(delta.mark(partition, 0), Settlement.FULL));
    holds[0] = false;
    peer.raiseSync(GROUP);

    delta.changed(partition, 0, ColumnGroup.USAGE, false, NOW);
    delta.changed(partition, 0, ColumnGroup.FACTS, false, NOW);

    int owed = ColumnGroup.KEY | ColumnGroup.USAGE | ColumnGroup.FACTS;
    assertEquals(owed, delta.mark(partition, 0) & PeerMarks.DIRTY);
  }

  private PublishResult publish(int address, int policy) {
    return publish(address, policy, 0);
  }

  private PublishResult publish(int address, int policy, int options) {
    return sessions.publish(record(address).policy(policy), GROUP, 0, options, NOW);
  }

  private PublishResult remove(int address) {
    return sessions.remove(record(address), 0, NOW);
  }

  private SessionRecord record(int address) {
    return sessions.newRecord().key4(0, IpProtocol.TCP, address, 1, 99, 80);
  }

  private Partition partition(int address) {
    return table.partition(sessions.partition(record(address)));
  }
}
