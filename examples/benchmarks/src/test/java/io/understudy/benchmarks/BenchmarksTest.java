package io.understudy.benchmarks;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

/** What a user may type wrong is answered with one clear line and exit code 2; nothing is started. */
class BenchmarksTest {
  private final StringWriter errors = new StringWriter();

  @Test
  void unknownOptionIsNamedInOneLine() {
    assertEquals(2, execute("run", "--quick"));

    assertEquals("understudy-benchmarks: Unknown option: '--quick'; see --help", line());
  }

  @Test
  void unknownSubjectIsNamedWithTheKnownOnes() {
    assertEquals(2, execute("run", "--only", "raw,pigeons"));

    assertEquals(
        "understudy-benchmarks: --only pigeons is none of raw, understudy; see --help", line());
  }

  @Test
  void valueOutsideItsRangeIsNamedWithTheRange() {
    assertEquals(2, execute("run", "--sessions", "12"));

    assertEquals(
        "understudy-benchmarks: --sessions 12 is outside 10000..16000000; see --help", line());
  }

  private int execute(String... arguments) {
    CommandLine command = Benchmarks.commandLine();
    command.setErr(new PrintWriter(errors, true));
    return command.execute(arguments);
  }

  private String line() {
    return errors.toString().strip();
  }
}
