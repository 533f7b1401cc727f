package io.understudy.testkit.packet;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PacketBuilderTest {
  @Test
  void ipv4TcpPacketIsBuiltByteForByte() {
    byte[] packet =
        PacketBuilder.between("10.0.0.1", "10.0.0.2")
            .identification(0x0102)
            .carry(
                Segment.tcp(0x1234, 80)
                    .flags(TcpHeader.SYN)
                    .sequence(0x0a0b_0c0d)
                    .window(0x2000)
                    .mss(1_460)
                    .payload((byte) 'h', (byte) 'i', (byte) '!'))
            .ipPacket();

    assertArrayEquals(
        Frames.hex(
            "4500002f 01020000 400665c5 0a000001 0a000002"
                + "12340050 0a0b0c0d 00000000 60022000 b21b0000 020405b4 686921"),
        packet);
  }

  @Test
  void udpChecksumThatComesOutAsZeroIsSentAsAllOnes() {
    byte[] zero =
        PacketBuilder.between("0.0.0.0", "0.0.0.0")
            .carry(Segment.udp(0, 0, (byte) 0xff, (byte) 0xda))
            .ipPacket();

    assertEquals(0xffff, Bytes.u16(zero, 26));
  }

  @Test
  void sctpChecksumIsTheCastagnoliCrcOfTheWholePacket() {
    byte[] packet =
        PacketBuilder.between("10.0.0.1", "10.0.0.2")
            .carry(Segment.sctp(1, 2, 3).chunk(11, 0))
            .ipPacket();
    byte[] zeroed = Arrays.copyOfRange(packet, 20, packet.length);
    Arrays.fill(zeroed, 8, 12, (byte) 0);

    assertEquals(Integer.reverseBytes(crc32c(zeroed)), Bytes.i32(packet, 28));
  }

  /** Bit by bit after RFC 9260, appendix A, to have a second opinion. */
  private static int crc32c(byte[] bytes) {
    int crc = -1;
    for (byte octet : bytes) {
      crc ^= octet & 0xff;
      for (int bit = 0; bit < 8; bit++) {
        crc = crc >>> 1 ^ ((crc & 1) == 0 ? 0 : 0x82f6_3b78);
      }
    }
    return ~crc;
  }

  @Test
  void everyKindOfPacketDecodesAsWhatItIs() {
    assertTrue(Frames.decode(Frames.ipv4(Frames.udp(3)).frame()).hasPorts());
    assertTrue(Frames.decode(Frames.ipv6(Frames.udp(3)).frame()).hasPorts());
    assertTrue(Frames.decode(Frames.ipv6(Frames.init()).frame()).sctp().isPresent());
    assertTrue(Frames.decode(Frames.ipv4(Frames.ping()).frame()).icmp().isEchoRequest());
    assertTrue(Frames.decode(Frames.ipv6(Frames.ping()).frame()).icmp().isEchoRequest());
    assertEquals(47, Frames.decode(Frames.ipv4(Segment.other(47, new byte[4])).frame()).protocol());
    assertEquals(59, Frames.decode(PacketBuilder.between(Frames.A6, Frames.B6).frame()).protocol());
  }

  @Test
  void fragmentsPutTogetherAreThePacket() {
    PacketBuilder builder = Frames.ipv4(Frames.udp(100));
    byte[] packet = builder.ipPacket();
    int at = 20;

    for (byte[] fragment : builder.fragments(32)) {
      int from = Frames.ETHERNET_HEADER + Frames.IPV4_HEADER;
      int length = fragment.length - from;
      assertArrayEquals(
          Arrays.copyOfRange(packet, at, at + length),
          Arrays.copyOfRange(fragment, from, from + length));
      at += length;
    }

    assertEquals(packet.length, at);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "localhost", "1.2.3", "1.2.3.256", "1.2.3.4.5", "1.2.3.x", "::g", "fe80:::1"})
  void addressThatIsNoNumberIsRefused(String address) {
    assertThrows(IllegalArgumentException.class, () -> PacketBuilder.between(address, address));
  }

  @Test
  void whatNoPacketCanHoldIsRefused() {
    PacketBuilder ipv4 = Frames.ipv4(Frames.udp(65_508));
    PacketBuilder ipv6 = Frames.ipv6(Frames.udp(65_528));
    PacketBuilder options =
        Frames.ipv4(
            Frames.syn()
                .timestamps(0, 0)
                .timestamps(0, 0)
                .timestamps(0, 0)
                .timestamps(0, 0)
                .mss(1));

    assertThrows(IllegalArgumentException.class, ipv4::frame);
    assertThrows(IllegalArgumentException.class, ipv6::frame);
    assertThrows(IllegalArgumentException.class, options::frame);
    assertThrows(IllegalArgumentException.class, () -> ipv4.fragments(12));
    assertThrows(IllegalArgumentException.class, () -> ipv4.extension(IpHeaders.HOP_BY_HOP));
    assertThrows(IllegalArgumentException.class, () -> PacketBuilder.between("1.2.3.4", "::1"));
    assertThrows(
        IllegalArgumentException.class, () -> PacketBuilder.between(new byte[5], new byte[5]));
  }
}
