package io.understudy.tables.session;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import io.understudy.table.Row;
import io.understudy.wire.ColumnGroup;
import java.util.Arrays;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/** The laws that make merging independent of order, on rows and records of random content. */
class SessionRulesProperties {
  private static final int ALL = ColumnGroup.HOLDER | ColumnGroup.NAT | ColumnGroup.OFFSETS;
  private static final long ORIGINATOR_BIT = 1L << SessionLayout.ORIGINATOR;

  @Property(seed = "4901", tries = 500)
  void factsMergeInAnyOrder(@ForAll long seed, @ForAll boolean ipv6) {
    Random random = new Random(seed);
    SessionRules rules = rules(ipv6);
    long[] row = words(random, ipv6);
    long[] a = words(random, ipv6);
    long[] b = words(random, ipv6);

    long[] ab = merged(rules, merged(rules, row, a), b);
    long[] ba = merged(rules, merged(rules, row, b), a);
    long[] together = merged(rules, row, merged(rules, a, b));

    assertArrayEquals(ab, ba);
    assertArrayEquals(ab, together);
  }

  @Property(seed = "4902", tries = 500)
  void factsMergedTwiceChangeNothing(@ForAll long seed, @ForAll boolean ipv6) {
    Random random = new Random(seed);
    SessionRules rules = rules(ipv6);
    long[] a = words(random, ipv6);
    long[] aBefore = a.clone();
    long[] once = merged(rules, words(random, ipv6), a);

    assertArrayEquals(aBefore, a, "the record is as it was");
    assertEquals(0, rules.mergeFacts(once.clone(), 0, a, 0));
    assertArrayEquals(once, merged(rules, once, a));
  }

  @Property(seed = "4903", tries = 500)
  void factsTouchNothingButFacts(@ForAll long seed, @ForAll boolean ipv6) {
    Random random = new Random(seed);
    SessionLayout layout = layout(ipv6);
    long[] row = words(random, ipv6);

    long[] merged = merged(rules(ipv6), row, words(random, ipv6));

    Arrays.fill(merged, layout.facts, layout.facts + 3, 0);
    Arrays.fill(row, layout.facts, layout.facts + 3, 0);
    assertArrayEquals(row, merged);
  }

  /** Two members with opposite originators that merge each other's facts mean the same session. */
  @Property(seed = "4904", tries = 500)
  void oppositeOriginatorsAgreeOnceOneOfThemTurns(@ForAll long seed, @ForAll boolean ipv6) {
    Random random = new Random(seed);
    SessionRules rules = rules(ipv6);
    long[] one = words(random, ipv6);
    long[] other = words(random, ipv6);
    other[layout(ipv6).values] = one[layout(ipv6).values] ^ ORIGINATOR_BIT;

    long[] atOne = merged(rules, one, other);
    long[] atOther = merged(rules, other, one);
    int changed = rules.replaceHolderValues(atOther, 0, atOne, 0, ColumnGroup.KEY | ALL);

    assertEquals(ColumnGroup.KEY, changed & ColumnGroup.KEY);
    assertArrayEquals(payload(ipv6, atOne), payload(ipv6, atOther));
  }

  @Property(seed = "4905", tries = 500)
  void replacingTakesTheNamedValuesAndNoOthers(@ForAll long seed, @ForAll boolean ipv6) {
    Random random = new Random(seed);
    SessionLayout layout = layout(ipv6);
    SessionRules rules = rules(ipv6);
    int named = random.nextInt(8);
    int groups =
        ((named & 1) != 0 ? ColumnGroup.HOLDER : 0)
            | ((named & 2) != 0 ? ColumnGroup.NAT : 0)
            | ((named & 4) != 0 ? ColumnGroup.OFFSETS : 0);
    long[] row = words(random, ipv6);
    long[] record = words(random, ipv6);
    long[] expected = row.clone();
    long natValues = (1L << SessionLayout.ORIGINATOR) - 1;
    if ((groups & ColumnGroup.HOLDER) != 0) {
      expected[layout.policy] = record[layout.policy];
      long own = natValues | ORIGINATOR_BIT;
      expected[layout.values] = row[layout.values] & own | record[layout.values] & ~own;
    }
    if ((groups & ColumnGroup.NAT) != 0) {
      expected[layout.values] =
          expected[layout.values] & ~natValues | record[layout.values] & natValues;
      int words = ipv6 ? 4 : 1;
      System.arraycopy(record, layout.nat, expected, layout.nat, words);
    }
    if ((groups & ColumnGroup.OFFSETS) != 0) {
      expected[layout.offsets] = record[layout.offsets];
    }

    int changed = rules.replaceHolderValues(row, 0, record, 0, groups);

    assertArrayEquals(expected, row);
    assertEquals(0, changed & ~groups);
    assertEquals(0, rules.replaceHolderValues(row, 0, record, 0, groups), "twice is once");
  }

