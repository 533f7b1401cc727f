package io.understudy.testkit.check;

import io.understudy.Fault;
import io.understudy.Fault.Kind;
import io.understudy.testkit.SimCluster;
import io.understudy.testkit.SimFailure;
import io.understudy.testkit.SimNode;
import java.util.List;
import java.util.Set;

/**
 * Of every fault a member's listener hears one begin and one end. Looked at after every step: none begins twice, or ends and had not begun; whoever is
 * gone for long is unreachable, or was refused; a loop that died has failed. At rest: the listener knows what the status says, and
 * nothing goes on but what is over only when it was not met for some time.
 */
public final class FaultNews implements StepCheck {
  /**
   * A connection with the dead ends when its kernel gives up; a link without connections fails after its claim time, 2 s at least, and is looked at once a
   * second.
   */
  private static final long LEAST_NS = 8_000_000_000L;

  private static final int CLAIMS = 3;

  /** Callbacks run a little later. */
  private static final long TOLD_NS = 1_000_000;

  private static final long NEVER = Long.MAX_VALUE;

  /** They are over when they were not met for 10 s. */
  private static final Set<Kind> LINGERING =
      Set.of(Kind.REFUSED, Kind.RECORDS_REFUSED, Kind.TABLE_FULL);

  private final long longNs;
  private final long[] goneNs;
  private final long[] awakeNs;
  private final long[] deadNs;

  public FaultNews(SimCluster sim) {
    longNs = sim.settings().paced(LEAST_NS) + CLAIMS * sim.settings().longestClaimNs();
    int members = sim.settings().members() + 1;
    goneNs = nevers(members);
    awakeNs = nevers(members);
    deadNs = nevers(members);
  }

  private static long[] nevers(int members) {
    long[] nevers = new long[members];
    java.util.Arrays.fill(nevers, NEVER);
    return nevers;
  }

  @Override
  public void afterStep(SimCluster sim) {
    for (SimNode node : sim.nodes()) {
      if (!node.wrongNews().isEmpty()) {
        throw failure(node, node.wrongNews());
      }
      int id = node.id();
      boolean isAwake = node.isAlive() && !node.isPaused() && !node.isEnding();
      goneNs[id] = since(goneNs[id], !node.isProcessAlive(), sim);
      awakeNs[id] = since(awakeNs[id], isAwake, sim);
      deadNs[id] =
          since(deadNs[id], node.isLoopDead() && node.isProcessAlive() && !node.isPaused(), sim);
      if (hasLasted(deadNs[id], TOLD_NS, sim) && !isTold(node, node.ownNumber(), Kind.FAILED)) {
        throw failure(node, "its loop is dead, and nobody was told");
      }
    }
    for (SimNode node : sim.nodes()) {
      for (SimNode peer : sim.nodes()) {
        if (node != peer
            && hasLasted(awakeNs[node.id()], longNs, sim)
            && hasLasted(goneNs[peer.id()], longNs, sim)
            && !node.isRefused()
            && !isTold(node, peer.id(), Kind.UNREACHABLE)
            && !isTold(node, peer.id(), Kind.REFUSED)) {
          throw failure(node, "node " + peer.id() + " is gone, and nobody was told");
        }
      }
    }
  }

  private static long since(long sinceNs, boolean is, SimCluster sim) {
    return is ? Math.min(sinceNs, sim.nowNs()) : NEVER;
  }

  private static boolean hasLasted(long sinceNs, long forNs, SimCluster sim) {
    return sinceNs != NEVER && sim.nowNs() - sinceNs > forNs;
  }

  private static boolean isTold(SimNode node, int about, Kind kind) {
    return node.toldFaults().stream()
        .anyMatch(fault -> fault.kind() == kind && fault.node() == about);
  }

  /** At rest; what is on its way to a listener is waited for. */
  public void check(SimCluster sim) {
    if (!sim.nodes().stream().allMatch(FaultNews::knowsItsStatus)) {
      sim.runFor(TOLD_NS);
    }
    for (SimNode node : sim.nodes()) {
      List<Fault> told = node.toldFaults();
      if (!knowsItsStatus(node)) {
        throw failure(
            node, "told were " + told + ", the status says " + node.node().status().faults());
      }
      for (Fault fault : told) {
        if (!LINGERING.contains(fault.kind())) {
          throw failure(node, "at rest goes on " + fault);
        }
      }
    }
  }

  private static boolean knowsItsStatus(SimNode node) {
    List<Fault> told = node.toldFaults();
    List<Fault> faults = node.node().status().faults();
    return told.size() == faults.size() && faults.stream().allMatch(fault -> isIn(told, fault));
  }

  private static boolean isIn(List<Fault> faults, Fault one) {
    return faults.stream().anyMatch(one::isSame);
  }

  private static SimFailure failure(SimNode node, String why) {
    return new SimFailure("FaultNews", "node " + node.id() + ": " + why);
  }
}
