package io.understudy.testkit.gen;

import io.understudy.testkit.SimSettings;
import java.util.List;
import java.util.SplittableRandom;

/**
 * What is drawn before a simulated life begins: a function of its seed.
 *
 * @param seed of everything
 * @param isCrowded all keys lie in a few partitions
 * @param settings the cluster
 * @param clusterSeed of network, stores and nodes
 * @param durationNs how long the dataplanes work
 * @param pauseNs mean time between two things that they do
 * @param faults what goes wrong, in the order of its time
 * @param random for everything that is drawn later
 */
public record Life(
    long seed,
    boolean isCrowded,
    SimSettings settings,
    long clusterSeed,
    long durationNs,
    long pauseNs,
    List<PlannedFault> faults,
    SplittableRandom random) {
  private static final long MS = 1_000_000L;

  /** One life in so many is crowded. */
  private static final int CROWDED_SHARE = 5;

  /** Draws a life. */
  public static Life of(long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    boolean isCrowded = random.nextInt(CROWDED_SHARE) == 0;
    SimSettings settings = SettingsGen.settings(random, isCrowded, seed);
    long clusterSeed = random.nextLong();
    long durationNs = settings.paced((1_000 + random.nextInt(3_000)) * MS);
    long pauseNs = settings.paced((1 + random.nextInt(5)) * MS);
    List<PlannedFault> faults = FaultPlanGen.plan(random.nextLong(), settings, durationNs);
    return new Life(seed, isCrowded, settings, clusterSeed, durationNs, pauseNs, faults, random);
  }
}
