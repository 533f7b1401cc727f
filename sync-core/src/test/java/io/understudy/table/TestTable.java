package io.understudy.table;

import io.understudy.metrics.CounterSet;
import io.understudy.wire.Column;
import io.understudy.wire.ColumnEncoding;
import io.understudy.wire.ColumnGroup;
import io.understudy.wire.RecordSchema;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** A hot table of four words: a key, facts that are bits, one holder's value and a binding. */
final class TestTable {
  static final int KEY = Row.PAYLOAD;
  static final int FACTS = KEY + 1;
  static final int VALUE = KEY + 2;
  static final int BINDING = KEY + 3;
  static final int PAYLOAD_WORDS = 4;
  static final int NODE = 7;

  /** In the facts: the other end is the originator. */
  static final long TURNED = 1L << 62;

  final Authorities authority = new Authorities();
  final Debts debts = new Debts();
  final CounterSet counters = new CounterSet();
  final HotTable table;

  TestTable(int capacity) {
    this(capacity, 0);
  }

  /** A table whose writers take their time between two words of a row. */
  TestTable(int capacity, int spins) {
    table = new HotTable(spec(capacity, spins), 11, 22, authority, debts, counters);
  }

  static TableSpec spec(int capacity) {
    return spec(capacity, 0);
  }

  private static TableSpec spec(int capacity, int spins) {
    return new TableSpec(schema(), 1, PAYLOAD_WORDS, new Rules(spins), capacity, 2);
  }

  private static RecordSchema schema() {
    return new RecordSchema(
        99,
        "test",
        KEY + PAYLOAD_WORDS + Row.COUNTER_WORDS,
        16,
        List.of(
            new Column(1, "key", ColumnGroup.KEY, KEY, 0, 64, ColumnEncoding.FIXED64),
            new Column(2, "facts", ColumnGroup.FACTS, FACTS, 0, 62, ColumnEncoding.VARINT)));
  }

  long[] record(long key) {
    long[] record = new long[table.spec().schema().words()];
    record[KEY] = key;
    return record;
  }

  long[] record(long key, long facts, long value, long binding) {
    long[] record = record(key);
    record[FACTS] = facts;
    record[VALUE] = value;
    record[BINDING] = binding;
    return record;
  }

  long[] row() {
    return new long[table.spec().rowWords()];
  }

  Partition partition(long key) {
    return table.partition(HotTable.partitionOf(table.hash(record(key), KEY)));
  }

  int slot(long key) {
    Partition partition = partition(key);
    return table.find(partition, record(key), 0, table.hash(record(key), KEY));
  }

  /** A new entry comes from a peer; it is of a group that is held here, as after a takeover. */
  void arrive(long[] record) {
    long hash = table.hash(record, KEY);
    Partition partition = table.partition(HotTable.partitionOf(hash));
    partition.lock();
    try {
      int slot = table.rows().claim(partition, Partition.NONE, hash);
      table.rows().begin(partition, slot, record, 0, TableRows.meta(0, 1, NODE + 1), 1, 0);
    } finally {
      partition.unlock();
    }
  }

  /** The live row of this key, or null. */
  long[] lookup(long key) {
    long[] row = row();
    return table.lookup(record(key), row) ? row : null;
  }

  /** The live row of some entry with this binding, or null. */
  long[] lookupBinding(long binding) {
    long[] row = row();
    long hash = table.hash(new long[] {binding}, 0, 1);
    return table.lookupSecondary(hash, candidate -> candidate[BINDING] == binding, row)
        ? row
        : null;
  }

  /** References in the secondary index. */
  long indexed() {
    long count = 0;
    for (long segment = 0; segment < 256; segment++) {
      for (long place : table.secondary().segment(segment << 56).places()) {
        count += place != 0 ? 1 : 0;
      }
    }
    return count;
  }

  /** Facts are united, the value and the binding are the holder's. */
  static final class Rules implements RecordRules {
    private final int spins;

    Rules(int spins) {
      this.spins = spins;
    }

    @Override
    public int mergeFacts(long[] slab, int row, long[] record, int at) {
      long before = slab[row + FACTS];
      slab[row + FACTS] |= record[at + FACTS] & ~TURNED;
      return slab[row + FACTS] != before ? ColumnGroup.FACTS : 0;
    }

    @Override
    public int replaceHolderValues(long[] slab, int row, long[] record, int at, int groups) {
      int changed = 0;
      if ((groups & ColumnGroup.HOLDER) != 0 && slab[row + VALUE] != record[at + VALUE]) {
        slab[row + VALUE] = record[at + VALUE];
        changed |= ColumnGroup.HOLDER;
      }
      for (int i = 0; i < spins; i++) {
        Thread.onSpinWait();
      }
      if ((groups & ColumnGroup.NAT) != 0 && slab[row + BINDING] != record[at + BINDING]) {
        slab[row + BINDING] = record[at + BINDING];
        changed |= ColumnGroup.NAT;
      }
      return changed;
    }

