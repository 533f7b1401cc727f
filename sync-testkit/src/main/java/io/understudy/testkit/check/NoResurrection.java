package io.understudy.testkit.check;

import io.understudy.model.Term;
import io.understudy.table.HotTable;
import io.understudy.table.Partition;
import io.understudy.table.Row;
import io.understudy.tables.session.SessionRecord;
import io.understudy.tables.session.SessionTable;
import io.understudy.testkit.SimCluster;
import io.understudy.testkit.SimFailure;
import io.understudy.testkit.SimNode;
import io.understudy.testkit.gen.TrafficGen;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.Map;
import java.util.Set;

/**
 * A generation that its holder ended never comes back once it is buried.
 *
 * <p>It is buried when no member has it live, and the member that ended it has forgotten its tombstone while it still held the group
 * in the same term and life and nobody else held it too. A delete that a holder could not tell everybody before it died is not
 * buried: the next holder may not know of it.
 */
public final class NoResurrection implements StepCheck, TrafficGen.Ended {
  private final SimCluster sim;
  private final Map<Long, Grave> open = new HashMap<>();
  private final Set<Long> buried = new HashSet<>();
  private final Set<Long> seenLive = new HashSet<>();
  private final Set<Long> seenDead = new HashSet<>();
  private int wipes;

  private record Grave(SimNode node, int life, int group, Term term) {}

  public NoResurrection(SimCluster sim) {
    this.sim = sim;
  }

  @Override
  public void onEnded(SimNode node, SessionTable table, SessionRecord session) {
    int group = session.group();
    long id = id(table.table().spec().number(), session.generation(), session.creator());
    open.put(id, new Grave(node, node.life(), group, node.node().term(group)));
  }

  private static long id(int table, long generation, int creator) {
    return generation << 12 | (long) creator << 4 | table;
  }

  @Override
  public void afterStep(SimCluster cluster) {
    int now = sim.nodes().stream().mapToInt(SimNode::wipes).sum();
    if (now != wipes) {
      wipes = now; // a member that lost its disk may give a generation again
      open.clear();
      buried.clear();
    }
    seenLive.clear();
    seenDead.clear();
    for (SimNode node : sim.nodes()) {
      if (node.isAlive()) {
        node.node().tables().forEach(table -> look(node, table));
      }
    }
    for (Iterator<Map.Entry<Long, Grave>> i = open.entrySet().iterator(); i.hasNext(); ) {
      Map.Entry<Long, Grave> entry = i.next();
      if (!stillHolds(entry.getValue())) {
        i.remove();
      } else if (!seenLive.contains(entry.getKey()) && !seenDead.contains(entry.getKey())) {
        buried.add(entry.getKey());
        i.remove();
      }
    }
  }

  private void look(SimNode node, HotTable table) {
    for (int p = 0; p < HotTable.PARTITIONS; p++) {
      Partition partition = table.partition(p);
      for (int slot = 0; slot < partition.highWater(); slot++) {
        long[] slab = partition.slab(slot);
        int row = partition.row(slot);
        if (Row.state(slab, row) == Row.FREE) {
          continue;
        }
        long id = id(table.spec().number(), Row.generation(slab, row), Row.creator(slab, row));
        if (Row.isLive(slab, row)) {
          seenLive.add(id);
          checkBuried(node, id, slab, row);
        } else {
          seenDead.add(id);
        }
      }
    }
  }

  private void checkBuried(SimNode node, long id, long[] slab, int row) {
    if (buried.contains(id)) {
      throw new SimFailure(
          "NoResurrection",
          "generation "
              + Row.generation(slab, row)
              + "@"
              + Row.creator(slab, row)
              + " of group "
              + Row.group(slab, row)
              + " lives again at node "
              + node.id());
    }
  }

  private boolean stillHolds(Grave grave) {
    SimNode node = grave.node();
    boolean holds =
        node.isAlive()
            && node.life() == grave.life()
            && node.node().term(grave.group()).equals(grave.term());
    for (SimNode other : sim.nodes()) {
      boolean another =
          other != node && other.isAlive() && other.node().role(grave.group()).isHolder();
      holds &= !another;
    }
    return holds;
  }
}
