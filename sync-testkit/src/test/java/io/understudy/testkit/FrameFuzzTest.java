package io.understudy.testkit;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/**
 * Frames of two members at work, damaged at random: whatever arrives, nothing is thrown out of a node, its memory stays what it was,
 * and once frames arrive as they were sent the two find one another again.
 *
 * <p>By default a few hundred damaged frames; {@code -Dunderstudy.fuzz.frames=100000 -Dunderstudy.fuzz.seed=7} for as many as one
 * likes, from another seed on.
 */
class FrameFuzzTest {
  private static final int FRAMES = Integer.getInteger("understudy.fuzz.frames", 600);
  private static final long FIRST_SEED = Long.getLong("understudy.fuzz.seed", 1_000);
  private static final int LIFE_TURNS = 200;

  /** What a pair of the smallest tables may keep beyond what it had before. */
  private static final long MAX_GROWTH_BYTES = 32L << 20;

  @Test
  void damagedFramesNeverStopAMemberNorGrowIt() {
    int damaged = 0;
    for (long seed = FIRST_SEED; damaged < FRAMES; seed++) {
      damaged += damagedIn(seed);
    }
  }

  private static int damagedIn(long seed) {
    HearingPair pair = new HearingPair(seed);
    SplittableRandom random = new SplittableRandom(seed);
    FrameDamage damage = FrameDamage.withLargeValues(random, 1 + random.nextInt(8));
    pair.run(random.nextBoolean() ? 0 : 700); // from the first HELLO on, or at work
    long before = usedBytes();
    pair.hears(1, damage);
    pair.hears(2, damage);
    for (int i = 0; i < LIFE_TURNS; i++) {
      pair.traffic(random);
      pair.run(10);
    }
    long grown = usedBytes() - before;
    assertTrue(grown < MAX_GROWTH_BYTES, "seed " + seed + ": " + grown + " bytes more");
    pair.hearAsSent();
    pair.run(3_500);
    assertTrue(pair.isConnected(), "seed " + seed + ": the members found no way back");
    return damage.damaged();
  }

  private static long usedBytes() {
    System.gc();
    Runtime runtime = Runtime.getRuntime();
    return runtime.totalMemory() - runtime.freeMemory();
  }
}
