package io.understudy.testkit.check;

import io.understudy.testkit.SimCluster;
import io.understudy.testkit.SimFailure;
import io.understudy.transport.LinkKind;

/**
 * No bytes but heartbeats from {@value #AFTER_NS} ns after the last publish on, however long the members took to come to rest. Looked at
 * once, some time later.
 */
public final class Quiet {
  /** After the last publish. */
  public static final long AFTER_NS = 2_000_000_000L;

  private final long sinceNs;

  /** From so long after that on, which is the moment of the last publish. */
  public Quiet(long publishedNs) {
    sinceNs = publishedNs + AFTER_NS;
  }

  public void check(SimCluster sim) {
    long lastNs = sim.network().lastSentNs(LinkKind.DATA);
    if (lastNs > sinceNs) {
      throw new SimFailure(
          "Quiet",
          "a data connection carried a frame "
              + (lastNs - sinceNs + AFTER_NS) / 1_000_000
              + " ms after the last publish");
    }
  }
}
