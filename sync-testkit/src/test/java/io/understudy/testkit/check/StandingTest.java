package io.understudy.testkit.check;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.understudy.testkit.SimCluster;
import io.understudy.testkit.SimFailure;
import io.understudy.testkit.SimSettings;
import org.junit.jupiter.api.Test;

class StandingTest {
  private static final long MS = 1_000_000;

  private final SimCluster sim = new SimCluster(1, SimSettings.of(2, 1, 1, 1_024));
  private final Talks talks = new Talks(sim);
  private final Sessions sessions = new Sessions(sim);

  /** Records are stuck for 60 ms, while heartbeats would be fresh for 130. */
  private void publishesIntoAStall(Standing checker) {
    StepCheck both =
        cluster -> {
          talks.afterStep();
          checker.afterStep(cluster);
        };
    CheckedSteps.start(sim);
    CheckedSteps.run(sim, both, 450 * MS); // between two heartbeats
    sim.network().faults().stall(1, 2, 0, 60 * MS);
    sessions.publish(1);
    CheckedSteps.run(sim, both, 500 * MS);
  }

  @Test
  void streamThatGoesOnAfterAStallStandsNever() {
    publishesIntoAStall(new Standing(sim, talks));
  }

  @Test
  void streamInWhichNothingIsAcknowledgedForLongerIsFound() {
    SimFailure failure =
        assertThrows(
            SimFailure.class, () -> publishesIntoAStall(new Standing(sim, talks, 10 * MS)));

    assertEquals("Standing", failure.promise());
  }
}
