package io.understudy.testkit.check;

import java.util.Arrays;

/** Slots of a member's tables, as numbers in an array that grows. */
final class SlotList {
  private static final int PARTITION_SHIFT = 16;
  private static final int TABLE_SHIFT = 24;

  private int[] slots = new int[64];
  private int count;

  void add(int table, int partition, int slot) {
    if (count == slots.length) {
      slots = Arrays.copyOf(slots, count * 2);
    }
    slots[count++] = table << TABLE_SHIFT | partition << PARTITION_SHIFT | slot;
  }

  void clear() {
    count = 0;
  }

  int count() {
    return count;
  }

  int table(int i) {
    return slots[i] >>> TABLE_SHIFT;
  }

  int partition(int i) {
    return slots[i] >>> PARTITION_SHIFT & 0xFF;
  }

  int slot(int i) {
    return slots[i] & 0xFFFF;
  }
}
