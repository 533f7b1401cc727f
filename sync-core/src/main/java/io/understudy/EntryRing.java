package io.understudy;

import io.understudy.table.EntryEvent;
import io.understudy.table.HotTable;
import io.understudy.table.Partition;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Entries that came or ended, by value, on their way from the duty cycle to the listener.
 *
 * <p>Shape: a ring of {@value #CAPACITY} rows. Thread: {@link #put} by the duty cycle, under the partition's lock; {@link #take} by one
 * thread at a time. Allocates nothing after construction. Errors: {@link #put} answers false when it is full.
 */
final class EntryRing {
  static final int CAPACITY = 1_024;

  private final int rowWords;
  private final long[] words;
  private final int[] tables = new int[CAPACITY];
  private final boolean[] ended = new boolean[CAPACITY];
  private final AtomicLong taken = new AtomicLong();
  private final AtomicLong put = new AtomicLong();

  EntryRing(List<HotTable> watched) {
    rowWords = watched.stream().mapToInt(table -> table.spec().rowWords()).max().orElse(0);
    words = new long[rowWords * CAPACITY];
  }

  EntryEvent newEvent() {
    return new EntryEvent(rowWords);
  }

  boolean put(HotTable table, Partition partition, int slot, boolean isEnd) {
    long next = put.get();
    if (next - taken.get() == CAPACITY) {
      return false;
    }
    int at = (int) next & CAPACITY - 1;
    tables[at] = table.spec().number();
    ended[at] = isEnd;
    int row = partition.row(slot);
    System.arraycopy(partition.slab(slot), row, words, at * rowWords, table.spec().rowWords());
    put.setRelease(next + 1);
    return true;
  }

  boolean isEmpty() {
    return taken.get() == put.get();
  }

  /** The next one is an end; only if there is one. */
  boolean isNextEnd() {
    return ended[(int) taken.get() & CAPACITY - 1];
  }

  /** Takes the next one; only if there is one. */
  void take(EntryEvent into) {
    long next = taken.get();
    int at = (int) next & CAPACITY - 1;
    into.set(tables[at], words, at * rowWords, rowWords);
    taken.setRelease(next + 1);
  }
}
