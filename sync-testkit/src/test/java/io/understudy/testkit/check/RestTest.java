package io.understudy.testkit.check;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.understudy.testkit.SimCluster;
import io.understudy.testkit.SimFailure;
import io.understudy.testkit.SimSettings;
import io.understudy.testkit.gen.SessionGen;
import io.understudy.testkit.gen.TrafficGen;
import io.understudy.testkit.sim.PathSettings;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class RestTest {
  private static final long MS = 1_000_000;

  private final SimCluster sim = new SimCluster(1, SimSettings.of(2, 1, 1, 1_024));

  @Test
  void nodeThatClosesBehindACutIsNotTurnedInVain() {
    closesBehindACut(new Rest(sim));
  }

  @Test
  void holderThatGivesUpIsNotTurnedInVainUntilItsLastBatchIsOver() {
    Rest checker = new Rest(sim);
    CheckedSteps.start(sim);
    CheckedSteps.run(sim, checker, 500 * MS);
    sim.network().faults().cutAll(1, 2);
    CheckedSteps.run(sim, checker, 1_500 * MS);
    sim.network().faults().heal(1, 2, 0);
    CheckedSteps.run(sim, checker, 1_000 * MS);
  }

  @Test
  void nodeBehindAFullLinkIsNotTurnedInVain() {
    PathSettings slow = PathSettings.DEFAULT.withDelay(10 * MS, 0).withBuffers(1, 1);
    SimCluster narrow =
        new SimCluster(
            1,
            new SimSettings(
                3, 1, 1, List.of(1_024, 1_024, 1_024), 1 << 17, Duration.ofSeconds(2), slow));
    TrafficGen traffic = new TrafficGen(1, new SessionGen(1, 100), 0);
    Rest checker = new Rest(narrow);
    narrow.start();
    traffic.begin();
    for (int i = 0; i < 1_000; i++) {
      traffic.step(narrow);
      CheckedSteps.run(narrow, checker, 3 * MS);
    }
  }

  @Test
  void nodeThatIsTurnedMoreOftenIsFound() {
    SimFailure failure =
        assertThrows(SimFailure.class, () -> closesBehindACut(new Rest(sim, 1, 800)));

    assertEquals("Rest", failure.promise());
  }

  @Test
  void nodeThatSaysMoreThanThereIsNewsIsFound() {
    SimFailure failure =
        assertThrows(SimFailure.class, () -> closesBehindACut(new Rest(sim, 1_000, 1)));

    assertEquals("Rest", failure.promise());
  }

  /** What it owes cannot be acknowledged, so it waits for its limit. */
  private void closesBehindACut(Rest checker) {
    Sessions sessions = new Sessions(sim);
    CheckedSteps.start(sim);
    CheckedSteps.run(sim, checker, 500 * MS);
    sim.network().faults().cutAll(1, 2);
    sessions.publish(1);
    sim.node(1).close();
    CheckedSteps.run(sim, checker, 1_500 * MS);
  }
}
