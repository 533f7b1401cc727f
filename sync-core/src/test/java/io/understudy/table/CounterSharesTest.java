package io.understudy.table;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What members count of one entry, near the end of the numbers too: nobody's share wraps, and all see the same. */
class CounterSharesTest {
  private static final long KEY = 5;
  private static final long NOW = 9_000_000_000L;
  private static final int MEMBERS = 3;

  private final TestTable[] members = new TestTable[MEMBERS];

  CounterSharesTest() {
    for (int i = 0; i < MEMBERS; i++) {
      members[i] = new TestTable(1_024);
      members[i].table.publish(members[i].record(KEY), 1, 0, 0, NOW);
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void sharesNeverDifferBetweenMembersOrWrap(long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    long[][] counted = new long[MEMBERS][Row.COUNTER_WORDS];
    for (int step = 0; step < 60_000; step++) {
      int member = random.nextInt(MEMBERS);
      long packets = random.nextInt(3) == 0 ? PublishChecks.MAX_COUNT : random.nextInt(5);
      long bytes = PublishChecks.MAX_COUNT - random.nextInt(3);
      boolean reverse = random.nextBoolean();
      count(member, packets, bytes, reverse, random.nextBoolean());
      expect(counted[member], reverse ? 2 : 0, packets);
      expect(counted[member], reverse ? 3 : 1, bytes);
      if (random.nextInt(50) == 0) {
        tell(member, random.nextInt(MEMBERS));
      }
    }
    for (int from = 0; from < MEMBERS; from++) {
      for (int to = 0; to < MEMBERS; to++) {
        tell(from, to);
      }
    }

    for (int member = 0; member < MEMBERS; member++) {
      for (int i = 0; i < Row.COUNTER_WORDS; i++) {
        long sum = 0;
        for (long[] share : counted) {
          sum += share[i];
        }
        assertEquals(sum, members[member].table.totalCounter(members[member].lookup(KEY), i));
      }
    }
    assertTrue(counted[0][1] == Row.MAX_SHARE, "it came to the end");
  }

  private static void expect(long[] counted, int i, long count) {
    counted[i] = Math.min(counted[i] + count, Row.MAX_SHARE);
  }

  private void count(int member, long packets, long bytes, boolean reverse, boolean publish) {
    TestTable t = members[member];
    if (!publish) {
      assertTrue(t.table.touch(t.record(KEY), reverse, packets, bytes, NOW));
      return;
    }
    long[] record = t.record(KEY);
    record[Row.COUNTERS + (reverse ? 2 : 0)] = packets;
    record[Row.COUNTERS + (reverse ? 3 : 1)] = bytes;
    t.table.publish(record, 1, 0, 0, NOW);
  }

  /** A peer may say any number: it is taken as far as a share goes, and a negative one changes nothing. */
  @Test
  void aShareThatNobodyCountsEndsWhereSharesEnd() {
    long[] record = members[0].record(KEY);
    record[Row.COUNTERS] = Long.MAX_VALUE;
    record[Row.COUNTERS + 1] = -1;

    merge(1, 0, record);

    assertEquals(Row.MAX_SHARE, total(1, 0));
    assertEquals(0, total(1, 1));
    Partition partition = members[1].partition(KEY);
    long[] yours = members[1].record(KEY);
    yours[yours.length - Row.COUNTER_WORDS] = Long.MAX_VALUE;
    members[1].table.rows().mergeOwnShare(partition, members[1].slot(KEY), yours, 0);
    assertEquals(2 * Row.MAX_SHARE, total(1, 0));
    assertEquals(Row.MAX_SHARE, members[1].lookup(KEY)[Row.COUNTERS]);
  }

  @Test
  void ownShareThatAPeerRemembersAsNegativeChangesNothing() {
    count(1, 5, 300, false, false);
    long[] yours = members[1].record(KEY);
    yours[yours.length - Row.COUNTER_WORDS] = Long.MIN_VALUE;
    yours[yours.length - Row.COUNTER_WORDS + 1] = -1;

    Partition partition = members[1].partition(KEY);
    members[1].table.rows().mergeOwnShare(partition, members[1].slot(KEY), yours, 0);

    assertEquals(5, members[1].lookup(KEY)[Row.COUNTERS]);
    assertEquals(300, members[1].lookup(KEY)[Row.COUNTERS + 1]);
  }

  private long total(int member, int counter) {
    return members[member].table.totalCounter(members[member].lookup(KEY), counter);
  }

  /** Threads that add at once end at the same number. */
  @Test
  void sharesEndWhereTheyEndWhoeverAdds() throws InterruptedException {
    Thread[] threads = new Thread[4];
    for (int i = 0; i < threads.length; i++) {
      threads[i] =
          new Thread(
              () -> {
                for (int n = 0; n < 5_000; n++) {
                  members[0].table.touch(
                      members[0].record(KEY), false, PublishChecks.MAX_COUNT, 0, NOW);
                }
              });
      threads[i].start();
    }
    for (Thread thread : threads) {
      thread.join();
    }

    assertEquals(Row.MAX_SHARE, total(0, 0));
  }

  /** What one member sends of its usage, the other merges. */
  private void tell(int from, int to) {
    if (from == to) {
      return;
    }
    long[] sent = members[from].record(KEY);
    System.arraycopy(
        members[from].lookup(KEY), Row.COUNTERS, sent, Row.COUNTERS, Row.COUNTER_WORDS);
    merge(to, from, sent);
  }

  private void merge(int to, int from, long[] record) {
    int peerSlot = from < to ? from : from - 1;
    TestTable t = members[to];
    t.table.rows().mergeShare(t.partition(KEY), t.slot(KEY), peerSlot, record, 0);
  }
}
