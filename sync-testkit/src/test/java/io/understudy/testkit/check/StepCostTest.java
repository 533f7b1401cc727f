package io.understudy.testkit.check;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.understudy.testkit.SimCluster;
import io.understudy.testkit.SimFailure;
import io.understudy.testkit.SimSettings;
import org.junit.jupiter.api.Test;

/** Steps that cost what they may, and more. */
class StepCostTest {
  private static final long MS = 1_000_000;
  private static final long LONG_NS = 30_000 * MS;

  private final SimCluster sim = new SimCluster(1, SimSettings.of(2, 1, 1, 1_024));
  private byte[] kept = {};

  private void runSteps(StepCost cost) {
    while (sim.nowNs() < 3_000 * MS) {
      cost.begin(sim);
      sim.clock().runNext();
      cost.end(sim);
    }
  }

  @Test
  void whatTwoMembersDoCostsLittle() {
    sim.start();
    runSteps(new StepCost(StepCost.MOST_BYTES, LONG_NS));
    assertTrue(sim.node(1).mayDecide(1));
  }

  @Test
  void stepThatAllocatesTooMuchIsFound() {
    sim.start();
    sim.clock().after(1_000 * MS, () -> kept = new byte[2 << 20]);

    SimFailure failure =
        assertThrows(SimFailure.class, () -> runSteps(new StepCost(2 << 20, LONG_NS)));

    assertEquals("StepCost", failure.promise());
    assertEquals(2 << 20, kept.length);
  }

  @Test
  void stepsThatComputeForTooLongAreFound() {
    sim.start();
    StepCost cost = new StepCost(StepCost.MOST_BYTES, 1);

    SimFailure failure =
        assertThrows(
            SimFailure.class,
            () -> {
              for (int i = 0; i < 3_000; i++) {
                cost.begin(sim);
                cost.end(sim);
              }
            });

    assertEquals("StepCost", failure.promise());
  }
}
