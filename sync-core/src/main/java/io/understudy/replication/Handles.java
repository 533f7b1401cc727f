package io.understudy.replication;

import io.understudy.table.HotTable;
import io.understudy.table.Partition;
import java.util.Arrays;

/**
 * From a peer's slots to this member's, for the entries that the peer introduced.
 *
 * <p>Shape: for each partition one int a peer slot, local slot + 1, in pages of {@value #PAGE_SLOTS} that are made when one of their slots is seen: an
 * entry costs a page at most, wherever the peer says that it lies, and a partition sixteen times the pages that its own entries fill, which is enough for a
 * peer whose table is so much larger. A partition that would need more forgets all its handles: records that name them come again with their keys. The
 * local row carries the handle too; only if both agree does a handle mean anything (protocol, rule 5).
 *
 * <p>Thread: the duty cycle.
 */
final class Handles {
  private static final int PAGE_SHIFT = 8;
  private static final int PAGE_SLOTS = 1 << PAGE_SHIFT;
  private static final int[][] NOTHING = new int[0][];

  /** By partition and page. */
  private final int[][][] localSlots = new int[HotTable.PARTITIONS][][];

  private final int[] pageCounts = new int[HotTable.PARTITIONS];

  private static final int PAGES_EACH = 16;
  private static final int PAGES_MORE = 64;

  private final int mostPages;

  /** Slots of one partition at the peer, as its HELLO says. */
  private int limit;

  /** @param localSlots of one partition */
  Handles(int localSlots) {
    int filled = (localSlots + PAGE_SLOTS - 1) / PAGE_SLOTS;
    mostPages = Math.min(localSlots, PAGES_MORE + PAGES_EACH * filled);
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
    Arrays.fill(pageCounts, 0);
  }

  int localSlot(int partition, int peerSlot) {
    int[][] pages = localSlots[partition];
    int page = peerSlot >>> PAGE_SHIFT;
    return page < pages.length && pages[page] != null
        ? pages[page][peerSlot & PAGE_SLOTS - 1] - 1
        : Partition.NONE;
  }

  void put(int partition, int peerSlot, int localSlot) {
    int[][] pages = localSlots[partition];
    int page = peerSlot >>> PAGE_SHIFT;
    boolean isNew = page >= pages.length || pages[page] == null;
    if (isNew && ++pageCounts[partition] > mostPages) {
      pages = NOTHING; // of entries that have ended
      pageCounts[partition] = 1;
    }
    if (page >= pages.length) {
      pages = Arrays.copyOf(pages, Math.max(page + 1, pages.length + pages.length / 2));
      localSlots[partition] = pages;
    }
    if (pages[page] == null) {
      pages[page] = new int[PAGE_SLOTS];
    }
    pages[page][peerSlot & PAGE_SLOTS - 1] = localSlot + 1;
  }
}
