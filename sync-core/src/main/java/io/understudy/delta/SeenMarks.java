package io.understudy.delta;

import io.understudy.table.HotTable;
import io.understudy.table.TableSpec;
import java.util.Arrays;

/**
 * Which entries of one table and group the group's holder has spoken of, in the present epoch and term: what a bulk sync
 * does not sweep (protocol, rule 11).
 *
 * <p>Shape: for each partition one bit a slot, and the epoch and term they belong to; bits of another epoch or term read as
 * cleared.
 *
 * <p>Thread: the duty cycle.
 */
public final class SeenMarks {
  private final long[][] bits = new long[HotTable.PARTITIONS][];
  private final long[] epochs = new long[HotTable.PARTITIONS];
  private final long[] terms = new long[HotTable.PARTITIONS];
  private final int words;

  public SeenMarks(TableSpec spec) {
    words = (spec.partitionCapacity() + 63) / 64;
  }

  /** The holder spoke of the entry. */
  public void set(int partition, int slot, long epoch, long term) {
    long[] partitionBits = bits[partition];
    if (partitionBits == null) {
      partitionBits = new long[words];
      bits[partition] = partitionBits;
    }
    if (epochs[partition] != epoch || terms[partition] != term) {
      Arrays.fill(partitionBits, 0);
      epochs[partition] = epoch;
      terms[partition] = term;
    }
    partitionBits[slot >>> 6] |= 1L << slot;
  }

  public boolean isSet(int partition, int slot, long epoch, long term) {
    return bits[partition] != null
        && epochs[partition] == epoch
        && terms[partition] == term
        && (bits[partition][slot >>> 6] >>> slot & 1) != 0;
  }

  /** The next walk of this partition begins with nothing seen. */
  public void clear(int partition) {
    if (bits[partition] != null) {
      Arrays.fill(bits[partition], 0);
    }
  }
}
