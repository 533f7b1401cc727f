package io.understudy.testkit.check;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.understudy.testkit.SimCluster;
import io.understudy.testkit.SimFailure;
import org.junit.jupiter.api.Test;

class ConvergenceTest {
  private static final long MS = 1_000_000;

  private final SimCluster sim = new SimCluster(1, 2, 1, 1, 4_096);
  private final Sessions sessions = new Sessions(sim);

  @Test
  void membersThatHaveTheSameConverge() {
    CheckedSteps.start(sim);
    sessions.publish(1);
    sim.runFor(100 * MS);

    Convergence.check(sim);
  }

  @Test
  void sessionThatOneMemberLacksIsFound() {
    CheckedSteps.start(sim);
    sim.network().faults().cutAll(1, 2);
    sessions.publish(1);
    sim.runFor(100 * MS);

    fails();
  }

  @Test
  void countersThatWereToldConverge() {
    CheckedSteps.start(sim);
    sessions.publish(1);
    sessions.touch(1);
    sim.runFor(3_000 * MS);

    Convergence.check(sim);
  }

  @Test
  void countersThatWereNotToldAreFound() {
    CheckedSteps.start(sim);
    sessions.publish(1);
    sim.runFor(3_000 * MS);
    sessions.touch(1);

    fails();
  }

  private void fails() {
    SimFailure failure = assertThrows(SimFailure.class, () -> Convergence.check(sim));
    assertEquals("Convergence", failure.promise());
  }
}
