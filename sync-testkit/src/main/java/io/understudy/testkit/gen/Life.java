package io.understudy.testkit.gen;

import io.understudy.testkit.SimSettings;
import java.util.List;
import java.util.SplittableRandom;

/**
 * What is drawn before a simulated life begins: a function of its seed.
 *
 * @param seed of everything
 * @param isCrowded all keys lie in a few partitions
 * @param hasFlood one table is far larger than the others, and is filled at once ({@link Flood})
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
    boolean hasFlood,
    SimSettings settings,
    long clusterSeed,
    long durationNs,
    long pauseNs,
    List<PlannedFault> faults,
    SplittableRandom random) {
  private static final long MS = 1_000_000L;

  /** One life in so many is crowded. */
  private static final int CROWDED_SHARE = 5;

  /** One in so many that are not has a flood. */
  private static final int FLOOD_SHARE = 400;

  private static final long FLOOD_SEED = 0x1f83d9abfb41bd6bL;

  /** Draws a life. */
  public static Life of(long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    boolean isCrowded = random.nextInt(CROWDED_SHARE) == 0;
    SimSettings drawn = SettingsGen.settings(random, isCrowded, seed);
    boolean hasFlood =
        !isCrowded && new SplittableRandom(seed ^ FLOOD_SEED).nextInt(FLOOD_SHARE) == 0;
    SimSettings settings = hasFlood ? SettingsGen.forFlood(drawn) : drawn;
    long clusterSeed = random.nextLong();
    long durationNs = settings.paced((1_000 + random.nextInt(3_000)) * MS);
    long pauseNs = settings.paced((1 + random.nextInt(5)) * MS);
    List<PlannedFault> faults = FaultPlanGen.plan(random.nextLong(), settings, durationNs);
    return new Life(
        seed, isCrowded, hasFlood, settings, clusterSeed, durationNs, pauseNs, faults, random);
  }
}
