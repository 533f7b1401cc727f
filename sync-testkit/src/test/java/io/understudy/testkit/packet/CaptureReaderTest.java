package io.understudy.testkit.packet;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Classic pcap files, and files that are no capture; {@link PcapngBlocksTest} has the others. */
class CaptureReaderTest {
  private static final int MICROSECONDS = 0xa1b2c3d4;
  private static final int NANOSECONDS = 0xa1b23c4d;

  private final byte[] frame = Frames.ipv4(Frames.syn()).frame();

  @TempDir private Path folder;

  @ParameterizedTest
  @CsvSource({"true, false", "true, true", "false, false", "false, true"})
  void bothResolutionsAndByteOrdersAreRead(boolean nanoseconds, boolean littleEndian)
      throws IOException {
    ByteOrder order = littleEndian ? ByteOrder.LITTLE_ENDIAN : ByteOrder.BIG_ENDIAN;
    int magic = nanoseconds ? NANOSECONDS : MICROSECONDS;
    byte[] file =
        joined(header(order, magic, 4, 1), record(order, 3, 250, frame.length, 1_500, frame));

    Captured captured = Captured.in(file);

    long expected = 3_000_000_000L + (nanoseconds ? 250 : 250_000);
    assertEquals(
        List.of(new Captured.Record(expected, frame.length, 1_500, Packet.Kind.IPV4)),
        captured.packets());
    assertFalse(captured.truncated());
    assertEquals("", captured.truncation());
  }

  @Test
  void secondsAreUnsigned() throws IOException {
    byte[] file = pcap(record(ByteOrder.BIG_ENDIAN, -1, 0, frame.length, frame.length, frame));

    assertEquals(List.of(4_294_967_295_000_000_000L), Captured.in(file).times());
  }

  @Test
  void captureWithoutPacketsIsACapture() throws IOException {
    assertEquals(new Captured(List.of(), false, ""), Captured.in(pcap()));
  }

  @Test
  void upperHalfOfTheLinkTypeIsNotPartOfIt() throws IOException {
    byte[] file = joined(header(ByteOrder.BIG_ENDIAN, MICROSECONDS, 4, 0x3000_0001), whole(frame));

    assertEquals(List.of(Packet.Kind.IPV4), Captured.in(file).kinds());
  }

  @Test
  void framesOfAnUnknownLinkTypeAreUndecodedPackets() throws IOException {
    byte[] file =
        joined(
            header(ByteOrder.BIG_ENDIAN, MICROSECONDS, 4, 105), whole(frame), whole(new byte[0]));

    assertEquals(List.of(Packet.Kind.UNDECODED, Packet.Kind.UNDECODED), Captured.in(file).kinds());
  }

  @Test
  void oldVersionsMayHaveSwappedTheLengths() throws IOException {
    byte[] record = record(ByteOrder.BIG_ENDIAN, 1, 0, 1_500, frame.length, frame);
    byte[] file = joined(header(ByteOrder.BIG_ENDIAN, MICROSECONDS, 3, 1), record);

    Captured captured = Captured.in(file);

    assertEquals(
        List.of(new Captured.Record(1_000_000_000, frame.length, 1_500, Packet.Kind.IPV4)),
        captured.packets());
  }

  @Test
  void fileThatEndsInsideARecordIsReadUpToThere() throws IOException {
    byte[] file = pcap(whole(frame), whole(frame));
    int end = file.length;

    for (int cut = 1; cut < 16 + frame.length; cut++) {
      Captured captured = Captured.in(Arrays.copyOf(file, end - cut));

      assertEquals(1, captured.packets().size());
      assertTrue(captured.truncated());
    }
    int boundary = end - 16 - frame.length;
    assertEquals(
        "the file ends inside a record at byte " + boundary + "; the rest is not read",
        Captured.in(Arrays.copyOf(file, end - 1)).truncation());
    assertFalse(Captured.in(Arrays.copyOf(file, boundary)).truncated());
  }

  @ParameterizedTest
  @ValueSource(ints = {262_145, Integer.MAX_VALUE, -1})
  void impossibleLengthEndsTheFile(int length) throws IOException {
    byte[] file =
        pcap(whole(frame), record(ByteOrder.BIG_ENDIAN, 0, 0, length, length, new byte[300_000]));

    Captured captured = Captured.in(file);

    assertEquals(1, captured.packets().size());
    assertTrue(captured.truncated());
  }

