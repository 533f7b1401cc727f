package io.understudy.table;

import io.understudy.metrics.CounterSet;
import io.understudy.metrics.SyncCounter;
import io.understudy.wire.ColumnGroup;
import java.util.Objects;

/**
 * A replicated table of fixed-size records, without an object for an entry.
 *
 * <p>Shape: 256 partitions by the top bits of the key's hash; see {@link Partition} and {@link Row}. Typed tables (sessions,
 * ...) wrap one and give it records staged in a {@code long[]}.
 *
 * <p>Thread: any. {@link #publish} and {@link #remove} take the lock of one partition for about one record's copy; {@link
 * #lookup} and {@link #touch} take none unless writers keep changing what they read.
 *
 * <p>Errors: {@link PublishResult}; nothing is thrown on these paths.
 */
public final class HotTable {
  public static final int PARTITIONS = 256;

  /** Options of {@link #publish}: send at the end of the current duty cycle. */
  public static final int URGENT = 1;

  /** Options of {@link #publish}: begin a new generation on the key even if the entry lives. */
  public static final int NEW_GENERATION = 2;

  /** Options of {@link #publish}: the entry stays here but is no longer backed up. */
  public static final int WITHDRAW = 4;

  /** Optimistic reads before a reader takes the lock. */
  private static final int OPTIMISTIC_TRIES = 16;

  private static final int NOT_FOUND = -1;
  private static final int UNSTABLE = -2;

  private final TableSpec spec;
  private final int words;
  private final RecordRules rules;
  private final Partition[] partitions = new Partition[PARTITIONS];
  private final SecondaryIndex secondary = new SecondaryIndex();
  private final TableRows rows;
  private final CounterSet counters;
  private final long hashKey0;
  private final long hashKey1;
  private final Authority authority;
  private final ChangeSink sink;
  private final long[] bindingRow;

  /**
   * Builds the table; the slabs are claimed as it fills, the indexes now.
   *
   * @param hashKey0 the cluster's hash key, first half
   */
  public HotTable(
      TableSpec spec,
      long hashKey0,
      long hashKey1,
      Authority authority,
      ChangeSink sink,
      CounterSet counters) {
    this.spec = Objects.requireNonNull(spec);
    this.hashKey0 = hashKey0;
    this.hashKey1 = hashKey1;
    this.authority = authority;
    this.sink = sink;
    this.counters = counters;
    rules = spec.rules();
    words = spec.rowWords();
    bindingRow = new long[words];
    for (int i = 0; i < PARTITIONS; i++) {
      partitions[i] = new Partition(i, spec);
    }
    rows = new TableRows(this, spec);
  }

  public TableSpec spec() {
    return spec;
  }

  public TableRows rows() {
    return rows;
  }

  ChangeSink sink() {
    return sink;
  }

  SecondaryIndex secondary() {
    return secondary;
  }

  public Partition partition(int number) {
    return partitions[number];
  }

  /** Hash of the key that begins at {@code keyAt}. */
  public long hash(long[] record, int keyAt) {
    return SipHash.hash(hashKey0, hashKey1, record, keyAt, spec.keyWords());
  }

  /** Hash of any words, for secondary keys. */
  public long hash(long[] record, int from, int count) {
    return SipHash.hash(hashKey0, hashKey1, record, from, count);
  }

  public static int partitionOf(long hash) {
    return (int) (hash >>> 56);
  }

  /** The used slot of this key, live or dead, or {@link Partition#NONE}; under the partition's lock. */
  public int find(Partition partition, long[] record, int at, long hash) {
    return partition.find(record, at + Row.PAYLOAD, (int) hash);
  }

