package io.understudy.testkit.packet;

import static io.understudy.testkit.packet.Frames.decode;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TcpHeaderTest {
  private static final int OPTIONS = Frames.ETHERNET_HEADER + Frames.IPV4_HEADER + 20;

  @Test
  void numbersAndFlagsAreRead() {
    TcpSegment segment =
        Segment.tcp(1, 65_535)
            .flags(TcpHeader.ACK | TcpHeader.PSH | TcpHeader.FIN)
            .sequence(0xffff_fff0)
            .acknowledgement(0x8000_0000)
            .window(0xfedc)
            .payload(new byte[7]);

    Packet packet = decode(Frames.ipv6(segment).frame());
    TcpHeader tcp = packet.tcp();

    assertTrue(tcp.isPresent());
    assertEquals(0x19, tcp.flags());
    assertTrue(tcp.isAck());
    assertTrue(tcp.isFin());
    assertFalse(tcp.isSyn());
    assertFalse(tcp.isRst());
    assertEquals(0xffff_fff0, tcp.sequence());
    assertEquals(0x8000_0000, tcp.acknowledgement());
    assertEquals(0xfedc, tcp.window());
    assertEquals(20, tcp.dataOffset());
    assertEquals(65_535, packet.destinationPort());
    assertEquals(7, packet.payloadLength());
  }

  @Test
  void optionsAreRead() {
    TcpSegment segment = Frames.syn().mss(1_460).sackPermitted().timestamps(1, 2).windowScale(7);

    TcpHeader tcp = decode(Frames.ipv4(segment).frame()).tcp();

    assertEquals(40, tcp.dataOffset());
    assertEquals(1_460, tcp.mss());
    assertEquals(7, tcp.windowScale());
    assertTrue(tcp.isSackPermitted());
    assertTrue(tcp.hasTimestamps());
  }

  @Test
  void missingOptionsReadAsMissing() {
    TcpHeader tcp = decode(Frames.ipv4(Frames.syn()).frame()).tcp();

    assertEquals(-1, tcp.mss());
    assertEquals(-1, tcp.windowScale());
    assertFalse(tcp.isSackPermitted());
    assertFalse(tcp.hasTimestamps());
  }

  @Test
  void largestWindowScaleIsFourteen() {
    assertEquals(14, decode(Frames.ipv4(Frames.syn().windowScale(15)).frame()).tcp().windowScale());
  }

  @ParameterizedTest
  @CsvSource({
    "0101 0204 05b4 0402, 1460, padding before",
    "0204 05b4 00 030307, 1460, end of the list before the rest",
    "0204 05b4 0300 0000, 1460, length 0",
    "0204 05b4 0301 0000, 1460, length 1",
    "0204 05b4 0309 0707, 1460, length beyond the header",
    "0204 05b4 0101 0103, 1460, length outside of the header",
    "0203 05 01 01010101, -1, length of another option",
    "01010101 0101 0204, -1, body outside of the header",
    "0101 0101 0101 0102, -1, nothing but the kind at the end",
    "fd04 f989 0204 05b4, 1460, unknown option before"
  })
  void optionsAreReadUpToTheFirstThatMakesNoSense(String options, int mss, String what) {
    byte[] frame = Frames.ipv4(Frames.syn().timestamps(0, 0)).frame();
    byte[] bytes = Frames.hex(options);
    System.arraycopy(bytes, 0, frame, OPTIONS, 8);
    frame[OPTIONS - 8] = 0x70;

    Packet packet = decode(frame);

    assertTrue(packet.isIp(), what);
    assertEquals(mss, packet.tcp().mss(), what);
    assertEquals(-1, packet.tcp().windowScale(), what);
  }

  @Test
  void optionOfAnUnusualLengthIsNotTheOption() {
    byte[] frame = Frames.ipv4(Frames.syn().timestamps(0, 0)).frame();
    byte[] bytes = Frames.hex("040300 0809000000000000 00");
    System.arraycopy(bytes, 0, frame, OPTIONS, bytes.length);

    TcpHeader tcp = decode(frame).tcp();

    assertTrue(tcp.isPresent());
    assertFalse(tcp.isSackPermitted());
    assertFalse(tcp.hasTimestamps());
  }

  @Test
  void otherPacketsHaveNoTcpHeader() {
    TcpHeader tcp = decode(Frames.ipv4(Frames.udp(40)).frame()).tcp();

    assertFalse(tcp.isPresent());
    assertEquals(0, tcp.flags());
    assertEquals(0, tcp.sequence());
    assertEquals(0, tcp.acknowledgement());
    assertEquals(0, tcp.window());
    assertEquals(0, tcp.dataOffset());
  }

  @Test
  void flagsHaveTheirBitsOfTheHeader() {
    byte[] bits = {TcpHeader.FIN, TcpHeader.SYN, TcpHeader.RST, TcpHeader.PSH, TcpHeader.ACK};

    assertArrayEquals(new byte[] {1, 2, 4, 8, 16}, bits);
  }
}
