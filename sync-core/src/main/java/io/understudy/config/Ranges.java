package io.understudy.config;

import java.time.Duration;

/** Checks of settings, with messages that name setting, value and range. */
final class Ranges {
  private Ranges() {}

  static void check(String setting, Duration value, Duration low, Duration high) {
    if (value.compareTo(low) < 0 || value.compareTo(high) > 0) {
      throw new IllegalArgumentException(
          setting + " is " + text(value) + ", allowed are " + text(low) + " to " + text(high));
    }
  }

  /** In milliseconds where that is exact and short. */
  private static String text(Duration value) {
    boolean whole = value.toNanosPart() % 1_000_000 == 0;
    return whole && value.abs().toDays() < 365 ? value.toMillis() + " ms" : value.toString();
  }

  static void check(String setting, long value, long low, long high) {
    if (value < low || value > high) {
      throw new IllegalArgumentException(
          setting + " is " + value + ", allowed are " + low + " to " + high);
    }
  }
}
