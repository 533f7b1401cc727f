package io.understudy.testkit.check;

import io.understudy.testkit.SimCluster;
import io.understudy.testkit.SimFailure;
import io.understudy.testkit.SimNode;

/**
 * Promise P6: no two members decide for one group once a path between them has carried messages both ways for a round trip and
 * 50 ms. Looked at after every step.
 */
public final class SingleHolder implements StepCheck {
  private static final long MARGIN_NS = 50_000_000;

  private final Talks talks;

  public SingleHolder(Talks talks) {
    this.talks = talks;
  }

  @Override
  public void afterStep(SimCluster sim) {
    for (int group = 1; group <= sim.settings().groups(); group++) {
      SimNode first = null;
      for (SimNode node : sim.nodes()) {
        if (node.mayDecide(group)) {
          if (first != null) {
            checkPair(sim, first, node, group);
          }
          first = node;
        }
      }
    }
  }

  private void checkPair(SimCluster sim, SimNode a, SimNode b, int group) {
    long since = talks.sinceNs(a.id(), b.id());
    long allowed = talks.roundTripNs(a.id(), b.id()) + MARGIN_NS;
    if (since != Long.MAX_VALUE && sim.nowNs() - since > allowed) {
      throw new SimFailure(
          "SingleHolder",
          "group "
              + group
              + ": node "
              + a.id()
              + " decides in term "
              + a.node().term(group)
              + " and node "
              + b.id()
              + " in term "
              + b.node().term(group)
              + ", though they have heard each other for "
              + (sim.nowNs() - since) / 1_000
              + " us");
    }
  }
}
