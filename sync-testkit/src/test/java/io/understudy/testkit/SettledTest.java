package io.understudy.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class SettledTest {
  private static final long MS = 1_000_000;

  private final SimCluster sim = new SimCluster(1, SimSettings.of(2, 1, 1, 1_024));

  @Test
  void clusterAtRestIsSettled() {
    sim.start();
    sim.runFor(2_000 * MS);

    assertEquals("", Settled.difference(sim));
  }

  @Test
  void memberThatIsCutOffOrWithoutAHolderIsNot() {
    sim.start();
    assertEquals("nobody decides for group 1", Settled.difference(sim));
    sim.runFor(2_000 * MS);
    sim.network().faults().cutAll(1, 2);
    sim.runFor(5_000 * MS);

    assertTrue(Settled.difference(sim).startsWith("node "), Settled.difference(sim));
  }
}
