package io.understudy.testkit.gen;

import io.understudy.testkit.SimSettings;
import io.understudy.testkit.sim.LinkFault;
import io.understudy.testkit.sim.PathSettings;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;

/**
 * Keeps rare what excuses two that decide: a third party that resets the heartbeat connections of every path between two members within
 * a claim time, at most once in 50 lives, and paths that are slower than half of the margin M, at most once in 10.
 *
 * <p>What is too much is replaced: a reset by an end in order, a very slow path by one that is less slow. So the faults stay as many.
 */
public final class FaultLimits {
  private static final int RESET_CHANCE = 12; // one life in so many may have them
  private static final int SLOW_CHANCE = 4; // all lives but one in so many may
  private static final int MARGIN_SHARE = 8; // M/2 of D

  private FaultLimits() {}

  static List<PlannedFault> limited(List<PlannedFault> plan, SimSettings settings, long seed) {
    SplittableRandom random = new SplittableRandom(~seed);
    boolean mayReset = random.nextInt(RESET_CHANCE) == 0;
    boolean maySlow = random.nextInt(SLOW_CHANCE) > 0;
    List<PlannedFault> limited = new ArrayList<>();
    for (PlannedFault fault : plan) {
      limited.add(maySlow || !isSlow(settings, fault) ? fault : lessSlow(settings, fault));
      if (!mayReset && resetsEveryPath(settings, limited)) {
        limited.set(limited.size() - 1, inOrder(fault));
      }
    }
    return limited;
  }

  private static PlannedFault inOrder(PlannedFault fault) {
    return replaced(fault, fault.links().stream().map(LinkFault::inOrder).toList());
  }

  private static PlannedFault lessSlow(SimSettings settings, PlannedFault fault) {
    long mostNs = promptNs(settings) / 2;
    return replaced(fault, fault.links().stream().map(link -> link.slowBy(mostNs)).toList());
  }

  private static PlannedFault replaced(PlannedFault fault, List<LinkFault> links) {
    return PlannedFault.ofLinks(fault.atNs(), fault.endNs(), links.get(0).toString(), links);
  }

  /** Whether the heartbeat connections of all paths between some two members are reset within a claim time. */
  public static boolean resetsEveryPath(SimSettings settings, List<PlannedFault> plan) {
    Map<Long, Map<Integer, Long>> lastNs = new HashMap<>(); // of two members, of each link
    for (PlannedFault planned : plan) {
      for (LinkFault fault : planned.links()) {
        if (fault.resetsHeartbeats()) {
          Map<Integer, Long> ofTwo =
              lastNs.computeIfAbsent(pair(fault.from(), fault.to()), absent -> new HashMap<>());
          ofTwo.put(fault.link(), planned.atNs());
          long sinceNs = planned.atNs() - settings.longestClaimNs();
          Set<Integer> recent = new HashSet<>(ofTwo.keySet());
          recent.removeIf(link -> ofTwo.get(link) < sinceNs);
          if (recent.size() == settings.links()) {
            return true;
          }
        }
      }
    }
    return false;
  }

  private static long pair(int a, int b) {
    return (long) Math.min(a, b) << 32 | Math.max(a, b);
  }

  /** Whether a heartbeat may take longer than half of some member's margin on a path that is neither cut nor stalled. */
  public static boolean isSlow(SimSettings settings, List<PlannedFault> plan) {
    PathSettings path = settings.path();
    return path.delayNs() + path.jitterNs() >= promptNs(settings)
        || plan.stream().anyMatch(fault -> isSlow(settings, fault));
  }

  private static boolean isSlow(SimSettings settings, PlannedFault planned) {
    return planned.links().stream()
        .filter(fault -> fault.kind() == LinkFault.Kind.SLOW)
        .anyMatch( // what waits for bandwidth may wait for long
            fault -> fault.bytesPerSecond() > 0 || 2 * fault.delayNs() >= promptNs(settings));
  }

  /** M/2 of the member with the shortest claim time. */
  private static long promptNs(SimSettings settings) {
    return settings.shortestClaimNs() / MARGIN_SHARE;
  }
}
