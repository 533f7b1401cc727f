package io.understudy.demos.faults;

import java.io.PrintWriter;
import java.util.LinkedHashMap;
import java.util.Map;

/** What was tried, how often, and what failed; failures are told at once. */
final class TrialReport {
  private final PrintWriter progress;
  private final Map<String, Integer> trials = new LinkedHashMap<>();
  private final Map<String, Long> worst = new LinkedHashMap<>();
  private int failures;
  private int overlong;

  TrialReport(PrintWriter progress) {
    this.progress = progress;
  }

  void counted(String what) {
    int times = trials.merge(what, 1, Integer::sum);
    say(what + ": " + times);
  }

  void say(String line) {
    progress.println(line);
    progress.flush();
  }

  void fail(String line) {
    failures++;
    say("FAILED " + line);
  }

  /** The longest time of this kind is told at the end. */
  void took(String what, long ns) {
    worst.merge(what, ns, Math::max);
  }

  /** In one trial so many true answers took longer than a packet batch lasts, and count for nothing. */
  void overlong(int answers) {
    overlong += answers;
  }

  int failures() {
    return failures;
  }

  void print(PrintWriter out) {
    trials.forEach((what, times) -> out.printf("%-60s %d times%n", what, times));
    worst.forEach((what, ns) -> out.printf("%-60s at most %.1f ms%n", what, ns / 1e6));
    out.println(overlong + " answers came to a stopped process and counted for nothing");
    out.println(failures == 0 ? "nothing failed" : failures + " failed");
    out.flush();
  }
}
