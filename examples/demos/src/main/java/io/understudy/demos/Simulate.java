package io.understudy.demos;

import io.understudy.testkit.SimReport;
import io.understudy.testkit.SimRun;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/**
 * Runs whole clusters under simulated faults, one for each seed, and checks every promise at every step.
 *
 * <p>Run it with {@code simulate --seeds 1..200}; it tells its progress on the error output, prints what each failed seed came to, and
 * ends with exit code 1 if any did. A failed seed fails again in the same way.
 */
@Command(
    name = "simulate",
    mixinStandardHelpOptions = true,
    description = "Runs simulated clusters under faults and checks every promise.")
final class Simulate implements Callable<Integer> {
  private static final Pattern RANGE = Pattern.compile("(\\d{1,18})\\.\\.(\\d{1,18})");
  private static final int PROGRESS_EVERY = 20;

  @Spec private CommandSpec spec;

  @Option(
      names = "--seeds",
      defaultValue = "1..200",
      paramLabel = "FIRST..LAST",
      description = "The seeds to run, default ${DEFAULT-VALUE}.")
  private String seeds;

  @Option(
      names = "--walk-every",
      defaultValue = "1",
      paramLabel = "STEPS",
      description =
          "Checks that walk over all entries look once in so many steps, default ${DEFAULT-VALUE}; more is faster.")
  private int walkEvery;

  @Option(names = "--json", description = "Print one line of JSON at the end.")
  private boolean json;

  @Override
  public Integer call() {
    Matcher range = RANGE.matcher(seeds);
    if (!range.matches()) {
      throw new ParameterException(
          spec.commandLine(), "--seeds is \"" + seeds + "\", expected a range such as 1..200");
    }
    long first = Long.parseLong(range.group(1));
    long last = Long.parseLong(range.group(2));
    if (first > last) {
      throw new ParameterException(
          spec.commandLine(), "--seeds is " + seeds + ", the first seed is above the last");
    }
    if (walkEvery < 1 || walkEvery > 1_000_000) {
      throw new ParameterException(
          spec.commandLine(), "--walk-every is " + walkEvery + ", outside 1..1000000");
    }
    System.setProperty(
        "org.slf4j.simpleLogger.defaultLogLevel", "off"); // faults are what it is about
    return run(first, last);
  }

  private int run(long first, long last) {
    PrintWriter out = spec.commandLine().getOut();
    PrintWriter err = spec.commandLine().getErr();
    long failed = 0;
    long firstFailed = 0;
    for (long seed = first; seed <= last; seed++) {
      SimReport report = SimRun.of(seed, walkEvery);
      if (report.isFailed()) {
        firstFailed = failed == 0 ? seed : firstFailed;
        failed++;
        err.println(report);
      }
      if ((seed - first + 1) % PROGRESS_EVERY == 0) {
        err.println(
            seed - first + 1 + " of " + (last - first + 1) + " seeds, " + failed + " failed");
        err.flush();
      }
    }
    long count = last - first + 1;
    if (json) {
      String which = failed == 0 ? "null" : Long.toString(firstFailed);
      out.println(
          "{\"seeds\": " + count + ", \"failed\": " + failed + ", \"firstFailed\": " + which + "}");
    } else {
      out.println(
          count + " seeds, " + failed + " failed" + (failed == 0 ? "" : ", first " + firstFailed));
    }
    out.flush();
    err.flush();
    return failed == 0 ? 0 : 1;
  }
}
