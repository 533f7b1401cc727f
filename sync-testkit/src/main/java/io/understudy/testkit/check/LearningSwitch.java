package io.understudy.testkit.check;

import io.understudy.testkit.SimCluster;
import io.understudy.testkit.SimFailure;
import io.understudy.testkit.SimNode;

/**
 * A switch between the members and everybody else: it sends what is for a group's virtual MAC to whoever sent last as that, a frame or an
 * announcement. When a cluster has come to rest that is the group's holder, though nobody sends anything then.
 */
public final class LearningSwitch {
  private static final int NOBODY = 0;

  private final int[] ports;

  /** Learns from the members' announcements. */
  public LearningSwitch(SimCluster sim) {
    ports = new int[sim.settings().groups() + 1];
    for (SimNode node : sim.nodes()) {
      node.whenAnnounced(group -> frame(node, group));
    }
  }

  /** A member's dataplane sends a frame as each group that it may. */
  public void frames(SimNode node) {
    for (int group = 1; group < ports.length && node.isDataplaneAlive(); group++) {
      if (node.maySendAs(group)) {
        frame(node, group);
      }
    }
  }

  void frame(SimNode node, int group) {
    ports[group] = node.id();
  }

  /** At rest. */
  public void check(SimCluster sim) {
    for (int group = 1; group < ports.length; group++) {
      SimNode holder = sim.holder(group);
      if (holder == null || ports[group] != NOBODY && ports[group] != holder.id()) {
        throw new SimFailure(
            "LearningSwitch",
            "group "
                + group
                + " is held by "
                + (holder == null ? "nobody" : "node " + holder.id())
                + ", and the switch sends to node "
                + ports[group]);
      }
    }
  }
}
