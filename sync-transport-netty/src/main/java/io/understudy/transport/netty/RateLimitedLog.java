package io.understudy.transport.netty;

import io.understudy.runtime.NanoClock;
import org.slf4j.Logger;

/** Warns of what a peer can provoke repeatedly: the first time, then once per interval with the number left out. */
final class RateLimitedLog {
  private static final long INTERVAL_NS = 10_000_000_000L;

  private final Logger log;
  private final NanoClock clock;
  private boolean hasLogged;
  private long lastNs;
  private long leftOut;

  RateLimitedLog(Logger log, NanoClock clock) {
    this.log = log;
    this.clock = clock;
  }

  void warn(String line) {
    long nowNs = clock.nanoTime();
    if (hasLogged && nowNs - lastNs < INTERVAL_NS) {
      leftOut++;
      return;
    }
    String more = leftOut == 0 ? "" : " (" + leftOut + " more lines of this kind left out)";
    hasLogged = true;
    lastNs = nowNs;
    leftOut = 0;
    log.warn("{}{}", line, more);
  }
}
