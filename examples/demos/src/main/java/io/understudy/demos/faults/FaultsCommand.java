package io.understudy.demos.faults;

import java.io.PrintWriter;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/**
 * Tries faults of real processes over real sockets on loopback, and judges that never two decide and nothing is lost.
 *
 * <p>Run it with {@code faults --kind pause,stall --times 20 --interval 20,100,1000}; it tells its progress on the error output, and
 * ends with exit code 1 if anything failed. It needs the command {@code kill}.
 */
@Command(
    name = "faults",
    mixinStandardHelpOptions = true,
    description =
        "Pauses, stalls, closes, kills and fills real processes, and judges what follows.")
public final class FaultsCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Option(
      names = "--kind",
      split = ",",
      defaultValue = "pause,stall,close,dead_loop,refused,kill,split,full,attack",
      description = "What to try: ${COMPLETION-CANDIDATES}; default all.")
  private List<FaultKind> kinds;

  @Option(
      names = "--times",
      defaultValue = "20",
      description = "How often each, default ${DEFAULT-VALUE}.")
  private int times;

  @Option(
      names = "--interval",
      split = ",",
      defaultValue = "20,100,1000",
      paramLabel = "MS",
      description = "Heartbeat intervals, default ${DEFAULT-VALUE}.")
  private List<Integer> intervals;

  @Override
  public Integer call() {
    PrintWriter err = spec.commandLine().getErr();
    TrialReport report = new TrialReport(err);
    for (FaultKind kind : kinds) {
      kind.tryAll(times, intervals, report);
    }
    report.print(spec.commandLine().getOut());
    return report.failures() == 0 ? 0 : 1;
  }
}
