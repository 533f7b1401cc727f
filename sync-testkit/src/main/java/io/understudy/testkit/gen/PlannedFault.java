package io.understudy.testkit.gen;

import io.understudy.testkit.SimCluster;
import java.util.function.Consumer;

/**
 * One fault of a plan.
 *
 * @param atNs after the start of the simulation
 * @param endNs after the start of the simulation, when it is over at the latest
 * @param words for the report
 * @param action does it, and enters its end into the clock
 */
public record PlannedFault(long atNs, long endNs, String words, Consumer<SimCluster> action) {
  @Override
  public String toString() {
    return atNs / 1_000 + " us: " + words;
  }
}
