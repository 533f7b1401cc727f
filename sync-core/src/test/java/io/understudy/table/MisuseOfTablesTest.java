package io.understudy.table;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** A call that cannot be meant so is refused at once, by name, and the table stays as it was. */
class MisuseOfTablesTest {
  private static final long NOW = 9_000_000_000L;

  private final TestTable t = new TestTable(1_024);

  @Test
  void aRecordOfAnotherTableIsRefused() {
    long[] other = new long[t.record(1).length + 6];

    assertRefused(
        "a record of 23 words for table test, whose records have 17; the call changed nothing",
        () -> t.table.publish(other, 1, 0, 0, NOW));
  }

  @Test
  void anExclusionOutsideAByteIsRefused() {
    for (int exclusion : new int[] {-1, 256, Integer.MIN_VALUE}) {
      assertRefused(
          "table test: exclusion is "
              + exclusion
              + ", allowed are 0 to 255; the call changed nothing",
          () -> t.table.publish(t.record(1), 1, exclusion, 0, NOW));
    }
  }

  @Test
  void anOptionThatIsNoneIsRefused() {
    assertRefused(
        "table test: options are 8, allowed are URGENT (1), NEW_GENERATION (2) and WITHDRAW (4); the call changed nothing",
        () -> t.table.publish(t.record(1), 1, 0, 8, NOW));
  }

  @Test
  void aGroupThatDoesNotExistIsRefused() {
    for (int group : new int[] {-1, 64, 256}) {
      assertRefused(
          "table test: group is " + group + ", allowed are 1 to 63; the call changed nothing",
          () -> t.table.publish(t.record(1), group, 0, 0, NOW));
    }
    assertRefused(
        "table test: group 3 is none of this member's groups [1, 2]; the call changed nothing",
        () -> t.table.publish(t.record(1), 3, 0, 0, NOW));
  }

  @Test
  void aCountThatIsNoneIsRefused() {
    for (long count : new long[] {-1, Long.MIN_VALUE, Long.MAX_VALUE, 1L << 48}) {
      String message =
          " counted are " + count + ", allowed are 0 to 281474976710655; the call changed nothing";
      for (int i = 0; i < Row.COUNTER_WORDS; i++) {
        long[] record = t.record(1);
        record[Row.COUNTERS + i] = count;
        String name = i % 2 == 0 ? "packets" : "bytes";
        assertRefused(name + message, () -> t.table.publish(record, 1, 0, 0, NOW));
      }
      assertRefused("packets" + message, () -> t.table.touch(t.record(9), false, count, 0, NOW));
      assertRefused("bytes" + message, () -> t.table.touch(t.record(9), true, 0, count, NOW));
    }
  }

  /** With an entry in the table, and with none. */
  private void assertRefused(String message, Runnable call) {
    Consumer<Long> unchanged =
        live -> {
          assertEquals(
              message, assertThrows(IllegalArgumentException.class, call::run).getMessage());
          assertEquals(live, t.table.liveCount());
          assertEquals(0, t.table.deadCount());
        };
    unchanged.accept(t.table.liveCount());
    t.table.publish(t.record(9), 1, 0, 0, NOW);
    long[] before = t.lookup(9);
    unchanged.accept(1L);
    assertArrayEquals(before, t.lookup(9));
    t.table.remove(t.record(9), 0, NOW);
  }
}
