package io.understudy.demos;

import io.understudy.testkit.SimReport;
import io.understudy.testkit.SimRun;
import java.util.ArrayDeque;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;

/** Runs seeds on several threads, each on its own, and tells their reports in the order of the seeds. */
final class SimulateJobs {
  /** Seeds that may be done before the one that is waited for, for each thread. */
  private static final int AHEAD = 16;

  /** No life takes a minute; one that takes this long turns for ever. */
  private static final int LIMIT_MINUTES = 15;

  private record Begun(long seed, Future<SimReport> report) {}

  private final int jobs;
  private final int walkEvery;

  SimulateJobs(int jobs, int walkEvery) {
    this.jobs = jobs;
    this.walkEvery = walkEvery;
  }

  void run(long first, long last, Consumer<SimReport> into) {
    ExecutorService threads = Executors.newFixedThreadPool(jobs, SimulateJobs::thread);
    ArrayDeque<Begun> begun = new ArrayDeque<>();
    try {
      long next = first;
      while (next <= last || !begun.isEmpty()) {
        while (next <= last && begun.size() < AHEAD * jobs) {
          long seed = next++;
          begun.add(new Begun(seed, threads.submit(() -> SimRun.of(seed, walkEvery))));
        }
        into.accept(begun.element().report.get(LIMIT_MINUTES, TimeUnit.MINUTES));
        begun.remove();
      }
    } catch (TimeoutException e) {
      throw new DemoFailure(
          "seed "
              + begun.element().seed
              + " has not ended within "
              + LIMIT_MINUTES
              + " minutes: it turns for ever; the seeds after it were not judged");
    } catch (ExecutionException e) {
      throw new DemoFailure("a simulation could not be run: " + e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new DemoFailure("interrupted");
    } finally {
      threads.shutdownNow();
    }
  }

  /** The program ends whatever still runs. */
  private static Thread thread(Runnable work) {
    Thread thread = new Thread(work, "simulation");
    thread.setDaemon(true);
    return thread;
  }
}
