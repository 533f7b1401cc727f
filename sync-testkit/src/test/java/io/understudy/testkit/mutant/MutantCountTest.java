package io.understudy.testkit.mutant;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/**
 * The draw meets the case of each rule that is named: at least one seed of a thousand fails without it. By command alone, since it takes
 * minutes for each ({@code docs/internals/mutants.md}).
 */
@EnabledIfSystemProperty(named = "mutant.seeds", matches = "\\d+\\.\\.\\d+")
class MutantCountTest {
  private static final int BAR = 10;

  @TestFactory
  Stream<DynamicTest> enoughSeedsFailWithout() {
    String[] range = System.getProperty("mutant.seeds").split("\\.\\.");
    List<String> names = Arrays.asList(System.getProperty("mutant.names", "").split(","));
    int jobs = Integer.getInteger("mutant.jobs", 2);
    int enough = Integer.getInteger("mutant.enough", Integer.MAX_VALUE);
    long first = Long.parseLong(range[0]);
    MutantCount count =
        new MutantCount(first, Long.parseLong(range[1]), jobs, 16, enough, System.err);
    return Mutants.all().stream()
        .filter(mutant -> names.contains(mutant.name()))
        .map(mutant -> DynamicTest.dynamicTest(mutant.name(), () -> check(count.of(mutant))));
  }

  private static void check(MutantCount.Count count) {
    System.err.println(count);

    assertTrue(count.ofTenThousand() >= BAR, count::toString);
  }
}
