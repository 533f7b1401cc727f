package io.understudy.wire;

import java.util.Random;

/**
 * Staged records as a function of a seed: of every mix of groups, with zero, constant, small and
 * full columns.
 */
final class StagedGen {
  private final RecordSchema schema;
  private final Random random;
  private final int count;
  private final long[] staged;

  private StagedGen(RecordSchema schema, long seed, int maxCount) {
    this.schema = schema;
    random = new Random(seed);
    count = 1 + random.nextInt(random.nextBoolean() ? Math.min(maxCount, 3) : maxCount);
    staged = new long[count * schema.words()];
  }

  /** 1 to {@code maxCount} records. */
  static long[] records(RecordSchema schema, long seed, int maxCount) {
    StagedGen gen = new StagedGen(schema, seed, maxCount);
    gen.header();
    for (Column column : schema.columns()) {
      gen.column(column);
    }
    return gen.staged;
  }

  private void header() {
    int common = random.nextInt(1 << 13);
    boolean varied = random.nextBoolean();
    int slotStep = 1 << random.nextInt(12);
    int generationBits = 1 + random.nextInt(64);
    long slot = random.nextInt(1 << 20);
    long generation = random.nextLong();
    int[] creators = values(16);
    int[] incarnations = values(32);
    int[] versions = values(32);
    for (int i = 0; i < count; i++) {
      int present = varied ? common ^ random.nextInt(1 << 13) & random.nextInt(1 << 13) : common;
      slot += 1 + random.nextInt(slotStep);
      if (i == count - 1 && random.nextInt(4) == 0) {
        slot = FrameLimits.MAX_SLOT;
      }
      generation += random.nextLong() >> 64 - generationBits;
      put(i, RecordSchema.HANDLE, slot << 32 | incarnations[i] & 0xFFFF_FFFFL);
      long head = present;
      if ((present & ColumnGroup.KEY) != 0) {
        put(i, RecordSchema.GENERATION, generation);
        head |= (creators[i] & 0xFFFFL) << 16;
      }
      if ((present & ColumnGroup.HOLDER) != 0) {
        head |= (long) versions[i] << 32;
      }
      put(i, RecordSchema.HEAD, head);
    }
  }

  private int[] values(int bits) {
    long[] values = longs(bits);
    int[] narrow = new int[count];
    for (int i = 0; i < count; i++) {
      narrow[i] = (int) values[i];
    }
    return narrow;
  }

  private void column(Column column) {
    long[] values = longs(column.bits());
    for (int i = 0; i < count; i++) {
      long present = staged[i * schema.words() + RecordSchema.HEAD];
      if ((present & column.group()) != 0) {
        put(i, column.word(), (values[i] & column.mask()) << column.shift());
      }
    }
  }

  /**
   * One value for each record: all zero, all equal, all of the widest, or of any width up to one.
   */
  private long[] longs(int bits) {
    long[] values = new long[count];
    int kind = random.nextInt(6);
    long constant = random.nextLong() >>> random.nextInt(64);
    int width = 1 + random.nextInt(bits);
    for (int i = 0; i < count; i++) {
      values[i] =
          switch (kind) {
            case 0 -> 0;
            case 1 -> constant;
            case 2 -> -1L >>> 64 - bits;
            case 3 -> random.nextLong() >>> 64 - width;
            case 4 -> random.nextInt(8) == 0 ? 1 : 0;
            default -> random.nextLong() >>> 64 - bits + random.nextInt(bits);
          };
    }
    return values;
  }

  private void put(int record, int word, long bits) {
    staged[record * schema.words() + word] |= bits;
  }
}
