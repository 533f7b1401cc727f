package io.understudy.testkit.check;

import io.understudy.testkit.SimCluster;
import io.understudy.testkit.SimFailure;
import io.understudy.testkit.SimNode;

/**
 * A member that is turned when it said it would be due has something to do: it does not ask for turn after turn in vain, as one does
 * that waits for something in the past. Looked at after every step.
 */
public final class Rest implements StepCheck {
  private static final long WINDOW_NS = 100_000_000;

  /** One that spins at the simulation's shortest interval is turned 100,000 times in the window. */
  private static final int MOST_TURNS = 1_000;

  private final long mostTurns;
  private final long[] turnsBefore;
  private long windowNs;

  public Rest(SimCluster sim) {
    this(sim, MOST_TURNS);
  }

  Rest(SimCluster sim, long mostTurns) {
    this.mostTurns = mostTurns;
    turnsBefore = new long[sim.settings().members() + 1];
  }

  @Override
  public void afterStep(SimCluster sim) {
    if (sim.nowNs() - windowNs < WINDOW_NS) {
      return;
    }
    windowNs = sim.nowNs();
    for (SimNode node : sim.nodes()) {
      long turns = node.dueTurns() - turnsBefore[node.id()];
      turnsBefore[node.id()] = node.dueTurns();
      if (turns > mostTurns) {
        throw new SimFailure(
            "Rest",
            "node "
                + node.id()
                + " was due "
                + turns
                + " times in "
                + WINDOW_NS / 1_000_000
                + " ms");
      }
    }
  }
}
