package io.understudy.testkit.check;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.understudy.testkit.SimCluster;
import io.understudy.testkit.SimFailure;
import io.understudy.testkit.SimSettings;
import org.junit.jupiter.api.Test;

class BoundedTest {
  private static final long MS = 1_000_000;
  private static final int CAPACITY = 1_024;
  private static final int SESSIONS = CAPACITY / 4;

  private final SimSettings settings = SimSettings.of(2, 1, 1, CAPACITY);
  private final SimCluster sim = new SimCluster(1, settings);
  private final Sessions sessions = new Sessions(sim);

  @Test
  void burstToAPeerThatIsCutOffStaysWithinTheWindow() {
    burstIntoACut(new Bounded(settings));
  }

  @Test
  void bytesAboveTheWindowAreFound() {
    Bounded narrow = new Bounded(100, Long.MAX_VALUE);

    SimFailure failure = assertThrows(SimFailure.class, () -> burstIntoACut(narrow));

    assertEquals("Bounded", failure.promise());
  }

  @Test
  void tombstonesThatTheUpkeepDropsInTimeAreLetPass() {
    endManyInACut(new Bounded(settings));
  }

  @Test
  void tombstonesThatStayAreFound() {
    Bounded strict = new Bounded(Integer.MAX_VALUE, -1);

    SimFailure failure = assertThrows(SimFailure.class, () -> endManyInACut(strict));

    assertEquals("Bounded", failure.promise());
  }

  private void burstIntoACut(Bounded checker) {
    CheckedSteps.start(sim);
    sim.network().faults().cutAll(1, 2);
    for (int i = 0; i < SESSIONS; i++) {
      sessions.publish(i);
    }
    CheckedSteps.run(sim, checker, 200 * MS);
  }

  private void endManyInACut(Bounded checker) {
    CheckedSteps.start(sim);
    for (int i = 0; i < SESSIONS; i++) {
      sessions.publish(i);
    }
    CheckedSteps.run(sim, checker, 200 * MS);
    sim.network().faults().cutAll(1, 2);
    for (int i = 0; i < SESSIONS; i++) {
      sessions.end(i);
    }
    CheckedSteps.run(sim, checker, 200 * MS);
  }
}
