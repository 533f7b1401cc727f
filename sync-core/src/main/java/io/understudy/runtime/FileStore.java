package io.understudy.runtime;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;

/**
 * A {@link StableStore} in one file: written beside it, forced to disk, then moved over it, so that a crash leaves the
 * old record or the new one.
 *
 * <p>Errors: {@link UncheckedIOException} with the file and what happened; also when somebody else wrote to it since: two nodes that share a file
 * would each take numbers back that the other one used.
 */
public final class FileStore implements StableStore {
  /** A node's record of all groups has less than 1 KiB. */
  private static final int MAX_BYTES = 1 << 16;

  private final Path file;

  /** What the file held when this store last read or wrote it; {@code null}: it did neither yet. */
  private byte[] known;

  public FileStore(Path file) {
    this.file = file.toAbsolutePath();
  }

  @Override
  public String name() {
    return "store " + file;
  }

  @Override
  public byte[] load() {
    try {
      if (Files.notExists(file)) {
        known = new byte[0];
        return known.clone();
      }
      long size = Files.size(file);
      if (size > MAX_BYTES) {
        throw new IOException("it has " + size + " bytes, more than the limit of " + MAX_BYTES);
      }
      if (size == 0) {
        throw new IOException(
            "it is empty, which no save leaves behind; remove it or put a copy back");
      }
      known = Files.readAllBytes(file);
      return known.clone();
    } catch (IOException e) {
      throw new UncheckedIOException(name() + " cannot be read: " + reason(e), e);
    }
  }

  /** An interrupt of the calling thread closes a channel that is written to; it is put off until the record is safe. */
  @Override
  public void save(byte[] record) {
    boolean isInterrupted = Thread.interrupted();
    try {
      write(record);
    } catch (IOException e) {
      if (!Thread.interrupted()) {
        throw unwritten(e);
      }
      isInterrupted = true;
      writeAgain(record);
    } finally {
      if (isInterrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private void writeAgain(byte[] record) {
    try {
      write(record);
    } catch (IOException e) {
      throw unwritten(e);
    }
  }

  private UncheckedIOException unwritten(IOException e) {
    return new UncheckedIOException(
        name() + " cannot be written, the former record stays: " + reason(e), e);
  }

  private void write(byte[] record) throws IOException {
    Path beside = file.resolveSibling(file.getFileName() + ".new");
    requireOwn();
    try (FileChannel channel =
        FileChannel.open(
            beside,
            StandardOpenOption.CREATE,
            StandardOpenOption.WRITE,
            StandardOpenOption.TRUNCATE_EXISTING)) {
      ByteBuffer bytes = ByteBuffer.wrap(record);
      while (bytes.hasRemaining()) {
        channel.write(bytes);
      }
      channel.force(true);
    }
    Files.move(beside, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    known = record.clone(); // whatever becomes of the folder
    try (FileChannel directory = FileChannel.open(file.getParent(), StandardOpenOption.READ)) {
      directory.force(true); // the move itself must survive too
    }
  }

  private void requireOwn() throws IOException {
    byte[] there = Files.notExists(file) ? new byte[0] : Files.readAllBytes(file);
    if (known != null && !Arrays.equals(known, there)) {
      throw new IOException(
          "somebody else has written to it; each node needs a file of its own, and nothing is kept until"
              + " this one is started with it");
    }
  }

  /** Exceptions of the file system say what happened in their class, and often only the path in their message. */
  private static String reason(IOException e) {
    return e.getClass() == IOException.class
        ? e.getMessage()
        : e.getClass().getSimpleName() + " " + e.getMessage();
  }
}
