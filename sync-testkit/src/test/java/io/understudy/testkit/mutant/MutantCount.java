package io.understudy.testkit.mutant;

import io.understudy.testkit.SimRun;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Counts the seeds of the general simulation that fail with one mutant: how well the draw meets its rule.
 *
 * <p>Run it with {@code MutantCount 1..1000 --jobs 2 --walk-every 16 --enough 10 [mutant...]}; without names, every mutant. A seed
 * that fails on the library too is counted apart. A mutant is done when enough seeds failed, or the last one was run.
 */
public final class MutantCount {
  private static final long LIMIT_S = 120;
  private static final int PROGRESS_EVERY = 100;
  private static final String ENDLESS = "Endless";

  private final long first;
  private final long last;
  private final int jobs;
  private final int walkEvery;
  private final int enough;
  private final PrintStream progress;

  /**
   * Counts in a range of seeds.
   *
   * @param jobs seeds run at once
   * @param walkEvery the checks of rows look once in so many steps
   * @param enough when so many failed no more are run
   * @param progress where each hundredth seed is told
   */
  MutantCount(long first, long last, int jobs, int walkEvery, int enough, PrintStream progress) {
    this.first = first;
    this.last = last;
    this.jobs = jobs;
    this.walkEvery = walkEvery;
    this.enough = enough;
    this.progress = progress;
  }

  /**
   * What a mutant came to.
   *
   * @param seeds how many were run
   * @param byPromise how many failed, by the promise that was broken first
   * @param failed the seeds that failed with the mutant alone
   * @param alsoWithout how many fail on the library as it is
   */
  record Count(
      String mutant,
      long seeds,
      Map<String, Integer> byPromise,
      List<Long> failed,
      int alsoWithout) {
    /** How many of ten thousand would fail at this rate. */
    double ofTenThousand() {
      return failed.size() * 10_000.0 / seeds;
    }

    @Override
    public String toString() {
      String some = failed.subList(0, Math.min(5, failed.size())).toString();
      return String.format(
          java.util.Locale.ROOT,
          "%s: %d of %d seeds fail (%.0f of 10,000) %s, such as %s; %d fail without it",
          mutant,
          failed.size(),
          seeds,
          ofTenThousand(),
          byPromise,
          some,
          alsoWithout);
    }
  }

  /** See above. */
  public static void main(String[] args) {
    List<String> names = new ArrayList<>();
    int jobs = 1;
    int walkEvery = 16;
    int enough = Integer.MAX_VALUE;
    for (int i = 1; i < args.length; i++) {
      switch (args[i]) {
        case "--jobs" -> jobs = Integer.parseInt(args[++i]);
        case "--walk-every" -> walkEvery = Integer.parseInt(args[++i]);
        case "--enough" -> enough = Integer.parseInt(args[++i]);
        default -> names.add(args[i]);
      }
    }
    String[] range = args[0].split("\\.\\.");
    long first = Long.parseLong(range[0]);
    long last = Long.parseLong(range[range.length - 1]);
    MutantCount count = new MutantCount(first, last, jobs, walkEvery, enough, System.err);
    for (Mutant mutant : Mutants.all()) {
      if (names.isEmpty() || names.contains(mutant.name())) {
        System.out.println(count.of(mutant));
      }
    }
    System.exit(0); // a run that does not end has a thread
  }

  /** Runs every seed with this mutant. */
  Count of(Mutant mutant) {
    MutantLoader loader = new MutantLoader(mutant.edit());
    ExecutorService threads = Executors.newFixedThreadPool(jobs, MutantCount::daemon);
    Map<String, Integer> byPromise = new TreeMap<>();
    List<Long> failed = new ArrayList<>();
    int alsoWithout = 0;
    List<Future<String>> runs = new ArrayList<>();
    for (long submitted = first; submitted <= last; submitted++) {
      long at = submitted;
      runs.add(threads.submit(() -> loader.simulate(at, walkEvery)));
    }
    long seed = first;
    for (; seed <= last && failed.size() < enough; seed++) {
      String promise = promise(runs.get((int) (seed - first)));
      if (promise.equals(ENDLESS)) {
        threads.shutdown();
        threads = again(runs, seed, loader);
      }
      if (!promise.isEmpty() && SimRun.of(seed, walkEvery).isFailed()) {
        alsoWithout++;
      } else if (!promise.isEmpty()) {
        byPromise.merge(promise, 1, Integer::sum);
        failed.add(seed);
      }
      if ((seed - first + 1) % PROGRESS_EVERY == 0) {
        long done = seed - first + 1;
        progress.println(mutant.name() + ": " + done + " seeds, " + failed.size() + " failed");
      }
    }
    threads.shutdownNow();
    return new Count(mutant.name(), seed - first, byPromise, failed, alsoWithout);
  }

  /** A thread is lost to a run that does not end; the seeds after it get others. */
  private ExecutorService again(List<Future<String>> runs, long endless, MutantLoader loader) {
    ExecutorService threads = Executors.newFixedThreadPool(jobs, MutantCount::daemon);
    for (long seed = endless + 1; seed <= last; seed++) {
      long at = seed;
      int index = (int) (seed - first);
      if (!runs.get(index).isDone()) {
        runs.get(index).cancel(false);
        runs.set(index, threads.submit(() -> loader.simulate(at, walkEvery)));
      }
    }
    return threads;
  }

  private static Thread daemon(Runnable task) {
    Thread thread = new Thread(task, "mutant");
    thread.setDaemon(true);
    return thread;
  }

  private static String promise(Future<String> run) {
    try {
      String failure = run.get(LIMIT_S, TimeUnit.SECONDS);
      return failure.isEmpty() ? "" : Proof.promise(failure);
    } catch (TimeoutException e) {
      return ENDLESS;
    } catch (ExecutionException e) {
      throw new IllegalStateException(e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }
}
