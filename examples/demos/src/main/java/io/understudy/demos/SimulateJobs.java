package io.understudy.demos;

import io.understudy.testkit.SimReport;
import io.understudy.testkit.SimRun;
import java.util.ArrayDeque;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Consumer;

/** Runs seeds on several threads, each on its own, and tells their reports in the order of the seeds. */
final class SimulateJobs {
  /** Seeds that may be done before the one that is waited for, for each thread. */
  private static final int AHEAD = 16;

  private final int jobs;
  private final int walkEvery;

  SimulateJobs(int jobs, int walkEvery) {
    this.jobs = jobs;
    this.walkEvery = walkEvery;
  }

  void run(long first, long last, Consumer<SimReport> into) {
    if (jobs == 1) {
      for (long seed = first; seed <= last; seed++) {
        into.accept(SimRun.of(seed, walkEvery));
      }
      return;
    }
    ExecutorService threads = Executors.newFixedThreadPool(jobs);
    try {
      ArrayDeque<Future<SimReport>> begun = new ArrayDeque<>();
      long next = first;
      while (next <= last || !begun.isEmpty()) {
        while (next <= last && begun.size() < AHEAD * jobs) {
          long seed = next++;
          begun.add(threads.submit(() -> SimRun.of(seed, walkEvery)));
        }
        into.accept(begun.remove().get());
      }
    } catch (ExecutionException e) {
      throw new DemoFailure("a simulation could not be run: " + e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new DemoFailure("interrupted");
    } finally {
      threads.shutdownNow();
    }
  }
}
