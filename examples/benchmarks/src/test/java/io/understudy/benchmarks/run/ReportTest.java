package io.understudy.benchmarks.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.function.BiConsumer;
import org.junit.jupiter.api.Test;

class ReportTest {
  private final Report report = new Report();

  @Test
  void numbersAreNumbersInJsonAndTextsAreQuoted() {
    report.condition("sessions", 1_000_000, "");
    report.condition("window", 1 << 20, "bytes");
    report.condition("jvm arguments", "-Xmx3g \"\\\n");
    report.add("new", "new sessions", "records/s", 2.5);

    assertEquals(
        "{\"sessions\": 1000000, \"window\": 1048576, \"jvm arguments\": \"-Xmx3g \\\"\\\\\\u000a\", \"new\":"
            + " {\"median\": 2.5000, \"min\": 2.5000, \"max\": 2.5000, \"rounds\": 1, \"unit\":"
            + " \"records/s\"}}",
        printed(Report::printJson));
  }

  @Test
  void tableHasTheNumbersWithTheirUnits() {
    report.condition("sessions", 1_000_000, "");
    report.condition("window", 1 << 20, "bytes");

    String table = printed(Report::print);

    assertTrue(table.contains("sessions       1000000\n"), table);
    assertTrue(table.contains("window         1048576 bytes\n"), table);
  }

  private String printed(BiConsumer<Report, PrintWriter> how) {
    StringWriter printed = new StringWriter();
    how.accept(report, new PrintWriter(printed));
    return printed.toString().strip().replace("\r\n", "\n");
  }
}
