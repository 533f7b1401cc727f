package io.understudy.testkit.check;

import io.understudy.table.HotTable;
import io.understudy.testkit.SimCluster;
import io.understudy.testkit.SimFailure;
import io.understudy.testkit.SimNode;
import io.understudy.testkit.SimSettings;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/**
 * In-flight bytes stay within the window and tombstones within 1/8 of a table, looked at after every step.
 *
 * <p>A table's tombstones may be above for {@value #ALLOWED_NS} ns for each peer: the dataplane ends entries on its own threads, and never waits for
 * what only the duty cycle may do, to drop a peer's debt. The upkeep that does it runs that often, and frees in the same turn.
 */
public final class Bounded implements StepCheck {
  private static final int SHARE = 8;

  /** While none is above, tombstones are counted once in so many looks at a member: there are more than ten in that interval. */
  private static final int TOMBSTONES_EVERY = 4;

  /** The interval of the upkeep, which drops one peer's debt at a time, and what a clock that is slow adds. */
  private static final long ALLOWED_NS = 51_000_000;

  private final int windowBytes;
  private final long allowedNs;

  /** Since when a table of a member's present life is above. */
  private final Map<HotTable, Long> aboveSinceNs = new HashMap<>();

  /** By member. */
  private Looks[] looks = {};

  /** What a member's activity was when it was last looked at, and how often it was. */
  private static final class Looks {
    long activity = -1;
    int count;
  }

  public Bounded(SimSettings settings) {
    this(settings.windowBytes(), ALLOWED_NS * (settings.members() - 1));
  }

  Bounded(int windowBytes, long allowedNs) {
    this.windowBytes = windowBytes;
    this.allowedNs = allowedNs;
  }

  @Override
  public void afterStep(SimCluster sim) {
    if (looks.length == 0) {
      looks = new Looks[sim.settings().members() + 1];
      Arrays.setAll(looks, id -> new Looks());
    }
    for (int i = 0; i < sim.nodes().size(); i++) {
      SimNode node = sim.nodes().get(i);
      Looks ofNode = looks[node.id()];
      if (aboveSinceNs.isEmpty() && ofNode.activity == node.activity()) {
        continue; // nothing has changed, and nothing is waited for
      }
      ofNode.activity = node.activity();
      if (!node.isAlive() || node.isPaused()) {
        node.tables().forEach(aboveSinceNs::remove);
        continue;
      }
      for (SimNode peer : sim.nodes()) {
        if (node.isPeerOf(peer)) {
          checkWindow(node, peer);
        }
      }
      if (aboveSinceNs.isEmpty() && ++ofNode.count % TOMBSTONES_EVERY != 0) {
        continue;
      }
      for (HotTable table : node.tables()) {
        checkTombstones(sim, node, table);
      }
    }
  }

  private void checkWindow(SimNode node, SimNode peer) {
    if (node.node().inFlightBytes(peer.id()) > windowBytes) {
      throw new SimFailure(
          "Bounded",
          "node "
              + node.id()
              + " has "
              + node.node().inFlightBytes(peer.id())
              + " bytes in flight to node "
              + peer.id()
              + ", the window is "
              + windowBytes);
    }
  }

  private void checkTombstones(SimCluster sim, SimNode node, HotTable table) {
    long limit = table.spec().capacity() / SHARE;
    long count = table.deadCount();
    if (count <= limit) {
      aboveSinceNs.remove(table);
      return;
    }
    long aboveNs = sim.nowNs() - aboveSinceNs.computeIfAbsent(table, first -> sim.nowNs());
    if (aboveNs > allowedNs) {
      throw new SimFailure(
          "Bounded",
          "table "
              + table.spec().name()
              + " of node "
              + node.id()
              + " has "
              + count
              + " tombstones for "
              + aboveNs / 1_000
              + " us, the limit is "
              + limit);
    }
  }
}
