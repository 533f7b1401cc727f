package io.understudy.testkit.packet;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Reads the packets of a capture file one by one: pcap (micro- and nanoseconds, either byte order) and pcapng.
 *
 * <p>A record counts as a packet when all of it is in the file. Where the file ends inside a record, or a record cannot
 * be as long as it says, reading ends as at the end of the file, with {@link #isTruncated()}: what comes after cannot
 * be found, and the broken record itself is no packet.
 *
 * <p>Shape: one buffer that grows to the largest record, at most {@value CaptureInput#LIMIT} bytes, whatever the file.
 * <p>Thread: one at a time.
 * <p>Errors: a file that is no capture fails in {@code open}; after that only the disk can fail.
 * <p>Source: draft-ietf-opsawg-pcap, draft-ietf-opsawg-pcapng.
 */
public final class CaptureReader implements AutoCloseable {
  /** The records of a format after its file header. */
  sealed interface Records permits PcapRecords, PcapngBlocks {
    /** Reads the next packet, or answers false at the end or where the file breaks. */
    boolean next(Packet into) throws IOException;
  }

  private final CaptureInput input;
  private final Records records;
  private long packetCount;

  private CaptureReader(CaptureInput input, Records records) {
    this.input = input;
    this.records = records;
  }

  /**
   * Opens a capture file.
   *
   * @throws CaptureFormatException if the file is no capture
   * @throws IOException if it cannot be read
   */
  public static CaptureReader open(Path file) throws IOException {
    if (Files.isDirectory(file)) {
      throw new CaptureFormatException(file + ": a directory is no capture; not read");
    }
    return open(Files.newInputStream(file), file.toString());
  }

  /** Reads a capture from a stream, which the reader closes; {@code name} stands for the file in messages. */
  public static CaptureReader open(InputStream stream, String name) throws IOException {
    try {
      CaptureInput input = new CaptureInput(stream);
      return new CaptureReader(input, records(input, name));
    } catch (IOException e) {
      stream.close();
      throw e;
    }
  }

  private static Records records(CaptureInput input, String name) throws IOException {
    if (!input.require(4)) {
      throw new CaptureFormatException(
          name + ": a file of " + input.available() + " bytes is no capture; not read");
    }
    int magic = input.i32(0, false);
    if (magic == PcapngBlocks.SECTION_HEADER) {
      return PcapngBlocks.open(input, name);
    }
    if (PcapRecords.isMagic(magic) || PcapRecords.isMagic(Integer.reverseBytes(magic))) {
      return PcapRecords.open(input, name);
    }
    String hint = magic >>> 16 == 0x1f8b ? "gzip, unpack it first" : "neither pcap nor pcapng";
    throw new CaptureFormatException(
        String.format("%s: begins with 0x%08x, which is %s; not read", name, magic, hint));
  }

  /**
   * Reads the next packet, decoded; its bytes are good until the next call.
   *
   * @return false at the end, and wherever the file breaks
   */
  public boolean next(Packet into) throws IOException {
    if (input.isBroken() || !records.next(into)) {
      return false;
    }
    packetCount++;
    return true;
  }

  /** How many packets were read. */
  public long packetCount() {
    return packetCount;
  }

  /** Whether reading ended inside a record: known once {@link #next} has answered false. */
  public boolean isTruncated() {
    return input.isBroken();
  }

  /** Where and how the file breaks, in one line; empty if it does not. */
  public String truncation() {
    return input.breakage();
  }

  @Override
  public void close() throws IOException {
    input.close();
  }
}
