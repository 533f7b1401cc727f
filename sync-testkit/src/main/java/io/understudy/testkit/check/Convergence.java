package io.understudy.testkit.check;

import io.understudy.testkit.SimCluster;
import io.understudy.testkit.SimFailure;
import io.understudy.testkit.SimNode;
import java.util.List;
import java.util.TreeSet;

/**
 * After healing and quiet all members have the same backed-up sessions: keys, groups, generations, facts, values, each one's share of the
 * counters.
 *
 * <p>Counters are compared between two members of one group: a third member may remember the share of one that died differently, and
 * what two creators counted before they joined in turned directions is told with the next packet only.
 */
public final class Convergence {
  private Convergence() {}

  /** Throws a {@link SimFailure} with the first difference. */
  public static void check(SimCluster sim) {
    boolean counters = sim.settings().members() == 2 && sim.settings().groups() == 1;
    SimNode first = sim.nodes().iterator().next();
    List<String> expected = sim.dump(first.id(), counters);
    for (SimNode node : sim.nodes()) {
      List<String> lines = sim.dump(node.id(), counters);
      if (!lines.equals(expected)) {
        throw new SimFailure("Convergence", difference(first, expected, node, lines));
      }
    }
  }

  private static String difference(SimNode a, List<String> ofA, SimNode b, List<String> ofB) {
    TreeSet<String> onlyA = new TreeSet<>(ofA);
    onlyA.removeAll(ofB);
    TreeSet<String> onlyB = new TreeSet<>(ofB);
    onlyB.removeAll(ofA);
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
