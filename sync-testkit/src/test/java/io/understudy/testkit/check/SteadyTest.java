package io.understudy.testkit.check;

import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.understudy.testkit.SimCluster;
import io.understudy.testkit.SimFailure;
import io.understudy.testkit.SimSettings;
import org.junit.jupiter.api.Test;

class SteadyTest {
  private static final long MS = 1_000_000;

  private final SimCluster sim = new SimCluster(1, SimSettings.of(2, 1, 1, 1_024));

  @Test
  void holderThatGoesOnIsSteady() {
    CheckedSteps.start(sim);

    CheckedSteps.run(sim, new Steady(sim), 10_000 * MS);
  }

  @Test
  void holderThatSleepsUntilItsRightIsOverIsFound() {
    CheckedSteps.start(sim);
    Steady steady = new Steady(sim);
    sim.node(1).pause();

    SimFailure failure =
        assertThrows(SimFailure.class, () -> CheckedSteps.run(sim, steady, 2_000 * MS));
    assertTrue(failure.getMessage().contains("decides no longer"), failure.getMessage());
  }
}