  @Test
  void longestFrameIsRead() throws IOException {
    byte[] longest = Arrays.copyOf(frame, 262_144);

    Captured captured = Captured.in(pcap(whole(frame), whole(longest), whole(frame)));

    assertEquals(List.of(Packet.Kind.IPV4, Packet.Kind.IPV4, Packet.Kind.IPV4), captured.kinds());
    assertEquals(262_144, captured.packets().get(1).capturedLength());
  }

  @Test
  void streamThatGivesOneByteAtATimeIsRead() throws IOException {
    byte[] file = pcap(whole(frame), whole(frame));
    InputStream slow =
        new ByteArrayInputStream(file) {
          @Override
          public synchronized int read(byte[] into, int offset, int length) {
            return super.read(into, offset, Math.min(1, length));
          }
        };

    try (CaptureReader reader = CaptureReader.open(slow, "slow")) {
      Packet packet = new Packet();
      assertTrue(reader.next(packet));
      assertTrue(reader.next(packet));
      assertTrue(packet.tcp().isSyn());
      assertFalse(reader.next(packet));
      assertEquals(2, reader.packetCount());
    }
  }

  @Test
  void fileIsReadFromDisk() throws IOException {
    Path file = folder.resolve("one.pcap");
    Files.write(file, pcap(whole(frame)));

    try (CaptureReader reader = CaptureReader.open(file)) {
      assertTrue(reader.next(new Packet()));
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "                                 | file: a file of 0 bytes is no capture; not read",
        "d4c3                             | file: a file of 2 bytes is no capture; not read",
        "7f454c46 02010100                | file: begins with 0x7f454c46, which is neither pcap nor pcapng; not read",
        "1f8b0800 00000000                | file: begins with 0x1f8b0800, which is gzip, unpack it first; not read",
        "d4c3b2a1 02000400                | file: ends inside the pcap file header, after 8 bytes; not read",
        "0a0d0d0a 1c000000                | file: ends inside the pcapng section header, after 8 bytes; not read",
        "0a0d0d0a 1c000000 00000000 01000000 | file: pcapng byte order mark 0x00000000 is unknown; not read",
        "0a0d0d0a 1c000000 4d3c2b1a 02000000 | file: pcapng version 2 is not 1; not read"
      })
  void fileThatIsNoCaptureSaysSoInOneLine(String hex, String message) {
    byte[] file = Frames.hex(hex == null ? "" : hex);

    CaptureFormatException thrown =
        assertThrows(CaptureFormatException.class, () -> Captured.in(file));

    assertEquals(message, thrown.getMessage());
  }

  @Test
  void pcapOfAnotherVersionIsRefused() {
    byte[] file = header(ByteOrder.BIG_ENDIAN, MICROSECONDS, 4, 1);
    file[5] = 3;

    CaptureFormatException thrown =
        assertThrows(CaptureFormatException.class, () -> Captured.in(file));

    assertEquals("file: pcap version 3 is not 2; not read", thrown.getMessage());
  }

  @Test
  void directoryIsNoCaptureAndAMissingFileIsMissing() {
    assertThrows(CaptureFormatException.class, () -> CaptureReader.open(folder));
    assertThrows(NoSuchFileException.class, () -> CaptureReader.open(folder.resolve("none")));
  }

  private static byte[] pcap(byte[]... records) {
    byte[] file = header(ByteOrder.BIG_ENDIAN, MICROSECONDS, 4, 1);
    for (byte[] record : records) {
      file = joined(file, record);
    }
    return file;
  }

  private static byte[] header(ByteOrder order, int magic, int minorVersion, int linkType) {
    ByteBuffer header = ByteBuffer.allocate(24).order(order).putInt(magic);
    header
        .putShort((short) 2)
        .putShort((short) minorVersion)
        .putLong(0)
        .putInt(65_535)
        .putInt(linkType);
    return header.array();
  }

  private static byte[] whole(byte[] frame) {
    return record(ByteOrder.BIG_ENDIAN, 1, 0, frame.length, frame.length, frame);
  }

  private static byte[] record(
      ByteOrder order, int seconds, int fraction, int captured, int original, byte[] frame) {
    ByteBuffer record = ByteBuffer.allocate(16 + frame.length).order(order);
    return record
        .putInt(seconds)
        .putInt(fraction)
        .putInt(captured)
        .putInt(original)
        .put(frame)
        .array();
  }

  private static byte[] joined(byte[]... parts) {
    ByteArrayOutputStream whole = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      whole.writeBytes(part);
    }
    return whole.toByteArray();
  }
}
