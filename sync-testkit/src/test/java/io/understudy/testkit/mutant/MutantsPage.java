package io.understudy.testkit.mutant;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Writes {@code docs/internals/mutants.md}. The test compares; the main method, run at the top of the project, writes it. */
final class MutantsPage {
  static final String PATH = "docs/internals/mutants.md";

  private static final String HEAD =
      """
      # Mutants

      Each rule of the protocol that is implemented, switched off, fails a simulation. `MutantTest` rewrites one method
      (or one call inside it) while the class is loaded and runs the scenario or seed of the table, which passes on the
      library as it is. This page is made from `Mutants` and `mutants.tsv` by `MutantsPage`, and a test compares it.

      | Rule | Switched off | Mutant | Shown by | Broken promise |
      |---|---|---|---|---|
      """;

  private static final String UNSHOWN =
      """

      ## Not shown

      Nothing fails with these, so no test runs them: another rule covers for them, or no scenario meets them yet. They stay in
      the list, so that a scenario or seed can be added when one is found.

      | Rule | Switched off | Mutant | Why nothing fails |
      |---|---|---|---|
      """;

  private static final String COUNTS =
      """

      ## How often the simulation meets a rule

      A history shows that a rule is needed; the seeds show whether the simulation would have found it. `MutantCount` runs seeds of
      `simulate` with one mutant and counts those that fail, but not those that fail without it; fewer than 10 of 10,000 is a draw that
      misses the rule, and a failure of this command:

          mvn -pl sync-testkit -am test -Dtest=MutantCountTest -Dsurefire.failIfNoSpecifiedTests=false \\
            -Dmutant.seeds=1..1000 -Dmutant.names=spoken-unknown,trusts-itself -Dmutant.jobs=2 -Dmutant.enough=10

      """;

  private MutantsPage() {}

  static String text() {
    List<Proof> proofs = Proof.load();
    StringBuilder shown = new StringBuilder(HEAD);
    StringBuilder unshown = new StringBuilder();
    for (Mutant mutant : Mutants.all()) {
      Proof proof = Proof.of(proofs, mutant);
      StringBuilder page = proof.isShown() ? shown : unshown;
      page.append("| ").append(mutant.rule()).append(" | ").append(mutant.sentence());
      page.append(" | ").append(mutant.edit().describe()).append(" | ");
      if (proof.isShown()) {
        page.append('`').append(proof.shownBy()).append("` | ");
      }
      page.append(proof.remark()).append(" |\n");
    }
    String notShown = unshown.isEmpty() ? "" : UNSHOWN + unshown;
    return shown + notShown + COUNTS.stripTrailing() + "\n";
  }

  /** The page in the project, wherever the test runs. */
  static Path path() {
    Path at = Path.of("").toAbsolutePath();
    while (at != null && !Files.exists(at.resolve("docs/decisions/0001-build.md"))) {
      at = at.getParent();
    }
    if (at == null) {
      throw new IllegalStateException("no docs above " + Path.of("").toAbsolutePath());
    }
    return at.resolve(PATH);
  }

  /** Writes the page. */
  public static void main(String[] args) throws IOException {
    Files.writeString(path(), text());
  }
}
