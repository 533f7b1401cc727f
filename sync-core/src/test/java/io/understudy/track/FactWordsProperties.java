package io.understudy.track;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Arrays;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

class FactWordsProperties {
  @Provide
  Arbitrary<long[]> facts() {
    Arbitrary<Long> anything = Arbitraries.longs();
    Arbitrary<Long> sparse = Arbitraries.longs().map(value -> value & 0x80000001_80000001L);
    return Arbitraries.oneOf(anything, sparse).array(long[].class).ofSize(FactWords.WORDS);
  }

  @Property(seed = "101", tries = 2_000, edgeCases = EdgeCasesMode.NONE)
  void mergingIsCommutative(@ForAll("facts") long[] a, @ForAll("facts") long[] b) {
    assertArrayEquals(merged(a, b), merged(b, a));
  }

  @Property(seed = "102", tries = 2_000, edgeCases = EdgeCasesMode.NONE)
  void mergingIsAssociative(
      @ForAll("facts") long[] a, @ForAll("facts") long[] b, @ForAll("facts") long[] c) {
    assertArrayEquals(merged(merged(a, b), c), merged(a, merged(b, c)));
  }

  @Property(seed = "103", tries = 2_000, edgeCases = EdgeCasesMode.NONE)
  void mergingIsIdempotent(@ForAll("facts") long[] a, @ForAll("facts") long[] b) {
    long[] once = merged(a, b);

    assertArrayEquals(once, merged(once, b));
    assertArrayEquals(once, merged(once, a));
    assertEquals(0, FactWords.merge(once.clone(), 0, a, 0));
  }

  @Property(seed = "104", tries = 2_000, edgeCases = EdgeCasesMode.NONE)
  void changedSaysExactlyWhatDiffers(@ForAll("facts") long[] a, @ForAll("facts") long[] b) {
    long[] into = a.clone();

    int changed = FactWords.merge(into, 0, b, 0);

    assertEquals(Arrays.equals(a, into), changed == 0);
    assertEquals(
        FactWords.forwardIsn(a, 0) != FactWords.forwardIsn(into, 0)
            || forwardOptions(a) != forwardOptions(into),
        (changed & FactWords.CHANGED_FORWARD_OPENING) != 0);
    assertEquals(
        FactWords.reverseIsn(a, 0) != FactWords.reverseIsn(into, 0)
            || reverseOptions(a) != reverseOptions(into),
        (changed & FactWords.CHANGED_REVERSE_OPENING) != 0);
    assertEquals(
        FactWords.forwardBits(a, 0) != FactWords.forwardBits(into, 0)
            || FactWords.reverseBits(a, 0) != FactWords.reverseBits(into, 0),
        (changed & FactWords.CHANGED_BITS) != 0);
  }

  @Property(seed = "105", tries = 2_000, edgeCases = EdgeCasesMode.NONE)
  void packedAndUnpackedFactsMergeAlike(@ForAll("facts") long[] a, @ForAll("facts") long[] b) {
    SessionFacts facts = loaded(a);

    facts.merge(loaded(b));

    long[] words = new long[FactWords.WORDS];
    facts.store(words, 0);
    assertArrayEquals(merged(a, b), words);
  }

  @Property(seed = "106", tries = 2_000, edgeCases = EdgeCasesMode.NONE)
  void turningRoundTwiceChangesNothingAndCommutesWithMerging(
      @ForAll("facts") long[] a, @ForAll("facts") long[] b) {
    assertArrayEquals(a, swapped(swapped(a)));
    assertArrayEquals(swapped(merged(a, b)), merged(swapped(a), swapped(b)));
  }

  private static long[] merged(long[] a, long[] b) {
    long[] into = a.clone();
    FactWords.merge(into, 0, b, 0);
    return into;
  }

  private static long[] swapped(long[] a) {
    long[] words = a.clone();
    FactWords.swapDirections(words, 0);
    return words;
  }

  private static SessionFacts loaded(long[] words) {
    SessionFacts facts = new SessionFacts();
    facts.load(words, 0);
    return facts;
  }

  private static long forwardOptions(long[] words) {
    return words[2] >>> 42;
  }

  private static long reverseOptions(long[] words) {
    return words[2] >>> 20 & 0x3FFFFF;
  }
}
