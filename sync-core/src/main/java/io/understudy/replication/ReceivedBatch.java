package io.understudy.replication;

import io.understudy.delta.SeenMarks;
import io.understudy.delta.TableDelta;
import io.understudy.table.HotTable;
import io.understudy.table.Partition;
import io.understudy.table.RecordRules;
import io.understudy.table.Row;
import io.understudy.table.TableRows;
import io.understudy.wire.RecordSchema;

/**
 * The batch whose records are being merged: where it comes from, what its records say, and the rows they meet.
 *
 * <p>Shape: one object, filled anew for each batch. A record begins at an index of {@link #records} ({@link RecordSchema}).
 *
 * <p>Thread: the duty cycle; rows under the partition's lock.
 */
final class ReceivedBatch {
  Inbound from;
  HotTable table;
  int tableIndex;
  Partition partition;
  int group;
  long termNumber;
  long epoch;
  long nowNs;
  long[] records;
  SeenMarks seen;

  /** The slot that the record being applied went to. */
  int appliedTo;

  /** The column groups a record carries. */
  int present(int at) {
    return (int) records[at + RecordSchema.HEAD] & 0xFFFF;
  }

  long generation(int at) {
    return records[at + Row.GENERATION];
  }

  int creator(int at) {
    return (int) (records[at + RecordSchema.HEAD] >>> 16) & 0xFFFF;
  }

  /** The record goes on as this member's. */
  void creator(int at, int node) {
    long head = records[at + RecordSchema.HEAD];
    records[at + RecordSchema.HEAD] = head & ~(0xFFFFL << 16) | (long) node << 16;
  }

  /** Of the record's holder's values: term number (high 32) and version (low 32). */
  long version(int at) {
    return termNumber << 32 | records[at + RecordSchema.HEAD] >>> 32;
  }

  TableRows rows() {
    return table.rows();
  }

  RecordRules rules() {
    return table.spec().rules();
  }

  /** What the sender is owed of this table. */
  TableDelta delta() {
    return from.delta().table(tableIndex);
  }

  long[] slab(int slot) {
    return partition.slab(slot);
  }

  int row(int slot) {
    return partition.row(slot);
  }

  boolean isLive(int slot) {
    return Row.isLive(slab(slot), row(slot));
  }

  /** The group of the entry that stands here, which need not be the sender's. */
  int groupOf(int slot) {
    return Row.group(slab(slot), row(slot));
  }

  /** The record's generation against the row's. */
  int compareGeneration(int slot, int at) {
    long[] slab = slab(slot);
    int row = row(slot);
    int byCounter = Long.compare(generation(at), Row.generation(slab, row));
    return byCounter != 0 ? byCounter : Integer.compare(creator(at), Row.creator(slab, row));
  }
}
