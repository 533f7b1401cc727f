package io.understudy.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Short simulations under faults on fixed seeds; every checker of {@code testkit.check} looks on. */
class SimulationSeedsTest {
  private static final int PER_BLOCK = 20;

  @ParameterizedTest(name = "{0} and the 19 seeds after it")
  @ValueSource(longs = {1, 21, 41, 61, 81, 101, 121, 141, 161, 181, 201, 221})
  void everyPromiseHoldsUnderTheFaultsOfTheSeed(long first) {
    for (long seed = first; seed < first + PER_BLOCK; seed++) {
      SimReport report = SimRun.of(seed);
      assertFalse(report.isFailed(), report::toString);
    }
  }

  /** Each broke a promise once; what its life was then may have changed with the draw. */
  @ParameterizedTest
  @ValueSource(
      longs = {
        284,
        677,
        698,
        714,
        726,
        783,
        9402014,
        9700195,
        9710583,
        23003976,
        23007257,
        23024421,
        23508017,
        23518915,
        23519747,
        23600070,
        23611982,
        23711454,
        24002733,
        24003189,
        24012406,
        24019241,
        24107929,
        26004542,
        26004610,
        26004649,
        26007195,
        26009146,
        28003166,
        32002456,
        32003412,
        33014707,
        33015820,
        33021849,
        34019142,
        41001466,
        42002064,
        42004819,
        43042156,
        235460771439L
      })
  void seedThatOnceBrokeAPromiseKeepsThemAll(long seed) {
    SimReport report = SimRun.of(seed);
    assertFalse(report.isFailed(), report::toString);
  }

  @ParameterizedTest
  @ValueSource(longs = {23, 60})
  void simulationRepeatsExactlyFromItsSeed(long seed) {
    assertEquals(SimRun.of(seed), SimRun.of(seed));
  }
}
