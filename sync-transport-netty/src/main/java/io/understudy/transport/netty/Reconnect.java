package io.understudy.transport.netty;

import io.understudy.runtime.Entropy;
import java.time.Duration;

/**
 * How long to wait before dialling again: twice as long each time, between half and all of it by chance so that members
 * do not dial in step, and from the start after a connection that lasted.
 */
final class Reconnect {
  private final long minNs;
  private final long maxNs;
  private final Entropy entropy;
  private long nextNs;

  Reconnect(Duration min, Duration max, Entropy entropy) {
    minNs = min.toNanos();
    maxNs = max.toNanos();
    this.entropy = entropy;
    nextNs = minNs;
  }

  long nextDelayNs() {
    long halfNs = nextNs / 2;
    nextNs = Math.min(nextNs * 2, maxNs);
    return halfNs + Long.remainderUnsigned(entropy.nextLong(), halfNs + 1);
  }

  /** A connection ended; one that was refused by the node soon after it opened does not count as a success. */
  void ended(long lastedNs) {
    if (lastedNs >= maxNs) {
      nextNs = minNs;
    }
  }
}
