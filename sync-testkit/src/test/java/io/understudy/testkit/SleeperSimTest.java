package io.understudy.testkit;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.understudy.testkit.sim.Death;
import io.understudy.testkit.sim.PathSettings;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A member sleeps while the holder ends, starts again and claims alone; it had seen, or reads when it wakes, that the former life is over. */
class SleeperSimTest {
  private static final long MS = 1_000_000;
  private static final long STEP_NS = 10_000;

  /** Longer than the boot hold. */
  private static final long SLEEP_NS = 1_500 * MS;

  private final SimCluster sim =
      new SimCluster(
          1,
          new SimSettings(
              2,
              1,
              1,
              List.of(256, 256),
              1 << 17,
              Duration.ofMillis(500),
              PathSettings.DEFAULT.withDelay(5 * MS, MS)));

  @Test
  void twoNeverDecideAfterADialWasRefused() {
    start();
    sim.node(1).kill(Death.RESET);
    sim.runFor(18 * MS); // the closes are read and a dial is refused, and a claim waits for C
    assertFalse(sim.node(2).mayDecide(1));
    sim.node(2).pause();
    sim.runFor(30 * MS);

    startAgainAndWake();
  }

  @Test
  void twoNeverDecideAfterAnOrderlyEndThatIsReadLate() {
    start();
    sim.node(2).pause();
    sim.runFor(20 * MS);
    sim.node(1).close();
    sim.runFor(50 * MS);
    sim.node(1).kill(Death.CLOSED);

    startAgainAndWake();
  }

  @Test
  void twoNeverDecideAfterNearlyTheWholeSilenceWasCounted() {
    start();
    sim.node(1).kill(Death.SILENT);
    sim.runFor(480 * MS);
    sim.node(2).pause();
    sim.runFor(30 * MS);

    startAgainAndWake();
  }

  private void start() {
    sim.start();
    sim.runFor(2_000 * MS);
    assertTrue(sim.node(1).mayDecide(1));
  }

  private void startAgainAndWake() {
    sim.node(1).start();
    sim.runFor(SLEEP_NS);
    assertTrue(sim.node(1).mayDecide(1), "it claims alone");
    sim.node(2).resume();
    for (long end = sim.nowNs() + 500 * MS; sim.nowNs() < end; sim.runFor(STEP_NS)) {
      assertFalse(sim.node(1).mayDecide(1) && sim.node(2).mayDecide(1), "two decide");
    }
    assertTrue(sim.node(1).mayDecide(1) || sim.node(2).mayDecide(1));
  }
}
