package io.understudy.backup;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class AdaptiveModeTest {
  private static final long SECOND = 1_000_000_000L;

  private final AdaptiveMode mode =
      new AdaptiveMode(
          new AdaptiveConfig(true, Duration.ofSeconds(5), 20, 2, Duration.ofSeconds(60)));

  @Test
  void enoughSignsInOneWindowTurnQuickModeOnAtOnce() {
    assertFalse(mode.onSigns(19, 0));
    assertFalse(mode.isQuick());

    assertTrue(mode.onSigns(1, 4 * SECOND));
    assertTrue(mode.isQuick());
    assertFalse(mode.onSigns(100, 4 * SECOND));
  }

  @Test
  void signsOfDifferentWindowsAreNotAddedUp() {
    for (int window = 0; window < 100; window++) {
      assertFalse(mode.onSigns(19, window * 5 * SECOND));
    }
  }

  @Test
  void onlyCalmForLongEnoughTurnsItOff() {
    mode.onSigns(20, 0);
    for (int second = 1; second < 300; second++) {
      assertFalse(mode.onSigns(second % 5 == 0 ? 2 : 0, second * SECOND));
    }

    long calmSince = 300;
    for (long second = calmSince; second < calmSince + 60; second++) {
      assertFalse(mode.run(second * SECOND), "at " + second);
    }
    boolean changed = false;
    for (long second = calmSince + 60; second <= calmSince + 70; second++) {
      changed |= mode.run(second * SECOND);
    }
    assertTrue(changed);
    assertFalse(mode.isQuick());
  }

  @Test
  void fewSignsPerWindowAreCalm() {
    mode.onSigns(20, 0);
    boolean changed = false;
    for (int window = 1; window <= 14; window++) {
      changed |= mode.onSigns(1, window * 5 * SECOND);
    }

    assertTrue(changed);
  }

  @Test
  void longSleepCountsAsCalm() {
    mode.onSigns(20, 0);

    assertTrue(mode.run(1_000 * SECOND));
    assertFalse(mode.isQuick());
  }

  @Test
  void clockMayBeNegativeAndWrap() {
    long start = Long.MAX_VALUE - 2 * SECOND;

    assertTrue(mode.onSigns(20, start));
    assertFalse(mode.run(start + 10 * SECOND));
    assertTrue(mode.isQuick());
    assertTrue(mode.run(start + 100 * SECOND));
  }

  @Test
  void turnedOffItNeverSwitches() {
    AdaptiveMode off = new AdaptiveMode(AdaptiveConfig.OFF);

    assertFalse(off.onSigns(1_000_000, SECOND));
    assertFalse(off.isQuick());
  }
}
