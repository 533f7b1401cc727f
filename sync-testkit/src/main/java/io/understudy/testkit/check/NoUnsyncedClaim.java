package io.understudy.testkit.check;

import io.understudy.NodeStatus;
import io.understudy.model.Role;
import io.understudy.table.HotTable;
import io.understudy.table.Partition;
import io.understudy.table.Row;
import io.understudy.testkit.SimCluster;
import io.understudy.testkit.SimFailure;
import io.understudy.testkit.SimNode;
import java.util.Arrays;

/**
 * Rules 10 and 15: a member that has no history in a group, since it neither held it in its present life nor completed its holder's bulk,
 * does not claim it while another live member that it hears, and that does not leave, has some, and sessions of the group: history of a term that began without any is none.
 */
public final class NoUnsyncedClaim implements StepCheck {
  /** A member that was heard for so many intervals has said what it knows. */
  private static final int INTERVALS = 5;

  private final Hearing hearing;
  private final long heardNs;

  /** By member and group. */
  private Standing[][] standings = {};

  private static final class Standing {
    int life;
    long activity = -1;
    boolean hasHistory;
    boolean isHolder;
  }

  /** Since when two members hear each other, {@link Long#MAX_VALUE}: they do not. */
  @FunctionalInterface
  public interface Hearing {
    long sinceNs(int a, int b);
  }

  /**
   * Asks {@link Talks#sinceNs}, or a test's own.
   *
   * @param intervalNs the longest between a member's heartbeats
   */
  public NoUnsyncedClaim(Hearing hearing, long intervalNs) {
    this.hearing = hearing;
    heardNs = INTERVALS * intervalNs;
  }

  private void prepare(SimCluster sim) {
    standings = new Standing[sim.settings().members() + 1][sim.settings().groups() + 1];
    for (Standing[] ofMember : standings) {
      Arrays.setAll(ofMember, group -> new Standing());
    }
  }

  @Override
  public void afterStep(SimCluster sim) {
    if (standings.length == 0) {
      prepare(sim);
    }
    for (int group = 1; group < standings[0].length; group++) {
      for (int i = 0; i < sim.nodes().size(); i++) {
        look(sim, sim.nodes().get(i), group);
      }
    }
  }

  private void look(SimCluster sim, SimNode node, int group) {
    Standing standing = standing(node, group);
    if (standing.activity == node.activity()) {
      return; // its roles are what they were
    }
    standing.activity = node.activity();
    if (standing.life != node.life()) {
      standing.life = node.life();
      standing.hasHistory = false;
      standing.isHolder = false;
    }
    if (!node.isAlive()) {
      return;
    }
    Role role = node.node().role(group);
    boolean holds = role.isHolder() || role == Role.FENCED; // a claim may begin fenced
    if (holds && !standing.isHolder && !standing.hasHistory) {
      checkOthers(sim, node, group);
    }
    standing.isHolder = holds;
    standing.hasHistory |= holds || role == Role.STANDBY;
  }

  private void checkOthers(SimCluster sim, SimNode node, int group) {
    for (SimNode other : sim.nodes()) {
      Standing standing = standing(other, group);
      long since = other == node ? Long.MAX_VALUE : hearing.sinceNs(node.id(), other.id());
      if (since != Long.MAX_VALUE
          && sim.nowNs() - since > heardNs
          && other.isAlive()
          && !other.isEnding()
          && !other.isRefused()
          && !node.isRefused()
          && !isRefused(node, other)
          && standing.life == other.life()
          && standing.hasHistory
          && hasSessions(other, group)) {
        throw new SimFailure(
            "NoUnsyncedClaim",
            "node "
                + node.id()
                + " claims group "
                + group
                + " without history, though node "
                + other.id()
                + " has some and is heard");
      }
    }
  }

  /** Whose place another process has by mistake, that one is refused too, and nobody compares history with it. */
  private static boolean isRefused(SimNode node, SimNode other) {
    return node.node().status().peers().stream()
        .anyMatch(
            peer -> peer.node() == other.id() && peer.state() == NodeStatus.PeerState.REFUSED);
  }

  private static boolean hasSessions(SimNode node, int group) {
    for (HotTable table : node.tables()) {
      for (int p = 0; p < HotTable.PARTITIONS; p++) {
        Partition partition = table.partition(p);
        for (int slot = 0; slot < partition.highWater(); slot++) {
          long[] slab = partition.slab(slot);
          int row = partition.row(slot);
          if (Row.isLive(slab, row) && Row.group(slab, row) == group) {
            return true;
          }
        }
      }
    }
    return false;
  }

  private Standing standing(SimNode node, int group) {
    return standings[node.id()][group];
  }
}
