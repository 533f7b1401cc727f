package io.understudy;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.understudy.wire.InputLimit;
import io.understudy.wire.WireFormatException;
import org.junit.jupiter.api.Test;

class JumpLimitTest {
  private static final long SECOND = 1_000_000_000L;
  private static final long YEAR = 365L * 24 * 3_600 * SECOND;

  private final JumpLimit terms = JumpLimit.ofTerms();
  private final JumpLimit generations = JumpLimit.ofGenerations();
  private final JumpLimit stores = JumpLimit.ofStores();

  @Test
  void whatIsNotAboveWhatIsKnownCostsNothing() {
    for (int i = 0; i < 1_000; i++) {
      assertDoesNotThrow(() -> terms.check(Integer.MAX_VALUE, Integer.MAX_VALUE, 0));
    }
    assertDoesNotThrow(() -> terms.check(InputLimit.TERM_JUMP.high(), 0, 0));
  }

  /** A new member, or one whose disk was lost, meets a cluster that is years old. */
  @Test
  void aJumpAtTheLimitIsBelievedAndOneBeyondIsNamed() {
    long most = InputLimit.GENERATION_JUMP.high();

    assertEquals(
        "generation 18014398509481991 is 18014398509481985 above all that was heard here, 6; at most 18014398509481984 more"
            + " are believed now. If the peer is right, this member's store is not: give it a copy of the peer's",
        refusal(() -> generations.check(6 + most + 1, 6, 0)));
    assertDoesNotThrow(() -> generations.check(6 + most, 6, 0));
    refusal(() -> generations.check(6 + most + 1, 6, 0));
  }

  @Test
  void manySmallJumpsAreOneLargeOne() {
    long most = InputLimit.TERM_JUMP.high();
    for (int i = 1; i <= 16; i++) {
      long said = i * most / 16;
      assertDoesNotThrow(() -> terms.check(said, 0, 0));
    }

    refusal(() -> terms.check(most + 1, 0, 0));
    refusal(() -> terms.check(most + 1, 0, SECOND - 1));
    assertDoesNotThrow(() -> terms.check(most + InputLimit.TERMS_A_SECOND.high(), 0, SECOND));
    refusal(() -> terms.check(most + InputLimit.TERMS_A_SECOND.high() + 1, 0, SECOND));
  }

  /** Ten million sessions a second, told once a second, for as long as one likes. */
  @Test
  void whatCanBeCountedIsAlwaysBelieved() {
    long said = 0;
    for (long nowNs = 0; nowNs < YEAR; nowNs += 1_000 * SECOND) {
      long next = said += 1_000 * 8_000_000_000L;
      long at = nowNs;
      assertDoesNotThrow(() -> generations.check(next, 0, at));
    }
  }

  /** A peer that lies as much as it can, in each life of this member, one a minute. */
  @Test
  void theEndIsNotReachedInAHundredLivesNorInYearsOfLies() throws WireFormatException {
    long own = 0;
    for (int life = 0; life < 100; life++) {
      own = lie(JumpLimit.ofTerms(), own, 60 * SECOND);
    }
    assertTrue(own < InputLimit.TERM_NUMBER.high() - (1L << 31), own + " after 100 lives");

    own = lie(JumpLimit.ofTerms(), 0xF000_0000L, 0);
    assertEquals(0xF000_0000L + InputLimit.TERM_JUMP_UPPER.high(), own);

    own = lie(JumpLimit.ofGenerations(), 0, 5 * YEAR);
    assertTrue(own < InputLimit.GENERATION.high() / 2, own + " after 5 years");
  }

  private static long lie(JumpLimit limit, long from, long forNs) {
    long own = from;
    long nowNs = 0;
    while (nowNs <= forNs) {
      long step = 1L << 62;
      while (step > 0) {
        long said = own + step;
        try {
          limit.check(said, own, nowNs);
          own = said;
        } catch (WireFormatException e) {
          step /= 2;
        }
      }
      nowNs += Math.max(SECOND, forNs / 1_000);
    }
    return own;
  }

  /** Each bound that is stored waits for the disk on the duty cycle's thread. */
  @Test
  void storesThatAPeerCausesAreBounded() {
    for (long i = 1; i <= InputLimit.CLOCK_STORES.high(); i++) {
      long count = i;
      assertDoesNotThrow(() -> stores.check(count, 0, 0));
    }

    refusal(() -> stores.check(InputLimit.CLOCK_STORES.high() + 1, 0, 0));
    assertDoesNotThrow(() -> stores.check(InputLimit.CLOCK_STORES.high() + 1, 0, SECOND));
  }

  private static String refusal(org.junit.jupiter.api.function.Executable check) {
    return assertThrows(WireFormatException.class, check).getMessage();
  }
}
