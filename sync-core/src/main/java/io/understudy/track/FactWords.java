package io.understudy.track;

/**
 * The facts of a session as the session table stores them: three longs, in which they only ever
 * grow.
 *
 * <pre>
 *   word 0   forward ISN (high 32) | reverse ISN (low 32)
 *   word 1   forward FIN (high 32) | reverse FIN (low 32)
 *   word 2   forward options (22, at 42) | reverse options (22, at 20) | forward bits (10, at 10) | reverse bits (10, at 0)
 *
 *   options  MSS (16, at 6) | window scale (4, at 2; 15 = none) | SACK (at 1) | time stamps (at 0); 0 = no SYN seen
 * </pre>
 *
 * ISN is the initial sequence number of that direction's SYN, or the tag that it announced in INIT
 * or INIT-ACK. FIN is the sequence number just after that direction's FIN; SCTP keeps there former
 * tags: of the association that a restart replaces, or of an INIT-ACK to which another one followed. The bits are those of {@link TcpState}, {@link
 * SctpState}, {@link IcmpState} and {@link FlowState}; in all of them {@link #OPENING} is what the
 * first packet of a direction sets.
 *
 * <p><b>Merging.</b> Bits are united, every value becomes the larger one (unsigned). Within a
 * generation a value is either 0 or what every member saw, except options of a repeated SYN that
 * offers less, of which the larger stand. So merging is commutative, associative and idempotent,
 * whatever arrives.
 *
 * <p>Thread: whichever owns the array, in the table under the partition's lock.
 */
public final class FactWords {
  /** Longs of a fact set. */
  public static final int WORDS = 3;

  /**
   * What the first packet of a direction sets: SYN, INIT, the first packet of a connectionless
   * flow.
   */
  public static final int OPENING = 1;

  /** Bits per direction. */
  public static final int BITS = 10;

  /** Bits of the options per direction. */
  public static final int OPTION_BITS = 22;

  /** In the answer of {@link #merge}: the bits of a direction. */
  public static final int CHANGED_BITS = 1;

  /** In the answer of {@link #merge}: ISN or options of the forward direction. */
  public static final int CHANGED_FORWARD_OPENING = 1 << 1;

  /** In the answer of {@link #merge}: ISN or options of the reverse direction. */
  public static final int CHANGED_REVERSE_OPENING = 1 << 2;

  /** In the answer of {@link #merge}: FIN of the forward direction. */
  public static final int CHANGED_FORWARD_FIN = 1 << 3;

  /** In the answer of {@link #merge}: FIN of the reverse direction. */
  public static final int CHANGED_REVERSE_FIN = 1 << 4;

  static final int BITS_MASK = (1 << BITS) - 1;
  static final int OPTIONS_MASK = (1 << OPTION_BITS) - 1;
  static final int FORWARD_OPTIONS_SHIFT = 2 * BITS + OPTION_BITS;
  static final int REVERSE_OPTIONS_SHIFT = 2 * BITS;

  private static final long ALL_BITS = (1L << 2 * BITS) - 1;

  private FactWords() {}

  /** Packs the options of a SYN. */
  public static int options(int mss, int windowScale, boolean sack, boolean timestamps) {
    return (mss & 0xFFFF) << 6 | (windowScale & 0xF) << 2 | (sack ? 2 : 0) | (timestamps ? 1 : 0);
  }

  /** The MSS in packed options. */
  public static int mss(int options) {
    return options >>> 6;
  }

  /** The window scale in packed options, 15: none offered. */
  public static int windowScale(int options) {
    return options >>> 2 & 0xF;
  }

  /** SACK was permitted. */
  public static boolean hasSack(int options) {
    return (options & 2) != 0;
  }

  /** Time stamps were offered. */
  public static boolean hasTimestamps(int options) {
    return (options & 1) != 0;
  }

  /**
   * Accumulates the facts at {@code from[fromAt]} into those at {@code into[at]}. Answers what
   * grew, 0: nothing.
   */
  public static int merge(long[] into, int at, long[] from, int fromAt) {
    long isns = maxHalves(into[at], from[fromAt]);
    long fins = maxHalves(into[at + 1], from[fromAt + 1]);
    long rest = mergeBitsAndOptions(into[at + 2], from[fromAt + 2]);
    int changed = changes(into, at, isns, fins, rest);
    into[at] = isns;
    into[at + 1] = fins;
    into[at + 2] = rest;
    return changed;
  }

