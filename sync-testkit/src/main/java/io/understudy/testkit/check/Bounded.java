package io.understudy.testkit.check;

import io.understudy.table.HotTable;
import io.understudy.testkit.SimCluster;
import io.understudy.testkit.SimFailure;
import io.understudy.testkit.SimNode;

/**
 * In-flight bytes stay within the window and tombstones within 1/8 of a table, looked at after every step; tombstones may be above for
 * 100 ms, in which the upkeep, every 50 ms, notices and walks.
 */
public final class Bounded implements StepCheck {
  private static final int SHARE = 8;
  private static final long ALLOWED_NS = 100_000_000;

  private long aboveSinceNs = Long.MAX_VALUE;

  @Override
  public void afterStep(SimCluster sim) {
    boolean above = false;
    for (SimNode node : sim.nodes()) {
      if (!node.isAlive() || node.isPaused()) {
        continue;
      }
      for (SimNode peer : sim.nodes()) {
        if (peer != node && node.node().inFlightBytes(peer.id()) > sim.settings().windowBytes()) {
          throw new SimFailure(
              "Bounded",
              "node "
                  + node.id()
                  + " has "
                  + node.node().inFlightBytes(peer.id())
                  + " bytes in flight to node "
                  + peer.id()
                  + ", the window is "
                  + sim.settings().windowBytes());
        }
      }
      for (HotTable table : node.node().tables()) {
        above |= table.deadCount() > table.spec().capacity() / SHARE;
      }
    }
    aboveSinceNs = above ? Math.min(aboveSinceNs, sim.nowNs()) : Long.MAX_VALUE;
    if (above && sim.nowNs() - aboveSinceNs > ALLOWED_NS) {
      throw new SimFailure(
          "Bounded", "tombstones fill more than 1/" + SHARE + " of a table for 100 ms");
    }
  }
}
