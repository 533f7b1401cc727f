package io.understudy.backup;

import java.time.Duration;

/**
 * When a scope switches itself to quick mode and back. A <i>sign</i> is a reply that another member
 * reports to have no session for, or a touch of a session by a member that does not hold it.
 *
 * @param enabled off by default
 * @param window 1 s to 1 min, default 5 s: the time in which signs are counted
 * @param quickAt 1 to 1,000,000, default 20: so many signs in a window turn quick mode on
 * @param calmBelow 1 to {@code quickAt}, default 2: a window with fewer signs is calm. Well below
 *     {@code quickAt}, or the mode flutters
 * @param calmFor one window to 1 h, default 5 min: so long all windows must be calm before quick
 *     mode is turned off
 */
public record AdaptiveConfig(
    boolean enabled, Duration window, int quickAt, int calmBelow, Duration calmFor) {
  private static final Duration MIN_WINDOW = Duration.ofSeconds(1);
  private static final Duration MAX_WINDOW = Duration.ofMinutes(1);
  private static final Duration MAX_CALM = Duration.ofHours(1);
  private static final int MAX_SIGNS = 1_000_000;

  /** The default; below the limits, which its constructor needs. */
  public static final AdaptiveConfig OFF =
      new AdaptiveConfig(false, Duration.ofSeconds(5), 20, 2, Duration.ofMinutes(5));

  public AdaptiveConfig {
    check("window", window, MIN_WINDOW, MAX_WINDOW);
    check("quickAt", quickAt, 1, MAX_SIGNS);
    check("calmBelow", calmBelow, 1, quickAt);
    check("calmFor", calmFor, window, MAX_CALM);
  }

  /** The defaults, turned on. */
  public static AdaptiveConfig on() {
    return new AdaptiveConfig(true, OFF.window, OFF.quickAt, OFF.calmBelow, OFF.calmFor);
  }

  private static <T extends Comparable<T>> void check(String name, T value, T min, T max) {
    if (value.compareTo(min) < 0 || value.compareTo(max) > 0) {
      throw new IllegalArgumentException(
          "backup.adaptive." + name + " of " + value + " is outside " + min + ".." + max);
    }
  }
}
