package io.understudy.track;

import java.util.Arrays;

/**
 * How long a session of each timeout class may be idle.
 *
 * <p>Shape: immutable; {@link #with} makes a changed copy. Members of a cluster need the same
 * table: a record carries the code of its class, not the seconds.
 * <p>Units: seconds, 1 to 10 days.
 * <p>Thread: any.
 */
public final class Timeouts {
  /** The first of the codes that the embedder may give its own classes, up to 255. */
  public static final int FIRST_OWN_CODE = 128;

  /** Ten days. */
  public static final int MAX_SECONDS = 864_000;

  private static final int CODES = 256;
  private static final long NS_PER_SECOND = 1_000_000_000L;
  private static final Timeouts DEFAULTS = new Timeouts(defaultSeconds());

  private final int[] secondsByCode;

  private Timeouts(int[] secondsByCode) {
    this.secondsByCode = secondsByCode;
  }

  public static Timeouts defaults() {
    return DEFAULTS;
  }

  /** These timeouts with another one for a class. */
  public Timeouts with(TimeoutClass timeoutClass, int seconds) {
    return replaced(timeoutClass.code(), seconds, timeoutClass.name());
  }

  /** These timeouts with a class of the embedder's own, for example for sessions of one service. */
  public Timeouts withOwn(int code, int seconds) {
    if (code < FIRST_OWN_CODE || code >= CODES) {
      throw new IllegalArgumentException(
          "timeout class " + code + " is outside " + FIRST_OWN_CODE + ".." + (CODES - 1));
    }
    return replaced(code, seconds, Integer.toString(code));
  }

  /** The class has a timeout: the codes that a peer sends are not to be trusted. */
  public boolean isKnown(int code) {
    return code >= 0 && code < CODES && secondsByCode[code] != 0;
  }

  /**
   * The timeout of a session: of the class that its record names, of its state's where it names none (0) or one that means nothing
   * here.
   */
  public int seconds(int code, SessionState state) {
    return secondsByCode[isKnown(code) ? code : state.timeoutClass().code()];
  }

  /**
   * The same for a session that may have a translation: where its state's class decides, at least what that asks for.
   *
   * @param translated it has a NAT binding
   */
  public int seconds(int code, SessionState state, boolean translated) {
    int seconds = seconds(code, state);
    boolean ofState = !isKnown(code) || code == state.timeoutClass().code();
    return translated && ofState
        ? Math.max(seconds, state.timeoutClass().translatedSeconds())
        : seconds;
  }

  /** The same in nanoseconds. */
  public long nanos(int code, SessionState state, boolean translated) {
    return seconds(code, state, translated) * NS_PER_SECOND;
  }

  /** No timeout of any session is shorter. */
  public long shortestNanos() {
    int shortest = MAX_SECONDS;
    for (int code = 0; code < secondsByCode.length; code++) {
      shortest = isKnown(code) ? Math.min(shortest, secondsByCode[code]) : shortest;
    }
    return shortest * NS_PER_SECOND;
  }

  /** The timeout of a class of the library's. */
  public int seconds(TimeoutClass timeoutClass) {
    return secondsByCode[timeoutClass.code()];
  }

  private Timeouts replaced(int code, int seconds, String name) {
    if (seconds < 1 || seconds > MAX_SECONDS) {
      throw new IllegalArgumentException(
          "timeout " + name + " of " + seconds + " s is outside 1.." + MAX_SECONDS);
    }
    int[] copy = secondsByCode.clone();
    copy[code] = seconds;
    return new Timeouts(copy);
  }

  private static int[] defaultSeconds() {
    int[] seconds = new int[CODES];
    for (TimeoutClass timeoutClass : TimeoutClass.values()) {
      seconds[timeoutClass.code()] = timeoutClass.defaultSeconds();
    }
    return seconds;
  }

  @Override
  public boolean equals(Object object) {
    return object instanceof Timeouts other && Arrays.equals(secondsByCode, other.secondsByCode);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(secondsByCode);
  }
}
