package io.understudy.benchmarks.run;

import java.io.IOException;
import java.io.PrintWriter;
import java.util.List;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Measures the library between two processes, and what plain TCP does on the same machine at the same time. */
@Command(
    name = "run",
    mixinStandardHelpOptions = true,
    exitCodeListHeading = "Exit codes:%n",
    exitCodeList = {
      "0:measured, and the tables were equal after each pass",
      "1:it could not be measured; the last line of standard error says why",
      "2:wrong arguments, nothing was started"
    },
    description =
        "Measures the library between two JVMs on loopback, one core each, beside plain Netty TCP of the same bytes.")
public final class RunCommand implements Callable<Integer> {
  private static final List<String> SUBJECTS = List.of("raw", "understudy");

  @Spec private CommandSpec spec;

  @Option(
      names = "--only",
      split = ",",
      defaultValue = "raw,understudy",
      description = "What is measured: ${DEFAULT-VALUE}.")
  private List<String> only;

  @Option(
      names = "--sessions",
      defaultValue = "1000000",
      description = "IPv4 sessions, 10000 to 16000000 (default ${DEFAULT-VALUE}).")
  private int sessions;

  @Option(
      names = "--rounds",
      defaultValue = "5",
      description = "Measured rounds, 1 to 100 (default ${DEFAULT-VALUE}).")
  private int rounds;

  @Option(
      names = "--warm-up",
      defaultValue = "6",
      description = "Rounds before them, 0 to 100 (default ${DEFAULT-VALUE}).")
  private int warmUp;

  @Option(
      names = "--cold",
      defaultValue = "3",
      description = "Cold standbys, 0 to 100 (default ${DEFAULT-VALUE}).")
  private int cold;

  @Option(
      names = "--window",
      defaultValue = "1048576",
      description = "Bytes in flight at most (default ${DEFAULT-VALUE}).")
  private int windowBytes;

  @Option(
      names = "--port",
      defaultValue = "0",
      description = "Port of the standby on loopback, 0: any free one.")
  private int port;

  @Option(
      names = "--jvm",
      split = " ",
      defaultValue = "-XX:+UseG1GC -XX:+UseTransparentHugePages -Xms3g -Xmx3g",
      description = "Arguments of both JVMs (default ${DEFAULT-VALUE}).")
  private List<String> jvmArguments;

  @Option(names = "--json", description = "Print one JSON object instead of a table.")
  private boolean json;

  @Override
  public Integer call() throws InterruptedException {
    check("--sessions", sessions, 10_000, 16_000_000);
    check("--rounds", rounds, 1, 100);
    check("--warm-up", warmUp, 0, 100);
    check("--cold", cold, 0, 100);
    check("--port", port, 0, 65_535);
    check("--window", windowBytes, 1 << 17, 1 << 26);
    for (String subject : only) {
      if (!SUBJECTS.contains(subject)) {
        throw new ParameterException(
            spec.commandLine(), "--only " + subject + " is none of " + String.join(", ", SUBJECTS));
      }
    }
    CommandLine line = spec.commandLine();
    RunOptions options = new RunOptions(sessions, windowBytes, port, jvmArguments);
    try {
      Report report =
          new Comparison(options, new TreeSet<>(only), line.getErr()).run(warmUp, rounds, cold);
      PrintWriter out = line.getOut();
      if (json) {
        report.printJson(out);
      } else {
        report.print(out);
      }
      return 0;
    } catch (BenchmarkFailure | IOException e) {
      line.getErr().println("understudy-benchmarks: " + e.getMessage());
      return 1;
    }
  }

  private void check(String option, int value, int min, int max) {
    if (value < min || value > max) {
      throw new ParameterException(
          spec.commandLine(), option + " " + value + " is outside " + min + ".." + max);
    }
  }
}
