package io.understudy.table;

import io.understudy.wire.ColumnGroup;
import io.understudy.wire.RecordSchema;

/**
 * What can be done to one row: begin a generation, merge into it, end it, free it, copy it out.
 *
 * <p>Records are staged ones: see {@link RecordSchema} for their first words and {@link Row} for the rest. Every method
 * keeps the secondary index in step ({@link SecondaryKeys}).
 *
 * <p>Thread: the caller holds the partition's lock. Allocates nothing.
 */
public final class TableRows {
  private final HotTable table;
  private final TableSpec spec;
  private final RecordRules rules;
  private final SecondaryKeys secondary;
  private final int versionAt;
  private final int handleAt;
  private final int sharesAt;
  private final int yourSharesAt;
  private final int copyWords;

  TableRows(HotTable table, SecondaryKeys secondary) {
    this.table = table;
    this.secondary = secondary;
    spec = table.spec();
    rules = spec.rules();
    versionAt = Row.PAYLOAD + spec.payloadWords();
    handleAt = spec.marksAt() + spec.peerSlots();
    sharesAt = handleAt + 1;
    yourSharesAt = Row.PAYLOAD + spec.payloadWords();
    copyWords = Row.PAYLOAD + spec.payloadWords() - Row.GENERATION;
  }

  /**
   * Where a generation is about to begin: in the slot that has the key, or in a fresh one.
   *
   * @param slot the used slot with the key, or {@link Partition#NONE}
   * @return {@link Partition#NONE}: no room
   */
  public int claim(Partition partition, int slot, long hash) {
    return slot == Partition.NONE ? partition.claim((int) hash) : slot;
  }

  /**
   * Begins a generation that another member sent; the record's counters are not this one's.
   *
   * @param slot claimed for the record's key: a live entry's, a tombstone's or a fresh one
   * @param meta from {@link #meta}
   * @param version term number (high 32) and version (low 32) of the holder's values
   */
  public void begin(
      Partition partition, int slot, long[] record, int at, long meta, long version, long nowNs) {
    boolean fresh = vacate(partition, slot);
    long[] slab = partition.slab(slot);
    int row = partition.row(slot);
    partition.written();
    Row.beginWrite(slab, row);
    write(slab, row, record, at, meta, version, nowNs);
    clear(slab, row + Row.COUNTERS, Row.COUNTER_WORDS);
    Row.endWrite(slab, row);
    begun(partition, slot, fresh);
  }

  /** Begins a generation of this member's: the record's counters are its share. */
  void beginOwn(Partition partition, int slot, long[] record, long meta, long version, long nowNs) {
    boolean fresh = vacate(partition, slot);
    long[] slab = partition.slab(slot);
    int row = partition.row(slot);
    partition.written();
    Row.beginWrite(slab, row);
    write(slab, row, record, 0, meta, version, nowNs);
    System.arraycopy(record, Row.COUNTERS, slab, row + Row.COUNTERS, Row.COUNTER_WORDS);
    Row.endWrite(slab, row);
    begun(partition, slot, fresh);
  }

  /** What stood in the slot is over. Answers whether nothing did: it was just claimed. */
  private boolean vacate(Partition partition, int slot) {
    int state = Row.state(partition.slab(slot), partition.row(slot));
    if (state == Row.LIVE) {
      secondary.unlink(partition, slot);
    }
    return state == Row.FREE;
  }

  /** All of a generation but this member's share of the counters. */
  private void write(
      long[] slab, int row, long[] record, int at, long meta, long version, long nowNs) {
    nextIncarnation(slab, row);
    slab[row + Row.META] = meta & ~3L | slab[row + Row.META] & 3;
    System.arraycopy(record, at + Row.GENERATION, slab, row + Row.GENERATION, copyWords);
    slab[row + Row.TIMES] = Row.fromAges(record[at + Row.TIMES], nowNs);
    slab[row + Row.HINTS] = record[at + Row.HINTS];
    slab[row + versionAt] = version;
    slab[row + handleAt] = 0;
    clear(slab, row + sharesAt, Row.COUNTER_WORDS * spec.peerSlots());
  }

  private static void clear(long[] slab, int at, int words) {
    for (int i = 0; i < words; i++) {
      slab[at + i] = 0;
    }
  }

  /** The row is written: from here on it lives and is found. */
  private void begun(Partition partition, int slot, boolean fresh) {
    partition.setState(slot, Row.LIVE);
    secondary.link(partition, slot);
    table.sink().onNewSlot(table, partition, slot, fresh);
  }

