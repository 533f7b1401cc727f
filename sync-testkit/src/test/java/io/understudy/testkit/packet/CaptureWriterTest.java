package io.understudy.testkit.packet;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CaptureWriterTest {
  private static final long NOW = 1_700_000_000_123_456_789L;

  private final byte[] frame = Frames.ipv4(Frames.syn().payload(new byte[100])).frame();
  private final ByteArrayOutputStream file = new ByteArrayOutputStream();

  @TempDir private Path folder;

  @Test
  void whatIsWrittenIsReadAgain() throws IOException {
    Path path = folder.resolve("written.pcap");
    try (CaptureWriter writer =
        CaptureWriter.create(path, LinkType.ETHERNET, TimeUnit.NANOSECONDS)) {
      writer.write(NOW, frame);
      writer.write(NOW + 1, frame, 54);
    }

    try (CaptureReader reader = CaptureReader.open(path)) {
      Packet packet = new Packet();
      assertTrue(reader.next(packet));
      assertEquals(NOW, packet.timestampNs());
      assertEquals(frame.length, packet.capturedLength());
      assertTrue(reader.next(packet));
      assertEquals(NOW + 1, packet.timestampNs());
      assertEquals(54, packet.capturedLength());
      assertEquals(frame.length, packet.originalLength());
      assertEquals(100, packet.payloadLength());
    }
  }

  @Test
  void microsecondsAreCutOff() throws IOException {
    try (CaptureWriter writer =
        CaptureWriter.create(file, LinkType.ETHERNET, TimeUnit.MICROSECONDS)) {
      writer.write(NOW, frame);
    }

    assertEquals(List.of(NOW / 1_000 * 1_000), Captured.in(file.toByteArray()).times());
  }

  @Test
  void packetsCanBeCopied() throws IOException {
    try (CaptureWriter writer =
        CaptureWriter.create(file, LinkType.ETHERNET, TimeUnit.NANOSECONDS)) {
      writer.write(NOW, frame, 60);
      writer.write(NOW, new byte[0]);
    }
    ByteArrayOutputStream copy = new ByteArrayOutputStream();

    try (CaptureReader reader =
            CaptureReader.open(new ByteArrayInputStream(file.toByteArray()), "file");
        CaptureWriter writer =
            CaptureWriter.create(copy, LinkType.ETHERNET, TimeUnit.NANOSECONDS)) {
      Packet packet = new Packet();
      while (reader.next(packet)) {
        writer.write(packet);
      }
    }

    assertArrayEquals(file.toByteArray(), copy.toByteArray());
  }

  @Test
  void whatNoCaptureCanHoldIsRefused() throws IOException {
    assertThrows(
        IllegalArgumentException.class,
        () -> CaptureWriter.create(file, LinkType.OTHER, TimeUnit.NANOSECONDS));
    assertThrows(
        IllegalArgumentException.class,
        () -> CaptureWriter.create(file, LinkType.RAW, TimeUnit.SECONDS));
    try (CaptureWriter writer = CaptureWriter.create(file, LinkType.RAW, TimeUnit.NANOSECONDS)) {
      assertThrows(IllegalArgumentException.class, () -> writer.write(-1, frame));
      assertThrows(IllegalArgumentException.class, () -> writer.write(Long.MAX_VALUE, frame));
      assertThrows(IllegalArgumentException.class, () -> writer.write(0, new byte[262_145]));
      assertThrows(IllegalArgumentException.class, () -> writer.write(0, frame, frame.length + 1));
    }
    assertEquals(24, file.size());
  }
}
