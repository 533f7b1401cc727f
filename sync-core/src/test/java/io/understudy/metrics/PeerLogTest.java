package io.understudy.metrics;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.slf4j.Logger;
import org.slf4j.helpers.MessageFormatter;

class PeerLogTest {
  private static final long SECOND = 1_000_000_000L;

  private final List<String> lines = new ArrayList<>();
  private final PeerLog log =
      new PeerLog(
          (Logger)
              Proxy.newProxyInstance(
                  getClass().getClassLoader(),
                  new Class<?>[] {Logger.class},
                  (proxy, method, arguments) -> {
                    String pattern = (String) arguments[0];
                    Object[] values = (Object[]) arguments[1];
                    lines.add(
                        method.getName()
                            + " "
                            + MessageFormatter.basicArrayFormat(pattern, values));
                    return null;
                  }));

  @Test
  void firstLineComesAtOnceAndThenOneAnIntervalThatTellsOfTheOthers() {
    long start = Long.MAX_VALUE - SECOND; // the clock may run over
    log.warn("bad frame", 2, start, "{} of node {}", "one", 2);
    log.warn("bad frame", 2, start, "{} of node {}", "two", 2);
    log.warn("bad frame", 2, start + PeerLog.INTERVAL_NS - 1, "{} of node {}", "three", 2);
    log.warn("bad frame", 2, start + PeerLog.INTERVAL_NS, "{} of node {}", "four", 2);
    log.warn("bad frame", 2, start + 2 * PeerLog.INTERVAL_NS, "{} of node {}", "five", 2);

    assertEquals(
        List.of(
            "warn one of node 2",
            "warn four of node 2 (repeated 2 times since)",
            "warn five of node 2"),
        lines);
  }

  @Test
  void causesAndPeersDoNotSilenceOneAnother() {
    log.warn("bad frame", 2, 0, "a");
    log.warn("bad frame", 3, 0, "b");
    log.error("store", 2, 0, "c");
    log.info("up", 2, 0, "d");

    assertEquals(List.of("warn a", "warn b", "error c", "info d"), lines);
  }

  @Test
  void subjectsBeyondTheLimitShareOneLine() {
    for (int subject = 0; subject < 100_000; subject++) {
      log.warn("dial", subject, subject, "of {}", subject);
    }

    assertEquals(257, lines.size());
    assertEquals("warn of 256", lines.get(256));
  }

  @Test
  void subjectsOfWhomNothingWasHeardGiveWay() {
    for (int subject = 0; subject < 256; subject++) {
      log.warn("dial", subject, 0, "of {}", subject);
    }

    log.warn("dial", 1_000, PeerLog.INTERVAL_NS, "of {}", 1_000);
    log.warn("dial", 1_001, PeerLog.INTERVAL_NS, "of {}", 1_001);

    assertTrue(lines.contains("warn of 1000") && lines.contains("warn of 1001"));
  }
}
