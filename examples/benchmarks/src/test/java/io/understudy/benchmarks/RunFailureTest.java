package io.understudy.benchmarks;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import picocli.CommandLine;

/** What the JVMs of a run say is shown, and a run that cannot be made ends with one line that says why, and exit code 1. */
@Timeout(120)
class RunFailureTest {
  private static final String FEW = "10000";
  private static final String MANY = "1000000";

  private final StringWriter errors = new StringWriter();
  private final StringWriter out = new StringWriter();

  @Test
  void unknownOptionOfTheJvmIsShownWithTheWordsOfTheJvm() {
    assertEquals(1, run(FEW, "-XX:+NoSuchOption"));

    assertSaid("standby: Unrecognized VM option 'NoSuchOption'");
    assertSaid("standby: Error: Could not create the Java Virtual Machine.");
    assertEquals(
        "understudy-benchmarks: standby: standby 0: the process ended with exit code 1", last());
  }

  @Test
  void memoryThatTheJvmCannotHaveIsShownWithAllItsLines() {
    assertEquals(1, run(FEW, "-Xms1g -Xmx16m"));

    assertSaid("standby: Error occurred during initialization of VM");
    assertSaid("standby: Initial heap size set to a larger value than the maximum heap size");
    assertEquals(
        "understudy-benchmarks: standby: standby 0: the process ended with exit code 1", last());
  }

  @Test
  void tablesThatDoNotFitIntoTheHeapAreSaidAtOnce() {
    assertEquals(1, run(MANY, "-Xmx32m"));

    assertSaid("standby: Terminating due to java.lang.OutOfMemoryError: Java heap space");
    assertEquals(
        "understudy-benchmarks: standby: standby 0: the process ended with exit code 3", last());
  }

  @Test
  void portInUseIsSaidInOneLine() throws IOException {
    try (ServerSocket taken = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
      String port = Integer.toString(taken.getLocalPort());

      assertEquals(1, run(FEW, "-Xmx256m", "--port", port));

      assertEquals(
          "understudy-benchmarks: standby: standby "
              + port
              + ": cannot listen on 127.0.0.1:"
              + port
              + " (link 0): address already in use; choose another port or stop the other process",
          last());
    }
  }

  @Test
  void whatAJvmSaysBesideItsAnswersIsPassedOnAndTheRunGoesOn() {
    assertEquals(0, run(FEW, "-Xmx256m --show-version", "--json"), errors::toString);

    String version = System.getProperty("java.runtime.version");
    for (String side : List.of("active: ", "standby: ")) {
      assertTrue(
          errors
              .toString()
              .lines()
              .anyMatch(line -> line.startsWith(side) && line.contains(version)),
          errors::toString);
    }
    assertTrue(
        out.toString().startsWith("{\"sessions\": 10000, \"window\": 1048576, "), out::toString);
  }

  private int run(String sessions, String jvmArguments, String... more) {
    CommandLine command = Benchmarks.commandLine();
    command.setErr(new PrintWriter(errors, true));
    command.setOut(new PrintWriter(out, true));
    List<String> arguments =
        new ArrayList<>(
            List.of("run", "--only", "understudy", "--sessions", sessions, "--jvm", jvmArguments));
    arguments.addAll(List.of("--rounds", "1", "--warm-up", "0", "--cold", "0"));
    arguments.addAll(List.of(more));
    return command.execute(arguments.toArray(String[]::new));
  }

  private void assertSaid(String line) {
    assertTrue(errors.toString().lines().anyMatch(line::equals), errors::toString);
  }

  private String last() {
    List<String> lines = errors.toString().lines().toList();
    return lines.get(lines.size() - 1);
  }
}
