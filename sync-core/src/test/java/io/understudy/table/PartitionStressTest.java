package io.understudy.table;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** Writers, readers and touchers of one table at once: no row is seen torn, no entry is lost. */
class PartitionStressTest {
  private static final int WRITERS = 2;
  private static final int READERS = 2;
  private static final int KEYS_EACH = 9;
  private static final int VALUES = 4;
  private static final int WRITES = 20_000;
  private static final int READS = 60_000;

  private final TestTable t = new TestTable(1_024, 60);

  /** All in one partition, so that the index moves references past each other. */
  private final long[] keys =
      LongStream.iterate(1, key -> key + 1)
          .filter(key -> t.partition(key).number() == 77)
          .limit(WRITERS * KEYS_EACH)
          .toArray();

  /** Every field of a row follows from its value and its key. */
  @Test
  void aReaderSeesOneStateOfARow() throws Exception {
    for (long key : keys) {
      t.table.publish(t.record(key, facts(key), 1, binding(key, 1)), 1, 0, 0, 0);
    }
    List<Callable<Long>> work = new ArrayList<>();
    for (int writer = 0; writer < WRITERS; writer++) {
      int number = writer;
      work.add(() -> write(number));
    }
    for (int reader = 0; reader < READERS; reader++) {
      int number = reader;
      work.add(() -> read(number));
    }

    runAll(work);

    for (int writer = 0; writer < WRITERS; writer++) {
      for (int i = 0; i < KEYS_EACH; i++) {
        long key = key(writer, i);
        boolean lives = i % 3 != 1; // the last thing its writer did
        assertEquals(lives, t.lookup(key) != null, "key " + key);
      }
    }
    assertEquals(WRITERS * KEYS_EACH * 2 / 3, t.table.liveCount());
    assertEquals(t.table.liveCount(), t.indexed());
  }

  @Test
  void noTouchIsLost() throws Exception {
    long key = 5;
    t.table.publish(t.record(key, 1, 0, 0), 1, 0, 0, 0);
    List<Callable<Long>> work = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      boolean reverse = i % 2 == 1;
      work.add(
          () -> {
            long[] record = t.record(key);
            for (int n = 0; n < 20_000; n++) {
              t.table.touch(record, reverse, 1, 10, n);
            }
            return 0L;
          });
    }
    work.add(
        () -> {
          for (int n = 0; n < 5_000; n++) {
            t.table.publish(t.record(key, 1, n, n % 3), 1, 0, 0, n);
          }
          return 0L;
        });

    runAll(work);

    long[] row = t.lookup(key);
    assertEquals(40_000, t.table.totalCounter(row, 0));
    assertEquals(400_000, t.table.totalCounter(row, 1));
    assertEquals(40_000, t.table.totalCounter(row, 2));
    assertEquals(400_000, t.table.totalCounter(row, 3));
  }

  private Long write(int writer) {
    SplittableRandom random = new SplittableRandom(4_501 + writer);
    for (int n = 0; n < WRITES; n++) {
      int i = random.nextInt(KEYS_EACH);
      long key = key(writer, i);
      int choice = random.nextInt(4);
      if (choice == 0 && i % 3 != 0) {
        t.table.remove(t.record(key), 0, n);
      } else {
        long value = 1 + random.nextInt(VALUES);
        long[] record = t.record(key, facts(key), value, binding(key, value));
        t.table.publish(record, 1, 0, choice == 1 ? HotTable.NEW_GENERATION : 0, n);
      }
    }
    for (int i = 0; i < KEYS_EACH; i++) {
      long key = key(writer, i);
      if (i % 3 != 1) {
        t.table.publish(t.record(key, facts(key), 1, binding(key, 1)), 1, 0, 0, WRITES);
        assertNotNull(t.lookup(key));
      } else {
        t.table.remove(t.record(key), 0, WRITES);
        assertNull(t.lookup(key));
      }
    }
    return 0L;
  }

  private Long read(int reader) {
    SplittableRandom random = new SplittableRandom(4_601 + reader);
    long found = 0;
    for (int n = 0; n < READS; n++) {
      int i = random.nextInt(KEYS_EACH);
      long key = key(random.nextInt(WRITERS), i);
      long[] row =
          n % 2 == 0 ? t.lookup(key) : t.lookupBinding(binding(key, 1 + random.nextInt(VALUES)));
      if (row == null) {
        assertFalse(n % 2 == 0 && i % 3 == 0, "key " + key + ", which never ends, was not found");
        continue;
      }
      found++;
      long rowKey = row[TestTable.KEY];
      if (n % 2 == 0) {
        assertEquals(key, rowKey);
      }
      assertEquals(facts(rowKey), row[TestTable.FACTS], "torn row of key " + rowKey);
      assertEquals(
          binding(rowKey, row[TestTable.VALUE]),
          row[TestTable.BINDING],
          "torn row of key " + rowKey);
      assertEquals(1, Row.group(row, 0));
      assertEquals(TestTable.NODE, Row.creator(row, 0));
    }
    return found;
  }

  private long key(int writer, int i) {
    return keys[writer * KEYS_EACH + i];
  }

  private static long facts(long key) {
    return key * 31 & 0xFFFF;
  }

  private static long binding(long key, long value) {
    return key << 20 | value;
  }

  private static void runAll(List<Callable<Long>> work) throws InterruptedException {
    ExecutorService threads = Executors.newFixedThreadPool(work.size());
    try {
      for (Future<Long> done : threads.invokeAll(work)) {
        try {
          done.get();
        } catch (ExecutionException e) {
          throw new AssertionError(e.getCause().getMessage(), e.getCause());
        }
      }
    } finally {
      threads.shutdown();
    }
  }
}
