package io.understudy;

import io.understudy.wire.InputLimit;
import io.understudy.wire.WireFormatException;

/**
 * How far a number that only ever counts up is moved on one peer's word.
 *
 * <p>Generations and term numbers are the greatest heard of plus one, they are stored, and they have an end. So one forged number near
 * that end would be kept by every member, beyond restarts, and leave nothing above it. Members that were away, or lost their disk,
 * rightly hear of large steps; but what counts something has a rate, and this bounds it: a headroom that is larger than any absence, and
 * what can be counted since. In the upper half of the range the headroom is small, so that not even a peer that lies in each life of
 * this member gets to the end.
 *
 * <p>Units: {@code nowNs} is the node's clock. Thread: the duty cycle. Errors: {@link WireFormatException} with what was said, the
 * limit and what to do.
 */
final class JumpLimit {
  private static final long SECOND_NS = 1_000_000_000L;

  private final String what;
  private final long headroom;
  private final long upperHeadroom;
  private final long upperHalf;
  private final long perSecond;

  /** The greatest that was believed. */
  private long reached;

  private long spent;
  private long spentNs = Long.MIN_VALUE;

  JumpLimit(
      String what, InputLimit headroom, InputLimit upperHeadroom, InputLimit perSecond, long last) {
    this.what = what;
    this.headroom = headroom.high();
    this.upperHeadroom = upperHeadroom.high();
    this.perSecond = perSecond.high();
    upperHalf = last / 2;
  }

  /** The clock of generations, as a peer tells it. */
  static JumpLimit ofGenerations() {
    return new JumpLimit(
        "generation",
        InputLimit.GENERATION_JUMP,
        InputLimit.GENERATION_JUMP_UPPER,
        InputLimit.GENERATIONS_A_SECOND,
        InputLimit.GENERATION.high());
  }

  /** The numbers of one group's terms, as a peer tells them. */
  static JumpLimit ofTerms() {
    return new JumpLimit(
        "term number",
        InputLimit.TERM_JUMP,
        InputLimit.TERM_JUMP_UPPER,
        InputLimit.TERMS_A_SECOND,
        InputLimit.TERM_NUMBER.high());
  }

  /** How often a peer's clock makes this member store another bound. */
  static JumpLimit ofStores() {
    return new JumpLimit(
        "number of bounds stored for a peer's generations",
        InputLimit.CLOCK_STORES,
        InputLimit.CLOCK_STORES,
        InputLimit.CLOCK_STORES_A_SECOND,
        Long.MAX_VALUE);
  }

  long reached() {
    return reached;
  }

  /**
   * Believes it or refuses it.
   *
   * @param own where this member itself stands
   */
  void check(long said, long own, long nowNs) throws WireFormatException {
    long base = Math.max(own, reached);
    if (said <= base) {
      return;
    }
    recover(nowNs);
    long room = (base < upperHalf ? headroom : upperHeadroom) - spent;
    if (said - base > room) {
      throw new WireFormatException(
          what
              + " "
              + said
              + " is "
              + (said - base)
              + " above all that was heard here, "
              + base
              + "; at most "
              + Math.max(0, room)
              + " more are believed now. If the peer is right, this member's store is not: give it a copy of the peer's");
    }
    spent += said - base;
    reached = said;
  }

  private void recover(long nowNs) {
    if (spentNs != Long.MIN_VALUE) {
      long seconds = (nowNs - spentNs) / SECOND_NS;
      spent = seconds > spent / perSecond ? 0 : spent - seconds * perSecond;
      spentNs += seconds * SECOND_NS;
    } else {
      spentNs = nowNs;
    }
  }
}