  /** Values of one version from two members: both keep the same ones. */
  @Property(seed = "4906", tries = 500)
  void equalVersionsAreOrderedTheSameWayOnBothSides(@ForAll long seed, @ForAll boolean ipv6) {
    Random random = new Random(seed);
    SessionLayout layout = layout(ipv6);
    SessionRules rules = rules(ipv6);
    long[] one = words(random, ipv6);
    long[] other = random.nextBoolean() ? words(random, ipv6) : one.clone();
    if (random.nextBoolean()) {
      other[layout.nat] ^= 1;
    }

    int there = rules.compareHolderValues(one, 0, other, 0);
    int back = rules.compareHolderValues(other, 0, one, 0);

    assertEquals(Integer.signum(there), -Integer.signum(back));
    boolean equal =
        Arrays.equals(
            Arrays.copyOfRange(one, layout.policy, Row.PAYLOAD + layout.payloadWords),
            Arrays.copyOfRange(other, layout.policy, Row.PAYLOAD + layout.payloadWords));
    assertEquals(equal, there == 0);
  }

  @Property(seed = "4907", tries = 500)
  void joiningIsMutual(@ForAll long seed, @ForAll boolean ipv6) {
    Random random = new Random(seed);
    SessionRules rules = rules(ipv6);
    long[] one = words(random, ipv6);
    long[] other = random.nextBoolean() ? words(random, ipv6) : one.clone();
    other[layout(ipv6).tuple] = one[layout(ipv6).tuple]; // one key

    assertEquals(rules.joins(one, 0, other, 0), rules.joins(other, 0, one, 0));
    assertEquals(rules.sameOpening(one, 0, other, 0), rules.sameOpening(other, 0, one, 0));
    assertEquals(rules.sameDirections(one, 0, other, 0), rules.sameDirections(other, 0, one, 0));
  }

  /** What an introduction leaves out is zero in the row. */
  @Property(seed = "4908", tries = 500)
  void whatAnIntroductionLeavesOutIsEmpty(@ForAll long seed, @ForAll boolean ipv6) {
    Random random = new Random(seed);
    SessionLayout layout = layout(ipv6);
    SessionRules rules = rules(ipv6);
    long[] row = words(random, ipv6);
    if ((row[layout.values] >>> SessionLayout.NAT_KIND & 0xFF) == 0) {
      row[layout.values] &= ~((1L << SessionLayout.ORIGINATOR) - 1);
      Arrays.fill(row, layout.nat, Row.PAYLOAD + layout.payloadWords, 0);
    }

    int groups = rules.wholeGroups(row, 0);

    layout.schema.columns().stream()
        .filter(column -> (column.group() & ColumnGroup.WHOLE) != 0)
        .filter(column -> (column.group() & groups) == 0)
        .forEach(
            column ->
                assertEquals(
                    0, row[column.word()] >>> column.shift() & column.mask(), column.name()));
    assertNotEquals(0, groups & ColumnGroup.FACTS);
    assertNotEquals(0, groups & ColumnGroup.HOLDER);
  }

  private static long[] merged(SessionRules rules, long[] row, long[] record) {
    long[] into = row.clone();
    rules.mergeFacts(into, 0, record, 0);
    return into;
  }

  private static long[] payload(boolean ipv6, long[] words) {
    SessionLayout layout = layout(ipv6);
    return Arrays.copyOfRange(words, layout.facts, Row.PAYLOAD + layout.payloadWords);
  }

  /** Random words with few different values, one key. */
  private static long[] words(Random random, boolean ipv6) {
    SessionLayout layout = layout(ipv6);
    long[] words = new long[layout.schema.words()];
    for (int i = layout.facts; i < Row.PAYLOAD + layout.payloadWords; i++) {
      long sparse = random.nextLong() & random.nextLong() & random.nextLong();
      words[i] = random.nextInt(3) == 0 ? sparse & 0x00000001_00000001L : sparse;
    }
    words[layout.tuple] = (random.nextBoolean() ? 6L : 17L) << SessionLayout.PROTOCOL;
    if (random.nextBoolean()) {
      words[layout.values] &= ~(0xFFL << SessionLayout.NAT_KIND);
    }
    return words;
  }

  private static SessionLayout layout(boolean ipv6) {
    return ipv6 ? SessionLayout.IPV6 : SessionLayout.IPV4;
  }

  private static SessionRules rules(boolean ipv6) {
    return new SessionRules(layout(ipv6));
  }
}
