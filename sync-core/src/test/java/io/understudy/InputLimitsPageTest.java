package io.understudy;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.understudy.config.HeartbeatConfig;
import io.understudy.config.StreamConfig;
import io.understudy.model.GroupId;
import io.understudy.model.Term;
import io.understudy.proto.v1.RefusalReason;
import io.understudy.table.HotTable;
import io.understudy.tables.session.SessionTable;
import io.understudy.wire.InputLimit;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The page of limits says what the code does, and the limits are what the engine's own types can hold. */
class InputLimitsPageTest {
  @Test
  void thePageNamesEveryLimitAndNoOther() {
    List<List<String>> expected =
        Arrays.stream(InputLimit.values()).map(InputLimitsPageTest::row).toList();

    assertEquals(expected, Pages.rows("reference/input-limits.md"));
  }

  private static List<String> row(InputLimit limit) {
    return List.of(
        limit.name(),
        limit.what(),
        Long.toString(limit.low()),
        Long.toString(limit.standard()),
        Long.toString(limit.high()),
        limit.fate().sentence().replace("`", ""));
  }

  @Test
  void limitsAreThoseOfTheTypes() {
    assertEquals(GroupId.MAX, InputLimit.GROUP.high());
    assertEquals(HotTable.PARTITIONS - 1, InputLimit.PARTITION.high());
    assertEquals(Term.MAX_NUMBER, InputLimit.TERM_NUMBER.high());
    assertEquals(
        SessionTable.spec4(64_000_000, 1).partitionCapacity(), InputLimit.TABLE_SLOTS.high());
    for (int bytes :
        new int[] {(int) InputLimit.WINDOW_BYTES.low(), (int) InputLimit.WINDOW_BYTES.high()}) {
      StreamConfig usual = StreamConfig.DEFAULT;
      assertDoesNotThrow(
          () ->
              new StreamConfig(
                  bytes,
                  usual.frameBytes(),
                  usual.batching(),
                  usual.usageInterval(),
                  usual.outageMemory()));
    }
    assertEquals(
        new HeartbeatConfig(
                Duration.ofSeconds(10),
                20,
                40,
                HeartbeatConfig.DEFAULT.batch(),
                HeartbeatConfig.DEFAULT.confirmation())
            .claimTime(1)
            .toNanos(),
        InputLimit.CLAIM_TIME_NS.high());
    assertEquals(Term.MAX_NUMBER + 1, InputLimit.ENDED_NUMBER.high());
    assertEquals(RefusalReason.GONE_ENTRY_VALUE, InputLimit.REFUSAL_REASON.high());
  }
}
