package io.understudy.config;

import java.time.Duration;

/** Checks of settings, with messages that name setting, value and range. */
final class Ranges {
  private Ranges() {}

  static void check(String setting, Duration value, Duration low, Duration high) {
    if (value.compareTo(low) < 0 || value.compareTo(high) > 0) {
      throw new IllegalArgumentException(
          setting
              + " is "
              + value.toMillis()
              + " ms, allowed are "
              + low.toMillis()
              + " to "
              + high.toMillis()
              + " ms");
    }
  }

  static void check(String setting, long value, long low, long high) {
    if (value < low || value > high) {
      throw new IllegalArgumentException(
          setting + " is " + value + ", allowed are " + low + " to " + high);
    }
  }
}
