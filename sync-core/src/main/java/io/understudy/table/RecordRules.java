package io.understudy.table;

/**
 * What the engine must know about one table's payload. Offsets named {@code row} and {@code record} point at word 0 of a
 * row in a slab and of a staged record; payload words have the same place in both ({@link Row#PAYLOAD} and on).
 *
 * <p>Thread: whichever holds the partition's lock; implementations keep no state and allocate nothing.
 */
public interface RecordRules {
  /** Accumulates the record's facts into the row. Answers the {@link io.understudy.wire.ColumnGroup} bits that changed. */
  int mergeFacts(long[] slab, int row, long[] record, int at);

  /**
   * Replaces the holder's values named by {@code groups}; with {@code KEY} among them also which end is the originator. Answers the
   * groups whose values differed; {@code KEY}: the directions are turned, and the caller turns the counters.
   */
  int replaceHolderValues(long[] slab, int row, long[] record, int at, int groups);

  /** Orders two sets of holder's values with the same version, so that every member keeps the same one. */
  int compareHolderValues(long[] slab, int row, long[] record, int at);

  /** The groups in which the row holds anything: what an introduction carries beside its key. */
  int wholeGroups(long[] slab, int row);

  /**
   * Two creators opened this key at once: the record and the row are the same session and may be joined (protocol, rule
   * 6): same first sequence number or tag, crossed openings, or no conflict of bindings where there are none.
   */
  boolean joins(long[] slab, int row, long[] record, int at);

  /** Row and record call the same end the originator, so that their counters can be compared. */
  boolean sameDirections(long[] slab, int row, long[] record, int at);

  /** A record without its key calls the same end the originator as the row does. */
  void takeDirections(long[] slab, int row, long[] record, int at);

  /** The record's key is one that an entry of this table can have: what no publish writes is damaged, or of another table. */
  boolean isOfTable(long[] record, int at);

  /** Both began with the same packet: same first sequence number or tag. */
  boolean sameOpening(long[] slab, int row, long[] record, int at);

  /**
   * Further hashes under which the row is found (reply tuple, SCTP tags); only the low 32 bits and the top 8 count. That of its
   * binding comes first.
   *
   * @param out receives them, at most {@link SecondaryIndex#MAX_KEYS}; {@link SecondaryIndex#SCRATCH} more words are for building
   *     keys
   * @return how many
   */
  int secondaryHashes(HotTable table, long[] slab, int row, long[] out);

  /** The row and the other row claim the same NAT binding (reply tuple). */
  boolean sameBinding(long[] slab, int row, long[] otherSlab, int otherRow);

  /** The record, which has a NAT binding, has another one than the row, or the row has none. */
  boolean isOtherBinding(long[] slab, int row, long[] record, int at);

  /** The row has a NAT binding. */
  boolean hasBinding(long[] slab, int row);
}
