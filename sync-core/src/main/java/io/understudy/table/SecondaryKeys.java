package io.understudy.table;

import io.understudy.metrics.SyncCounter;

/**
 * Under what else the rows of a table are found: keeps the {@link SecondaryIndex} in step with them.
 *
 * <p>A change of a row stands between {@link #before} and {@link #after}, which move what differs and nothing else.
 *
 * <p>Thread: the caller holds the lock of the row's partition, whose scratch the hashes lie in. Allocates nothing.
 */
final class SecondaryKeys {
  private final HotTable table;
  private final RecordRules rules;
  private final SecondaryIndex index;
  private final TableReader reader;
  private final long[] bindingRow;
  private final RowFilter sameBinding = this::hasSameBinding; // made once: it allocates nothing
  private long[] boundSlab;
  private int boundRow;

  SecondaryKeys(HotTable table, SecondaryIndex index, TableReader reader) {
    this.table = table;
    this.index = index;
    this.reader = reader;
    rules = table.spec().rules();
    bindingRow = new long[table.spec().rowWords()];
  }

  /** A row begins to live. */
  void link(Partition partition, int slot) {
    long[] hashes = partition.scratch(0);
    int count = rules.secondaryHashes(table, partition.slab(slot), partition.row(slot), hashes);
    for (int i = 0; i < count; i++) {
      add(partition, slot, hashes[i]);
    }
  }

  private void add(Partition partition, int slot, long hash) {
    if (!index.add(hash, partition.number(), slot)) {
      table.counters().increment(SyncCounter.CROWDED_KEYS);
    }
  }

  /** A row is about to end. */
  void unlink(Partition partition, int slot) {
    long[] hashes = partition.scratch(0);
    int count = rules.secondaryHashes(table, partition.slab(slot), partition.row(slot), hashes);
    for (int i = 0; i < count; i++) {
      index.remove(hashes[i], partition.number(), slot);
    }
  }

  /** A row is about to change. Answers how many keys it has, for {@link #after}. */
  int before(Partition partition, long[] slab, int row) {
    return rules.secondaryHashes(table, slab, row, partition.scratch(0));
  }

  /** The row changed. */
  void after(Partition partition, int slot, long[] slab, int row, int countBefore) {
    long[] after = partition.scratch(1);
    int count = rules.secondaryHashes(table, slab, row, after);
    if ((count | countBefore) == 0) {
      return;
    }
    long[] before = partition.scratch(0);
    for (int i = 0; i < countBefore; i++) {
      if (!contains(after, count, before[i])) {
        index.remove(before[i], partition.number(), slot);
      }
    }
    for (int i = 0; i < count; i++) {
      if (!contains(before, countBefore, after[i])) {
        add(partition, slot, after[i]);
      }
    }
  }

  private static boolean contains(long[] hashes, int count, long hash) {
    for (int i = 0; i < count; i++) {
      if (hashes[i] == hash) {
        return true;
      }
    }
    return false;
  }

  /** A live row, but for the one in this slot of the partition, has the record's NAT binding. The duty cycle's only. */
  boolean isBindingElsewhere(Partition partition, int slot, long[] record, int at) {
    if (!rules.hasBinding(record, at)) {
      return false;
    }
    boundSlab = record;
    boundRow = at;
    int self = slot == Partition.NONE ? HashIndex.NONE : SlotReference.of(partition.number(), slot);
    long[] hashes = partition.scratch(0);
    int count = rules.secondaryHashes(table, record, at, hashes);
    for (int i = 0; i < count; i++) {
      HashIndex segment = index.segment(hashes[i]);
      if (reader.findSecondary(segment, (int) hashes[i], sameBinding, self, bindingRow)) {
        return true;
      }
    }
    return false;
  }

  private boolean hasSameBinding(long[] candidate) {
    return rules.sameBinding(boundSlab, boundRow, candidate, 0);
  }
}
