package io.understudy.demos;

import java.io.PrintWriter;
import java.util.Locale;
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
 * <p>Run it with {@code simulate --seeds 1..200 --jobs 2}; it tells its progress on the error output, prints what each failed seed came to,
 * says at the end what was drawn, and ends with exit code 1 if any failed. A failed seed fails again in the same way, whatever ran beside it.
 */
@Command(
    name = "simulate",
    mixinStandardHelpOptions = true,
    description = "Runs simulated clusters under faults and checks every promise.")
final class Simulate implements Callable<Integer> {
  private static final Pattern RANGE = Pattern.compile("(\\d{1,18})\\.\\.(\\d{1,18})");
  private static final int PROGRESS_EVERY = 20;
  private static final int MAX_JOBS = 256;

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
          "Checks of rows look once in so many steps, default ${DEFAULT-VALUE}; more is faster.")
  private int walkEvery;

  @Option(
      names = "--jobs",
      defaultValue = "1",
      paramLabel = "THREADS",
      description = "So many seeds run at once, default ${DEFAULT-VALUE}.")
  private int jobs;

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
    if (jobs < 1 || jobs > MAX_JOBS) {
      throw new ParameterException(
          spec.commandLine(), "--jobs is " + jobs + ", outside 1.." + MAX_JOBS);
    }
    System.setProperty(
        "org.slf4j.simpleLogger.defaultLogLevel", "off"); // faults are what it is about
    return run(first, last);
  }

  private int run(long first, long last) {
    PrintWriter out = spec.commandLine().getOut();
    PrintWriter err = spec.commandLine().getErr();
    long count = last - first + 1;
    SimulateDraw draw = new SimulateDraw();
    long[] failed = {0, 0}; // how many, and the first
    long[] done = {0};
    long beganNs = System.nanoTime();
    new SimulateJobs(jobs, walkEvery)
        .run(
            first,
            last,
            report -> {
              draw.add(report);
              if (report.isFailed()) {
                failed[1] = failed[0]++ == 0 ? report.seed() : failed[1];
                err.println(report);
              }
              if (++done[0] % PROGRESS_EVERY == 0) {
                String speed = speed(done[0], beganNs);
                err.println(
                    done[0] + " of " + count + " seeds, " + failed[0] + " failed, " + speed);
                err.flush();
              }
            });
    if (json) {
      out.println(json(count, failed, draw, beganNs));
    } else {
      out.println(draw);
      out.println(
          count
              + " seeds, "
              + failed[0]
              + " failed"
              + (failed[0] == 0 ? "" : ", first " + failed[1])
              + ", "
              + speed(count, beganNs));
    }
    out.flush();
    err.flush();
    return failed[0] == 0 ? 0 : 1;
  }

  private static String json(long count, long[] failed, SimulateDraw draw, long beganNs) {
    return "{\"seeds\": "
        + count
        + ", \"failed\": "
        + failed[0]
        + ", \"firstFailed\": "
        + (failed[0] == 0 ? "null" : Long.toString(failed[1]))
        + ", "
        + draw.json()
        + ", \"seedsPerSecond\": "
        + perSecond(count, beganNs)
        + "}";
  }

  private static String speed(long seeds, long beganNs) {
    return perSecond(seeds, beganNs) + " seeds/s";
  }

  private static String perSecond(long seeds, long beganNs) {
    double seconds = Math.max(1, System.nanoTime() - beganNs) / 1e9;
    return String.format(Locale.ROOT, "%.1f", seeds / seconds);
  }
}
