package io.understudy.testkit.gen;

import io.understudy.model.Role;
import io.understudy.testkit.SimCluster;
import io.understudy.testkit.SimNode;
import io.understudy.testkit.sim.LinkFault;
import io.understudy.testkit.sim.LinkFaults;
import java.util.SplittableRandom;

/**
 * One member has a table far larger than the others', and fills it at once, while what the others answer finds no room on its way: what they refuse
 * then is more than one frame can say. A function of a seed.
 */
public final class Flood {
  /** Sessions of a life with a flood. */
  public static final int SESSIONS = 60_000;

  private static final long MS = 1_000_000L;

  /** Below the shortest claim time of most lives. */
  private static final int MOST_MS = 400;

  /** Until then a few changes fill the sockets with answers, so that nothing is said of the first that are refused either. */
  private static final long FILLED_NS = 40 * MS;

  private final SplittableRandom random;
  private final TrafficGen traffic;
  private long fillsNs = Long.MAX_VALUE;
  private boolean isOver;

  public Flood(long seed, TrafficGen traffic) {
    random = new SplittableRandom(seed);
    this.traffic = traffic;
  }

  /** Once a peer is in sync. */
  public void step(SimCluster sim) {
    SimNode holder = sim.holder(1);
    if (isOver || holder == null || holder.node().role(1) != Role.ACTIVE) {
      return;
    }
    if (fillsNs == Long.MAX_VALUE) {
      fillsNs = sim.nowNs() + FILLED_NS;
      fillSockets(sim, holder, FILLED_NS + random.nextLong(MOST_MS * MS));
    } else if (sim.nowNs() >= fillsNs) {
      isOver = true;
      traffic.fill(sim, holder);
    }
  }

  private static void fillSockets(SimCluster sim, SimNode holder, long forNs) {
    for (SimNode other : sim.nodes()) {
      for (int link = 0; other != holder && link < sim.settings().links(); link++) {
        LinkFaults faults = sim.network().faults();
        faults.begin(LinkFault.fullSockets(other.id(), holder.id(), link, forNs));
        faults.stallOneWay(other.id(), holder.id(), link, forNs); // so the one frame stays there
      }
    }
  }
}
