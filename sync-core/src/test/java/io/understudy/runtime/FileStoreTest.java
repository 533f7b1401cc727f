package io.understudy.runtime;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileStoreTest {
  @TempDir private Path directory;

  @Test
  void aStoreThatWasNeverSavedIsEmpty() {
    assertArrayEquals(new byte[0], store().load());
  }

  @Test
  void whatWasSavedLastIsLoaded() {
    store().save(new byte[] {1, 2, 3, 4});

    store().save(new byte[] {5, 6});

    assertArrayEquals(new byte[] {5, 6}, store().load());
    assertFalse(Files.exists(beside()));
  }

  @Test
  void aCrashBeforeTheMoveLeavesTheOldRecord() throws IOException {
    store().save(new byte[] {1, 2, 3});
    Files.write(beside(), new byte[] {9}); // half of a record that was never moved

    assertArrayEquals(new byte[] {1, 2, 3}, store().load());

    store().save(new byte[] {4});
    assertArrayEquals(new byte[] {4}, store().load());
    assertFalse(Files.exists(beside()));
  }

  @Test
  void aCrashBeforeTheFirstMoveLeavesNone() throws IOException {
    Files.write(beside(), new byte[] {9, 9, 9});

    assertArrayEquals(new byte[0], store().load());
  }

  /** A channel that an interrupted thread writes to is closed, and would be with every save that follows. */
  @Test
  void interruptOfTheSavingThreadIsPutOffUntilTheRecordIsSafe() {
    Thread.currentThread().interrupt();
    store().save(new byte[] {1, 2});
    store().save(new byte[] {3, 4});

    assertTrue(Thread.interrupted(), "it is still interrupted");
    assertArrayEquals(new byte[] {3, 4}, store().load());
  }

  /** Each would take numbers back that the other one used. */
  @Test
  void twoStoresOnOneFileAreNoticedByTheOneThatWritesLater() {
    FileStore one = new FileStore(directory.resolve("node.state"));
    FileStore other = new FileStore(directory.resolve("node.state"));
    one.load();
    other.load();
    one.save(new byte[] {1});
    one.save(new byte[] {2});

    UncheckedIOException refusal =
        assertThrows(UncheckedIOException.class, () -> other.save(new byte[] {1, 1}));

    assertTrue(
        refusal.getMessage().contains("somebody else has written to it"), refusal.getMessage());
    assertArrayEquals(new byte[] {2}, one.load());
    one.save(new byte[] {3});
  }

  @Test
  void aFileThatIsTooLargeIsRefused() throws IOException {
    Files.write(file(), new byte[(1 << 16) + 1]);

    UncheckedIOException refused = assertThrows(UncheckedIOException.class, () -> store().load());

    assertEquals(
        "store " + file() + " cannot be read: it has 65537 bytes, more than the limit of 65536",
        refused.getMessage());
  }

  /** No save leaves one behind: taking it for a new member would give terms and generations a second time. */
  @Test
  void anEmptyFileIsNotTakenForNone() throws IOException {
    Files.write(file(), new byte[0]);

    UncheckedIOException refused = assertThrows(UncheckedIOException.class, () -> store().load());

    assertEquals(
        "store "
            + file()
            + " cannot be read: it is empty, which no save leaves behind; remove it or put a copy back",
        refused.getMessage());
  }

  @Test
  void aFolderThatIsNotThereIsNamed() {
    FileStore store = new FileStore(directory.resolve("missing").resolve("node.state"));

    UncheckedIOException refused =
        assertThrows(UncheckedIOException.class, () -> store.save(new byte[] {1}));

    String path = directory.resolve("missing").resolve("node.state").toString();
    assertEquals(
        "store "
            + path
            + " cannot be written, the former record stays: NoSuchFileException "
            + path
            + ".new",
        refused.getMessage());
  }

  @Test
  void aRecordThatCannotBeWrittenLeavesTheFormerOne() throws IOException {
    store().save(new byte[] {1});
    Files.createDirectory(beside());

    UncheckedIOException refused =
        assertThrows(UncheckedIOException.class, () -> store().save(new byte[] {2}));

    assertEquals(
        "store " + file() + " cannot be written, the former record stays: ",
        refused.getMessage().substring(0, refused.getMessage().indexOf("stays: ") + 7));
    assertArrayEquals(new byte[] {1}, store().load());
  }

  @Test
  void aMemoryStoreKeepsItsOwnCopy() {
    MemoryStore memory = new MemoryStore();
    assertArrayEquals(new byte[0], memory.load());
    byte[] record = {1, 2};

    memory.save(record);
    record[0] = 9;
    memory.load()[1] = 9;

    assertArrayEquals(new byte[] {1, 2}, memory.load());
  }

  private FileStore store() {
    return new FileStore(file());
  }

  private Path file() {
    return directory.resolve("node.state");
  }

  private Path beside() {
    return directory.resolve("node.state.new");
  }
}
