package io.understudy.replication;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.understudy.table.Partition;
import org.junit.jupiter.api.Test;

class HandlesTest {
  private static final int PARTITION = 3;
  private static final int LOCAL_SLOTS = 16;
  private static final int SLOTS_APART = 256;

  private final Handles handles = new Handles(LOCAL_SLOTS);

  @Test
  void aHandleIsKeptWhereverThePeerSaysThatItsEntryLies() {
    for (int i = 0; i < LOCAL_SLOTS; i++) {
      handles.put(PARTITION, i * SLOTS_APART, i);
    }

    for (int i = 0; i < LOCAL_SLOTS; i++) {
      assertEquals(i, handles.localSlot(PARTITION, i * SLOTS_APART));
    }
    assertEquals(Partition.NONE, handles.localSlot(PARTITION, 1));
    assertEquals(Partition.NONE, handles.localSlot(PARTITION + 1, 0));
  }

  /** A peer may create and end an entry in each 256th slot of a table that is far larger than the one here. */
  @Test
  void endedEntriesHoldNoMoreThanAPageForEachEntryThatFits() {
    int known = 0;
    for (int i = 0; i < 900; i++) {
      handles.put(PARTITION, i * SLOTS_APART, 0);
      known = 0;
      for (int j = 0; j <= i; j++) {
        known += handles.localSlot(PARTITION, j * SLOTS_APART) == Partition.NONE ? 0 : 1;
      }
      assertEquals(0, handles.localSlot(PARTITION, i * SLOTS_APART), "the newest is known");
      assertTrue(known <= LOCAL_SLOTS, known + " pages");
    }
  }

  /** A megabyte of records that a peer spread over its slots made 260 MB of pages. */
  @Test
  void handlesOfALargePartitionTakeNoMoreThanSixteenTimesItsPages() {
    Handles large = new Handles(4_289); // of a table of 1,000,000
    for (int i = 0; i < 900; i++) {
      large.put(PARTITION, i * SLOTS_APART, i);
    }

    int known = 0;
    for (int i = 0; i < 900; i++) {
      known += large.localSlot(PARTITION, i * SLOTS_APART) == Partition.NONE ? 0 : 1;
    }
    assertTrue(known <= 64 + 16 * 17, known + " pages");
  }
}
