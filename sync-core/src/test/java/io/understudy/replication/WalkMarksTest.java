package io.understudy.replication;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.understudy.proto.v1.BulkMark;
import io.understudy.table.HotTable;
import io.understudy.wire.InputLimit;
import io.understudy.wire.WireFormatException;
import org.junit.jupiter.api.Test;

class WalkMarksTest {
  private static final long SECOND = 1_000_000_000L;

  private final WalkMarks marks = new WalkMarks();

  @Test
  void aWalkMarksEachPartitionOfEachTableOnce() {
    for (int table = 0; table < 2; table++) {
      for (int partition = 0; partition < HotTable.PARTITIONS; partition++) {
        assertAccepted(mark(1, partition, 1), table, 0);
        assertAccepted(mark(2, partition, 1), table, 0);
      }
    }

    assertEquals(
        "mark of partition 7 of group 2 comes twice in bulk 1, the limit is 1",
        assertThrows(WireFormatException.class, () -> marks.check(mark(2, 7, 1), 1, 0))
            .getMessage());
  }

  @Test
  void anotherWalkOrConnectionBeginsAnew() {
    assertAccepted(mark(1, 7, 1), 0, 0);
    assertAccepted(mark(1, 7, 2), 0, 0);
    assertAccepted(mark(1, 7, 2).toBuilder().setEpoch(5).build(), 0, 0);
  }

  @Test
  void walksBeginAtABoundedRate() {
    int most = (int) InputLimit.BULK_WALKS.high();
    for (int walk = 0; walk < most; walk++) {
      assertAccepted(mark(1, 7, walk), 0, SECOND - 1);
    }

    assertThrows(WireFormatException.class, () -> marks.check(mark(1, 7, -1), 0, SECOND));
    for (int walk = 0; walk < InputLimit.BULK_WALKS_A_SECOND.high(); walk++) {
      assertAccepted(mark(1, 7, most + walk), 0, 2 * SECOND);
    }
    assertThrows(WireFormatException.class, () -> marks.check(mark(1, 7, -1), 0, 2 * SECOND));
  }

  private void assertAccepted(BulkMark mark, int table, long nowNs) {
    assertDoesNotThrow(() -> marks.check(mark, table, nowNs));
  }

  private static BulkMark mark(int group, int partition, int bulk) {
    return BulkMark.newBuilder()
        .setGroup(group)
        .setPartition(partition)
        .setBulkId(bulk)
        .setEpoch(4)
        .build();
  }
}
