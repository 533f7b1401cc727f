package io.understudy.replication;

import io.understudy.table.HotTable;
import io.understudy.table.Partition;
import java.util.Arrays;

/**
 * From a peer's slots to this member's, for the entries that the peer introduced.
 *
 * <p>Shape: for each partition one int a peer slot, local slot + 1, grown as the peer's slots are seen, up to as many as its HELLO says. The local row carries
 * the handle too; only if both agree does a handle mean anything (protocol, rule 5).
 *
 * <p>Thread: the duty cycle.
 */
final class Handles {
  private static final int[] NOTHING = new int[0];

  private final int[][] localSlots = new int[HotTable.PARTITIONS][];

  /** Slots of one partition at the peer, as its HELLO says. */
  private int limit;

  Handles() {
    clear();
  }

  /** The peer's partitions have so many slots; it names none beyond. */
  void setLimit(int slots) {
    limit = slots;
  }

  int limit() {
    return limit;
  }

  void clear() {
    Arrays.fill(localSlots, NOTHING);
  }

  int localSlot(int partition, int peerSlot) {
    int[] slots = localSlots[partition];
    return peerSlot < slots.length ? slots[peerSlot] - 1 : Partition.NONE;
  }

  void put(int partition, int peerSlot, int localSlot) {
    int[] slots = localSlots[partition];
    if (peerSlot >= slots.length) {
      slots =
          Arrays.copyOf(
              slots, Math.min(limit, Math.max(peerSlot + 1, slots.length + slots.length / 2 + 64)));
      localSlots[partition] = slots;
    }
    slots[peerSlot] = localSlot + 1;
  }
}
