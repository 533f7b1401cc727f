package io.understudy.testkit.mutant;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/**
 * Every mutant fails the scenario or the seed that {@code mutants.tsv} names, and the library as it is passes all of them.
 */
class MutantTest {
  private final List<Proof> proofs = Proof.load();

  @Test
  void everyMutantHasALine() {
    List<String> mutants = Mutants.all().stream().map(Mutant::name).sorted().toList();

    assertEquals(mutants, proofs.stream().map(Proof::mutant).sorted().toList());
  }

  @Test
  void pageSaysWhatTheListSays() throws IOException {
    assertEquals(MutantsPage.text(), Files.readString(MutantsPage.path()));
  }

  /** Such a class would fail every run, whatever the rule. */
  @Test
  void editThatDoesNotFitItsPlaceIsNoMutant() {
    Edit edit = Edit.callRedirected("delta.Drain.walk", "PeerMarks.isRefused", "sum");
    MutantLoader loader = new MutantLoader(edit);

    assertThrows(IllegalStateException.class, () -> loader.scenario("walkBesideDirty"));
  }

  @Test
  void failureOfAnotherPromiseIsNoProof() {
    Proof proof = new Proof("any", "seed 1", "NothingLost");

    assertTrue(proof.isShownBy("step 12 at 3456 us: NothingLost: session 7 is not there"));
    assertFalse(proof.isShownBy("step 12 at 3456 us: Convergence: session 7 differs"));
    assertFalse(proof.isShownBy("java.lang.VerifyError: NothingLost: bad type on operand stack"));
  }

  @TestFactory
  Stream<DynamicTest> mutantFails() {
    return Mutants.all().stream()
        .filter(mutant -> Proof.of(proofs, mutant).isShown())
        .map(mutant -> DynamicTest.dynamicTest(mutant.name(), () -> fails(mutant)));
  }

  private void fails(Mutant mutant) {
    Proof proof = Proof.of(proofs, mutant);
    String failure = new MutantLoader(mutant.edit()).run(proof);

    assertFalse(failure.isEmpty(), () -> proof + " passes although " + mutant.edit().describe());
    assertTrue(proof.isShownBy(failure), () -> proof + " fails in another way: " + failure);
  }

  @TestFactory
  Stream<DynamicTest> libraryPasses() {
    Stream<String> seeds = proofs.stream().map(Proof::shownBy).filter(Proof::isSeed).distinct();
    return Stream.concat(Scenarios.names().stream(), seeds)
        .map(run -> DynamicTest.dynamicTest(run, () -> assertEquals("", Proof.run(run))));
  }
}
