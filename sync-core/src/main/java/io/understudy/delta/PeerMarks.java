package io.understudy.delta;

import io.understudy.wire.ColumnGroup;

/**
 * What one peer knows and is owed of one record, in a word.
 *
 * <pre>
 *   bits  0..10   dirty: the column groups owed ({@link ColumnGroup}); KEY: the whole record, or its end
 *   bit  11       known: the peer may hold the entry
 *   bit  12       introduced: the peer has the handle
 *   bit  13       in flight: last frame is not acknowledged
 *   bits 14..16   refusal reason + 1, 0: not refused
 *   bits 17..31   sync number
 *   bits 32..63   last frame (its low 32 bits)
 * </pre>
 */
final class PeerMarks {
  static final long DIRTY = 0x7FF;
  static final long KNOWN = 1L << 11;
  static final long INTRODUCED = 1L << 12;
  static final long IN_FLIGHT = 1L << 13;
  static final int REFUSAL_SHIFT = 14;
  static final long REFUSAL = 7L << REFUSAL_SHIFT;
  static final int SYNC_SHIFT = 17;
  static final int MAX_SYNC = 0x7FFF;

  /** No group's sync number, so always stale: the slot's group changed, and the peer acknowledged nothing of the new one. */
  static final int OTHER_GROUP = 0;

  static final long SYNC = (long) MAX_SYNC << SYNC_SHIFT;

  /** Owed to an introduced peer when it is not certain what arrived. */
  static final long ALL_VALUES = ColumnGroup.WHOLE | ColumnGroup.USAGE;

  private PeerMarks() {}

  static long fresh(int sync) {
    return (long) sync << SYNC_SHIFT;
  }

  static int sync(long mark) {
    return (int) ((mark & SYNC) >>> SYNC_SHIFT);
  }

  static boolean isOfOtherGroup(long mark) {
    return sync(mark) == OTHER_GROUP;
  }

  static long withSync(long mark, int sync) {
    return mark & ~SYNC | (long) sync << SYNC_SHIFT;
  }

  /** Since the mark was written a group changed its holder or the peer began a new life. */
  static boolean isStale(long mark, int sync) {
    return sync(mark) != sync;
  }

  /** A stale mark reads as perhaps known: somebody else may have given the peer this entry. */
  static boolean isKnown(long mark, int sync) {
    return isStale(mark, sync) || (mark & (KNOWN | IN_FLIGHT)) != 0;
  }

  static boolean isIntroduced(long mark, int sync) {
    return !isStale(mark, sync) && (mark & INTRODUCED) != 0;
  }

  static boolean isDirty(long mark) {
    return (mark & DIRTY) != 0;
  }

  /** Dirty with more than usage, which a flush does not wait for. */
  static boolean isStateDirty(long mark) {
    return (mark & DIRTY & ~ColumnGroup.USAGE) != 0;
  }

  static boolean isInFlight(long mark) {
    return (mark & IN_FLIGHT) != 0;
  }

  /** The peer refused the record in its present life and in the present term. */
  static boolean isRefused(long mark, int sync) {
    return !isStale(mark, sync) && (mark & REFUSAL) != 0;
  }

  /** The peer refused the record at some time; a candidate's mark stays stale until it is accepted. */
  static boolean hasRefusal(long mark) {
    return (mark & REFUSAL) != 0;
  }

  static int refusalReason(long mark) {
    return (int) ((mark & REFUSAL) >>> REFUSAL_SHIFT) - 1;
  }

  static long refused(long mark, int reason) {
    return mark & ~(REFUSAL | DIRTY | IN_FLIGHT) | (long) (reason + 1) << REFUSAL_SHIFT;
  }

  /** This frame is the record's last (protocol, rule 2): only its acknowledgement settles the record. */
  static boolean isLastFrame(long mark, long frame) {
    return (int) (mark >>> 32) == (int) frame;
  }

  static long inFlight(long mark, long frame) {
    return mark & ~(DIRTY | REFUSAL | 0xFFFFFFFF_00000000L) | IN_FLIGHT | frame << 32;
  }
}
