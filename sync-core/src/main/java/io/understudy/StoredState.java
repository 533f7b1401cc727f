package io.understudy;

import io.understudy.model.GroupId;
import io.understudy.model.Term;
import io.understudy.runtime.StableStore;
import io.understudy.table.GenerationClock;
import io.understudy.wire.InputLimit;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.CRC32C;

/**
 * The one small record of a node: the bounds of its generations and of the terms of each group that it may have begun.
 *
 * <pre>
 *   4 bytes  magic "USTD"
 *   4 bytes  format, 2
 *   4 bytes  length of all of it
 *   8 bytes  bound of the generation counter, 0 to 2^62 - 2^32
 *   4 bytes  count, 0 to 63, then for each group, ascending, 4 bytes group, 8 bytes bound of its term numbers
 *   4 bytes  CRC-32C of everything before
 * </pre>
 *
 * <p>Thread: the duty cycle.
 *
 * <p>Errors: a record that is not exactly this is an {@link IllegalStateException} that names the store, what is wrong and what to
 * do. It is never overwritten, and nothing of it is used: a member that went on with half of it could give a term or a generation a
 * second time.
 */
final class StoredState {
  private static final int MAGIC = 0x55535444;
  private static final int FORMAT = 2;
  private static final int HEADER = 24;
  private static final int ENTRY = 12;
  private static final int CHECKSUM = 4;

  /** Beyond it not one block of generations is left, and no session would ever be published again. */
  private static final long MAX_BOUND = InputLimit.GENERATION.high() - GenerationClock.BLOCK;

  private final StableStore store;
  private final Map<Integer, Long> numbers = new TreeMap<>();
  private Runnable whenStored = () -> {};
  private long generationBound;

  /** Reads what a former life left. */
  StoredState(StableStore store) {
    this.store = store;
    byte[] record = store.load();
    if (record.length > 0) {
      read(record);
    }
  }

  private void read(byte[] record) {
    ByteBuffer in = ByteBuffer.wrap(record);
    if (record.length < HEADER + CHECKSUM || in.getInt() != MAGIC) {
      throw damaged(record.length + " bytes that are no record of a node");
    }
    int format = in.getInt();
    if (format != FORMAT) {
      throw damaged("a record of format " + format + ", this version reads " + FORMAT);
    }
    int length = in.getInt();
    if (length != record.length) {
      throw damaged(record.length + " bytes of a record of " + length);
    }
    int checksum = checksum(record);
    int stored = in.getInt(record.length - CHECKSUM);
    if (stored != checksum) {
      throw damaged(String.format("a record with checksum %08x instead of %08x", stored, checksum));
    }
    readFields(in, record.length);
  }

  private void readFields(ByteBuffer in, int length) {
    generationBound = inRange("bound of generations", in.getLong(), 0, MAX_BOUND);
    int count = in.getInt();
    if (count < 0 || length != HEADER + (long) count * ENTRY + CHECKSUM) {
      throw damaged("a record of " + length + " bytes that names " + count + " groups");
    }
    int last = 0;
    for (int i = 0; i < count; i++) {
      int group = (int) inRange("group", in.getInt(), last + 1L, GroupId.MAX);
      numbers.put(group, inRange("term number", in.getLong(), 0, Term.MAX_NUMBER));
      last = group;
    }
  }

  private long inRange(String what, long value, long low, long high) {
    if (value < low || value > high) {
      throw damaged(what + " " + value + ", which is outside " + low + ".." + high);
    }
    return value;
  }

  private IllegalStateException damaged(String what) {
    return new IllegalStateException(
        store.name()
            + " holds "
            + what
            + "; nothing of it is used. Put a copy back, or move it away while a peer is up, which then tells the terms and"
            + " generations of this member's former lives");
  }

  private static int checksum(byte[] record) {
    CRC32C checksum = new CRC32C();
    checksum.update(record, 0, record.length - CHECKSUM);
    return (int) checksum.getValue();
  }

  /** Of the store, for messages. */
  String name() {
    return store.name();
  }

  /** What is run whenever something was stored. */
  void whenStored(Runnable action) {
    whenStored = action;
  }

  long generationBound() {
    return generationBound;
  }

  /** For each group the highest number of a term that this node may have begun, in this life or a former one. */
  Map<Integer, Long> termBounds() {
    return Map.copyOf(numbers);
  }

  void storeGenerationBound(long bound) {
    if (bound > MAX_BOUND) {
      throw new IllegalStateException(
          "generations are used up: "
              + bound
              + " is above "
              + MAX_BOUND
              + "; stop all members and move their stores away");
    }
    long before = generationBound;
    generationBound = bound;
    try {
      save();
    } catch (RuntimeException e) {
      generationBound = before;
      throw e;
    }
  }

  /**
   * Moves these bounds, all or none.
   *
   * @throws java.io.UncheckedIOException which names the store
   */
  void storeTermBounds(Map<Integer, Long> bounds) {
    Map<Integer, Long> before = Map.copyOf(numbers);
    numbers.putAll(bounds);
    try {
      save();
    } catch (RuntimeException e) {
      numbers.clear();
      numbers.putAll(before);
      throw e;
    }
  }

  private void save() {
    int length = HEADER + numbers.size() * ENTRY + CHECKSUM;
    ByteBuffer out = ByteBuffer.allocate(length);
    out.putInt(MAGIC).putInt(FORMAT).putInt(length).putLong(generationBound).putInt(numbers.size());
    numbers.forEach((group, number) -> out.putInt(group).putLong(number));
    out.putInt(checksum(out.array()));
    store.save(out.array());
    whenStored.run();
  }
}
