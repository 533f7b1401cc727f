package io.understudy.table;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class PartitionTest {
  private static final long NOW = 5_000_000_000L;

  private final TableSpec spec = TestTable.spec(1_024);
  private final Partition partition = new Partition(3, new PartitionArrays(spec, 4));

  @Test
  void agesOfAPeerAreNeverBelowNothing() {
    long ages = 0x8000_0001L << 32 | 0x8000_0001L; // as numbers with a sign they are

    long times = Row.fromAges(ages, NOW);

    assertEquals(Row.fromAges(0, NOW), times);
    assertTrue(Row.lastSeenNs(times, NOW + 5_000_000_000L) < NOW + 1_000_000_000L);
  }

  @Test
  void slotsAreGivenInOrderUntilThePartitionIsFull() {
    for (int i = 0; i < spec.partitionCapacity(); i++) {
      assertEquals(i, partition.claim(i * 31));
    }

    assertEquals(Partition.NONE, partition.claim(7));
    assertEquals(spec.partitionCapacity(), partition.highWater());
  }

  @Test
  void aFullPartitionTakesTheSlotThatBecomesFree() {
    for (int i = 0; i < spec.partitionCapacity(); i++) {
      live(partition.claim(i * 31), i);
    }

    partition.release(9, 9 * 31);

    assertEquals(9, partition.claim(4_711));
    assertEquals(Partition.NONE, partition.claim(4_712));
  }

  @Test
  void freedSlotsAreTakenAgainUpwardsAndThenFromTheBeginning() {
    for (int i = 0; i < 5; i++) {
      live(partition.claim(i), i);
    }
    partition.release(1, 1);
    partition.release(4, 4);
    partition.release(0, 0);

    assertEquals(0, partition.claim(10));
    assertEquals(1, partition.claim(11));
    partition.release(0, 10);
    assertEquals(4, partition.claim(12));
    assertEquals(0, partition.claim(13));
    assertEquals(5, partition.claim(14));
  }

  @Test
  void aChainThatIsTooLongTakesNoSlot() {
    Partition large = alone(TestTable.spec(64_000));
    for (int i = 0; i < HashIndex.MAX_SAME; i++) {
      assertEquals(i, large.claim(77));
    }

    assertEquals(Partition.NONE, large.claim(77));

    assertEquals(HashIndex.MAX_SAME, large.claim(78), "no slot was lost");
  }

  @Test
  void countsAndDeadBitsFollowTheState() {
    for (int i = 0; i < 4; i++) {
      live(partition.claim(i), i);
    }
    partition.setState(1, Row.DEAD);
    partition.setState(3, Row.DEAD);
    partition.setState(3, Row.DEAD);

    assertEquals(2, partition.liveCount());
    assertEquals(2, partition.deadCount());
    assertEquals(1, partition.nextDead(0));
    assertEquals(1, partition.nextDead(1));
    assertEquals(3, partition.nextDead(2));
    assertEquals(Partition.NONE, partition.nextDead(4));

    partition.setState(1, Row.LIVE);
    partition.release(3, 3);

    assertEquals(3, partition.liveCount());
    assertEquals(0, partition.deadCount());
    assertEquals(Partition.NONE, partition.nextDead(0));
    assertFalse(partition.isUsed(3));
    assertTrue(partition.isUsed(1));
    assertFalse(partition.isUsed(4), "never used");
    assertFalse(partition.isUsed(Partition.NONE));
  }

  @Test
  void touchedBitsAreTakenOnce() {
    Partition large = alone(TestTable.spec(64_000));
    for (int i = 0; i < 130; i++) {
      large.claim(i);
    }
    large.setTouched(0);
    large.setTouched(63);
    large.setTouched(64);
    large.setTouched(129);
    large.setTouched(129);

    assertEquals(1L | 1L << 63, large.takeTouched(0));
    assertEquals(1L, large.takeTouched(64));
    assertEquals(2L, large.takeTouched(128));
    assertEquals(0, large.takeTouched(0));
    assertEquals(0, large.takeTouched(128));
  }

  @Test
  void touchedAndDeadBitsDoNotDisturbEachOther() {
    live(partition.claim(0), 0);
    partition.setTouched(0);

    partition.setState(0, Row.DEAD);

    assertEquals(1, partition.takeTouched(0));
    assertEquals(0, partition.nextDead(0));
  }

  @Test
  void slabsAreClaimedAheadWhenFewRowsAreFree() {
    Partition large = alone(TestTable.spec(256_000));
    assertNull(large.slabOrNull(0));

    assertTrue(large.claimAhead());
    assertFalse(large.claimAhead());
    long[] first = large.slab(0);
    assertNotNull(first);
    for (int i = 0; i < large.slabRows() - 20; i++) {
      large.claim(i);
    }
    assertTrue(large.claimAhead());

    assertEquals(2, large.slabCount());
    assertSame(first, large.slab(0), "rows never move");
    assertNotNull(large.slabOrNull(large.slabRows()));
  }

  @Test
  void noSlabIsClaimedBeyondTheCapacity() {
    while (partition.claimAhead()) {
      assertTrue(partition.slabCount() <= 1);
    }

    assertEquals(1, partition.slabCount());
    assertNull(partition.slabOrNull(partition.slabRows()));
    assertNull(partition.slabOrNull(1 << 19));
  }

  @Test
  void aReaderSeesThatARowIsBeingWritten() {
    int slot = partition.claim(1);
    live(slot, 1);
    long[] slab = partition.slab(slot);
    int row = partition.row(slot);
    long stamp = Row.stampAcquire(slab, row);
    assertTrue(Row.isUnchanged(slab, row, stamp));

    Row.beginWrite(slab, row);
    assertFalse(Row.isUnchanged(slab, row, stamp));
    assertFalse(Row.isUnchanged(slab, row, Row.stampAcquire(slab, row)));
    Row.endWrite(slab, row);

    assertFalse(Row.isUnchanged(slab, row, stamp));
    assertTrue(Row.isUnchanged(slab, row, Row.stampAcquire(slab, row)));
  }

  @Test
  void timesTravelAsAgesAndArriveOnTheOtherClock() {
    long there = 77_000_000_000_000L;
    long times = Row.withLastSeen(Row.fromAges(0, NOW), NOW);

    long ages = Row.ages(times, NOW + 3_000_000_000L);
    long arrived = Row.fromAges(ages, there);

    long unit = 1L << Row.LAST_SEEN_SHIFT;
    assertEquals(there - 3_000_000_000L, Row.lastSeenNs(arrived, there), 2.0 * unit);
    assertEquals(3, (int) ages);
    assertEquals(there / 1_000_000_000L - 3, (int) arrived);
  }

  @Test
  void timesWorkOnAClockThatIsNegative() {
    long now = -40_000_000_000L;
    long times = Row.fromAges(0, now);

    assertEquals(now, Row.lastSeenNs(times, now), 2.0 * (1 << Row.LAST_SEEN_SHIFT));
    assertEquals(10, (int) Row.ages(times, now + 10_000_000_000L));
  }

  private static Partition alone(TableSpec spec) {
    return new Partition(0, new PartitionArrays(spec, 1));
  }

  private void live(int slot, long key) {
    long[] slab = partition.slab(slot);
    slab[partition.row(slot) + Row.PAYLOAD] = key;
    partition.setState(slot, Row.LIVE);
  }
}