  /**
   * Turns the facts round, for a join of two sessions whose creators saw opposite directions first.
   */
  public static void swapDirections(long[] words, int at) {
    words[at] = words[at] << 32 | words[at] >>> 32;
    words[at + 1] = words[at + 1] << 32 | words[at + 1] >>> 32;
    long rest = words[at + 2];
    words[at + 2] =
        word2(
            (int) (rest >>> REVERSE_OPTIONS_SHIFT) & OPTIONS_MASK,
            (int) (rest >>> FORWARD_OPTIONS_SHIFT) & OPTIONS_MASK,
            (int) rest & BITS_MASK,
            (int) (rest >>> BITS) & BITS_MASK);
  }

  /**
   * The session is nothing but an opening, or two that crossed, and nobody has answered: two
   * creators that each saw one of them mean one session.
   */
  public static boolean isOpeningOnly(long[] words, int at) {
    long bits = words[at + 2] & ALL_BITS;
    return bits != 0 && (bits & ~((long) OPENING << BITS | OPENING)) == 0;
  }

  /** No packet was seen. */
  public static boolean isEmpty(long[] words, int at) {
    return (words[at + 2] & ALL_BITS) == 0;
  }

  /** The bits of the forward direction. */
  public static int forwardBits(long[] words, int at) {
    return (int) (words[at + 2] >>> BITS) & BITS_MASK;
  }

  /** The bits of the reverse direction. */
  public static int reverseBits(long[] words, int at) {
    return (int) words[at + 2] & BITS_MASK;
  }

  /** ISN of the forward direction's SYN, or its SCTP tag. */
  public static int forwardIsn(long[] words, int at) {
    return (int) (words[at] >>> 32);
  }

  /** ISN of the reverse direction's SYN, or its SCTP tag. */
  public static int reverseIsn(long[] words, int at) {
    return (int) words[at];
  }

  /** Number after the forward direction's FIN, or its former SCTP tag. */
  public static int forwardFin(long[] words, int at) {
    return (int) (words[at + 1] >>> 32);
  }

  /** Number after the reverse direction's FIN, or its former SCTP tag. */
  public static int reverseFin(long[] words, int at) {
    return (int) words[at + 1];
  }

  static long word2(int forwardOptions, int reverseOptions, int forwardBits, int reverseBits) {
    return (long) forwardOptions << FORWARD_OPTIONS_SHIFT
        | (long) reverseOptions << REVERSE_OPTIONS_SHIFT
        | (long) forwardBits << BITS
        | reverseBits;
  }

  static int maxUnsigned(int a, int b) {
    return Integer.compareUnsigned(a, b) >= 0 ? a : b;
  }

  private static int changes(long[] into, int at, long isns, long fins, long rest) {
    long isnChange = into[at] ^ isns;
    long finChange = into[at + 1] ^ fins;
    long restChange = into[at + 2] ^ rest;
    if ((isnChange | finChange | restChange) == 0) {
      return 0;
    }
    boolean forward = isnChange >>> 32 != 0 || restChange >>> FORWARD_OPTIONS_SHIFT != 0;
    boolean reverse =
        (int) isnChange != 0 || (restChange >>> REVERSE_OPTIONS_SHIFT & OPTIONS_MASK) != 0;
    return ((restChange & ALL_BITS) != 0 ? CHANGED_BITS : 0)
        | (forward ? CHANGED_FORWARD_OPENING : 0)
        | (reverse ? CHANGED_REVERSE_OPENING : 0)
        | (finChange >>> 32 != 0 ? CHANGED_FORWARD_FIN : 0)
        | ((int) finChange != 0 ? CHANGED_REVERSE_FIN : 0);
  }

  private static long maxHalves(long a, long b) {
    long high = Math.max(a >>> 32, b >>> 32);
    long low = Math.max(a & 0xFFFFFFFFL, b & 0xFFFFFFFFL);
    return high << 32 | low;
  }

  private static long mergeBitsAndOptions(long a, long b) {
    long forward = Math.max(a >>> FORWARD_OPTIONS_SHIFT, b >>> FORWARD_OPTIONS_SHIFT);
    long reverse =
        Math.max(
            a >>> REVERSE_OPTIONS_SHIFT & OPTIONS_MASK, b >>> REVERSE_OPTIONS_SHIFT & OPTIONS_MASK);
    return forward << FORWARD_OPTIONS_SHIFT | reverse << REVERSE_OPTIONS_SHIFT | (a | b) & ALL_BITS;
  }
}
