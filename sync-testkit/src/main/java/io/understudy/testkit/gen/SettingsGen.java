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

  private static final int FLOOD_CAPACITY = 65_536;
  private static final int FLOOD_WINDOW_BYTES = 8 << 20;

  private static final int[] BUFFER_BYTES = {1, 2_000, 70_000};
  private static final int[] FRAME_BYTES = {1 << 13, 9_000, 1 << 14, 1 << 16};
  private static final int[] BATCHING_MS = {0, 1, 20, 100};
  private static final int[] USAGE_MS = {100, 300, 1_000, 3_000};
  private static final int[] OUTAGE_MS = {1_000, 2_000, 5_000, 60_000};
  private static final long FAR_NS = 1_000_000_000_000_000L;
  private static final int MAX_PPM = 1_000;
  private static final long BOOT_HOLD_NS = 2_000 * MS;
  private static final long PACE_SEED = 0x510e527fade682d1L;
  private static final long FRAME_SEED = 0x1f83d9abfb41bd6bL;

  /** In so many lives one is slow, and a third have heartbeats of their own. */
  private static final int PACES = 60;

  private static final int[] INTERVALS_MS = {10, 20, 50, 100, 200, 400};
  private static final int[] SLOW_MS = {2_000, 5_000, 10_000};
  private static final int USUAL_MOST_MS = 1_000;
  private static final int MOST_MS = 10_000;

  /** A path that is not slow takes no more than this part of the shortest claim time: M/2 is an eighth. */
  private static final int PROMPT_SHARE = 20;

  private static final long SLOW_NS = 5_000 * MS;
  private static final long MOST_USAGE_NS = 60_000 * MS;

  private final SplittableRandom random;

  /** Chance of its own for what was drawn later, so that the clusters stay what they were beside it. */
  private final SplittableRandom wide;

  /** The same for heartbeats. */
  private final SplittableRandom pace;

  /** The same for frames. */
  private final SplittableRandom frames;

  private final boolean crowded;
  private int members;

  private SettingsGen(SplittableRandom random, boolean crowded, long seed) {
    this.random = random;
    this.crowded = crowded;
    wide = new SplittableRandom(~seed);
    pace = new SplittableRandom(seed ^ PACE_SEED);
    frames = new SplittableRandom(seed ^ FRAME_SEED);
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

  /** The same cluster with a first member whose tables are far larger than the others', and much in flight. */
  static SimSettings forFlood(SimSettings drawn) {
    List<Integer> capacities = new ArrayList<>(drawn.capacities());
    capacities.set(0, FLOOD_CAPACITY);
    return new SimSettings(
        drawn.members(),
        drawn.groups(),
        drawn.links(),
        capacities,
        FLOOD_WINDOW_BYTES,
        drawn.bootHold(),
        PathSettings.DEFAULT.withBuffers(
            PathSettings.DEFAULT.sendBufferBytes(), FLOOD_WINDOW_BYTES),
        drawn.own());
  }

  private SimSettings settings() {
    members = random.nextInt(3) == 0 ? 3 : 2;
    int groups = random.nextInt(3) == 0 ? 2 : 1;
    int links = 1 + random.nextInt(2);
    List<Integer> capacities = capacities();
    long delayNs = random.nextInt(3) == 0 ? 1 + random.nextLong(10 * MS) : 50_000;
    int windowBytes = random.nextInt(4) == 0 ? 1 << 17 : 1 << 20;
    List<HeartbeatConfig> heartbeats = heartbeats();
    long longestNs = longestNs(heartbeats, links);
    Duration bootHold = Duration.ofNanos(Math.max(BOOT_HOLD_NS, 2 * longestNs));
    return new SimSettings(
        members,
        groups,
        links,
        capacities,
        windowBytes,
        bootHold,
        path(Math.min(delayNs, shortestNs(heartbeats, links) / PROMPT_SHARE)),
        own(heartbeats, longestNs));
  }

  /** In a third of the lives they are other than usual, and each member's are its own; in one of 60 they are slow. */
  private List<HeartbeatConfig> heartbeats() {
    int kind = pace.nextInt(PACES);
    boolean isSlow = kind == 0;
    boolean isUsual = kind > PACES / 3;
    int[] bases = isSlow ? SLOW_MS : INTERVALS_MS;
    int base = bases[pace.nextInt(bases.length)];
    List<HeartbeatConfig> heartbeats = new ArrayList<>();
    for (int i = 0; i < members; i++) {
      int own = Math.min(base << pace.nextInt(3), isSlow ? MOST_MS : USUAL_MOST_MS);
      int misses = 2 + pace.nextInt(6);
      heartbeats.add(
          isUsual ? HeartbeatConfig.DEFAULT : HeartbeatConfig.of(Duration.ofMillis(own), misses));
    }
    return heartbeats;
  }

  private static long longestNs(List<HeartbeatConfig> heartbeats, int links) {
    return heartbeats.stream().mapToLong(own -> own.claimTime(links).toNanos()).max().orElseThrow();
  }

  private static long shortestNs(List<HeartbeatConfig> heartbeats, int links) {
    return heartbeats.stream().mapToLong(own -> own.claimTime(links).toNanos()).min().orElseThrow();
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

  private List<MemberSettings> own(List<HeartbeatConfig> heartbeats, long longestNs) {
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
              heartbeats.get(i),
              frames.nextInt(4) == 0 ? any(frames, FRAME_BYTES) : like.frameBytes(),
              streams ? Duration.ofMillis(any(BATCHING_MS)) : like.batching(),
              usage(streams ? Duration.ofMillis(any(USAGE_MS)) : like.usageInterval(), longestNs),
              streams ? Duration.ofMillis(any(OUTAGE_MS)) : like.outageMemory()));
    }
    return own;
  }

  /** As slow as the slowest member, so that a long life is not all counters. */
  private static Duration usage(Duration drawn, long longestNs) {
    Duration slow = Duration.ofNanos(Math.min(MOST_USAGE_NS, longestNs));
    return longestNs > SLOW_NS && drawn.compareTo(slow) < 0 ? slow : drawn;
  }

  private int any(int[] values) {
    return any(wide, values);
  }

  private static int any(SplittableRandom random, int[] values) {
    return values[random.nextInt(values.length)];
  }
}
