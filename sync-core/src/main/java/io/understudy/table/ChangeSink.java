package io.understudy.table;

/**
 * Learns of local changes and owes them to the peers.
 *
 * <p>Thread: any, under the lock of the partition that is named.
 */
public interface ChangeSink {
  /**
   * An entry was created or changed here.
   *
   * @param groups what changed, {@link io.understudy.wire.ColumnGroup} bits
   * @return true if some peer is newly owed the entry, false if it already was
   */
  boolean onChange(
      HotTable table, Partition partition, int slot, int groups, boolean urgent, long nowNs);

  /** An entry ended, or is no longer backed up. Answers true if some peer may hold it and must be told. */
  boolean onEnd(HotTable table, Partition partition, int slot, boolean urgent, long nowNs);

  /** Some peer was told something of what began in the slot, or told it, at whatever time. */
  boolean wasSpokenOf(HotTable table, Partition partition, int slot);

  /** Some peer has the entry, or may have it. */
  boolean mayBeElsewhere(HotTable table, Partition partition, int slot);

  /** A slot begins a new generation, in place or fresh. */
  void onNewSlot(HotTable table, Partition partition, int slot, boolean fresh);
}
