package io.understudy.testkit.check;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.understudy.testkit.SimCluster;
import io.understudy.testkit.SimFailure;
import io.understudy.testkit.SimSettings;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** Histories of two that decide; what no right engine does is shown by a checker that asks for more than the promise. */
class SingleHolderTest {
  private static final long MS = 1_000_000;

  /** A strict checker takes a heartbeat for one in time that came so many claim times before. */
  private static final int CLAIMS = 10;

  private final SimCluster sim = new SimCluster(1, SimSettings.of(2, 1, 1, 1_024));
  private final Talks talks = new Talks(sim);

  @Test
  void twoThatDecideBehindACutAreLetPassUntilTheyMeetAgain() {
    SingleHolder checker = new SingleHolder(talks);

    splitAndMeetAgain(checker);

    assertEquals(List.of(1, 0), List.of(checker.splits(), checker.resets()));
  }

  @Test
  void twoThatDecideAfterTheyMetAgainAreFound() {
    failsIn(new SingleHolder(talks, 1, 3_000 * MS), this::splitAndMeetAgain);
  }

  @Test
  void twoThatDecideThoughAHeartbeatHadArrivedInTimeAreFound() {
    failsIn(new SingleHolder(talks, CLAIMS, 0), this::splitAndMeetAgain);
  }

  @Test
  void resetOfEveryPathExcusesThoughAHeartbeatHadArrived() {
    SingleHolder checker = new SingleHolder(talks, CLAIMS, 0);

    resetAndSplit(checker);

    assertEquals(List.of(0, 1), List.of(checker.splits(), checker.resets()));
  }

  @Test
  void pauseOfTheHolderIsNoExcuseAndNeedsNone() {
    SingleHolder checker = new SingleHolder(talks);

    CheckedSteps.start(sim);
    sim.node(1).pause();
    run(checker, 2_000);
    sim.node(1).resume();
    run(checker, 2_000);

    assertTrue(sim.node(2).mayDecide(1));
    assertEquals(List.of(0, 0), List.of(checker.splits(), checker.resets()));
  }

  private void failsIn(SingleHolder checker, Consumer<SingleHolder> history) {
    SimFailure failure = assertThrows(SimFailure.class, () -> history.accept(checker));

    assertEquals("SingleHolder", failure.promise());
  }

  private void splitAndMeetAgain(SingleHolder checker) {
    CheckedSteps.start(sim);
    run(checker, 500);
    sim.network().faults().cutAll(1, 2);
    run(checker, 2_000);
    sim.network().faults().heal(1, 2, 0);
    run(checker, 2_000);
  }

  private void resetAndSplit(SingleHolder checker) {
    CheckedSteps.start(sim);
    run(checker, 500);
    sim.network().faults().breakLink(1, 2, 0, 1);
    sim.network().faults().cutAll(1, 2);
    run(checker, 2_000);
  }

  private void run(SingleHolder checker, long forMs) {
    StepCheck both =
        cluster -> {
          talks.afterStep();
          checker.afterStep(cluster);
        };
    CheckedSteps.run(sim, both, forMs * MS);
  }
}
