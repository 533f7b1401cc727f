package io.understudy.testkit.check;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.understudy.testkit.SimCluster;
import io.understudy.testkit.SimFailure;
import org.junit.jupiter.api.Test;

class NoWrongHandleTest {
  private static final long MS = 1_000_000;

  private final SimCluster sim = new SimCluster(1, 2, 1, 1, 4_096);
  private final Sessions sessions = new Sessions(sim);
  private final RowWatch checker = new RowWatch(sim, new NoWrongHandle());

  @Test
  void sessionsWithTheSignatureOfTheirKeyAreRight() {
    CheckedSteps.start(sim);
    sessions.publish(1);
    sessions.publish(2);

    CheckedSteps.run(sim, checker, 100 * MS);
  }

  @Test
  void valuesOfAnotherSessionAreFound() {
    CheckedSteps.start(sim);
    sessions.publish(1, 0x12340000);

    SimFailure failure = assertThrows(SimFailure.class, () -> checker.afterStep(sim));

    assertEquals("NoWrongHandle", failure.promise());
  }
}
