package io.understudy.table;

import io.understudy.wire.RecordSchema;

/**
 * Declares a hot table.
 *
 * @param schema the columns of its records
 * @param keyWords words of the key, at the beginning of the payload
 * @param payloadWords words of the payload
 * @param rules what its payload means
 * @param capacity entries it is made for, 16 to 64,000,000; a partition may hold a little more than its part, and at least ten
 * @param peerSlots how many peers it is backed up to at most, 1 to 7
 */
public record TableSpec(
    RecordSchema schema,
    int keyWords,
    int payloadWords,
    RecordRules rules,
    int capacity,
    int peerSlots) {
  private static final int MIN_CAPACITY = 16;
  private static final int MAX_CAPACITY = 64_000_000;

  public TableSpec {
    if (capacity < MIN_CAPACITY || capacity > MAX_CAPACITY) {
      throw new IllegalArgumentException(
          "table "
              + schema.name()
              + ": capacity "
              + capacity
              + " is outside "
              + MIN_CAPACITY
              + ".."
              + MAX_CAPACITY);
    }
    if (peerSlots < 1 || peerSlots > 7) {
      throw new IllegalArgumentException(
          "table " + schema.name() + ": peerSlots " + peerSlots + " is outside 1..7");
    }
  }

  /** Words of a row in a slab. */
  public int rowWords() {
    return Row.PAYLOAD + payloadWords + Row.AFTER_PAYLOAD + (1 + Row.COUNTER_WORDS) * peerSlots;
  }

  /** Where in a row the peers' marks begin. */
  int marksAt() {
    return Row.PAYLOAD + payloadWords + 1;
  }

  /** Entries one partition may hold: its part and six standard deviations of an even spread. */
  public int partitionCapacity() {
    double part = (double) capacity / HotTable.PARTITIONS;
    return (int) Math.ceil(part + 6 * Math.sqrt(part)) + 8;
  }

  public int number() {
    return schema.table();
  }

  public String name() {
    return schema.name();
  }
}
