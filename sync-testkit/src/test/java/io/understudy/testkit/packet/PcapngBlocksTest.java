package io.understudy.testkit.packet;

import static java.nio.ByteOrder.BIG_ENDIAN;
import static java.nio.ByteOrder.LITTLE_ENDIAN;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class PcapngBlocksTest {
  private static final int ETHERNET = 1;
  private static final int RAW = 101;

  private final byte[] frame = Frames.ipv4(Frames.syn().payload(new byte[3])).frame();
  private final byte[] rawPacket = Frames.ipv6(Frames.syn()).ipPacket();

  static Stream<ByteOrder> orders() {
    return Stream.of(BIG_ENDIAN, LITTLE_ENDIAN);
  }

  @ParameterizedTest
  @MethodSource("orders")
  void allThreeKindsOfPacketBlockAreRead(ByteOrder order) throws IOException {
    PcapngFile file =
        new PcapngFile()
            .section(order)
            .link(ETHERNET, 0)
            .enhanced(0, 5_000_000_000L, frame, 1_500)
            .obsolete(0, 5_000_001_000L, frame, frame.length)
            .simple(frame, frame.length);

    Captured captured = Captured.in(file.bytes());

    assertEquals(
        List.of(
            new Captured.Record(5_000_000_000_000L, frame.length, 1_500, Packet.Kind.IPV4),
            new Captured.Record(5_000_001_000_000L, frame.length, frame.length, Packet.Kind.IPV4),
            new Captured.Record(5_000_001_000_000L, frame.length, frame.length, Packet.Kind.IPV4)),
        captured.packets());
    assertFalse(captured.truncated());
  }

  @ParameterizedTest
  @MethodSource("orders")
  void interfacesHaveTheirOwnLinkTypeAndClock(ByteOrder order) throws IOException {
    PcapngFile file =
        new PcapngFile()
            .section(order)
            .link(ETHERNET, 9, 10)
            .link(RAW, 0x80 | 10, -1)
            .enhanced(1, 2_048, rawPacket, rawPacket.length)
            .enhanced(0, 7, frame, frame.length);

    Captured captured = Captured.in(file.bytes());

    assertEquals(List.of(1_000_000_000L, 10_000_000_007L), captured.times());
    assertEquals(List.of(Packet.Kind.IPV6, Packet.Kind.IPV4), captured.kinds());
  }

  @Test
  void sectionsHaveTheirOwnByteOrderAndInterfaces() throws IOException {
    PcapngFile file =
        new PcapngFile()
            .section(LITTLE_ENDIAN)
            .link(ETHERNET, 0)
            .enhanced(0, 1, frame, frame.length)
            .section(BIG_ENDIAN)
            .link(RAW, 0)
            .enhanced(0, 2, rawPacket, rawPacket.length)
            .section(LITTLE_ENDIAN)
            .enhanced(0, 3, frame, frame.length);

    Captured captured = Captured.in(file.bytes());

    assertEquals(
        List.of(Packet.Kind.IPV4, Packet.Kind.IPV6, Packet.Kind.UNDECODED), captured.kinds());
    assertEquals(List.of(1_000L, 2_000L, 3_000L), captured.times());
  }

  @Test
  void otherBlocksArePassedOverHoweverLong() throws IOException {
    PcapngFile file =
        new PcapngFile()
            .section(LITTLE_ENDIAN)
            .other(4, 100)
            .link(ETHERNET, 0)
            .other(5, 0)
            .other(0x0bad, 3_000_000)
            .enhanced(0, 1, frame, frame.length)
            .other(0x40000bad, 8);

    Captured captured = Captured.in(file.bytes());

    assertEquals(List.of(Packet.Kind.IPV4), captured.kinds());
    assertFalse(captured.truncated(), captured::truncation);
  }

  @Test
  void simplePacketIsCutByTheSnapLengthOfItsInterface() throws IOException {
    PcapngFile file =
        new PcapngFile()
            .section(BIG_ENDIAN)
            .link(ETHERNET, 54)
            .simple(Arrays.copyOf(frame, 54), 57);

    Captured captured = Captured.in(file.bytes());

    assertEquals(List.of(new Captured.Record(0, 54, 57, Packet.Kind.IPV4)), captured.packets());
  }

  @Test
  void packetOfAnUnknownInterfaceIsUndecoded() throws IOException {
    PcapngFile file =
        new PcapngFile()
            .section(BIG_ENDIAN)
            .simple(frame, frame.length)
            .link(ETHERNET, 0)
            .enhanced(-1, 1, frame, frame.length)
            .enhanced(0, 1, frame, frame.length);

    Captured captured = Captured.in(file.bytes());

    assertEquals(
        List.of(Packet.Kind.UNDECODED, Packet.Kind.UNDECODED, Packet.Kind.IPV4), captured.kinds());
  }

  @Test
  void lengthThatIsNoMultipleOfFourIsRoundedUp() throws IOException {
    byte[] body = Arrays.copyOf(frame, 4 + 60);
    System.arraycopy(frame, 0, body, 4, frame.length);
    Bytes.put32(body, 0, frame.length);
    int length = 12 + 4 + frame.length;
    PcapngFile file =
        new PcapngFile()
            .section(BIG_ENDIAN)
            .link(ETHERNET, 0)
            .rawBlock(3, length, body, length)
            .other(5, 4);

    Captured captured = Captured.in(file.bytes());

    assertEquals(57, frame.length);
    assertEquals(List.of(Packet.Kind.IPV4), captured.kinds());
    assertFalse(captured.truncated(), captured::truncation);
  }

  @Test
  void fileThatEndsInsideABlockIsReadUpToThere() throws IOException {
    PcapngFile whole =
        new PcapngFile().section(BIG_ENDIAN).link(ETHERNET, 0).enhanced(0, 1, frame, frame.length);
    int boundary = whole.bytes().length;
    byte[] longer = whole.enhanced(0, 2, frame, frame.length).bytes();

    for (int length = boundary + 1; length < longer.length; length++) {
      Captured captured = Captured.in(Arrays.copyOf(longer, length));

      assertEquals(1, captured.packets().size());
      assertTrue(captured.truncated());
    }
    assertFalse(Captured.in(Arrays.copyOf(longer, boundary)).truncated());
  }

  @Test
  void impossibleBlocksEndTheFile() throws IOException {
    assertBreaks("a block of type 6 cannot have 8 bytes", start().rawBlock(6, 8, new byte[4], 8));
    assertBreaks(
        "a block of type 6 cannot have 28 bytes", start().rawBlock(6, 28, new byte[16], 28));
    assertBreaks(
        "a block of type 5 cannot have 11 bytes", start().rawBlock(5, 11, new byte[4], 11));
    assertBreaks(
        "a block of type 1 cannot have 2147483647 bytes",
        start().rawBlock(1, 0x7fff_ffff, new byte[8], 20));
    assertBreaks("a block of type 6 cannot have 600000 bytes", start().other(6, 599_988));
    assertBreaks("a block whose two lengths differ", start().rawBlock(6, 32, new byte[20], 36));
    assertBreaks("the file ends inside a block", start().rawBlock(5, -1, new byte[8], 20));
  }

  @Test
  void passedOverBlockWhoseLengthsDifferEndsTheFile() throws IOException {
    Captured captured =
        Captured.in(start().rawBlock(5, 20, new byte[8], 24).simple(frame, frame.length).bytes());

    assertTrue(captured.truncated());
    assertTrue(
        captured.truncation().startsWith("a block whose two lengths differ"), captured::truncation);
    assertEquals(1, captured.packets().size());
  }

  @Test
  void frameThatDoesNotFitItsBlockEndsTheFile() throws IOException {
    byte[] body = new byte[24];
    Bytes.put32(body, 12, 5);

    assertBreaks(
        "a frame of 5 bytes in a block with room for 4", start().rawBlock(6, 36, body, 36));
  }

  @Test
  void sectionWithoutByteOrderEndsTheFile() throws IOException {
    assertBreaks("a section header without byte order", start().other(0x0a0d0d0a, 16));
  }

  private PcapngFile start() {
    return new PcapngFile()
        .section(BIG_ENDIAN)
        .link(ETHERNET, 0)
        .enhanced(0, 1, frame, frame.length);
  }

  private static void assertBreaks(String what, PcapngFile file) throws IOException {
    Captured captured = Captured.in(file.bytes());

    assertEquals(1, captured.packets().size());
    assertTrue(captured.truncated());
    assertTrue(captured.truncation().startsWith(what + " at byte "), captured::truncation);
  }
}
