package io.understudy.testkit.packet;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/** Whatever is in a file: it is no capture, or it is read up to where it breaks. */
class CaptureProperties {
  @Property(tries = 500)
  void damagedCaptureIsReadUpToWhereItBreaks(@ForAll long seed, @ForAll boolean pcapng)
      throws IOException {
    Random random = new Random(seed);
    byte[] file = pcapng ? pcapng(random) : pcap(random, new ArrayList<>());
    for (int i = random.nextInt(8); i > 0; i--) {
      file[random.nextInt(file.length)] =
          (byte) (random.nextBoolean() ? random.nextInt(8) : random.nextInt(256));
    }
    byte[] cut =
        Arrays.copyOf(file, random.nextBoolean() ? file.length : random.nextInt(file.length + 1));

    try {
      Captured captured = Captured.in(cut);
      assertEquals(captured.truncated(), !captured.truncation().isEmpty());
    } catch (CaptureFormatException e) {
      assertTrue(
          e.getMessage().startsWith("file: ") && e.getMessage().endsWith("; not read"),
          e::getMessage);
    }
  }

  @Property(tries = 300)
  void everyPacketBeforeTheEndIsRead(@ForAll long seed) throws IOException {
    Random random = new Random(seed);
    List<Integer> ends = new ArrayList<>();
    byte[] file = pcap(random, ends);
    int length = 24 + random.nextInt(file.length - 23);

    Captured captured = Captured.in(Arrays.copyOf(file, length));

    assertEquals(ends.stream().filter(end -> end <= length).count(), captured.packets().size());
    assertEquals(length != 24 && !ends.contains(length), captured.truncated());
  }

  private static byte[] pcap(Random random, List<Integer> ends) throws IOException {
    ByteArrayOutputStream file = new ByteArrayOutputStream();
    int end = 24;
    try (CaptureWriter writer =
        CaptureWriter.create(file, LinkType.ETHERNET, TimeUnit.NANOSECONDS)) {
      for (int i = random.nextInt(10); i >= 0; i--) {
        byte[] frame = frame(random);
        writer.write(i * 1_000L, frame);
        end += 16 + frame.length;
        ends.add(end);
      }
    }
    return file.toByteArray();
  }

  private static byte[] pcapng(Random random) {
    ByteOrder order = random.nextBoolean() ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN;
    PcapngFile file =
        new PcapngFile()
            .section(order)
            .link(1, 0)
            .link(101, random.nextInt(256), random.nextLong());
    for (int i = random.nextInt(10); i >= 0; i--) {
      byte[] frame = frame(random);
      switch (random.nextInt(5)) {
        case 0 -> file.enhanced(0, random.nextLong(), frame, frame.length);
        case 1 -> file.obsolete(1, random.nextLong(), frame, 2 * frame.length);
        case 2 -> file.simple(frame, frame.length);
        case 3 -> file.other(random.nextInt(), 4 * random.nextInt(20));
        default -> file.section(order).link(1, 0);
      }
    }
    return file.bytes();
  }

  private static byte[] frame(Random random) {
    return Frames.ipv4(Frames.udp(random.nextInt(60))).frame();
  }
}
