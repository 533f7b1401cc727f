package io.understudy.replication;

/**
 * What becomes of a live entry and of a record of another group on the same key, at the member where they meet.
 *
 * <p>Only the holder of the entry's group ends it, so that whoever acknowledged it keeps it until that one says otherwise. Which of the two
 * stays follows from the two records alone, so that both holders come to the same.
 */
enum KeyMeeting {
  /** The entry stays; the record is refused, and its sender gets the entry. */
  STAYS,

  /** The same, and they are one session: the entry learns the record's facts. */
  STAYS_JOINED,

  /** The entry ends, and the record begins. */
  YIELDS,

  /** The same, and they are one session: the record begins with the facts of both. */
  YIELDS_JOINED,

  /** The entry is not this member's to end: the record is refused until its holder has. */
  WAITS;

  /**
   * Decides.
   *
   * @param keptBack nobody else has the entry: it is not backed up, or its holder has no room for it
   * @param holds this member holds the entry's group
   * @param senderHolds the record's sender holds the entry's group too, and has nothing else on the key
   * @param joins the two are one session
   * @param sameOpening the two began with the same packet and cannot join: the lower one stays whole
   * @param higher the record's generation is the higher one
   */
  static KeyMeeting of(
      boolean keptBack,
      boolean holds,
      boolean senderHolds,
      boolean joins,
      boolean sameOpening,
      boolean higher) {
    if (keptBack || senderHolds) {
      return YIELDS;
    }
    if (!holds) {
      return WAITS;
    }
    if (joins) {
      return higher ? YIELDS_JOINED : STAYS_JOINED;
    }
    return higher != sameOpening ? YIELDS : STAYS;
  }
}