  private static void nextIncarnation(long[] slab, int row) {
    long stamp = slab[row + Row.STAMP];
    slab[row + Row.STAMP] = stamp & ~0xFFFFFFFFL | (stamp + 1 & 0xFFFFFFFFL);
  }

  /** The meta word for {@link #begin}. */
  public static long meta(int exclusion, int group, int creator) {
    return Row.meta(Row.LIVE, exclusion, group, creator);
  }

  /**
   * A local change: facts accumulate, the holder's values named by {@code groups} are replaced, and the entry saw traffic. Answers
   * the groups that changed, {@link ColumnGroup#HOLDER} among them wherever a value of the holder's did.
   *
   * @param term number of the term in which the holder's values get their next version, if one of them differs
   */
  int change(Partition partition, int slot, long[] record, int groups, long term, long nowNs) {
    // once: behind each of the fences below they would be read again
    long[] slab = partition.slab(slot);
    int row = partition.row(slot);
    int before = secondary.before(partition, slab, row);
    partition.written();
    Row.beginWrite(slab, row);
    int changed = rules.mergeFacts(slab, row, record, 0);
    if (groups != 0) {
      int replaced = rules.replaceHolderValues(slab, row, record, 0, groups);
      if (replaced != 0) {
        slab[row + versionAt] = term << 32 | (slab[row + versionAt] + 1 & 0xFFFFFFFFL);
        changed |= replaced | ColumnGroup.HOLDER; // the version travels with the holder's values
      }
    }
    slab[row + Row.TIMES] = Row.withLastSeen(slab[row + Row.TIMES], nowNs);
    Row.endWrite(slab, row);
    secondary.after(partition, slot, slab, row, before);
    return changed;
  }

  /** Accumulates facts. Answers the groups that changed. */
  public int mergeFacts(Partition partition, int slot, long[] record, int at) {
    long[] slab = partition.slab(slot);
    int row = partition.row(slot);
    int before = secondary.before(partition, slab, row);
    partition.written();
    Row.beginWrite(slab, row);
    int changed = rules.mergeFacts(slab, row, record, at);
    Row.endWrite(slab, row);
    secondary.after(partition, slot, slab, row, before);
    return changed;
  }

  /** Replaces the holder's values named by {@code groups}. Answers the groups whose values differed. */
  public int replaceHolderValues(
      Partition partition, int slot, long[] record, int at, int groups, long version) {
    long[] slab = partition.slab(slot);
    int row = partition.row(slot);
    int before = secondary.before(partition, slab, row);
    partition.written();
    Row.beginWrite(slab, row);
    int changed = rules.replaceHolderValues(slab, row, record, at, groups);
    if ((changed & ColumnGroup.KEY) != 0) {
      turnCounters(slab, row);
    }
    slab[row + versionAt] = version;
    Row.endWrite(slab, row);
    secondary.after(partition, slot, slab, row, before);
    return changed;
  }

  /** The other end is the originator now: forward and reverse counters change places, everybody's. */
  private void turnCounters(long[] slab, int row) {
    swapPairs(slab, row + Row.COUNTERS);
    for (int peer = 0; peer < spec.peerSlots(); peer++) {
      swapPairs(slab, row + sharesAt + peer * Row.COUNTER_WORDS);
    }
    slab[row + Row.HINTS] = Long.rotateLeft(slab[row + Row.HINTS], 32);
  }

  private static void swapPairs(long[] slab, int at) {
    long packets = slab[at];
    long bytes = slab[at + 1];
    slab[at] = slab[at + 2];
    slab[at + 1] = slab[at + 3];
    slab[at + 2] = packets;
    slab[at + 3] = bytes;
  }

  /** Whether and why the entry is not backed up. */
  public void setExclusion(Partition partition, int slot, int exclusion) {
    long[] slab = partition.slab(slot);
    int row = partition.row(slot);
    partition.written();
    Row.beginWrite(slab, row);
    slab[row + Row.META] =
        Row.meta(Row.state(slab, row), exclusion, Row.group(slab, row), Row.creator(slab, row));
    Row.endWrite(slab, row);
  }

  /** The same session under another generation: a new slot incarnation, nothing else changes. */
  public void renew(Partition partition, int slot, long generation, int creator) {
    long[] slab = partition.slab(slot);
    int row = partition.row(slot);
    int group = Row.group(slab, row);
    partition.written();
    Row.beginWrite(slab, row);
    nextIncarnation(slab, row);
    slab[row + Row.META] = Row.meta(Row.state(slab, row), Row.exclusion(slab, row), group, creator);
    slab[row + Row.GENERATION] = generation;
    slab[row + handleAt] = 0;
    Row.endWrite(slab, row);
  }

