package io.understudy.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MemberClockTest {
  private long realNs;

  @ParameterizedTest
  @ValueSource(ints = {-1_000, -7, 0, 1, 999, 1_000})
  void neverGoesBackAndKeepsItsRate(int ppm) {
    MemberClock clock = new MemberClock(() -> realNs, 5_000, ppm);
    long before = clock.nanoTime();
    for (realNs = 0; realNs < 10_000; realNs++) {
      long now = clock.nanoTime();
      assertTrue(now >= before && now - before <= 2);
      before = now;
    }

    realNs = 1_000_000_000_000L;

    assertEquals(5_000 + 1_000_000_000_000L + 1_000_000L * ppm, clock.nanoTime());
  }

  @ParameterizedTest
  @ValueSource(ints = {-1_000, -7, 0, 1, 1_000})
  void momentOfATimeIsTheFirstAtWhichItIsShown(int ppm) {
    MemberClock clock = new MemberClock(() -> realNs, -1_000_000_000_000L, ppm);
    for (long aheadNs = 1; aheadNs < 20_000_000_000L; aheadNs = aheadNs * 3 + 1) {
      realNs = 77_777;
      long due = clock.nanoTime() + aheadNs;

      long at = clock.realNs(due);

      realNs = at;
      assertTrue(clock.nanoTime() >= due);
      realNs = at - 1;
      assertTrue(clock.nanoTime() < due);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {-1_001, 1_001})
  void rateOutsideOneInAThousandIsRefused(int ppm) {
    assertThrows(IllegalArgumentException.class, () -> new MemberClock(() -> realNs, 0, ppm));
  }

  @ParameterizedTest
  @ValueSource(longs = {Long.MIN_VALUE, -1, 0})
  void whatIsDueIsDueNowAndNeverIsNever(long past) {
    MemberClock clock = new MemberClock(() -> realNs, 1_000_000, 1);
    realNs = 5;

    assertEquals(5, clock.realNs(past));
    assertEquals(Long.MAX_VALUE, clock.realNs(Long.MAX_VALUE));
  }
}
