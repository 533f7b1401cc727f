package io.understudy.table;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Arrays;
import java.util.List;
import java.util.TreeSet;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.From;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

class DirtySlotsProperties {
  /** So many rows that the words which say what is not 0 are several themselves. */
  private static final TableSpec SPEC = TestTable.spec(4_000_000);

  private static final int SLOTS = SPEC.partitionCapacity();

  private record Step(boolean set, int slot) {}

  @Provide
  static Arbitrary<Step> steps() {
    // close together and far apart: words with several bits, and whole runs without any
    Arbitrary<Integer> near = Arbitraries.integers().between(4_000, 4_200);
    Arbitrary<Integer> far = Arbitraries.integers().between(0, SLOTS - 1);
    return Arbitraries.of(true, true, false)
        .flatMap(set -> Arbitraries.oneOf(near, far).map(slot -> new Step(set, slot)));
  }

  @Property(tries = 300)
  void listsWhatIsDirtyInItsOrderWhateverWasSetAndCleared(
      @ForAll @Size(max = 200) List<@From("steps") Step> steps,
      @ForAll @IntRange(max = 17_000) int from,
      @ForAll @IntRange(min = 1, max = 20) int most) {
    Partition partition = new Partition(1, new PartitionArrays(SPEC, 3));
    TreeSet<Integer> dirty = new TreeSet<>();
    for (Step step : steps) {
      if (step.set()) {
        partition.setDirty(1, step.slot());
        dirty.add(step.slot());
      } else {
        partition.clearDirty(1, step.slot());
        dirty.remove(step.slot());
      }
    }

    int[] slots = new int[most];
    int listed = partition.listDirty(1, from, most, slots);

    List<Integer> wanted = dirty.tailSet(from).stream().limit(most).toList();
    assertEquals(wanted, Arrays.stream(slots, 0, listed).boxed().toList());
    assertEquals(0, partition.listDirty(0, 0, most, slots), "the other peer's");
  }
}