  /** The entry saw traffic. */
  public void seen(Partition partition, int slot, long nowNs) {
    long[] slab = partition.slab(slot);
    int at = partition.row(slot) + Row.TIMES;
    Row.WORD.setOpaque(slab, at, Row.withLastSeen(slab[at], nowNs));
  }

  /** Takes the later of two last-seen times; the record has ages. */
  public void mergeTimes(Partition partition, int slot, long[] record, int at, long nowNs) {
    long[] slab = partition.slab(slot);
    int word = partition.row(slot) + Row.TIMES;
    long theirs = Row.fromAges(record[at + Row.TIMES], nowNs);
    if ((int) (theirs >>> 32) - (int) (slab[word] >>> 32) > 0) {
      Row.WORD.setOpaque(slab, word, theirs & ~0xFFFFFFFFL | slab[word] & 0xFFFFFFFFL);
    }
  }

  /** The peer's share of the counters, and its hints; absolute numbers, which only rise within a generation. */
  public void mergeShare(Partition partition, int slot, int peerSlot, long[] record, int at) {
    long[] slab = partition.slab(slot);
    int row = partition.row(slot);
    int share = row + sharesAt + peerSlot * Row.COUNTER_WORDS;
    for (int i = 0; i < Row.COUNTER_WORDS; i++) {
      long theirs = Math.min(record[at + Row.COUNTERS + i], Row.MAX_SHARE);
      slab[share + i] = Math.max(slab[share + i], theirs);
    }
    slab[row + Row.HINTS] = Row.withHints(slab[row + Row.HINTS], record[at + Row.HINTS]);
  }

  /** What this member has seen of the numbers. Not under the lock: the latest stands. */
  void hint(Partition partition, int slot, long hints) {
    long[] slab = partition.slab(slot);
    int word = partition.row(slot) + Row.HINTS;
    Row.WORD.setOpaque(slab, word, Row.withHints(slab[word], hints));
  }

  /** This member's own share as a peer remembers it: a member that restarted goes on from there (protocol, rule 17). */
  public void mergeOwnShare(Partition partition, int slot, long[] record, int at) {
    long[] slab = partition.slab(slot);
    int own = partition.row(slot) + Row.COUNTERS;
    for (int i = 0; i < Row.COUNTER_WORDS; i++) {
      long theirs = Math.min(record[at + yourSharesAt + i], Row.MAX_SHARE);
      if (theirs > slab[own + i]) { // not by the difference: of what is no share it may be any
        Row.add(slab, own + i, theirs - slab[own + i]);
      }
    }
  }

  /**
   * Adds the record's own share to this member's, and takes its hints where it has any.
   *
   * @param turned the record calls the other end the originator
   * @return true if there was anything to add
   */
  boolean addCounters(Partition partition, int slot, long[] record, int at, boolean turned) {
    long hints = record[at + Row.HINTS];
    if (hints != 0) {
      hint(partition, slot, turned ? Long.rotateLeft(hints, 32) : hints);
    }
    if (!anyNonZero(record, at + Row.COUNTERS)) {
      return false;
    }
    long[] slab = partition.slab(slot);
    int own = partition.row(slot) + Row.COUNTERS;
    int other = turned ? 2 : 0; // forward and reverse change places
    for (int i = 0; i < Row.COUNTER_WORDS; i++) {
      if (record[at + Row.COUNTERS + i] != 0) {
        Row.add(slab, own + (i ^ other), record[at + Row.COUNTERS + i]);
      }
    }
    return true;
  }

  /**
   * Copies this member's share of the counters, turned if the record calls the other end the originator.
   *
   * @return there is any
   */
  public boolean copyShare(Partition partition, int slot, long[] record, int at, long[] out) {
    long[] slab = partition.slab(slot);
    int row = partition.row(slot);
    System.arraycopy(slab, row + Row.COUNTERS, out, 0, Row.COUNTER_WORDS);
    if (!rules.sameDirections(slab, row, record, at)) {
      swapPairs(out, 0);
    }
    return anyNonZero(out, 0);
  }

  /** Adds what this member counted. */
  public void addShare(Partition partition, int slot, long[] share) {
    for (int i = 0; i < Row.COUNTER_WORDS; i++) {
      Row.add(partition.slab(slot), partition.row(slot) + Row.COUNTERS + i, share[i]);
    }
  }

  /** The entry ends; its tombstone stays until {@link #free}. */
  public void end(Partition partition, int slot) {
    secondary.unlink(partition, slot);
    partition.setState(slot, Row.DEAD);
  }

