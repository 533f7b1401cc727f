package io.understudy.table;

/** Asks a partition for its dirty slots one by one. */
public final class DirtySlots {
  private DirtySlots() {}

  /** The next dirty slot of a peer at or after {@code from}, or {@link Partition#NONE}. */
  public static int next(Partition partition, int peerSlot, int from) {
    int[] slots = new int[1];
    return partition.listDirty(peerSlot, from, 1, slots) == 0 ? Partition.NONE : slots[0];
  }
}
