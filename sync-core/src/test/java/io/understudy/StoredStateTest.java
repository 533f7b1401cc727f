package io.understudy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.understudy.runtime.MemoryStore;
import io.understudy.runtime.StableStore;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.Map;
import org.junit.jupiter.api.Test;

class StoredStateTest {
  private final MemoryStore store = new MemoryStore();

  @Test
  void aNewMemberKnowsNothing() {
    StoredState state = new StoredState(store);

    assertEquals(0, state.generationBound());
    assertEquals(Map.of(), state.numbers());
  }

  @Test
  void theNextLifeReadsWhatTheFormerStored() {
    StoredState before = new StoredState(store);
    before.storeGenerationBound(7L << 32);
    before.storeNumber(1, 5);
    before.storeNumber(63, 0xFFFFFFFFL);
    before.storeNumber(1, 6);

    StoredState after = new StoredState(store);

    assertEquals(7L << 32, after.generationBound());
    assertEquals(Map.of(1, 6L, 63, 0xFFFFFFFFL), after.numbers());
  }

  @Test
  void theRecordIsWhatItsDescriptionSays() {
    StoredState state = new StoredState(store);
    state.storeGenerationBound(9);
    state.storeNumber(2, 3);

    ByteBuffer record = ByteBuffer.wrap(store.load());

    assertEquals(32, record.remaining());
    assertEquals(0x55535444, record.getInt());
    assertEquals(1, record.getInt());
    assertEquals(9, record.getLong());
    assertEquals(1, record.getInt());
    assertEquals(2, record.getInt());
    assertEquals(3, record.getLong());
  }

  @Test
  void foreignBytesAreRefusedAndNotOverwritten() {
    assertRefused(
        "the stable store holds 5 bytes that are no record of this version;"
            + " move it away to start as a new member",
        "hello".getBytes(java.nio.charset.StandardCharsets.US_ASCII));
    assertRefused(
        "the stable store holds 64 bytes that are no record of this version;"
            + " move it away to start as a new member",
        new byte[64]);
    assertRefused(
        "the stable store holds 20 bytes that are no record of this version;"
            + " move it away to start as a new member",
        record(0x55535444, 2, 0, 0));
  }

  @Test
  void aRecordOfAnotherLengthThanItsCountIsRefused() {
    String end = " groups; move it away to start as a new member";
    String begin = "the stable store's record of 20 bytes names ";
    assertRefused(begin + 1 + end, record(0x55535444, 1, 0, 1));
    assertRefused(begin + -1 + end, record(0x55535444, 1, 0, -1));
    byte[] overflowing = ByteBuffer.allocate(24).put(record(0x55535444, 1, 0, 715_827_883)).array();
    assertRefused("the stable store's record of 24 bytes names 715827883" + end, overflowing);
  }

  @Test
  void aStoreThatFailsLeavesWhatWasStored() {
    boolean[] full = {false};
    StoredState state = new StoredState(new Failing(store, full));
    state.storeGenerationBound(10);
    state.storeNumber(1, 5);
    full[0] = true;

    assertThrows(UncheckedIOException.class, () -> state.storeNumber(1, 6));
    assertThrows(UncheckedIOException.class, () -> state.storeNumber(2, 1));
    assertThrows(UncheckedIOException.class, () -> state.storeGenerationBound(20));

    assertEquals(Map.of(1, 5L), state.numbers());
    assertEquals(10, state.generationBound());
    full[0] = false;
    state.storeNumber(3, 1);
    StoredState after = new StoredState(store);
    assertEquals(Map.of(1, 5L, 3, 1L), after.numbers());
    assertEquals(10, after.generationBound());
  }

  private void assertRefused(String message, byte[] bytes) {
    store.save(bytes);

    assertEquals(
        message,
        assertThrows(IllegalStateException.class, () -> new StoredState(store)).getMessage());
  }

  private static byte[] record(int magic, int format, long bound, int count) {
    return ByteBuffer.allocate(20)
        .putInt(magic)
        .putInt(format)
        .putLong(bound)
        .putInt(count)
        .array();
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
