package io.understudy.table;

/**
 * An entry that came or ended by a peer's word, as it was then: a copy, which a typed table reads into a record.
 *
 * <p>Thread: the callback's; it is filled again for the next one, so that what is to be kept is read during the call.
 */
public final class EntryEvent {
  private final long[] row;
  private int table;

  /** @param rowWords words of the longest row */
  public EntryEvent(int rowWords) {
    row = new long[rowWords];
  }

  /** Number of the entry's table. */
  public int table() {
    return table;
  }

  /** Becomes this entry. */
  public void set(int number, long[] words, int at, int count) {
    table = number;
    System.arraycopy(words, at, row, 0, count);
  }

  /** Copies the row out. */
  public void copyRow(long[] into) {
    System.arraycopy(row, 0, into, 0, into.length);
  }
}
