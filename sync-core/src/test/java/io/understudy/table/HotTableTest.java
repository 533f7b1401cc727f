package io.understudy.table;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.understudy.metrics.SyncCounter;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class HotTableTest {
  private static final long NOW = 9_000_000_000L;

  private final TestTable t = new TestTable(1_024);

  @Test
  void factsAccumulateAndHolderValuesAreReplaced() {
    assertEquals(PublishResult.QUEUED, publish(t.record(1, 0b001, 10, 0), 0));
    t.debts.deliver(t.table);

    assertEquals(PublishResult.QUEUED, publish(t.record(1, 0b100, 20, 0), 0));

    long[] row = t.lookup(1);
    assertEquals(0b101, row[TestTable.FACTS]);
    assertEquals(20, row[TestTable.VALUE]);
    assertEquals(1, Row.group(row, 0));
    assertEquals(TestTable.NODE, Row.creator(row, 0));
  }

  @Test
  void rowsAreReadAheadForAnyKeyOfPartitionsThatAreFullAndWereFull() {
    long full = 0;
    while (publish(t.record(full, 1, 0, 0), 0) != PublishResult.TABLE_FULL) {
      full++;
    }
    Partition partition = t.partition(full);
    List<Long> there = new ArrayList<>();
    for (long key = 0; key < full; key++) {
      if (t.partition(key) == partition) {
        there.add(key);
      }
    }

    readAhead(partition);
    for (long key : there) { // every slot in turn is the one that was freed and the one taken last
      assertEquals(PublishResult.STORED, t.table.remove(t.record(key), 0, NOW));
      readAhead(partition);
      publish(t.record(key, 1, 0, 0), 0);
      readAhead(partition);
      assertEquals(PublishResult.STORED, t.table.remove(t.record(key), 0, NOW));
      readAhead(partition);
      publish(t.record(key, 1, 0, 0), 0);
    }
    assertEquals(full, t.table.liveCount());
  }

  private void readAhead(Partition partition) {
    for (long key = 0; key < 5_000; key++) {
      if (t.partition(key) == partition) {
        long hash = t.table.hash(t.record(key), TestTable.KEY);
        t.table.readAhead().row(hash);
        t.table.readAhead().change(hash);
      }
    }
  }

  @Test
  void aHintThatIsOutOfDateIsNotFollowed() {
    long other = 2;
    while (t.partition(other) != t.partition(1)) {
      other++;
    }
    publish(t.record(1, 1, 0, 0), 0);
    publish(t.record(other, 1, 0, 0), 0);
    int ofOther = find(other);
    int[] hints = {ofOther, find(1), 1_000_000, Partition.NONE};

    for (int i = 0; i < hints.length; i++) {
      assertEquals(PublishResult.ABSORBED, publishAt(hints[i], t.record(1, 2L << i, 0, 0)));
    }
    assertEquals(PublishResult.STORED, removeAt(ofOther, t.record(1)));

    assertEquals(Partition.NONE, find(1));
    assertEquals(ofOther, find(other));
  }

  @Test
  void aHintToTheSlotThatTheKeyHadBeginsTheEntryAgain() {
    publish(t.record(1, 1, 0, 0), 0);
    int slot = find(1);
    assertEquals(PublishResult.STORED, t.table.remove(t.record(1), 0, NOW));

    assertEquals(PublishResult.NO_ENTRY, removeAt(slot, t.record(1)));
    assertEquals(PublishResult.QUEUED, publishAt(slot, t.record(1, 2, 0, 0)));

    assertEquals(1, t.table.liveCount());
    assertEquals(slot, find(1));
  }

  @Test
  void aHintToATombstoneBeginsTheEntryAgainInItsPlace() {
    publish(t.record(1, 1, 0, 0), 0);
    int slot = find(1);
    t.debts.deliver(t.table); // somebody has it, so that its end leaves a tombstone
    assertEquals(PublishResult.QUEUED, removeAt(slot, t.record(1)));
    assertEquals(1, t.table.deadCount());

    assertEquals(PublishResult.NO_ENTRY, removeAt(slot, t.record(1)));
    publishAt(slot, t.record(1, 2, 0, 0));

    assertEquals(slot, find(1));
    assertEquals(0, t.table.deadCount());
  }

  private int find(long key) {
    long[] record = t.record(key);
    return t.table.findLive(
        record, t.table.hash(record, TestTable.KEY), new long[t.table.spec().rowWords()]);
  }

  private PublishResult publishAt(int hint, long[] record) {
    long hash = t.table.hash(record, TestTable.KEY);
    return t.table.publish(record, hash, hint, 1, 0, 0, NOW);
  }

  private PublishResult removeAt(int hint, long[] record) {
    return t.table.remove(record, t.table.hash(record, TestTable.KEY), hint, 0, NOW);
  }

  @Test
  void aSecondChangeBeforeTheFirstIsSentIsAbsorbed() {
    publish(t.record(1, 1, 0, 0), 0);

    assertEquals(PublishResult.ABSORBED, publish(t.record(1, 2, 0, 0), 0));
  }

  @Test
  void aPublishThatChangesNothingOwesNothing() {
    publish(t.record(1, 1, 5, 0), 0);
    t.debts.deliver(t.table);
    long version = version(1);

    assertEquals(PublishResult.STORED, publish(t.record(1, 1, 5, 0), 0));

    assertEquals(version, version(1));
  }

  /** Nobody else knows of it, so nobody else can end it; it would keep its slot until this member holds the group again. */
  @Test
  void anEntryThatIsKeptBackEndsAlsoWhereTheGroupWasLost() {
    assertEquals(PublishResult.STORED, t.table.publish(t.record(1, 1, 5, 0), 1, 7, 0, NOW));
    t.authority.held.clear();

    assertEquals(PublishResult.STORED, t.table.remove(t.record(1), 0, NOW));

    assertNull(t.lookup(1));
    assertEquals(0, t.table.liveCount() + t.table.deadCount());
  }

  @Test
  void aMemberThatDoesNotHoldTheGroupAddsFactsOnly() {
    publish(t.record(1, 1, 5, 0), 0);
    t.debts.deliver(t.table);
    t.authority.held.clear();

    assertEquals(PublishResult.QUEUED, publish(t.record(1, 2, 99, 7), 0));

    long[] row = t.lookup(1);
    assertEquals(3, row[TestTable.FACTS]);
    assertEquals(5, row[TestTable.VALUE]);
    assertEquals(PublishResult.NOT_HOLDER, publish(t.record(2, 1, 1, 0), 0));
    assertNull(t.lookup(2));
    assertEquals(PublishResult.NOT_HOLDER, t.table.remove(t.record(1), 0, NOW));
    assertNotNull(t.lookup(1));
    assertEquals(PublishResult.NOT_HOLDER, publish(t.record(1, 8, 1, 0), HotTable.NEW_GENERATION));
    assertEquals(3, t.lookup(1)[TestTable.FACTS]);
  }

  @Test
  void aNewGenerationForgetsFactsAndCountersAndKeepsTheSlot() {
    publish(counted(t.record(1, 7, 5, 3), 10, 1_000), 0);
    int slot = t.slot(1);
    long[] before = t.lookup(1);

    publish(t.record(1, 8, 6, 4), HotTable.NEW_GENERATION);

    long[] row = t.lookup(1);
    assertEquals(8, row[TestTable.FACTS]);
    assertEquals(0, t.table.totalCounter(row, 0));
    assertEquals(slot, t.slot(1));
    assertEquals(Row.slotIncarnation(before, 0) + 1, Row.slotIncarnation(row, 0));
    assertTrue(Row.generation(row, 0) > Row.generation(before, 0));
    assertNull(t.lookupBinding(3));
    assertNotNull(t.lookupBinding(4));
  }

  @Test
  void anEntryThatEndsUnsentCostsNothingAndItsSlotIsFree() {
    publish(t.record(1, 1, 0, 9), 0);

    assertEquals(PublishResult.STORED, t.table.remove(t.record(1), 0, NOW));

    assertEquals(0, t.table.liveCount() + t.table.deadCount());
    assertEquals(Partition.NONE, t.slot(1));
    assertNull(t.lookupBinding(9));
    assertEquals(PublishResult.NO_ENTRY, t.table.remove(t.record(1), 0, NOW));
  }

  @Test
  void anEntryThatAPeerHasLeavesATombstoneWhichTheNextPublishTakesOver() {
    publish(t.record(1, 1, 0, 9), 0);
    t.debts.deliver(t.table);
    int slot = t.slot(1);

    assertEquals(PublishResult.QUEUED, t.table.remove(t.record(1), 0, NOW));

    assertNull(t.lookup(1));
    assertNull(t.lookupBinding(9));
    assertFalse(t.table.touch(t.record(1), false, 1, 1, NOW));
    assertEquals(1, t.table.deadCount());
    assertEquals(PublishResult.NO_ENTRY, t.table.remove(t.record(1), 0, NOW));

    assertEquals(PublishResult.QUEUED, publish(t.record(1, 2, 0, 8), 0));
    assertEquals(slot, t.slot(1));
    assertEquals(0, t.table.deadCount());
    assertEquals(2, t.lookup(1)[TestTable.FACTS]);
    assertNotNull(t.lookupBinding(8));
  }

  @Test
  void anAcknowledgedTombstoneFreesItsSlot() {
    publish(t.record(1, 1, 0, 0), 0);
    t.debts.deliver(t.table);
    t.table.remove(t.record(1), 0, NOW);

    t.debts.deliver(t.table);

    assertEquals(Partition.NONE, t.slot(1));
    assertEquals(0, t.table.deadCount());
  }

  @Test
  void anExcludedEntryIsKeptHereUntilItIsBackedUp() {
    assertEquals(PublishResult.STORED, t.table.publish(t.record(1, 1, 0, 0), 1, 4, 0, NOW));
    assertEquals(4, Row.exclusion(t.lookup(1), 0));
    assertEquals(PublishResult.STORED, t.table.publish(t.record(1, 2, 3, 0), 1, 5, 0, NOW));
    assertEquals(5, Row.exclusion(t.lookup(1), 0));

    assertEquals(PublishResult.QUEUED, t.table.publish(t.record(1, 2, 3, 0), 1, 0, 0, NOW));

    assertEquals(0, Row.exclusion(t.lookup(1), 0));
    assertEquals(3, t.lookup(1)[TestTable.FACTS]);
  }

  @Test
  void whatWasNeverToldGoesIntoBackupAsItIs() {
    t.table.publish(t.record(1, 1, 0, 0), 1, 4, 0, NOW);
    long before = Row.generation(t.lookup(1), 0);

    assertEquals(PublishResult.QUEUED, t.table.publish(t.record(1, 1, 0, 0), 1, 0, 0, NOW));

    assertEquals(before, Row.generation(t.lookup(1), 0));
  }

  @Test
  void whatWasWithdrawnReturnsUnderANewGenerationAsSoonAsThereIsOne() {
    publish(t.record(1, 1, 0, 0), 0);
    t.debts.deliver(t.table);
    t.table.publish(t.record(1, 1, 0, 0), 1, 4, HotTable.WITHDRAW, NOW);
    t.debts.deliver(t.table);
    long before = Row.generation(t.lookup(1), 0);
    t.authority.exhausted = true;
    assertEquals(PublishResult.STORED, t.table.publish(t.record(1, 1, 0, 0), 1, 0, 0, NOW));
    assertEquals(4, Row.exclusion(t.lookup(1), 0));

    t.authority.exhausted = false;
    assertEquals(PublishResult.QUEUED, t.table.publish(t.record(1, 1, 0, 0), 1, 0, 0, NOW));

    assertEquals(0, Row.exclusion(t.lookup(1), 0));
    assertTrue(Row.generation(t.lookup(1), 0) > before);
  }

  @Test
  void onceBackedUpAnEntryStaysSoUnlessItIsWithdrawn() {
    publish(t.record(1, 1, 0, 0), 0);
    t.debts.deliver(t.table);

    t.table.publish(t.record(1, 2, 0, 0), 1, 4, 0, NOW);
    assertEquals(0, Row.exclusion(t.lookup(1), 0));
    t.debts.deliver(t.table);

    assertEquals(
        PublishResult.QUEUED, t.table.publish(t.record(1, 2, 0, 0), 1, 4, HotTable.WITHDRAW, NOW));
    assertEquals(4, Row.exclusion(t.lookup(1), 0));
    assertNotNull(t.lookup(1), "it lives on here");
  }

  @Test
  void aWithdrawnEntryThatNobodyHasCostsNothing() {
    publish(t.record(1, 1, 0, 0), 0);

    assertEquals(
        PublishResult.STORED, t.table.publish(t.record(1, 1, 0, 0), 1, 4, HotTable.WITHDRAW, NOW));

    assertFalse(t.debts.isDirty(t.partition(1), t.slot(1)));
  }

  @Test
  void aNewGenerationThatIsKeptBackTellsThePeersThatTheOldOneEnded() {
    publish(t.record(1, 1, 0, 0), 0);
    t.debts.deliver(t.table);

    assertEquals(
        PublishResult.QUEUED,
        t.table.publish(t.record(1, 1, 0, 0), 1, 4, HotTable.NEW_GENERATION, NOW));

    assertTrue(t.debts.isDirty(t.partition(1), t.slot(1)));
    assertEquals(4, Row.exclusion(t.lookup(1), 0));
  }

  @Test
  void aFullPartitionAnswersTableFullAndGoesOnWorking() {
    List<Long> keys = keysOfOnePartition(t.table.spec().partitionCapacity() + 2);
    long extra = keys.remove(keys.size() - 1);
    long another = keys.remove(keys.size() - 1);
    for (long key : keys) {
      assertEquals(PublishResult.QUEUED, publish(t.record(key, 1, 0, 0), 0));
    }

    assertEquals(PublishResult.TABLE_FULL, publish(t.record(extra, 1, 0, 0), 0));

    assertEquals(1, t.counters.get(SyncCounter.TABLE_FULL));
    assertNull(t.lookup(extra));
    for (long key : keys) {
      assertNotNull(t.lookup(key));
    }
    assertEquals(PublishResult.ABSORBED, publish(t.record(keys.get(0), 2, 0, 0), 0));
    t.table.remove(t.record(keys.get(3)), 0, NOW);
    assertEquals(PublishResult.QUEUED, publish(t.record(extra, 1, 0, 0), 0));
    assertEquals(PublishResult.TABLE_FULL, publish(t.record(another, 1, 0, 0), 0));
  }

  @Test
  void withoutAStoredGenerationBoundNothingBegins() {
    t.authority.exhausted = true;

    assertEquals(PublishResult.TABLE_FULL, publish(t.record(1, 1, 0, 0), 0));

    assertNull(t.lookup(1));
    assertEquals(0, t.table.liveCount());
  }

  @Test
  void touchCountsInItsDirectionAndMarksTheSlot() {
    publish(t.record(1, 1, 0, 0), 0);
    Partition partition = t.partition(1);
    int slot = t.slot(1);

    assertTrue(t.table.touch(t.record(1), false, 2, 200, NOW));
    assertTrue(t.table.touch(t.record(1), true, 3, 300, NOW + 5_000_000_000L));

    long[] row = t.lookup(1);
    assertEquals(2, t.table.totalCounter(row, 0));
    assertEquals(200, t.table.totalCounter(row, 1));
    assertEquals(3, t.table.totalCounter(row, 2));
    assertEquals(300, t.table.totalCounter(row, 3));
    assertEquals(
        NOW + 5_000_000_000L,
        Row.lastSeenNs(row[Row.TIMES], NOW + 5_000_000_000L),
        1 << Row.LAST_SEEN_SHIFT);
    assertEquals(1L << slot % 64, partition.takeTouched(slot / 64 * 64));
    assertFalse(t.table.touch(t.record(2), false, 1, 1, NOW));
  }

  @Test
  void countersOfAPublishAreOwedWithTheNextUsage() {
    publish(counted(t.record(1, 1, 0, 0), 1, 60), 0);
    Partition partition = t.partition(1);
    partition.takeTouched(0);

    publish(counted(t.record(1, 1, 0, 0), 2, 90), 0);

    assertEquals(3, t.table.totalCounter(t.lookup(1), 0));
    assertEquals(150, t.table.totalCounter(t.lookup(1), 1));
    assertNotEquals(0, partition.takeTouched(0));
  }

  @Test
  void aRecordFromTheOtherDirectionBringsTurnedCountersAndNoHolderValues() {
    publish(counted(t.record(1, 1, 5, 6), 1, 60), 0);

    publish(counted(t.record(1, 2 | TestTable.TURNED, 99, 98), 4, 400), 0);

    long[] row = t.lookup(1);
    assertEquals(3, row[TestTable.FACTS]);
    assertEquals(5, row[TestTable.VALUE]);
    assertEquals(6, row[TestTable.BINDING]);
    assertEquals(1, t.table.totalCounter(row, 0));
    assertEquals(4, t.table.totalCounter(row, 2));
    assertEquals(400, t.table.totalCounter(row, 3));
  }

  @Test
  void theVersionRisesWithTheHolderValuesAndCarriesTheTerm() {
    publish(t.record(1, 1, 5, 0), 0);
    assertEquals(5L << 32 | 1, version(1));

    publish(t.record(1, 1, 6, 0), 0);
    assertEquals(5L << 32 | 2, version(1));

    t.authority.term = 6;
    publish(t.record(1, 3, 6, 0), 0);
    assertEquals(5L << 32 | 2, version(1), "facts have no version");
    publish(t.record(1, 3, 6, 1), 0);
    assertEquals(6L << 32 | 3, version(1));
  }

  @Test
  void bindingsThatChangeAreFoundUnderTheNewOneOnly() {
    publish(t.record(1, 1, 0, 70), 0);

    publish(t.record(1, 1, 0, 71), 0);
    assertNull(t.lookupBinding(70));
    assertEquals(1, t.lookupBinding(71)[TestTable.KEY]);

    publish(t.record(1, 1, 0, 0), 0);
    assertNull(t.lookupBinding(71));
  }

  @Test
  void twoEntriesWithOneBindingAreFoundOneAfterTheOther() {
    publish(t.record(1, 1, 0, 70), 0);
    t.arrive(t.record(2, 1, 0, 70)); // of another member, which gave the binding too
    publish(t.record(3, 1, 0, 71), 0);
    assertTrue(sameBindingElsewhere(1));
    assertTrue(sameBindingElsewhere(2));
    assertFalse(sameBindingElsewhere(3));

    t.table.remove(t.record(1), 0, NOW);

    assertEquals(2, t.lookupBinding(70)[TestTable.KEY]);
    assertFalse(sameBindingElsewhere(2));
  }

  @Test
  void bindingsThatTooManyClaimAreCountedAndDoNoHarm() {
    for (int key = 1; key <= HashIndex.MAX_SAME + 10; key++) {
      t.arrive(t.record(key, 1, 0, 70));
    }
    assertEquals(10, t.counters.get(SyncCounter.CROWDED_KEYS));

    for (int key = 1; key <= HashIndex.MAX_SAME + 10; key++) {
      assertNotNull(t.lookup(key));
      t.table.remove(t.record(key), 0, NOW);
    }

    assertNull(t.lookupBinding(70));
    assertEquals(0, t.indexed());
    publish(t.record(1, 1, 0, 70), 0);
    assertNotNull(t.lookupBinding(70));
  }

  @Test
  void aLookupWaitsForAWriterThatLostItsProcessor() throws InterruptedException {
    publish(t.record(1, 1, 5, 70), 0);
    Partition partition = t.partition(1);
    int slot = t.slot(1);
    List<long[]> found = new ArrayList<>();
    partition.lock();
    Row.beginWrite(partition.slab(slot), partition.row(slot));

    Thread reader =
        new Thread(
            () -> {
              found.add(t.lookup(1));
              found.add(t.lookupBinding(70));
              long[] copy = t.row();
              found.add(t.table.copyLive(partition, slot, copy) ? copy : null);
            });
    reader.start();
    while (reader.isAlive() && reader.getState() != Thread.State.TIMED_WAITING) {
      Thread.onSpinWait(); // until it gave up reading and waits for the lock
    }
    Row.endWrite(partition.slab(slot), partition.row(slot));
    partition.unlock();
    reader.join();

    for (long[] row : found) {
      assertNotNull(row);
      assertEquals(5, row[TestTable.VALUE]);
    }
  }

  @Test
  void slabsAreClaimedAhead() {
    assertEquals(4, t.table.claimAhead(254, 4));
    assertEquals(0, t.table.claimAhead(254, 4));

    assertNotNull(t.table.partition(0).slabOrNull(0));
    assertNotNull(t.table.partition(255).slabOrNull(0));
    assertNull(t.table.partition(2).slabOrNull(0));
  }

  @Test
  void capacityAndPeerSlotsHaveRanges() {
    assertEquals(
        "table test: capacity 15 is outside 16..64000000",
        assertThrows(IllegalArgumentException.class, () -> TestTable.spec(15)).getMessage());
    assertThrows(IllegalArgumentException.class, () -> TestTable.spec(64_000_001));
    TableSpec spec = TestTable.spec(1_024);
    for (int peers : new int[] {0, 8}) {
      assertEquals(
          "table test: peerSlots " + peers + " is outside 1..7",
          assertThrows(
                  IllegalArgumentException.class,
                  () -> new TableSpec(spec.schema(), 1, 4, spec.rules(), 1_024, peers))
              .getMessage());
    }
  }

  @Test
  void theLargestPartitionFitsAReferenceOfTheSecondaryIndex() {
    int slot = TestTable.spec(64_000_000).partitionCapacity() - 1;
    int reference = SlotReference.of(255, slot);

    assertEquals(255, SlotReference.partition(reference));
    assertEquals(slot, SlotReference.slot(reference));
  }

  private PublishResult publish(long[] record, int options) {
    return t.table.publish(record, 1, 0, options, NOW);
  }

  private long version(long key) {
    return t.table.rows().version(t.partition(key), t.slot(key));
  }

  private boolean sameBindingElsewhere(long key) {
    Partition partition = t.partition(key);
    partition.lock();
    try {
      int slot = t.slot(key);
      return t.table.isBindingElsewhere(partition, slot, partition.slab(slot), partition.row(slot));
    } finally {
      partition.unlock();
    }
  }

  private static long[] counted(long[] record, long packets, long bytes) {
    record[Row.COUNTERS] = packets;
    record[Row.COUNTERS + 1] = bytes;
    return record;
  }

  private List<Long> keysOfOnePartition(int count) {
    List<Long> keys = new ArrayList<>();
    for (long key = 1; keys.size() < count; key++) {
      if (t.partition(key).number() == 77) {
        keys.add(key);
      }
    }
    return keys;
  }
}
