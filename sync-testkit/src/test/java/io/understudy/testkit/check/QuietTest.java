package io.understudy.testkit.check;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.understudy.testkit.SimCluster;
import io.understudy.testkit.SimFailure;
import org.junit.jupiter.api.Test;

class QuietTest {
  private static final long MS = 1_000_000;

  private final SimCluster sim = new SimCluster(1, 2, 1, 1, 4_096);
  private final Sessions sessions = new Sessions(sim);

  @Test
  void membersThatSayNothingAfterwardsAreQuiet() {
    CheckedSteps.start(sim);
    sessions.publish(1);
    Quiet quiet = new Quiet(sim, sim.nowNs());
    sim.runFor(5_000 * MS);

    quiet.check(sim);
  }

  @Test
  void frameLongAfterwardsIsFound() {
    CheckedSteps.start(sim);
    sessions.publish(1);
    Quiet quiet = new Quiet(sim, sim.nowNs());
    sim.runFor(5_000 * MS);
    sessions.publish(2);
    sim.runFor(100 * MS);

    SimFailure failure = assertThrows(SimFailure.class, () -> quiet.check(sim));
    assertEquals("Quiet", failure.promise());
  }
}
