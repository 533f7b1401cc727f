package io.understudy.tables.session;

import io.understudy.table.Row;

/**
 * Look-ups that found nothing, kept to be asked again: for each place the key, and the SCTP tag if one was sought.
 *
 * <p>Shape: the words of all places in one array, claimed at once. Thread: the owner's; allocates nothing after construction.
 */
final class SavedLookups {
  private final SessionTable table;
  private final SessionRecord probe;
  private final int keyWords;
  private final int placeWords;
  private final long[] words;

  SavedLookups(SessionTable table, int places) {
    this.table = table;
    probe = table.newRecord();
    keyWords = probe.layout.keyWords;
    placeWords = keyWords + 2; // and the tag, and its ends
    words = new long[places * placeWords];
  }

  /** Keeps what the record's last look-ups asked for. */
  void save(int place, SessionRecord asked) {
    int at = place * placeWords;
    System.arraycopy(asked.words, Row.PAYLOAD, words, at, keyWords);
    words[at + keyWords] = asked.match.soughtTag();
    words[at + keyWords + 1] = asked.match.soughtEnds();
  }

  /** Asks again, and answers whether the session is there by now. */
  boolean isThere(int place) {
    int at = place * placeWords;
    probe.clear();
    System.arraycopy(words, at, probe.words, Row.PAYLOAD, keyWords);
    if (table.lookup(probe)) {
      return true;
    }
    int tag = (int) words[at + keyWords];
    long ends = words[at + keyWords + 1];
    return tag != 0
        && table.lookupTag(
            probe, (int) (ends >>> 32), (int) (ends >>> 16) & 0xFFFF, (int) ends & 0xFFFF, tag);
  }
}