  /**
   * Creates the record's entry or changes it: facts accumulate, the holder's values replace those there (where this member
   * holds the entry's group). The record's own counters are added.
   *
   * @param record a staged record; its handle, head and generation are not read
   * @param exclusion 0: back it up; otherwise the code of the reason why not. An entry once backed up stays so
   * @param options {@link #URGENT}, {@link #NEW_GENERATION}, {@link #WITHDRAW}
   */
  public PublishResult publish(long[] record, int group, int exclusion, int options, long nowNs) {
    long hash = hash(record, Row.PAYLOAD);
    Partition partition = partitions[partitionOf(hash)];
    partition.lock();
    try {
      int slot = partition.find(record, Row.PAYLOAD, (int) hash);
      if (slot == Partition.NONE || !Row.isLive(partition.slab(slot), partition.row(slot))) {
        return create(partition, slot, hash, record, group, exclusion, options, nowNs);
      }
      if ((options & NEW_GENERATION) != 0) {
        int held = Row.group(partition.slab(slot), partition.row(slot));
        if (!authority.holds(held)) {
          return PublishResult.NOT_HOLDER;
        }
        return create(partition, slot, hash, record, group, exclusion, options, nowNs);
      }
      return update(partition, slot, record, exclusion, options, nowNs);
    } finally {
      partition.unlock();
    }
  }

  private PublishResult create(
      Partition partition,
      int slot,
      long hash,
      long[] record,
      int group,
      int exclusion,
      int options,
      long nowNs) {
    if (!authority.holds(group)) {
      return PublishResult.NOT_HOLDER;
    }
    long generation = authority.nextGeneration();
    if (generation == 0) {
      counters.increment(SyncCounter.TABLE_FULL);
      return PublishResult.TABLE_FULL;
    }
    record[Row.GENERATION] = generation;
    record[Row.TIMES] = 0; // ages: now
    long meta = TableRows.meta(exclusion, group, authority.nodeId());
    long version = authority.termNumber(group) << 32 | 1;
    int used = rows.begin(partition, slot, hash, record, 0, meta, version, nowNs);
    if (used == Partition.NONE) {
      counters.increment(SyncCounter.TABLE_FULL);
      return PublishResult.TABLE_FULL;
    }
    rows.addCounters(partition, used, record, 0);
    if (exclusion != 0) {
      if (slot != Partition.NONE) {
        sink.onEnd(this, partition, used, (options & URGENT) != 0, nowNs);
      }
      return PublishResult.STORED;
    }
    return queued(
        sink.onChange(this, partition, used, ColumnGroup.WHOLE, (options & URGENT) != 0, nowNs));
  }

  private PublishResult update(
      Partition partition, int slot, long[] record, int exclusion, int options, long nowNs) {
    long[] slab = partition.slab(slot);
    int row = partition.row(slot);
    int group = Row.group(slab, row);
    int changed = rows.mergeFacts(partition, slot, record, 0);
    rows.seen(partition, slot, nowNs);
    if (rows.addCounters(partition, slot, record, 0)) {
      partition.setTouched(slot); // counters do not travel with a change, but within a second or so
    }
    int keptBack = Row.exclusion(slab, row);
    if (authority.holds(group)) {
      long version = rows.version(partition, slot);
      long next = authority.termNumber(group) << 32 | (version + 1 & 0xFFFFFFFFL);
      int holderGroups = ColumnGroup.HOLDER | ColumnGroup.NAT | ColumnGroup.OFFSETS;
      int replaced = rows.replaceHolderValues(partition, slot, record, 0, holderGroups, next);
      if (replaced == 0) {
        rows.setVersion(partition, slot, version); // nothing differed
      } else {
        changed |= replaced | ColumnGroup.HOLDER; // the version travels with the holder's values
      }
      if ((options & WITHDRAW) != 0 && exclusion != 0 && keptBack == 0) {
        rows.rewriteMeta(partition, slot, exclusion, group, Row.creator(slab, row));
        boolean told = sink.onEnd(this, partition, slot, (options & URGENT) != 0, nowNs);
        return told ? PublishResult.QUEUED : PublishResult.STORED;
      }
      if (keptBack != 0 && exclusion != keptBack) {
        rows.rewriteMeta(partition, slot, exclusion, group, Row.creator(slab, row));
        keptBack = exclusion;
        changed = exclusion == 0 ? ColumnGroup.WHOLE : changed;
      }
    }
    if (changed == 0 || keptBack != 0) {
      return PublishResult.STORED;
    }
    return queued(sink.onChange(this, partition, slot, changed, (options & URGENT) != 0, nowNs));
  }

  private static PublishResult queued(boolean newlyOwed) {
    return newlyOwed ? PublishResult.QUEUED : PublishResult.ABSORBED;
  }