  /**
   * An entry of another group takes the key: what stands here is over. If this member held it and some peer may hold it, its tombstone
   * stays in the slot until that peer has acknowledged; the new entry begins in a slot of its own, so that each group tells its own
   * ends.
   */
  public void leave(Partition partition, int slot, boolean urgent, long nowNs) {
    boolean told = table.authority().holds(Row.group(partition.slab(slot), partition.row(slot)));
    if (Row.isLive(partition.slab(slot), partition.row(slot))) {
      end(partition, slot);
      told = told && table.sink().onEnd(table, partition, slot, urgent, nowNs);
    }
    if (told) {
      long hash = table.hash(partition.slab(slot), partition.row(slot) + Row.PAYLOAD);
      partition.unindex(slot, (int) hash);
    } else {
      table.sink().onNewSlot(table, partition, slot, true); // nothing of it is owed any longer
      free(partition, slot);
    }
  }

  /** The slot becomes free. */
  public void free(Partition partition, int slot) {
    if (Row.isLive(partition.slab(slot), partition.row(slot))) {
      secondary.unlink(partition, slot);
    }
    long hash = table.hash(partition.slab(slot), partition.row(slot) + Row.PAYLOAD);
    partition.release(slot, (int) hash);
  }

  public long version(Partition partition, int slot) {
    return partition.slab(slot)[partition.row(slot) + versionAt];
  }

  public void setVersion(Partition partition, int slot, long version) {
    partition.slab(slot)[partition.row(slot) + versionAt] = version;
  }

  /** Slot (high 32) and incarnation (low 32) at the holder, 0: none. */
  public long holderHandle(Partition partition, int slot) {
    return partition.slab(slot)[partition.row(slot) + handleAt];
  }

  public void setHolderHandle(Partition partition, int slot, long handle) {
    partition.slab(slot)[partition.row(slot) + handleAt] = handle;
  }

  /**
   * Copies a row out as a record with ages.
   *
   * @param peerSlot whose share goes into the record's last words; -1: nobody's
   */
  public void stage(
      Partition partition, int slot, long[] record, int at, int groups, int peerSlot, long nowNs) {
    long[] slab = partition.slab(slot);
    int row = partition.row(slot);
    System.arraycopy(slab, row + Row.GENERATION, record, at + Row.GENERATION, copyWords);
    record[at + RecordSchema.HANDLE] =
        (long) slot << 32 | Row.slotIncarnation(slab, row) & 0xFFFFFFFFL;
    record[at + RecordSchema.HEAD] =
        slab[row + versionAt] << 32 | (long) Row.creator(slab, row) << 16 | groups;
    // only these have ages among their columns
    if ((groups & (ColumnGroup.KEY | ColumnGroup.USAGE)) != 0) {
      record[at + Row.TIMES] = Row.ages(record[at + Row.TIMES], nowNs);
    }
    if ((groups & ColumnGroup.USAGE) != 0) {
      System.arraycopy(
          slab, row + Row.COUNTERS, record, at + Row.COUNTERS, Row.COUNTER_WORDS + 1); // and hints
    }
    if ((groups & ColumnGroup.YOUR_USAGE) != 0) {
      System.arraycopy(
          slab,
          row + sharesAt + peerSlot * Row.COUNTER_WORDS,
          record,
          at + yourSharesAt,
          Row.COUNTER_WORDS);
    }
  }

  /** The groups an introduction carries: what the row holds, and the counters where there are any. */
  public int introductionGroups(Partition partition, int slot, int peerSlot) {
    long[] slab = partition.slab(slot);
    int row = partition.row(slot);
    int groups =
        ColumnGroup.KEY | ColumnGroup.FACTS | ColumnGroup.HOLDER | rules.wholeGroups(slab, row);
    if (anyNonZero(slab, row + Row.COUNTERS)) {
      groups |= ColumnGroup.USAGE;
    }
    if (anyNonZero(slab, row + sharesAt + peerSlot * Row.COUNTER_WORDS)) {
      groups |= ColumnGroup.YOUR_USAGE;
    }
    return groups;
  }

  /** This member's and all peers' shares of one counter together. */
  long total(long[] rowWords, int row, int counter) {
    long sum = rowWords[row + Row.COUNTERS + counter];
    for (int peer = 0; peer < spec.peerSlots(); peer++) {
      sum += rowWords[row + sharesAt + peer * Row.COUNTER_WORDS + counter];
    }
    return sum;
  }

  private static boolean anyNonZero(long[] words, int from) {
    return (words[from] | words[from + 1] | words[from + 2] | words[from + 3]) != 0;
  }
}
