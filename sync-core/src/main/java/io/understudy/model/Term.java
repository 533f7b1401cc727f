package io.understudy.model;

/**
 * One reign over a group: a number and the member that holds the group in it.
 *
 * <p>Terms are ordered by number, then by node; {@link #NONE} is below all others.
 *
 * @param number rises with each takeover, 0 to 2^32 - 1
 * @param node the holder's node id, 0 in {@link #NONE}
 */
public record Term(long number, int node) implements Comparable<Term> {
  /** Before any takeover. */
  public static final Term NONE = new Term(0, 0);

  /** Versions of holder's values carry it in 32 bits. */
  public static final long MAX_NUMBER = 0xFFFFFFFFL;

  public Term {
    if (number < 0 || number > MAX_NUMBER) {
      throw new IllegalArgumentException("term number " + number + " is outside 0.." + MAX_NUMBER);
    }
  }

  /** The number so far above another one, or the largest there is. */
  public static long plus(long number, long more) {
    return Math.min(MAX_NUMBER, number + more);
  }

  @Override
  public int compareTo(Term other) {
    int byNumber = Long.compare(number, other.number);
    return byNumber != 0 ? byNumber : Integer.compare(node, other.node);
  }

  @Override
  public String toString() {
    return number + "@" + node;
  }
}
