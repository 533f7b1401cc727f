package io.understudy.track;

import io.understudy.model.Direction;

/**
 * The facts of one session generation, unpacked: what was seen in each direction, and nothing else.
 *
 * <p>Shape: mutable and reused; {@link FactWords} is its form in a table, and says what the values
 * mean. Within a generation facts only accumulate, which is why members that saw different packets
 * agree once they have merged.
 * <p>Thread: one at a time.
 */
public final class SessionFacts {
  private int forwardIsn;
  private int reverseIsn;
  private int forwardFin;
  private int reverseFin;
  private int forwardOptions;
  private int reverseOptions;
  private int forwardBits;
  private int reverseBits;

  /** Nothing was seen: there is no session. */
  public boolean isEmpty() {
    return (forwardBits | reverseBits) == 0;
  }

  public void clear() {
    forwardIsn = 0;
    reverseIsn = 0;
    forwardFin = 0;
    reverseFin = 0;
    forwardOptions = 0;
    reverseOptions = 0;
    forwardBits = 0;
    reverseBits = 0;
  }

  /** Takes the facts at {@code words[at]}. */
  public void load(long[] words, int at) {
    forwardIsn = (int) (words[at] >>> 32);
    reverseIsn = (int) words[at];
    forwardFin = (int) (words[at + 1] >>> 32);
    reverseFin = (int) words[at + 1];
    long rest = words[at + 2];
    forwardOptions = (int) (rest >>> FactWords.FORWARD_OPTIONS_SHIFT) & FactWords.OPTIONS_MASK;
    reverseOptions = (int) (rest >>> FactWords.REVERSE_OPTIONS_SHIFT) & FactWords.OPTIONS_MASK;
    forwardBits = (int) (rest >>> FactWords.BITS) & FactWords.BITS_MASK;
    reverseBits = (int) rest & FactWords.BITS_MASK;
  }

  /** Writes the facts to {@code words[at]}, replacing what is there. */
  public void store(long[] words, int at) {
    words[at] = (long) forwardIsn << 32 | reverseIsn & 0xFFFFFFFFL;
    words[at + 1] = (long) forwardFin << 32 | reverseFin & 0xFFFFFFFFL;
    words[at + 2] = FactWords.word2(forwardOptions, reverseOptions, forwardBits, reverseBits);
  }

  /** Accumulates another fact set of the same generation. */
  public void merge(SessionFacts other) {
    forwardIsn = FactWords.maxUnsigned(forwardIsn, other.forwardIsn);
    reverseIsn = FactWords.maxUnsigned(reverseIsn, other.reverseIsn);
    forwardFin = FactWords.maxUnsigned(forwardFin, other.forwardFin);
    reverseFin = FactWords.maxUnsigned(reverseFin, other.reverseFin);
    forwardOptions = Math.max(forwardOptions, other.forwardOptions);
    reverseOptions = Math.max(reverseOptions, other.reverseOptions);
    forwardBits |= other.forwardBits;
    reverseBits |= other.reverseBits;
  }

  /** ISN of the direction's SYN, or the SCTP tag it announced; 0 while it was not seen. */
  public int isn(Direction direction) {
    return direction == Direction.FORWARD ? forwardIsn : reverseIsn;
  }

  /** The sequence number just after the direction's FIN; 0 while it was not seen. */
  public int fin(Direction direction) {
    return direction == Direction.FORWARD ? forwardFin : reverseFin;
  }

  /** The options of the direction's SYN, packed; 0 while it was not seen. */
  public int options(Direction direction) {
    return direction == Direction.FORWARD ? forwardOptions : reverseOptions;
  }

  /** What was seen in the direction, in the protocol's bits. */
  public int bits(Direction direction) {
    return direction == Direction.FORWARD ? forwardBits : reverseBits;
  }

  boolean has(Direction direction, int bit) {
    return (bits(direction) & bit) != 0;
  }

  /** Adds what was seen. Answers whether any of it is new. */
  boolean add(Direction direction, int added) {
    int before = bits(direction);
    if (direction == Direction.FORWARD) {
      forwardBits |= added;
    } else {
      reverseBits |= added;
    }
    return bits(direction) != before;
  }

  void isn(Direction direction, int value) {
    if (direction == Direction.FORWARD) {
      forwardIsn = value;
    } else {
      reverseIsn = value;
    }
  }

  void fin(Direction direction, int value) {
    if (direction == Direction.FORWARD) {
      forwardFin = value;
    } else {
      reverseFin = value;
    }
  }

  void options(Direction direction, int value) {
    if (direction == Direction.FORWARD) {
      forwardOptions = value;
    } else {
      reverseOptions = value;
    }
  }

  @Override
  public boolean equals(Object object) {
    return object instanceof SessionFacts other
        && forwardIsn == other.forwardIsn
        && reverseIsn == other.reverseIsn
        && forwardFin == other.forwardFin
        && reverseFin == other.reverseFin
        && forwardOptions == other.forwardOptions
        && reverseOptions == other.reverseOptions
        && forwardBits == other.forwardBits
        && reverseBits == other.reverseBits;
  }

  @Override
  public int hashCode() {
    int isns = 31 * forwardIsn + reverseIsn;
    int fins = 31 * forwardFin + reverseFin;
    int options = 31 * forwardOptions + reverseOptions;
    return 31 * (31 * (31 * isns + fins) + options) + (forwardBits << FactWords.BITS | reverseBits);
  }

  @Override
  public String toString() {
    return String.format(
        "forward %#x isn %d fin %d options %#x, reverse %#x isn %d fin %d options %#x",
        forwardBits,
        Integer.toUnsignedLong(forwardIsn),
        Integer.toUnsignedLong(forwardFin),
        forwardOptions,
        reverseBits,
        Integer.toUnsignedLong(reverseIsn),
        Integer.toUnsignedLong(reverseFin),
        reverseOptions);
  }
}
