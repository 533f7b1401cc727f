package io.understudy.testkit.mutant;

import io.understudy.testkit.SimRun;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.regex.Pattern;

/**
 * A line of {@code mutants.tsv}: what shows that a mutant is one.
 *
 * @param mutant its name
 * @param shownBy a scenario, {@code seed n}, or {@code -}: nothing does
 * @param remark the promise that is broken; for {@code -} the reason
 */
record Proof(String mutant, String shownBy, String remark) {
  private static final String FILE = "mutants.tsv";
  private static final String NOTHING = "-";
  private static final String SEED = "seed ";
  private static final Pattern STEP = Pattern.compile("^step \\d+ at \\d+ us: ");

  static List<Proof> load() {
    try (BufferedReader in =
        new BufferedReader(
            new InputStreamReader(Proof.class.getResourceAsStream(FILE), StandardCharsets.UTF_8))) {
      return in.lines().filter(line -> !line.isEmpty()).map(Proof::parse).toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Proof parse(String line) {
    String[] fields = line.split("\t");
    if (fields.length != 3) {
      throw new IllegalStateException("three fields are expected in " + FILE + ": " + line);
    }
    return new Proof(fields[0], fields[1], fields[2]);
  }

  static Proof of(List<Proof> proofs, Mutant mutant) {
    return proofs.stream()
        .filter(proof -> proof.mutant().equals(mutant.name()))
        .findFirst()
        .orElseThrow(() -> new IllegalStateException(mutant.name() + " has no line in " + FILE));
  }

  boolean isShown() {
    return !shownBy.equals(NOTHING);
  }

  /** This failure is the one that the line names, and no other one. */
  boolean isShownBy(String failure) {
    return promise(failure).equals(remark);
  }

  /** The promise that a failure of a scenario or a seed names first, after the seed's step and time. */
  static String promise(String failure) {
    String text = STEP.matcher(failure).replaceFirst("");
    return text.substring(0, Math.max(0, text.indexOf(':')));
  }

  static boolean isSeed(String run) {
    return run.startsWith(SEED);
  }

  static long seed(String run) {
    return Long.parseLong(run.substring(SEED.length()));
  }

  /** Runs a scenario or a seed on the library as it is. */
  static String run(String run) {
    return isSeed(run) ? SimRun.of(seed(run)).failure() : Scenarios.run(run);
  }
}