  /** Ends the entry with the record's key, if this member holds its group. */
  public PublishResult remove(long[] record, int options, long nowNs) {
    long hash = hash(record, Row.PAYLOAD);
    Partition partition = partitions[partitionOf(hash)];
    partition.lock();
    try {
      int slot = partition.find(record, Row.PAYLOAD, (int) hash);
      if (slot == Partition.NONE || !Row.isLive(partition.slab(slot), partition.row(slot))) {
        return PublishResult.NO_ENTRY;
      }
      if (!authority.holds(Row.group(partition.slab(slot), partition.row(slot)))) {
        return PublishResult.NOT_HOLDER;
      }
      rows.end(partition, slot);
      if (sink.onEnd(this, partition, slot, (options & URGENT) != 0, nowNs)) {
        return PublishResult.QUEUED;
      }
      rows.free(partition, slot);
      return PublishResult.STORED;
    } finally {
      partition.unlock();
    }
  }

  /**
   * Copies the live entry with the record's key into the row buffer.
   *
   * @param record holds the key at its payload
   * @param rowOut receives the row ({@link TableSpec#rowWords()} words)
   */
  public boolean lookup(long[] record, long[] rowOut) {
    long hash = hash(record, Row.PAYLOAD);
    Partition partition = partitions[partitionOf(hash)];
    for (int i = 0; i < OPTIMISTIC_TRIES; i++) {
      int slot = read(partition, record, (int) hash, rowOut);
      if (slot != UNSTABLE) {
        return slot >= 0;
      }
    }
    partition.lock();
    try {
      return read(partition, record, (int) hash, rowOut) >= 0;
    } finally {
      partition.unlock();
    }
  }

  /** Finds the slot without a lock and copies its row, if {@code rowOut} is not null. */
  private int read(Partition partition, long[] record, int hash, long[] rowOut) {
    HashIndex index = partition.index();
    int indexStamp = index.stamp();
    long[] places = index.places();
    int place = HashIndex.next(places, hash, HashIndex.first(places, hash));
    while (place != HashIndex.NONE) {
      int slot = HashIndex.reference(places, place);
      int found = slot < 0 ? NOT_FOUND : readRow(partition, slot, record, rowOut);
      if (found != NOT_FOUND) {
        return found;
      }
      place = HashIndex.next(places, hash, place + 1);
    }
    return (indexStamp & 1) == 0 && index.stamp() == indexStamp ? NOT_FOUND : UNSTABLE;
  }

  private int readRow(Partition partition, int slot, long[] record, long[] rowOut) {
    long[] slab = partition.slabOrNull(slot);
    if (slab == null) {
      return UNSTABLE;
    }
    int row = partition.row(slot);
    long stamp = Row.stampAcquire(slab, row);
    boolean same = Row.isLive(slab, row) && partition.hasKey(slot, record, Row.PAYLOAD);
    if (same && rowOut != null) {
      System.arraycopy(slab, row, rowOut, 0, words);
    }
    if (!Row.isUnchanged(slab, row, stamp)) {
      return UNSTABLE;
    }
    return same ? slot : NOT_FOUND;
  }

  /**
   * Counts a packet of the entry with the record's key and keeps it alive; owed to the peers within a second or so.
   *
   * @param reverse the packet's direction
   * @return false: no such entry
   */
  public boolean touch(long[] record, boolean reverse, long packets, long bytes, long nowNs) {
    long hash = hash(record, Row.PAYLOAD);
    Partition partition = partitions[partitionOf(hash)];
    int slot = UNSTABLE;
    for (int i = 0; i < OPTIMISTIC_TRIES && slot == UNSTABLE; i++) {
      slot = read(partition, record, (int) hash, null);
    }
    if (slot == UNSTABLE) {
      partition.lock();
      try {
        slot = read(partition, record, (int) hash, null);
      } finally {
        partition.unlock();
      }
    }
    if (slot < 0) {
      return false;
    }
    // benign race: an entry that ends right now may leave its packet to the next one in the slot
    long[] slab = partition.slab(slot);
    int row = partition.row(slot);
    int counter = row + Row.COUNTERS + (reverse ? 2 : 0);
    Row.add(slab, counter, packets);
    Row.add(slab, counter + 1, bytes);
    rows.seen(partition, slot, nowNs);
    partition.setTouched(slot);
    return true;
  }

