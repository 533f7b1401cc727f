package io.understudy.testkit.check;

import io.understudy.testkit.SimCluster;
import io.understudy.testkit.SimFailure;
import io.understudy.transport.LinkKind;

/**
 * No bytes but heartbeats from a second and the longest usage interval after the last publish on, however long the members took to come to rest. Looked at
 * once, some time later.
 */
public final class Quiet {
  /** After the last publish, with the usual usage interval. */
  public static final long AFTER_NS = 2_000_000_000L;

  private static final long USUAL_USAGE_NS = 1_000_000_000L;

  private final long publishedNs;
  private final long sinceNs;

  /** From the moment of the last publish, with the usual usage interval. */
  public Quiet(long publishedNs) {
    this(publishedNs, publishedNs + AFTER_NS);
  }

  /** From the moment of the last publish. */
  public Quiet(SimCluster sim, long publishedNs) {
    this(publishedNs, publishedNs + AFTER_NS - USUAL_USAGE_NS + sim.settings().longestUsageNs());
  }

  private Quiet(long publishedNs, long sinceNs) {
    this.publishedNs = publishedNs;
    this.sinceNs = sinceNs;
  }

  /** From when on nothing is sent. */
  public long sinceNs() {
    return sinceNs;
  }

  public void check(SimCluster sim) {
    long lastNs = sim.network().lastSentNs(LinkKind.DATA);
    if (lastNs > sinceNs) {
      throw new SimFailure(
          "Quiet",
          "a data connection carried a frame "
              + (lastNs - publishedNs) / 1_000_000
              + " ms after the last publish");
    }
  }
}
