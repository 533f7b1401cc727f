package io.understudy.transport.netty;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;

class RateLimitedLogTest {
  private static final long SECOND = 1_000_000_000L;

  private final NotingLog noted = new NotingLog();

  @Test
  void oneLinePerIntervalTellsOfTheOthers() {
    long[] nowNs = {Long.MAX_VALUE - SECOND};
    RateLimitedLog log = new RateLimitedLog(noted.logger(), () -> nowNs[0]);

    log.warn("one");
    log.warn("two");
    nowNs[0] += 9 * SECOND;
    log.warn("three");
    nowNs[0] += SECOND;
    log.warn("four");

    assertEquals(
        List.of("warn one", "warn four (2 more lines of this kind left out)"), noted.lines());
  }
}
