package io.understudy;

import io.understudy.runtime.StableStore;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.TreeMap;

/**
 * The one small record of a node: the bound of its generations and the numbers of the terms it began.
 *
 * <pre>
 *   4 bytes  magic "USTD"
 *   4 bytes  format, 1
 *   8 bytes  bound of the generation counter
 *   4 bytes  count, then for each group 4 bytes group, 8 bytes term number
 * </pre>
 *
 * <p>Thread: the duty cycle.
 */
final class StoredState {
  private static final int MAGIC = 0x55535444;
  private static final int FORMAT = 1;
  private static final int HEADER = 20;
  private static final int ENTRY = 12;

  private final StableStore store;
  private final Map<Integer, Long> numbers = new TreeMap<>();
  private long generationBound;

  /** Reads what a former life left. */
  StoredState(StableStore store) {
    this.store = store;
    byte[] record = store.load();
    if (record.length == 0) {
      return;
    }
    ByteBuffer in = ByteBuffer.wrap(record);
    if (record.length < HEADER || in.getInt() != MAGIC || in.getInt() != FORMAT) {
      throw new IllegalStateException(
          "the stable store holds "
              + record.length
              + " bytes that are no record of this version; move it away to start as a new member");
    }
    generationBound = in.getLong();
    int count = in.getInt();
    if (count < 0 || record.length != HEADER + (long) count * ENTRY) {
      throw new IllegalStateException(
          "the stable store's record of "
              + record.length
              + " bytes names "
              + count
              + " groups; move it away to start as a new member");
    }
    for (int i = 0; i < count; i++) {
      numbers.put(in.getInt(), in.getLong());
    }
  }

  long generationBound() {
    return generationBound;
  }

  Map<Integer, Long> numbers() {
    return Map.copyOf(numbers);
  }

  void storeGenerationBound(long bound) {
    long before = generationBound;
    generationBound = bound;
    try {
      save();
    } catch (RuntimeException e) {
      generationBound = before;
      throw e;
    }
  }

  void storeNumber(int group, long number) {
    Long before = numbers.put(group, number);
    try {
      save();
    } catch (RuntimeException e) {
      if (before == null) {
        numbers.remove(group);
      } else {
        numbers.put(group, before);
      }
      throw e;
    }
  }

  private void save() {
    ByteBuffer out = ByteBuffer.allocate(HEADER + numbers.size() * ENTRY);
    out.putInt(MAGIC).putInt(FORMAT).putLong(generationBound).putInt(numbers.size());
    numbers.forEach((group, number) -> out.putInt(group).putLong(number));
    store.save(out.array());
  }
}
