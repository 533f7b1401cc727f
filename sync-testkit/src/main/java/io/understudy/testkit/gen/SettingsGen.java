package io.understudy.testkit.gen;

import io.understudy.config.HeartbeatConfig;
import io.understudy.testkit.MemberSettings;
import io.understudy.testkit.SimSettings;
import io.understudy.testkit.sim.PathSettings;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/** What a simulated cluster looks like: a function of its chance. */
public final class SettingsGen {
  private static final long MS = 1_000_000L;

  private static final int SMALL_CAPACITY = 1_024;
  private static final int CAPACITY = 4_096;

  /** The smallest table, and how often it may be doubled. */
  private static final int LEAST_CAPACITY = 16;

  private static final int DOUBLINGS = 8;

  private static final int[] BUFFER_BYTES = {1, 2_000, 70_000};
  private static final int[] BATCHING_MS = {0, 1, 20, 100};
  private static final int[] USAGE_MS = {100, 300, 1_000, 3_000};
  private static final int[] OUTAGE_MS = {1_000, 2_000, 5_000, 60_000};
  private static final long FAR_NS = 1_000_000_000_000_000L;
  private static final int MAX_PPM = 1_000;

  private final SplittableRandom random;

  /** Chance of its own for what was drawn later, so that the clusters stay what they were beside it. */
  private final SplittableRandom wide;

  private final boolean crowded;
  private int members;

  private SettingsGen(SplittableRandom random, boolean crowded, long seed) {
    this.random = random;
    this.crowded = crowded;
    wide = new SplittableRandom(~seed);
  }

  /**
   * Draws a cluster.
   *
   * @param crowded whether the keys will lie in a few partitions
   * @param seed of the whole simulation
   */
  public static SimSettings settings(SplittableRandom random, boolean crowded, long seed) {
    return new SettingsGen(random, crowded, seed).settings();
  }

  private SimSettings settings() {
    members = random.nextInt(3) == 0 ? 3 : 2;
    int groups = random.nextInt(3) == 0 ? 2 : 1;
    int links = 1 + random.nextInt(2);
    List<Integer> capacities = capacities();
    long delayNs = random.nextInt(3) == 0 ? 1 + random.nextLong(10 * MS) : 50_000;
    int windowBytes = random.nextInt(4) == 0 ? 1 << 17 : 1 << 20;
    return new SimSettings(
        members,
        groups,
        links,
        capacities,
        windowBytes,
        Duration.ofSeconds(2),
        path(delayNs),
        own());
  }

  private List<Integer> capacities() {
    boolean unlike = wide.nextBoolean();
    List<Integer> capacities = new ArrayList<>();
    for (int i = 0; i < members; i++) {
      int capacity = crowded && random.nextBoolean() ? SMALL_CAPACITY : CAPACITY;
      int any = LEAST_CAPACITY << wide.nextInt(DOUBLINGS + 1);
      capacities.add(unlike ? any : capacity);
    }
    return capacities;
  }

  private PathSettings path(long delayNs) {
    PathSettings path = PathSettings.DEFAULT.withDelay(delayNs, delayNs / 5);
    return wide.nextInt(4) == 0 ? path.withBuffers(any(BUFFER_BYTES), any(BUFFER_BYTES)) : path;
  }

  private List<MemberSettings> own() {
    boolean clocks = wide.nextBoolean();
    boolean starts = wide.nextInt(4) == 0;
    boolean streams = wide.nextInt(3) == 0;
    int first = wide.nextInt(members); // somebody starts with the cluster
    List<MemberSettings> own = new ArrayList<>();
    for (int i = 0; i < members; i++) {
      long startNs = wide.nextBoolean() ? wide.nextLong(2_500 * MS) : 0;
      MemberSettings like = MemberSettings.DEFAULT;
      own.add(
          new MemberSettings(
              clocks ? wide.nextLong(-FAR_NS, FAR_NS) : 0,
              clocks ? wide.nextInt(-MAX_PPM, MAX_PPM + 1) : 0,
              starts && i != first ? startNs : 0,
              HeartbeatConfig.DEFAULT,
              streams ? Duration.ofMillis(any(BATCHING_MS)) : like.batching(),
              streams ? Duration.ofMillis(any(USAGE_MS)) : like.usageInterval(),
              streams ? Duration.ofMillis(any(OUTAGE_MS)) : like.outageMemory()));
    }
    return own;
  }

  private int any(int[] values) {
    return values[wide.nextInt(values.length)];
  }
}
