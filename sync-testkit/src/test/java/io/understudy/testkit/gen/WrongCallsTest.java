package io.understudy.testkit.gen;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.understudy.testkit.SimCluster;
import io.understudy.testkit.SimFailure;
import io.understudy.testkit.SimSettings;
import io.understudy.testkit.sim.Death;
import org.junit.jupiter.api.Test;

class WrongCallsTest {
  private static final long SECOND_NS = 1_000_000_000;
  private static final int CALLS = 500;

  private final SimCluster sim = new SimCluster(1, SimSettings.of(2, 1, 1, 1_024));
  private final WrongCalls calls = new WrongCalls(1, new SessionGen(1, 50));

  @Test
  void mistakesAreRefusedByNodesThatRunAndByNodesThatAreOver() {
    sim.start();
    sim.runFor(SECOND_NS);
    for (int i = 0; i < CALLS; i++) {
      calls.step(sim);
    }
    sim.node(1).close();
    sim.node(2).failLoop();
    for (int i = 0; i < CALLS; i++) {
      calls.step(sim);
      sim.runFor(SECOND_NS / CALLS);
    }

    assertEquals(2 * CALLS, calls.count());
  }

  @Test
  void damagedStoreIsRefusedAndItsCopyIsTaken() {
    sim.start();
    sim.runFor(SECOND_NS);
    byte[] before = sim.node(1).store().snapshot();
    sim.node(1).kill(Death.RESET);
    sim.node(1).store().flip(77);

    sim.node(1).start();

    assertEquals(before.length, sim.node(1).store().snapshot().length);
    assertEquals(false, sim.node(1).store().isDamaged());
  }

  @Test
  void nodeThatIsBuiltFromADamagedStoreIsFound() {
    sim.start();
    sim.runFor(SECOND_NS);
    sim.node(1).kill(Death.RESET);
    sim.node(1).store().flip(77);
    sim.node(1).store().flip(77); // it is again what it was, and the store says that it is damaged

    SimFailure failure = assertThrows(SimFailure.class, () -> sim.node(1).start());

    assertEquals("Store", failure.promise());
  }
}
