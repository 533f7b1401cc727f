package io.understudy;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.understudy.runtime.MemoryStore;
import io.understudy.runtime.StableStore;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Map;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Test;

class StoredStateTest {
  private final MemoryStore store = new MemoryStore();

  @Test
  void aNewMemberKnowsNothing() {
    StoredState state = new StoredState(store);

    assertEquals(0, state.generationBound());
    assertEquals(Map.of(), state.termBounds());
  }

  @Test
  void theNextLifeReadsWhatTheFormerStored() {
    StoredState before = new StoredState(store);
    before.storeGenerationBound(7L << 32);
    before.storeTermBounds(Map.of(1, 5L));
    before.storeTermBounds(Map.of(63, 0xFFFFFFFFL));
    before.storeTermBounds(Map.of(1, 6L));

    StoredState after = new StoredState(store);

    assertEquals(7L << 32, after.generationBound());
    assertEquals(Map.of(1, 6L, 63, 0xFFFFFFFFL), after.termBounds());
  }

  @Test
  void theRecordIsWhatItsDescriptionSays() {
    StoredState state = new StoredState(store);
    state.storeGenerationBound(9);
    state.storeTermBounds(Map.of(2, 3L));

    ByteBuffer record = ByteBuffer.wrap(store.load());

    assertEquals(40, record.remaining());
    assertEquals(0x55535444, record.getInt());
    assertEquals(2, record.getInt());
    assertEquals(40, record.getInt());
    assertEquals(9, record.getLong());
    assertEquals(1, record.getInt());
    assertEquals(2, record.getInt());
    assertEquals(3, record.getLong());
    CRC32C checksum = new CRC32C();
    checksum.update(store.load(), 0, 36);
    assertEquals((int) checksum.getValue(), record.getInt());
  }

  @Test
  void foreignBytesAreRefusedAndNotOverwritten() {
    byte[] hello = "hello".getBytes(java.nio.charset.StandardCharsets.US_ASCII);
    assertRefused("5 bytes that are no record of a node", hello);
    assertArrayEquals(hello, store.load());
    assertRefused("64 bytes that are no record of a node", new byte[64]);
    assertRefused("1 bytes that are no record of a node", new byte[1]);
    assertRefused("a record of format 1, this version reads 2", record(1, 28, 0, 0));
    assertRefused("28 bytes of a record of 29", record(2, 29, 0, 0));
  }

  @Test
  void whatIsOutsideItsRangeIsRefusedThoughTheChecksumIsRight() {
    long most = (1L << 62) - (1L << 32);
    new StoredState(storeOf(record(2, 28, most, 0)));
    String end = ", which is outside 0.." + most;
    assertRefused("bound of generations " + (most + 1) + end, record(2, 28, most + 1, 0));
    assertRefused("bound of generations -1" + end, record(2, 28, -1, 0));
    assertRefused("a record of 28 bytes that names 1 groups", record(2, 28, 0, 1));
    assertRefused("a record of 28 bytes that names -1 groups", record(2, 28, 0, -1));
    assertRefused(
        "a record of 32 bytes that names 715827883 groups", record(2, 32, 0, 715_827_883));
    new StoredState(storeOf(record(2, 64, 0, 3, 1, 0, 2, 1, 63, 0xFFFFFFFFL)));
    assertRefused("group 0, which is outside 1..63", record(2, 40, 0, 1, 0, 5));
    assertRefused("group 64, which is outside 1..63", record(2, 40, 0, 1, 64, 5));
    assertRefused("group 2, which is outside 3..63", record(2, 52, 0, 2, 2, 5, 2, 6));
    String number = "term number ";
    assertRefused(number + "-1, which is outside 0..4294967295", record(2, 40, 0, 1, 1, -1));
    assertRefused(
        number + "4294967296, which is outside 0..4294967295", record(2, 40, 0, 1, 1, 1L << 32));
  }

