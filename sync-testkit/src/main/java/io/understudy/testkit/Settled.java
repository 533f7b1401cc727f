package io.understudy.testkit;

import io.understudy.metrics.Accounting;
import io.understudy.model.Term;

/** Whether a cluster has come to rest: everyone connected, in sync, and nothing owed. */
final class Settled {
  private Settled() {}

  /** What is still open; empty: nothing. */
  static String difference(SimCluster sim) {
    for (int group = 1; group <= sim.settings().groups(); group++) {
      SimNode holder = sim.holder(group);
      if (holder == null) {
        return "nobody decides for group " + group;
      }
      Term term = holder.node().term(group);
      for (SimNode node : sim.nodes()) {
        if (!node.node().term(group).equals(term)) {
          return "node " + node.id() + " is in term " + node.node().term(group) + ", not " + term;
        }
        if (node != holder && !holder.node().isInSync(node.id(), group)) {
          return "node " + node.id() + " is not in sync for group " + group;
        }
      }
    }
    for (SimNode node : sim.nodes()) {
      for (SimNode peer : sim.nodes()) {
        if (node != peer) {
          String open = open(node, peer);
          if (!open.isEmpty()) {
            return open;
          }
        }
      }
    }
    return "";
  }

  private static String open(SimNode node, SimNode peer) {
    if (!node.node().isFlushed(peer.id())) {
      return "node " + node.id() + " owes node " + peer.id() + " " + sums(node, peer);
    }
    Accounting sums = sums(node, peer);
    if (sums.queued() + sums.inFlight() + sums.foreignOwed() + sums.tombstones() > 0) {
      return "node " + node.id() + " has towards node " + peer.id() + " " + sums;
    }
    return "";
  }

  private static Accounting sums(SimNode node, SimNode peer) {
    return node.node().accounting(peer.id());
  }
}
