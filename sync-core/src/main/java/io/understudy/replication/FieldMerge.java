package io.understudy.replication;

import io.understudy.table.Row;
import io.understudy.table.TableRows;
import io.understudy.wire.ColumnGroup;

/**
 * Merges the fields of a received record into the row of the same session, each class of fields its own way: facts accumulate, the
 * holder's values with the larger (term, version) win, shares of the counters only rise (protocol, rules 6 and 17).
 *
 * <p>Thread: the duty cycle, under the partition's lock. Allocates nothing.
 */
final class FieldMerge {
  /** What only a group's holder sets. */
  static final int HOLDER_GROUPS = ColumnGroup.HOLDER | ColumnGroup.NAT | ColumnGroup.OFFSETS;

  private FieldMerge() {}

  /**
   * Merges what the record carries.
   *
   * @param holderGroups the groups of the holder's values that the sender may speak of
   * @return the groups of facts that grew
   */
  static int mergeInto(ReceivedBatch in, int slot, int at, int present, int holderGroups) {
    TableRows rows = in.rows();
    int grown = 0;
    if ((present & ColumnGroup.WHOLE & ~HOLDER_GROUPS) != 0) {
      grown = rows.mergeFacts(in.partition, slot, in.records, at);
      if ((present & ColumnGroup.USAGE) == 0) {
        rows.seen(in.partition, slot, in.nowNs); // a state change is traffic
      }
    }
    if ((present & holderGroups & ColumnGroup.HOLDER) != 0) {
      mergeHolderValues(in, slot, at, present & holderGroups);
    }
    mergeUsage(in, slot, at, present);
    return grown;
  }

  private static void mergeHolderValues(ReceivedBatch in, int slot, int at, int present) {
    TableRows rows = in.rows();
    int order = Long.compareUnsigned(in.version(at), rows.version(in.partition, slot));
    long[] slab = in.slab(slot);
    int row = in.row(slot);
    boolean theirs =
        order > 0 || order == 0 && in.rules().compareHolderValues(slab, row, in.records, at) > 0;
    if (theirs) {
      int named = (present & ColumnGroup.KEY) != 0 ? HOLDER_GROUPS | ColumnGroup.KEY : present;
      rows.replaceHolderValues(in.partition, slot, in.records, at, named, in.version(at));
    }
  }

  /** The sender's share of the counters and what it remembers of this member's, and when the entry last saw traffic. */
  static void mergeUsage(ReceivedBatch in, int slot, int at, int present) {
    TableRows rows = in.rows();
    long[] slab = in.slab(slot);
    int row = in.row(slot);
    if ((present & ColumnGroup.KEY) != 0 && !in.rules().sameDirections(slab, row, in.records, at)) {
      return; // of a creator who has not joined yet; its counters come again as soon as it has
    }
    if ((present & ColumnGroup.USAGE) != 0) {
      rows.mergeShare(in.partition, slot, in.from.delta().peerSlot(), in.records, at);
      rows.mergeTimes(in.partition, slot, in.records, at, in.nowNs);
    }
    if ((present & ColumnGroup.YOUR_USAGE) != 0) {
      rows.mergeOwnShare(in.partition, slot, in.records, at);
    }
  }

  /**
   * This member counted more than the sender remembers of it: the sender never heard that, or heard it in the other direction.
   *
   * @param at a whole record; without this member's share it remembers none
   */
  static boolean hasMoreOwnUsage(ReceivedBatch in, int slot, int at) {
    boolean isRemembered = (in.present(at) & ColumnGroup.YOUR_USAGE) != 0;
    int share = at + Row.PAYLOAD + in.table.spec().payloadWords();
    int own = in.row(slot) + Row.COUNTERS;
    for (int i = 0; i < Row.COUNTER_WORDS; i++) {
      if (in.slab(slot)[own + i] > (isRemembered ? in.records[share + i] : 0)) {
        return true;
      }
    }
    return false;
  }
}
