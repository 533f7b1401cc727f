package io.understudy.testkit.mutant;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Finds for each mutant the seeds that it fails: {@code MutantSearch <first seed> <last seed> <wanted> [mutant...]}. Prints
 * lines for {@code mutants.tsv}.
 */
public final class MutantSearch {
  private static final long LIMIT_S = 60;

  private MutantSearch() {}

  /** See above. */
  public static void main(String[] args) {
    long first = Long.parseLong(args[0]);
    long last = Long.parseLong(args[1]);
    int wanted = Integer.parseInt(args[2]);
    List<String> names = List.of(args).subList(3, args.length);
    ExecutorService thread =
        Executors.newCachedThreadPool(
            task -> {
              Thread daemon = new Thread(task, "mutant");
              daemon.setDaemon(true);
              return daemon;
            });
    for (Mutant mutant : Mutants.all()) {
      if (names.isEmpty() || names.contains(mutant.name())) {
        search(mutant, first, last, wanted, thread);
      }
    }
  }

  private static void search(
      Mutant mutant, long first, long last, int wanted, ExecutorService thread) {
    List<String> found = new ArrayList<>();
    MutantLoader loader = new MutantLoader(mutant.edit());
    for (long seed = first; seed <= last && found.size() < wanted; seed++) {
      long at = seed;
      Future<String> run = thread.submit(() -> loader.simulate(at));
      long startNs = System.nanoTime();
      String failure = outcome(run);
      if (!failure.isEmpty()) {
        found.add(
            seed
                + " ("
                + (System.nanoTime() - startNs) / 1_000_000
                + " ms: "
                + brief(failure)
                + ")");
      }
      if (failure.startsWith("endless")) {
        break;
      }
    }
    System.out.println(mutant.name() + "\t" + String.join("\t", found));
  }

  private static String outcome(Future<String> run) {
    try {
      return run.get(LIMIT_S, TimeUnit.SECONDS);
    } catch (TimeoutException e) {
      run.cancel(true);
      return "endless";
    } catch (ExecutionException e) {
      return "broken: " + e.getCause() + " " + e.getCause().getCause();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return "";
    }
  }

  private static String brief(String failure) {
    String line = failure.lines().findFirst().orElse("");
    return line.substring(0, Math.min(150, line.length()));
  }
}
