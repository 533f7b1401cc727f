package io.understudy.wire;

/**
 * One column of a table's records: where its value lies in a record's words and how it travels.
 *
 * @param field field number in the table's columns message
 * @param name the field's name there
 * @param group the {@link ColumnGroup} bit it belongs to
 * @param word index of the word in the record
 * @param shift position of the lowest bit in that word
 * @param bits width, 1 to 64
 * @param encoding how it is written
 */
public record Column(
    int field, String name, int group, int word, int shift, int bits, ColumnEncoding encoding) {
  public Column {
    if (bits < 1 || shift < 0 || shift + bits > 64) {
      throw new IllegalArgumentException(
          "column " + name + ": " + bits + " bits at " + shift + " do not fit a word of 64");
    }
  }

  /** The value's mask before shifting. */
  public long mask() {
    return bits == 64 ? -1L : (1L << bits) - 1;
  }
}