    @Override
    public int compareHolderValues(long[] slab, int row, long[] record, int at) {
      return Long.compareUnsigned(record[at + VALUE], slab[row + VALUE]);
    }

    @Override
    public int wholeGroups(long[] slab, int row) {
      return ColumnGroup.FACTS | ColumnGroup.HOLDER;
    }

    @Override
    public boolean joins(long[] slab, int row, long[] record, int at) {
      return false;
    }

    @Override
    public boolean sameDirections(long[] slab, int row, long[] record, int at) {
      return ((slab[row + FACTS] ^ record[at + FACTS]) & TURNED) == 0;
    }

    @Override
    public void takeDirections(long[] slab, int row, long[] record, int at) {
      record[at + FACTS] = record[at + FACTS] & ~TURNED | slab[row + FACTS] & TURNED;
    }

    @Override
    public boolean isOfTable(long[] record, int at) {
      return true;
    }

    @Override
    public boolean sameOpening(long[] slab, int row, long[] record, int at) {
      return false;
    }

    @Override
    public int secondaryHashes(HotTable table, long[] slab, int row, long[] out) {
      if (slab[row + BINDING] == 0) {
        return 0;
      }
      out[0] = table.hash(slab, row + BINDING, 1);
      return 1;
    }

    @Override
    public boolean sameBinding(long[] slab, int row, long[] otherSlab, int otherRow) {
      return slab[row + BINDING] == otherSlab[otherRow + BINDING];
    }

    @Override
    public boolean isOtherBinding(long[] slab, int row, long[] record, int at) {
      return slab[row + BINDING] != record[at + BINDING];
    }

    @Override
    public boolean hasBinding(long[] slab, int row) {
      return slab[row + BINDING] != 0;
    }
  }

  /** Holds the groups it is told to. */
  static final class Authorities implements Authority {
    final Set<Integer> held = new TreeSet<>(Set.of(1, 2));
    boolean exhausted;
    long term = 5;
    long generation = 100;

    @Override
    public long knownGroups() {
      return 1 << 1 | 1 << 2;
    }

    @Override
    public boolean holds(int group) {
      return held.contains(group);
    }

    @Override
    public long termNumber(int group) {
      return term;
    }

    @Override
    public synchronized long nextGeneration() {
      return exhausted ? 0 : ++generation;
    }

    @Override
    public int nodeId() {
      return NODE;
    }
  }

  /** One peer that gets everything when {@link #deliver} is called. */
  static final class Debts implements ChangeSink {
    private final Set<String> dirty = new TreeSet<>();
    private final Set<String> known = new TreeSet<>();
    private final Set<String> told = new TreeSet<>();

    @Override
    public synchronized boolean onChange(
        HotTable table, Partition partition, int slot, int groups, boolean urgent, long nowNs) {
      return dirty.add(name(partition, slot));
    }

    @Override
    public synchronized boolean onEnd(
        HotTable table, Partition partition, int slot, boolean urgent, long nowNs) {
      dirty.remove(name(partition, slot));
      return known.contains(name(partition, slot)) && dirty.add(name(partition, slot));
    }

    @Override
    public synchronized boolean wasSpokenOf(HotTable table, Partition partition, int slot) {
      return told.contains(name(partition, slot));
    }

    @Override
    public synchronized boolean mayBeElsewhere(HotTable table, Partition partition, int slot) {
      return known.contains(name(partition, slot));
    }

    @Override
    public synchronized void onNewSlot(
        HotTable table, Partition partition, int slot, boolean fresh) {
      dirty.remove(name(partition, slot));
      if (fresh) {
        told.remove(name(partition, slot));
        known.remove(name(partition, slot));
      }
    }

    boolean isDirty(Partition partition, int slot) {
      return dirty.contains(name(partition, slot));
    }

    boolean isKnown(Partition partition, int slot) {
      return known.contains(name(partition, slot));
    }

    /** The peer acknowledges whatever it is owed: tombstones become free. */
    void deliver(HotTable table) {
      for (int p = 0; p < HotTable.PARTITIONS; p++) {
        Partition partition = table.partition(p);
        for (int slot = 0; slot < partition.highWater(); slot++) {
          if (dirty.remove(name(partition, slot))) {
            told.add(name(partition, slot));
            settle(table, partition, slot);
          }
        }
      }
    }

    private void settle(HotTable table, Partition partition, int slot) {
      long[] slab = partition.slab(slot);
      int row = partition.row(slot);
      boolean backedUp = Row.isLive(slab, row) && Row.exclusion(slab, row) == 0;
      if (backedUp) {
        known.add(name(partition, slot));
      } else {
        known.remove(name(partition, slot));
      }
      if (Row.state(slab, row) == Row.DEAD) {
        table.rows().free(partition, slot);
      }
    }

    private static String name(Partition partition, int slot) {
      return partition.number() + "/" + slot;
    }
  }
}