  /**
   * Copies the first live entry found under a secondary hash that the filter accepts.
   *
   * @param filter judges a consistent copy of a row
   */
  public boolean lookupSecondary(long hash, RowFilter filter, long[] rowOut) {
    HashIndex segment = secondary.segment(hash);
    for (int i = 0; i < OPTIMISTIC_TRIES; i++) {
      int stamp = segment.stamp();
      if (scanSecondary(segment, (int) hash, filter, rowOut)) {
        return true;
      }
      if ((stamp & 1) == 0 && segment.stamp() == stamp) {
        return false;
      }
    }
    synchronized (segment) {
      return scanSecondary(segment, (int) hash, filter, rowOut);
    }
  }

  private boolean scanSecondary(HashIndex segment, int hash, RowFilter filter, long[] rowOut) {
    long[] places = segment.places();
    int place = HashIndex.next(places, hash, HashIndex.first(places, hash));
    while (place != HashIndex.NONE) {
      int reference = HashIndex.reference(places, place);
      if (reference >= 0) {
        Partition partition = partitions[SecondaryIndex.partition(reference)];
        if (copyRow(partition, SecondaryIndex.slot(reference), rowOut) && filter.accepts(rowOut)) {
          return true;
        }
      }
      place = HashIndex.next(places, hash, place + 1);
    }
    return false;
  }

  /** A consistent copy of a live row without the lock; false if it is not live. */
  public boolean copyLive(Partition partition, int slot, long[] rowOut) {
    return copyRow(partition, slot, rowOut);
  }

  private boolean copyRow(Partition partition, int slot, long[] rowOut) {
    long[] slab = partition.slabOrNull(slot);
    int row = partition.row(slot);
    for (int i = 0; slab != null && i < OPTIMISTIC_TRIES; i++) {
      long stamp = Row.stampAcquire(slab, row);
      System.arraycopy(slab, row, rowOut, 0, words);
      if (Row.isUnchanged(slab, row, stamp)) {
        return Row.isLive(rowOut, 0);
      }
    }
    return false;
  }

  /** This member's and all peers' shares of one counter (0 to 3) of a row that was looked up. */
  public long totalCounter(long[] row, int counter) {
    return rows.total(row, 0, counter);
  }

  /** Another live entry has the same NAT binding. Under the lock of the entry's partition; the duty cycle's. */
  public boolean hasSameBindingElsewhere(Partition partition, int slot) {
    long[] slab = partition.slab(slot);
    int row = partition.row(slot);
    if (!rules.hasBinding(slab, row)) {
      return false;
    }
    long[] hashes = partition.scratch(0);
    int count = rules.secondaryHashes(this, slab, row, hashes);
    for (int i = 0; i < count; i++) {
      HashIndex segment = secondary.segment(hashes[i]);
      long[] places = segment.places();
      int hash = (int) hashes[i];
      int place = HashIndex.next(places, hash, HashIndex.first(places, hash));
      while (place != HashIndex.NONE) {
        int reference = HashIndex.reference(places, place);
        Partition other = partitions[SecondaryIndex.partition(reference)];
        int otherSlot = SecondaryIndex.slot(reference);
        boolean self = other == partition && otherSlot == slot;
        if (!self
            && copyRow(other, otherSlot, bindingRow)
            && rules.sameBinding(slab, row, bindingRow, 0)) {
          return true;
        }
        place = HashIndex.next(places, hash, place + 1);
      }
    }
    return false;
  }

  /** Claims slabs ahead of need, a few partitions a call. Answers how many were claimed. */
  public int claimAhead(int fromPartition, int count) {
    int claimed = 0;
    for (int i = 0; i < count; i++) {
      Partition partition = partitions[(fromPartition + i) % PARTITIONS];
      partition.lock();
      try {
        claimed += partition.claimAhead() ? 1 : 0;
      } finally {
        partition.unlock();
      }
    }
    return claimed;
  }

  /** Live entries, at about one moment. */
  public long liveCount() {
    long sum = 0;
    for (Partition partition : partitions) {
      sum += partition.liveCount();
    }
    return sum;
  }

  /** Tombstones, at about one moment. */
  public long deadCount() {
    long sum = 0;
    for (Partition partition : partitions) {
      sum += partition.deadCount();
    }
    return sum;
  }
}
