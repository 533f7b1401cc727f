package io.understudy.testkit.gen;

import io.understudy.testkit.SimCluster;
import io.understudy.testkit.sim.LinkFault;
import java.util.List;
import java.util.function.Consumer;

/**
 * One fault of a plan.
 *
 * @param atNs after the start of the simulation
 * @param endNs after the start of the simulation, when it is over at the latest
 * @param words for the report
 * @param links what it does to links, beside the action
 * @param action does everything else, and enters its end into the clock
 */
public record PlannedFault(
    long atNs, long endNs, String words, List<LinkFault> links, Consumer<SimCluster> action) {
  public PlannedFault {
    links = List.copyOf(links);
  }

  /** A fault that is none of links. */
  public PlannedFault(long atNs, long endNs, String words, Consumer<SimCluster> action) {
    this(atNs, endNs, words, List.of(), action);
  }

  /** A fault of links alone. */
  public static PlannedFault ofLinks(long atNs, long endNs, String words, List<LinkFault> links) {
    return new PlannedFault(atNs, endNs, words, links, sim -> {});
  }

  /** Lets it happen. */
  public void begin(SimCluster sim) {
    links.forEach(fault -> sim.network().faults().begin(fault));
    action.accept(sim);
  }

  @Override
  public String toString() {
    return atNs / 1_000 + " us: " + words;
  }
}
