package io.understudy.testkit.check;

import io.understudy.testkit.SimCluster;
import io.understudy.testkit.SimFailure;
import io.understudy.testkit.SimNode;
import java.util.List;
import java.util.TreeSet;

/**
 * After healing and quiet all members have the same backed-up sessions: keys, groups, generations, facts, values; and counters, as far as
 * {@link CounterShares} compares them.
 */
public final class Convergence {
  private Convergence() {}

  /** Throws a {@link SimFailure} with the first difference. */
  public static void check(SimCluster sim) {
    SimNode first = sim.nodes().iterator().next();
    List<String> expected = sim.dump(first.id(), false);
    for (SimNode node : sim.nodes()) {
      List<String> lines = sim.dump(node.id(), false);
      if (!lines.equals(expected)) {
        throw new SimFailure("Convergence", difference(first, expected, node, lines));
      }
    }
    new CounterShares(sim).check();
  }

  private static String difference(SimNode a, List<String> ofA, SimNode b, List<String> ofB) {
    TreeSet<String> onlyA = new TreeSet<>(ofA);
    ofB.forEach(onlyA::remove); // removeAll of a list looks through it for each element
    TreeSet<String> onlyB = new TreeSet<>(ofB);
    ofA.forEach(onlyB::remove);
    return "node "
        + a.id()
        + " has "
        + ofA.size()
        + " sessions, node "
        + b.id()
        + " "
        + ofB.size()
        + "; only at node "
        + a.id()
        + " "
        + onlyA.size()
        + ", first "
        + (onlyA.isEmpty() ? "none" : onlyA.first())
        + "; only at node "
        + b.id()
        + " "
        + onlyB.size()
        + ", first "
        + (onlyB.isEmpty() ? "none" : onlyB.first());
  }
}
