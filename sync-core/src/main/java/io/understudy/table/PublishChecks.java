package io.understudy.table;

/**
 * Refuses what a dataplane's call can get wrong, before the call changes anything.
 *
 * <p>Shape: each check is one test of words that the call reads anyway; what was wrong is found out afterwards, by whoever is thrown
 * at.
 *
 * <p>Thread: any. Errors: {@link IllegalArgumentException} with the value, what is allowed and what follows.
 */
public final class PublishChecks {
  /** The largest count of packets or bytes that one call or one record brings. */
  public static final long MAX_COUNT = (1L << 48) - 1;

  private static final int MAX_EXCLUSION = 0xFF;
  private static final int OPTIONS = HotTable.URGENT | HotTable.NEW_GENERATION | HotTable.WITHDRAW;
  private static final String FOLLOWS = "; the call changed nothing";

  private PublishChecks() {}

  /** Checks a publish. */
  static void check(TableSpec spec, long[] record, int group, int exclusion, int options) {
    if (record.length != spec.schema().words()) {
      refuseWords(spec, record);
    }
    long counts = record[0] | record[1] | record[2] | record[3];
    int rest = group & -Authority.GROUPS | exclusion & ~MAX_EXCLUSION | options & ~OPTIONS;
    if ((counts & ~MAX_COUNT | rest) != 0) {
      refuse(spec, record, group, exclusion, options);
    }
  }

  /**
   * Checks that a new entry's group, which the member does not hold, is one of its groups.
   *
   * @param groups a bit for each
   */
  static void checkGroup(TableSpec spec, long groups, int group) {
    if ((groups >>> group & 1) == 0) {
      throw new IllegalArgumentException(
          "table "
              + spec.name()
              + ": group "
              + group
              + " is none of this member's groups "
              + names(groups)
              + FOLLOWS);
    }
  }

  /** Checks what one call counts. */
  public static void checkCounts(long packets, long bytes) {
    if (((packets | bytes) & ~MAX_COUNT) != 0) {
      requireCount("packets", packets);
      requireCount("bytes", bytes);
    }
  }

  private static void refuseWords(TableSpec spec, long[] record) {
    throw new IllegalArgumentException(
        "a record of "
            + record.length
            + " words for table "
            + spec.name()
            + ", whose records have "
            + spec.schema().words()
            + FOLLOWS);
  }

  private static void refuse(TableSpec spec, long[] record, int group, int exclusion, int options) {
    String of = "table " + spec.name() + ": ";
    if ((group & -Authority.GROUPS) != 0) {
      throw new IllegalArgumentException(
          of + "group is " + group + ", allowed are 1 to " + (Authority.GROUPS - 1) + FOLLOWS);
    }
    if ((exclusion & ~MAX_EXCLUSION) != 0) {
      throw new IllegalArgumentException(
          of + "exclusion is " + exclusion + ", allowed are 0 to " + MAX_EXCLUSION + FOLLOWS);
    }
    if ((options & ~OPTIONS) != 0) {
      throw new IllegalArgumentException(
          of
              + "options are "
              + options
              + ", allowed are URGENT (1), NEW_GENERATION (2) and WITHDRAW (4)"
              + FOLLOWS);
    }
    for (int i = 0; i < Row.COUNTER_WORDS; i++) {
      requireCount(i % 2 == 0 ? "packets" : "bytes", record[Row.COUNTERS + i]);
    }
  }

  private static void requireCount(String name, long count) {
    if ((count & ~MAX_COUNT) != 0) {
      throw new IllegalArgumentException(
          name + " counted are " + count + ", allowed are 0 to " + MAX_COUNT + FOLLOWS);
    }
  }

  private static String names(long groups) {
    StringBuilder names = new StringBuilder("[");
    for (long rest = groups; rest != 0; rest &= rest - 1) {
      names.append(names.length() > 1 ? ", " : "").append(Long.numberOfTrailingZeros(rest));
    }
    return names.append(']').toString();
  }
}
