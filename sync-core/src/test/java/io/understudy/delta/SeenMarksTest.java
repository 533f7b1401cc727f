package io.understudy.delta;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.understudy.table.TableSpec;
import io.understudy.tables.session.SessionTable;
import org.junit.jupiter.api.Test;

class SeenMarksTest {
  private static final TableSpec SPEC = SessionTable.spec4(100_000, 1);

  private final SeenMarks seen = new SeenMarks(SPEC);

  @Test
  void anEntryIsSeenInItsEpochAndTermOnly() {
    seen.set(5, 70, 3, 9);

    assertTrue(seen.isSet(5, 70, 3, 9));
    assertFalse(seen.isSet(5, 70, 4, 9), "another epoch");
    assertFalse(seen.isSet(5, 70, 3, 10), "another term");
    assertFalse(seen.isSet(5, 6, 3, 9), "the same bit of another word");
    assertFalse(seen.isSet(6, 70, 3, 9), "another partition");
  }

  @Test
  void aNewEpochForgetsTheOldOne() {
    seen.set(5, 70, 3, 9);

    seen.set(5, 71, 4, 9);
    assertFalse(seen.isSet(5, 70, 4, 9));

    seen.set(5, 72, 3, 9);
    assertFalse(seen.isSet(5, 70, 3, 9), "what was forgotten does not come back");
    assertFalse(seen.isSet(5, 71, 3, 9));
  }

  @Test
  void clearingAPartitionLeavesTheOthers() {
    seen.set(5, 70, 3, 9);
    seen.set(6, 70, 3, 9);

    seen.clear(5);
    seen.clear(7);

    assertFalse(seen.isSet(5, 70, 3, 9));
    assertTrue(seen.isSet(6, 70, 3, 9));
  }

  @Test
  void theLastSlotOfAPartitionHasABit() {
    int last = SPEC.partitionCapacity() - 1;

    seen.set(255, last, 1, 1);

    assertTrue(seen.isSet(255, last, 1, 1));
  }
}
