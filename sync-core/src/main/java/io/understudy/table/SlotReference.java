package io.understudy.table;

/**
 * A slot and its partition in one number, in the order in which a table is walked: partition, then slot.
 *
 * <p>Shape: partition (8 bits, from bit {@value #SLOT_BITS}), slot (the bits below). A partition has no more slots than these bits say.
 */
public final class SlotReference {
  /** Bits of the slot. */
  public static final int SLOT_BITS = 20;

  private static final int SLOTS = 1 << SLOT_BITS;

  private SlotReference() {}

  public static int of(int partition, int slot) {
    return partition << SLOT_BITS | slot;
  }

  public static int partition(int reference) {
    return reference >>> SLOT_BITS;
  }

  public static int slot(int reference) {
    return reference & SLOTS - 1;
  }
}
