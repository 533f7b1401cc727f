package io.understudy.testkit.sim;

import io.understudy.runtime.Entropy;
import java.util.SplittableRandom;

/** Chance that repeats from a seed. */
public final class SimEntropy implements Entropy {
  private final SplittableRandom random;

  public SimEntropy(long seed) {
    this(new SplittableRandom(seed));
  }

  private SimEntropy(SplittableRandom random) {
    this.random = random;
  }

  @Override
  public long nextLong() {
    return random.nextLong();
  }

  /** Another source that repeats too and whose use does not disturb this one. */
  public SimEntropy split() {
    return new SimEntropy(random.split());
  }
}
