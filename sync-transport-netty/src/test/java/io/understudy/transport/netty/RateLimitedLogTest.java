package io.understudy.transport.netty;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.slf4j.Logger;

class RateLimitedLogTest {
  private static final long SECOND = 1_000_000_000L;

  private final List<String> lines = new ArrayList<>();
  private final Logger logger =
      (Logger)
          Proxy.newProxyInstance(
              getClass().getClassLoader(),
              new Class<?>[] {Logger.class},
              (proxy, method, arguments) -> {
                lines.add(method.getName() + " " + arguments[1] + arguments[2]);
                return null;
              });

  @Test
  void oneLinePerIntervalTellsOfTheOthers() {
    long[] nowNs = {Long.MAX_VALUE - SECOND};
    RateLimitedLog log = new RateLimitedLog(logger, () -> nowNs[0]);

    log.warn("one");
    log.warn("two");
    nowNs[0] += 9 * SECOND;
    log.warn("three");
    nowNs[0] += SECOND;
    log.warn("four");

    assertEquals(List.of("warn one", "warn four (2 more lines of this kind left out)"), lines);
  }
}
