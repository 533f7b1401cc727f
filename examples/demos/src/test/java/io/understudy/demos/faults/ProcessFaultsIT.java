package io.understudy.demos.faults;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * Faults of real processes over real sockets, once each with short intervals; {@code mvn verify -Pfaults} tries every kind 20 times at
 * intervals of 20 ms, 100 ms and 1 s.
 */
class ProcessFaultsIT {
  private static final String KINDS =
      System.getProperty("understudy.faults.kinds", "pause,stall,close,dead_loop,refused,full");
  private static final int TIMES = Integer.getInteger("understudy.faults.times", 1);
  private static final List<Integer> INTERVALS =
      Arrays.stream(System.getProperty("understudy.faults.intervals", "20").split(","))
          .map(Integer::valueOf)
          .toList();

  @TestFactory
  Stream<DynamicTest> neverTwoDecideAndNothingIsLost() {
    return Arrays.stream(KINDS.split(","))
        .map(name -> DynamicTest.dynamicTest(name, () -> tryKind(FaultKind.named(name))));
  }

  private static void tryKind(FaultKind kind) {
    StringWriter told = new StringWriter();
    TrialReport report = new TrialReport(new PrintWriter(told, true));
    kind.tryAll(TIMES, INTERVALS, report);
    assertEquals(0, report.failures(), told::toString);
  }
}
