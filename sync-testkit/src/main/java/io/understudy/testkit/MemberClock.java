package io.understudy.testkit;

import io.understudy.runtime.NanoClock;

/**
 * A member's own clock: the simulation's with an offset, and a little faster or slower.
 *
 * <p>Units: nanoseconds; the rate in millionths.
 */
final class MemberClock implements NanoClock {
  /** A time beyond this never comes. */
  private static final long NEVER_NS = Long.MAX_VALUE / 2;

  private static final int STEP = 1_000;

  /** So little is counted one by one. */
  private static final int NEAR = 4;

  private final NanoClock real;
  private final long offsetNs;
  private final int ppm;

  MemberClock(NanoClock real, long offsetNs, int ppm) {
    if (ppm < -STEP || ppm > STEP) {
      throw new IllegalArgumentException("a clock that is off by " + ppm + " millionths is none");
    }
    this.real = real;
    this.offsetNs = offsetNs;
    this.ppm = ppm;
  }

  @Override
  public long nanoTime() {
    return localNs(real.nanoTime());
  }

  /** Never goes back: in each 1,000 ns at most one is left out or added. */
  long localNs(long realNs) {
    return offsetNs + realNs + realNs / STEP * ppm / STEP;
  }

  /** The first moment of the simulation at which this clock shows that time or a later one. */
  long realNs(long localNs) {
    long at = real.nanoTime();
    if (localNs > NEVER_NS) {
      return Long.MAX_VALUE;
    }
    if (localNs <= localNs(at)) {
      return at;
    }
    long missing = localNs - localNs(at);
    for (; missing > NEAR; missing = localNs - localNs(at)) {
      at += missing - missing / STEP - 2; // not beyond it, at any rate and rounding that there is
    }
    while (localNs(at) < localNs) {
      at++;
    }
    return at;
  }
}
