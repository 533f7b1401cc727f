package io.understudy.testkit.check;

import io.understudy.testkit.SimCluster;
import io.understudy.testkit.SimFailure;
import io.understudy.testkit.SimNode;
import io.understudy.transport.LinkKind;

/**
 * A member that is turned when it said it would be due has something to do: it does not ask for turn after turn in vain, as one does
 * that waits for something in the past. And it says no more heartbeats than there can be news. Looked at after every step.
 */
public final class Rest implements StepCheck {
  private static final long WINDOW_NS = 100_000_000;

  /** One that spins at the simulation's shortest interval is turned 100,000 times in the window. */
  private static final int MOST_TURNS = 1_000;

  /** Twenty for each of ten changes on each of a few paths; one that repeats what the path has room for says thousands. */
  private static final int MOST_HEARTBEATS = 800;

  private final long mostTurns;
  private final long mostHeartbeats;
  private final long[] heartbeatsBefore;
  private final long[] turnsBefore;
  private long windowNs;

  public Rest(SimCluster sim) {
    this(sim, MOST_TURNS, MOST_HEARTBEATS);
  }

  Rest(SimCluster sim, long mostTurns, long mostHeartbeats) {
    this.mostTurns = mostTurns;
    this.mostHeartbeats = mostHeartbeats;
    turnsBefore = new long[sim.settings().members() + 1];
    heartbeatsBefore = new long[turnsBefore.length];
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
      long heartbeats = heartbeats(sim, node) - heartbeatsBefore[node.id()];
      heartbeatsBefore[node.id()] += heartbeats;
      if (heartbeats > mostHeartbeats) {
        throw new SimFailure(
            "Rest",
            "node "
                + node.id()
                + " said "
                + heartbeats
                + " heartbeats in "
                + WINDOW_NS / 1_000_000
                + " ms");
      }
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

  private static long heartbeats(SimCluster sim, SimNode node) {
    long sent = 0;
    for (SimNode peer : sim.nodes()) {
      for (int link = 0; peer != node && link < sim.settings().links(); link++) {
        sent +=
            sim.network().traffic(node.id(), peer.id(), link, LinkKind.HEARTBEAT).saidHeartbeats();
      }
    }
    return sent;
  }
}
