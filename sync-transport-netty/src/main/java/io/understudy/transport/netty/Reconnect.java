package io.understudy.transport.netty;

import io.understudy.runtime.Entropy;
import java.time.Duration;

/**
 * How long to wait before dialling again: twice as long each time, between half and all of it by chance so that members
 * do not dial in step. After the end of an established connection it starts again, and the first dial does not wait, unless
 * that happened within the longest wait: a connection that ends again and again is dialled like one that fails.
 */
final class Reconnect {
  private final long minNs;
  private final long maxNs;
  private final Entropy entropy;
  private long nextNs;
  private boolean isAtOnce;
  private boolean wasAtOnce;
  private long atOnceNs;

  Reconnect(Duration min, Duration max, Entropy entropy) {
    minNs = min.toNanos();
    maxNs = max.toNanos();
    this.entropy = entropy;
    nextNs = minNs;
  }

  long nextDelayNs() {
    if (isAtOnce) {
      isAtOnce = false;
      return 0;
    }
    long halfNs = nextNs / 2;
    nextNs = Math.min(nextNs * 2, maxNs);
    return halfNs + Long.remainderUnsigned(entropy.nextLong(), halfNs + 1);
  }

  /** A connection that both nodes had agreed on has ended. */
  void establishedEnded(long nowNs) {
    if (!wasAtOnce || nowNs - atOnceNs >= maxNs) {
      wasAtOnce = true;
      atOnceNs = nowNs;
      isAtOnce = true;
      nextNs = minNs;
    }
  }
}
