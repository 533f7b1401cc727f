package io.understudy.testkit.check;

import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.understudy.testkit.SimCluster;
import io.understudy.testkit.SimFailure;
import io.understudy.testkit.SimSettings;
import io.understudy.testkit.sim.Death;
import org.junit.jupiter.api.Test;

class FaultNewsTest {
  private static final long MS = 1_000_000;

  private final SimCluster sim = new SimCluster(1, SimSettings.of(2, 1, 1, 1_024));

  @Test
  void peerThatDiesAndComesBackIsToldOfOnce() {
    CheckedSteps.start(sim);
    FaultNews news = new FaultNews(sim);
    sim.node(2).kill(Death.RESET);
    CheckedSteps.run(sim, news, 30_000 * MS);
    sim.node(2).start();
    CheckedSteps.run(sim, news, 5_000 * MS);

    news.check(sim);
  }

  @Test
  void loopThatDiesIsToldOf() {
    CheckedSteps.start(sim);
    sim.node(2).failLoop();

    CheckedSteps.run(sim, new FaultNews(sim), 100 * MS);
  }

  @Test
  void peerThatIsGoneThoughNobodyWasToldIsFound() {
    CheckedSteps.start(sim);
    sim.node(2).kill(Death.RESET);
    sim.runFor(1_000 * MS);
    sim.node(1).forgetToldFaults();

    SimFailure failure =
        assertThrows(
            SimFailure.class, () -> CheckedSteps.run(sim, new FaultNews(sim), 30_000 * MS));
    assertTrue(failure.getMessage().contains("nobody was told"), failure.getMessage());
  }

  @Test
  void endWithoutABeginIsFound() {
    CheckedSteps.start(sim);
    sim.node(2).kill(Death.RESET);
    sim.runFor(1_000 * MS);
    sim.node(1).forgetToldFaults();
    sim.node(2).start();

    SimFailure failure =
        assertThrows(SimFailure.class, () -> CheckedSteps.run(sim, new FaultNews(sim), 5_000 * MS));
    assertTrue(failure.getMessage().contains("had not begun"), failure.getMessage());
  }

  @Test
  void faultThatGoesOnAtRestIsFound() {
    CheckedSteps.start(sim);
    sim.node(2).kill(Death.RESET);
    sim.runFor(1_000 * MS);

    assertThrows(SimFailure.class, () -> new FaultNews(sim).check(sim));
  }
}
