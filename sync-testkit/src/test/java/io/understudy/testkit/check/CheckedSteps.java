package io.understudy.testkit.check;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.understudy.testkit.SimCluster;

/** A cluster's steps with one checker after each, for the tests of checkers. */
final class CheckedSteps {
  private static final long UNTIL_DECIDED_NS = 1_000_000_000;

  private CheckedSteps() {}

  /** Member 1 holds group 1 afterwards. */
  static void start(SimCluster sim) {
    sim.start();
    sim.runFor(UNTIL_DECIDED_NS);
    assertTrue(sim.node(1).mayDecide(1));
  }

  static void run(SimCluster sim, StepCheck checker, long forNs) {
    long endNs = sim.nowNs() + forNs;
    while (sim.clock().nextEventNs() <= endNs) {
      sim.clock().runNext();
      checker.afterStep(sim);
    }
    sim.clock().runUntil(endNs);
  }
}
