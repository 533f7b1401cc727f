package io.understudy.testkit.packet;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/**
 * Writes frames into a classic pcap file, big-endian.
 *
 * <p>Thread: one at a time.
 */
public final class CaptureWriter implements AutoCloseable {
  private static final long LAST_SECOND = 0xffff_ffffL;

  private final OutputStream stream;
  private final int unitNs;
  private final byte[] header = new byte[PcapRecords.RECORD_HEADER];

  private CaptureWriter(OutputStream stream, int unitNs) {
    this.stream = stream;
    this.unitNs = unitNs;
  }

  /**
   * Creates a capture file, or empties the one that is there.
   *
   * @param resolution of time stamps: nanoseconds or microseconds
   */
  public static CaptureWriter create(Path file, LinkType link, TimeUnit resolution)
      throws IOException {
    return create(Files.newOutputStream(file), link, resolution);
  }

  /** Writes a capture to a stream, which the writer closes. */
  public static CaptureWriter create(OutputStream stream, LinkType link, TimeUnit resolution)
      throws IOException {
    boolean nanoseconds = resolution == TimeUnit.NANOSECONDS;
    if (!nanoseconds && resolution != TimeUnit.MICROSECONDS) {
      throw new IllegalArgumentException(
          "resolution " + resolution + " is neither NANOSECONDS nor MICROSECONDS");
    }
    if (link == LinkType.OTHER) {
      throw new IllegalArgumentException("link type OTHER has no number to write");
    }
    byte[] header = new byte[PcapRecords.FILE_HEADER];
    Bytes.put32(header, 0, nanoseconds ? PcapRecords.NANOSECONDS : PcapRecords.MICROSECONDS);
    Bytes.put16(header, 4, 2);
    Bytes.put16(header, 6, 4);
    Bytes.put32(header, 16, CaptureInput.FRAME_LIMIT);
    Bytes.put32(header, 20, link.code());
    CaptureWriter writer =
        new CaptureWriter(new BufferedOutputStream(stream), nanoseconds ? 1 : 1_000);
    writer.stream.write(header);
    return writer;
  }

  /** Writes a whole frame. */
  public void write(long timestampNs, byte[] frame) throws IOException {
    write(timestampNs, frame, frame.length);
  }

  /** Writes the beginning of a frame, as a snap length would have cut it. */
  public void write(long timestampNs, byte[] frame, int capturedLength) throws IOException {
    if (capturedLength < 0 || capturedLength > frame.length) {
      throw new IllegalArgumentException(
          "captured length " + capturedLength + " is not 0 to " + frame.length);
    }
    writeHeader(timestampNs, capturedLength, frame.length);
    stream.write(frame, 0, capturedLength);
  }

  /** Writes a packet as it was captured; its link type must be that of the file. */
  public void write(Packet packet) throws IOException {
    writeHeader(packet.timestampNs(), packet.capturedLength(), packet.originalLength());
    stream.write(packet.bytes, packet.start, packet.capturedLength());
  }

  private void writeHeader(long timestampNs, int capturedLength, int originalLength)
      throws IOException {
    long second = Math.floorDiv(timestampNs, 1_000_000_000L);
    if (second < 0 || second > LAST_SECOND) {
      throw new IllegalArgumentException(
          "time stamp " + timestampNs + " ns is not in the years 1970 to 2106");
    }
    if (capturedLength > CaptureInput.FRAME_LIMIT) {
      throw new IllegalArgumentException(
          "frame of " + capturedLength + " bytes exceeds the limit of " + CaptureInput.FRAME_LIMIT);
    }
    Bytes.put32(header, 0, (int) second);
    Bytes.put32(header, 4, (int) (timestampNs % 1_000_000_000L) / unitNs);
    Bytes.put32(header, 8, capturedLength);
    Bytes.put32(header, 12, originalLength);
    stream.write(header);
  }

  @Override
  public void close() throws IOException {
    stream.close();
  }
}
