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
 *   bits 17..30   sync number
 *   bit  31       plain: the acknowledgement of its frame settles it, nobody looks at it for that
 *   bits 32..63   last frame (its serial's low 32 bits, {@link InFlight})
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
  static final int MAX_SYNC = 0x3FFF;
  static final long PLAIN = 1L << 31;

  /** No group's sync number, so always stale. */
  static final int NEVER = 0;

  static final long SYNC = (long) MAX_SYNC << SYNC_SHIFT;

  /** Owed to an introduced peer when it is not certain what arrived. */
  static final long ALL_VALUES = ColumnGroup.WHOLE | ColumnGroup.USAGE;

  private PeerMarks() {}

  static long fresh(int sync) {
    return (long) sync << SYNC_SHIFT;
  }

  /** Not as {@link #fresh} left it but for the sync number, which others change. */
  static boolean wasSpokenOf(long mark) {
    return (mark & ~SYNC) != 0;
  }

  static int sync(long mark) {
    return (int) ((mark & SYNC) >>> SYNC_SHIFT);
  }

  /** Under another number the peer's handle of before is worth nothing. */
  static long withSync(long mark, int sync) {
    return sync(mark) == sync ? mark : mark & ~(SYNC | INTRODUCED) | (long) sync << SYNC_SHIFT;
  }

  /** Since the mark was written a group changed its holder or the peer began a new life. */
  static boolean isStale(long mark, int sync) {
    return sync(mark) != sync;
  }

  /** A stale mark reads as perhaps known: somebody else may have given the peer this entry. */
  static boolean isKnown(long mark, int sync) {
    return isStale(mark, sync) || (mark & (KNOWN | IN_FLIGHT)) != 0;
  }

  /** The same by this member's own word, or it owes the end: of an entry that it kept back nobody else has told. */
  static boolean mayBeThere(long mark) {
    return (mark & (KNOWN | IN_FLIGHT | ColumnGroup.KEY)) != 0;
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

  /** What the acknowledgement of its frame makes of a plain mark. */
  static long acknowledged(long mark) {
    return landed(mark) | INTRODUCED;
  }

  static boolean isPlain(long mark) {
    return (mark & PLAIN) != 0;
  }

  /** Not in flight any longer, whatever became of the frame. */
  static long landed(long mark) {
    return mark & ~(IN_FLIGHT | PLAIN);
  }

  /** The serial of the record's last frame, its low 32 bits. */
  static int frame(long mark) {
    return (int) (mark >>> 32);
  }

  /** The peer refused the record in its present life and in the present term. */
  static boolean isRefused(long mark, int sync) {
    return !isStale(mark, sync) && (mark & REFUSAL) != 0;
  }

  /** The peer refused the record at some time; a candidate's mark stays stale until it is accepted. */
  static boolean hasRefusal(long mark) {
    return (mark & REFUSAL) != 0;
  }

  /** The peer had no room for the record at some time. */
  static boolean isFull(long mark) {
    return (mark & REFUSAL) == (long) (Settlement.FULL + 1) << REFUSAL_SHIFT;
  }

  static long refused(long mark, int reason) {
    return landed(mark) & ~(REFUSAL | DIRTY) | (long) (reason + 1) << REFUSAL_SHIFT;
  }

  /** This frame is the record's last (protocol, rule 2): only its acknowledgement settles the record. */
  static boolean isLastFrame(long mark, long frame) {
    return frame(mark) == (int) frame;
  }

  /** The record's last frame is this one or one before. Within two thousand million frames, then serials come round. */
  static boolean isUpTo(long mark, long serial) {
    return (int) serial - frame(mark) >= 0;
  }

  static long inFlight(long mark, long frame) {
    return mark & ~(DIRTY | REFUSAL | PLAIN | 0xFFFFFFFF_00000000L) | IN_FLIGHT | frame << 32;
  }
}
