package io.understudy.table;

import io.understudy.metrics.CounterSet;
import io.understudy.metrics.SyncCounter;
import io.understudy.wire.ColumnGroup;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A replicated table of fixed-size records, without an object for an entry.
 *
 * <p>Shape: 256 partitions by the top bits of the key's hash; see {@link Partition} and {@link Row}. Typed tables (sessions,
 * ...) wrap one and give it records staged in a {@code long[]}.
 *
 * <p>Thread: any. {@link #publish} and {@link #remove} take the lock of one partition for about one record's copy; {@link
 * #lookup} and {@link #touch} take none unless writers keep changing what they read.
 *
 * <p>Errors: {@link PublishResult}; what only a mistake of the caller can bring throws {@link IllegalArgumentException} and changes nothing.
 */
public final class HotTable {
  public static final int PARTITIONS = 256;

  /** Options of {@link #publish}: send at the end of the current duty cycle. */
  public static final int URGENT = 1;

  /** Options of {@link #publish}: begin a new generation on the key even if the entry lives. */
  public static final int NEW_GENERATION = 2;

  /** Options of {@link #publish}: the entry stays here but is no longer backed up. */
  public static final int WITHDRAW = 4;

  private final TableSpec spec;
  private final RecordRules rules;
  private final Partition[] partitions = new Partition[PARTITIONS];
  private final ReadAhead readAhead;
  private final SecondaryIndex secondary = new SecondaryIndex();
  private final SecondaryKeys secondaryKeys;
  private final Bindings bindings;
  private final AtomicInteger waiters = new AtomicInteger();
  private final TableRows rows;
  private final TableReader reader;
  private final CounterSet counters;
  private final long hashKey0;
  private final long hashKey1;
  private final Authority authority;
  private final ChangeSink sink;

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
    PartitionArrays arrays = new PartitionArrays(spec, PARTITIONS);
    for (int i = 0; i < PARTITIONS; i++) {
      partitions[i] = new Partition(i, arrays);
    }
    reader = new TableReader(partitions, arrays);
    readAhead = new ReadAhead(partitions, arrays);
    secondaryKeys = new SecondaryKeys(this, secondary, reader);
    bindings = new Bindings(this, authority, secondary, reader);
    rows = new TableRows(this, secondaryKeys);
  }

  public TableSpec spec() {
    return spec;
  }

  public TableRows rows() {
    return rows;
  }

  /** Somebody begins, or with -1 ends, to wait for entries of this table: then the node's listener is told when some came. */
  public void addWaiters(int count) {
    waiters.addAndGet(count);
  }

  /** Somebody waits for entries. */
  public boolean hasWaiters() {
    return waiters.get() > 0;
  }

  public ReadAhead readAhead() {
    return readAhead;
  }

  Authority authority() {
    return authority;
  }

  ChangeSink sink() {
    return sink;
  }

  CounterSet counters() {
    return counters;
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
   * holds the entry's group). The record's own counters are added. A record that calls the other end the originator (two
   * openings crossed) brings facts and counters, turned round, but no holder's values: its binding and zones are those of
   * the other direction.
   *
   * @param record a staged record; its handle, head and generation are not read
   * @param exclusion 0: back it up; otherwise the code of the reason why not. An entry once backed up stays so
   * @param options {@link #URGENT}, {@link #NEW_GENERATION}, {@link #WITHDRAW}
   */
  public PublishResult publish(long[] record, int group, int exclusion, int options, long nowNs) {
    long hash = hash(record, Row.PAYLOAD);
    return publish(record, hash, Partition.NONE, group, exclusion, options, nowNs);
  }

  /**
   * The same for a key whose {@link #hash} is known.
   *
   * @param slotHint where {@link #findLive} found the entry, so that it need not be looked for again; {@link Partition#NONE}: not known
   */
  public PublishResult publish(
      long[] record, long hash, int slotHint, int group, int exclusion, int options, long nowNs) {
    PublishChecks.check(spec, record, group, exclusion, options);
    if (authority.isClosed()) {
      return PublishResult.CLOSED;
    }
    Partition partition = partitions[partitionOf(hash)];
    partition.lock();
    try {
      int slot = slotOf(partition, record, hash, slotHint);
      if (!rules.hasBinding(record, 0)
          || !bindings.isAnother(partition, slot, record, group, options)) {
        return write(partition, slot, hash, record, group, exclusion, options, nowNs);
      }
      Bindings.Claim claim = bindings.claim(partition, record);
      synchronized (claim) {
        return claim.isTaken(partition, slot, record)
            ? PublishResult.BINDING_TAKEN
            : write(partition, slot, hash, record, group, exclusion, options, nowNs);
      }
    } finally {
      partition.unlock();
    }
  }

  private PublishResult write(
      Partition partition,
      int slot,
      long hash,
      long[] record,
      int group,
      int exclusion,
      int options,
      long nowNs) {
    if (slot == Partition.NONE || !Row.isLive(partition.slab(slot), partition.row(slot))) {
      return create(partition, slot, hash, record, group, exclusion, options, nowNs);
    }
    if ((options & NEW_GENERATION) == 0) {
      return update(partition, slot, record, exclusion, options, nowNs);
    }
    return authority.holds(Row.group(partition.slab(slot), partition.row(slot)))
        ? create(partition, slot, hash, record, group, exclusion, options, nowNs)
        : PublishResult.NOT_HOLDER;
  }

  /** The used slot of this key: the hinted one if it still is. */
  private static int slotOf(Partition partition, long[] record, long hash, int slotHint) {
    return partition.isLive(slotHint) && partition.hasKey(slotHint, record, Row.PAYLOAD)
        ? slotHint
        : partition.find(record, Row.PAYLOAD, (int) hash);
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
      PublishChecks.checkGroup(spec, authority.knownGroups(), group);
      return PublishResult.NOT_HOLDER;
    }
    long generation = authority.nextGeneration();
    if (generation == 0) {
      counters.increment(SyncCounter.TABLE_FULL);
      return PublishResult.TABLE_FULL;
    }
    int used = claim(partition, slot, hash, group, (options & URGENT) != 0, nowNs);
    if (used == Partition.NONE) {
      counters.increment(SyncCounter.TABLE_FULL);
      return PublishResult.TABLE_FULL;
    }
    record[Row.GENERATION] = generation;
    record[Row.TIMES] = 0; // ages: now
    long meta = TableRows.meta(exclusion, group, authority.nodeId());
    long version = authority.termNumber(group) << 32 | 1;
    rows.beginOwn(partition, used, record, meta, version, nowNs);
    if (exclusion != 0) {
      boolean told =
          slot == used && sink.onEnd(this, partition, used, (options & URGENT) != 0, nowNs);
      return told ? PublishResult.QUEUED : PublishResult.STORED;
    }
    return queued(
        sink.onChange(this, partition, used, ColumnGroup.WHOLE, (options & URGENT) != 0, nowNs));
  }

  /** Where an entry of this group begins: never in the slot of another group's. */
  private int claim(
      Partition partition, int slot, long hash, int group, boolean urgent, long nowNs) {
    if (slot == Partition.NONE || Row.group(partition.slab(slot), partition.row(slot)) == group) {
      return rows.claim(partition, slot, hash);
    }
    if (!partition.hasRoom()) {
      return Partition.NONE;
    }
    rows.leave(partition, slot, urgent, nowNs);
    return rows.claim(partition, Partition.NONE, hash);
  }

  private PublishResult update(
      Partition partition, int slot, long[] record, int exclusion, int options, long nowNs) {
    long[] slab = partition.slab(slot);
    int row = partition.row(slot);
    int group = Row.group(slab, row);
    boolean holds = authority.holds(group);
    boolean turned = !rules.sameDirections(slab, row, record, 0);
    int holderGroups =
        holds && !turned ? ColumnGroup.HOLDER | ColumnGroup.NAT | ColumnGroup.OFFSETS : 0;
    long term = authority.termNumber(group);
    int changed = rows.change(partition, slot, record, holderGroups, term, nowNs);
    if (rows.addCounters(partition, slot, record, 0, turned)) {
      partition.setTouched(slot); // the counters travel with the next usage, whatever else is owed
    }
    int keptBack = Row.exclusion(slab, row);
    if (holds) {
      if ((options & WITHDRAW) != 0 && exclusion != 0 && keptBack == 0) {
        rows.setExclusion(partition, slot, exclusion);
        boolean told = sink.onEnd(this, partition, slot, (options & URGENT) != 0, nowNs);
        return told ? PublishResult.QUEUED : PublishResult.STORED;
      }
      if (keptBack != 0 && exclusion != keptBack) {
        boolean isReturning = exclusion == 0 && sink.wasSpokenOf(this, partition, slot);
        if (isReturning && !renew(partition, slot)) {
          return PublishResult.STORED; // the next publish asks again
        }
        rows.setExclusion(partition, slot, exclusion);
        keptBack = exclusion;
        changed = exclusion == 0 ? ColumnGroup.WHOLE : changed;
      }
    }
    if (changed == 0 || keptBack != 0) {
      return PublishResult.STORED;
    }
    return queued(sink.onChange(this, partition, slot, changed, (options & URGENT) != 0, nowNs));
  }

  /**
   * What a peer was told of, and was kept back since, is backed up under a new generation: of the former one the peer's facts may still be
   * on their way, and the peer has ended it. Answers false if there is none to give.
   */
  private boolean renew(Partition partition, int slot) {
    long generation = authority.nextGeneration();
    if (generation == 0) {
      return false;
    }
    rows.renew(partition, slot, generation, authority.nodeId());
    sink.onNewSlot(this, partition, slot, false);
    return true;
  }

  private static PublishResult queued(boolean newlyOwed) {
    return newlyOwed ? PublishResult.QUEUED : PublishResult.ABSORBED;
  }

  /** Ends the entry with the record's key, if this member holds its group, or keeps the entry back and no other member has it. */
  public PublishResult remove(long[] record, int options, long nowNs) {
    return remove(record, hash(record, Row.PAYLOAD), Partition.NONE, options, nowNs);
  }

  /** The same for a key whose {@link #hash} is known, and perhaps its slot, as for {@link #publish}. */
  public PublishResult remove(long[] record, long hash, int slotHint, int options, long nowNs) {
    if (authority.isClosed()) {
      return PublishResult.CLOSED;
    }
    Partition partition = partitions[partitionOf(hash)];
    partition.lock();
    try {
      int slot = slotOf(partition, record, hash, slotHint);
      if (slot == Partition.NONE || !Row.isLive(partition.slab(slot), partition.row(slot))) {
        return PublishResult.NO_ENTRY;
      }
      boolean holds = authority.holds(Row.group(partition.slab(slot), partition.row(slot)));
      if (!holds && !isHereAlone(partition, slot)) {
        return PublishResult.NOT_HOLDER;
      }
      rows.end(partition, slot);
      if (holds && sink.onEnd(this, partition, slot, (options & URGENT) != 0, nowNs)) {
        return PublishResult.QUEUED;
      }
      // what is in flight to a peer whose debt was dropped would be owed again when its connection
      // ends
      sink.onNewSlot(this, partition, slot, true);
      rows.free(partition, slot);
      return PublishResult.STORED;
    } finally {
      partition.unlock();
    }
  }

  /** The entry is kept back, and no peer has it: none ever heard of it, or each has acknowledged its end. */
  private boolean isHereAlone(Partition partition, int slot) {
    return Row.exclusion(partition.slab(slot), partition.row(slot)) != 0
        && !sink.mayBeElsewhere(this, partition, slot);
  }

  /**
   * Copies the live entry with the record's key into the row buffer.
   *
   * @param record holds the key at its payload
   * @param rowOut receives the row ({@link TableSpec#rowWords()} words)
   */
  public boolean lookup(long[] record, long[] rowOut) {
    return findLive(record, hash(record, Row.PAYLOAD), rowOut) != Partition.NONE;
  }

  /** The same for a key whose {@link #hash} is known. Answers the entry's slot, or {@link Partition#NONE}. */
  public int findLive(long[] record, long hash, long[] rowOut) {
    int slot = reader.find(partitions[partitionOf(hash)], record, (int) hash, rowOut);
    return slot == TableReader.NOT_FOUND ? Partition.NONE : slot;
  }

  /**
   * Counts a packet of the entry with the record's key and keeps it alive; owed to the peers within a second or so.
   *
   * @param reverse the packet's direction
   * @return false: no such entry
   */
  public boolean touch(long[] record, boolean reverse, long packets, long bytes, long nowNs) {
    return touch(record, hash(record, Row.PAYLOAD), reverse, packets, bytes, nowNs);
  }

  /** The same for a key whose {@link #hash} is known. */
  public boolean touch(
      long[] record, long hash, boolean reverse, long packets, long bytes, long nowNs) {
    PublishChecks.checkCounts(packets, bytes);
    Partition partition = partitions[partitionOf(hash)];
    int slot = reader.find(partition, record, (int) hash, null);
    if (slot == TableReader.NOT_FOUND) {
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
   * Takes the record's sequence hints; they travel with the next usage of the entry, and cause none.
   *
   * @return false: no such entry
   */
  public boolean hint(long[] record, long hash) {
    Partition partition = partitions[partitionOf(hash)];
    int slot = reader.find(partition, record, (int) hash, null);
    if (slot == TableReader.NOT_FOUND) {
      return false;
    }
    rows.hint(partition, slot, record[Row.HINTS]);
    return true;
  }

  /**
   * Copies the first live entry found under a secondary hash that the filter accepts.
   *
   * @param filter judges a consistent copy of a row
   */
  public boolean lookupSecondary(long hash, RowFilter filter, long[] rowOut) {
    HashIndex segment = secondary.segment(hash);
    return reader.findSecondary(segment, (int) hash, filter, HashIndex.NONE, rowOut);
  }

  /** A consistent copy of a live row; false if it is not live. Not under the partition's lock. */
  public boolean copyLive(Partition partition, int slot, long[] rowOut) {
    return reader.copyLive(partition, slot, rowOut);
  }

  /** This member's and all peers' shares of one counter (0 to 3) of a row that was looked up. */
  public long totalCounter(long[] row, int counter) {
    return rows.total(row, 0, counter);
  }

  /**
   * Another live entry has the NAT binding of a received record. Under the lock of the key's partition; the duty cycle's.
   *
   * @param slot of the entry that the record would replace, or {@link Partition#NONE}
   */
  public boolean isBindingElsewhere(Partition partition, int slot, long[] record, int at) {
    return secondaryKeys.isBindingElsewhere(partition, slot, record, at);
  }

  /** Claims slabs ahead of need, a few partitions a call. Answers how many were claimed. */
  public int claimAhead(int fromPartition, int count) {
    int claimed = 0;
    for (int i = 0; i < count; i++) {
      claimed += partitions[(fromPartition + i) % PARTITIONS].claimAhead() ? 1 : 0;
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