  @Test
  void everyFlippedBitIsFound() {
    StoredState state = new StoredState(store);
    state.storeGenerationBound(77L << 32);
    state.storeTermBounds(Map.of(1, 9L));
    state.storeTermBounds(Map.of(40, 3L));
    byte[] record = store.load();

    for (int bit = 0; bit < 8 * record.length; bit++) {
      byte[] damaged = record.clone();
      damaged[bit / 8] ^= (byte) (1 << bit % 8);
      StableStore of = storeOf(damaged);
      String message =
          assertThrows(IllegalStateException.class, () -> new StoredState(of), "bit " + bit)
              .getMessage();
      assertTrue(message.startsWith("the stable store holds "), message);
    }
  }

  @Test
  void everyTruncatedOrLongerRecordIsFound() {
    StoredState state = new StoredState(store);
    state.storeTermBounds(Map.of(1, 9L));
    byte[] record = store.load();

    for (int length = 1; length < 2 * record.length; length++) {
      StableStore of = storeOf(Arrays.copyOf(record, length));
      if (length != record.length) {
        assertThrows(IllegalStateException.class, () -> new StoredState(of), length + " bytes");
      }
    }
  }

  /** A bound that leaves no room would be stored and then stop every publish for ever. */
  @Test
  void generationsThatAreUsedUpAreNamed() {
    StoredState state = new StoredState(store);
    long most = (1L << 62) - (1L << 32);
    state.storeGenerationBound(most);

    IllegalStateException refused =
        assertThrows(IllegalStateException.class, () -> state.storeGenerationBound(most + 1));

    assertTrue(refused.getMessage().startsWith("generations are used up"), refused.getMessage());
    assertEquals(most, new StoredState(store).generationBound());
  }

  @Test
  void aStoreThatFailsLeavesWhatWasStored() {
    boolean[] full = {false};
    StoredState state = new StoredState(new Failing(store, full));
    state.storeGenerationBound(10);
    state.storeTermBounds(Map.of(1, 5L));
    full[0] = true;

    assertThrows(UncheckedIOException.class, () -> state.storeTermBounds(Map.of(1, 6L)));
    assertThrows(UncheckedIOException.class, () -> state.storeTermBounds(Map.of(1, 7L, 2, 1L)));
    assertThrows(UncheckedIOException.class, () -> state.storeGenerationBound(20));

    assertEquals(Map.of(1, 5L), state.termBounds());
    assertEquals(10, state.generationBound());
    full[0] = false;
    state.storeTermBounds(Map.of(3, 1L));
    StoredState after = new StoredState(store);
    assertEquals(Map.of(1, 5L, 3, 1L), after.termBounds());
    assertEquals(10, after.generationBound());
  }

  private void assertRefused(String what, byte[] bytes) {
    store.save(bytes);

    assertEquals(
        "the stable store holds "
            + what
            + "; nothing of it is used. Put a copy back, or move it away while a peer is up, which then tells the terms and"
            + " generations of this member's former lives",
        assertThrows(IllegalStateException.class, () -> new StoredState(store)).getMessage());
  }

  private static StableStore storeOf(byte[] record) {
    MemoryStore of = new MemoryStore();
    of.save(record);
    return of;
  }

  /** A record with a right checksum, whatever it says. */
  private static byte[] record(int format, int length, long bound, int count, long... groups) {
    ByteBuffer record = ByteBuffer.allocate(28 + groups.length / 2 * 12 + (length == 32 ? 4 : 0));
    record.putInt(0x55535444).putInt(format).putInt(length).putLong(bound).putInt(count);
    for (int i = 0; i < groups.length; i += 2) {
      record.putInt((int) groups[i]).putLong(groups[i + 1]);
    }
    CRC32C checksum = new CRC32C();
    checksum.update(record.array(), 0, record.capacity() - 4);
    record.putInt(record.capacity() - 4, (int) checksum.getValue());
    return record.array();
  }

  /** A disk that is sometimes full. */
  private record Failing(StableStore store, boolean[] full) implements StableStore {
    @Override
    public byte[] load() {
      return store.load();
    }

    @Override
    public void save(byte[] record) {
      if (full[0]) {
        throw new UncheckedIOException(new IOException("no space left"));
      }
      store.save(record);
    }
  }
}
