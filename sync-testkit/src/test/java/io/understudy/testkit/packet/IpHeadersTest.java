package io.understudy.testkit.packet;

import static io.understudy.testkit.packet.Frames.ETHERNET_HEADER;
import static io.understudy.testkit.packet.Frames.IPV4_HEADER;
import static io.understudy.testkit.packet.Frames.IPV6_HEADER;
import static io.understudy.testkit.packet.Frames.decode;
import static io.understudy.testkit.packet.Frames.decodeCut;
import static io.understudy.testkit.packet.Frames.with16;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class IpHeadersTest {
  @Test
  void ipv4AddressIsTheLowHalf() {
    Packet packet = decode(Frames.ipv4(Frames.udp(0)).frame());

    assertEquals(0, packet.sourceHigh());
    assertEquals(0xc000_0201L, packet.sourceLow());
    assertEquals(0, packet.destinationHigh());
    assertEquals(0xc633_6402L, packet.destinationLow());
  }

  @Test
  void ipv6AddressHasTwoHalves() {
    Packet packet = decode(Frames.ipv6(Frames.udp(0)).frame());

    assertEquals(0x2001_0db8_0000_0000L, packet.sourceHigh());
    assertEquals(1, packet.sourceLow());
    assertEquals(0x2001_0db8_0000_0001L, packet.destinationHigh());
    assertEquals(2, packet.destinationLow());
  }

  @ParameterizedTest
  @CsvSource({
    "224.0.0.1, true",
    "239.255.255.255, true",
    "255.255.255.255, true",
    "223.255.255.255, false",
    "240.0.0.0, false",
    "192.0.2.255, false"
  })
  void multicastAndBroadcastOfIpv4(String destination, boolean expected) {
    byte[] frame = PacketBuilder.between(Frames.A4, destination).carry(Frames.udp(0)).frame();

    assertEquals(expected, decode(frame).isMulticastOrBroadcastDestination());
  }

  @ParameterizedTest
  @CsvSource({"ff02::1, true", "ff00::, true", "fe80::1, false", "::, false"})
  void multicastOfIpv6(String destination, boolean expected) {
    byte[] frame = PacketBuilder.between(Frames.A6, destination).carry(Frames.udp(0)).frame();

    assertEquals(expected, decode(frame).isMulticastOrBroadcastDestination());
  }

  @Test
  void paddingOfShortFramesIsNoPayload() {
    byte[] padded = Arrays.copyOf(Frames.ipv4(Frames.syn()).frame(), 60);

    Packet packet = decode(padded);

    assertTrue(packet.isIp());
    assertEquals(0, packet.payloadLength());
    assertEquals(60, packet.capturedLength());
  }

  @Test
  void payloadLengthIsThatOfThePacketAndNotOfTheCapture() {
    byte[] frame = Frames.ipv4(Frames.syn().payload(new byte[500])).frame();

    Packet packet = decodeCut(frame, 96);

    assertEquals(ETHERNET_HEADER + IPV4_HEADER + 20, packet.payloadOffset());
    assertEquals(500, packet.payloadLength());
    assertEquals(96 - packet.payloadOffset(), packet.capturedPayloadLength());
    assertEquals(frame.length, packet.originalLength());
    assertEquals(96, packet.capturedLength());
  }

  @Test
  void udpPayloadEndsWhereUdpSaysSo() {
    byte[] frame =
        with16(Frames.ipv4(Frames.udp(20)).frame(), ETHERNET_HEADER + IPV4_HEADER + 4, 8 + 5);

    assertEquals(5, decode(frame).payloadLength());
  }

  @Test
  void fragmentsOfIpv4() {
    List<byte[]> fragments =
        Frames.ipv4(Frames.syn().payload(new byte[40])).identification(7).fragments(24);

    assertEquals(3, fragments.size());
    assertFirstFragment(decode(fragments.get(0)));
    assertLaterFragment(decode(fragments.get(1)));
    assertLaterFragment(decode(fragments.get(2)));
  }

  @Test
  void fragmentsOfIpv6() {
    List<byte[]> fragments =
        Frames.ipv6(Frames.syn().payload(new byte[40]))
            .extension(IpHeaders.HOP_BY_HOP)
            .fragments(24);

    assertEquals(3, fragments.size());
    assertFirstFragment(decode(fragments.get(0)));
    assertLaterFragment(decode(fragments.get(1)));
    assertLaterFragment(decode(fragments.get(2)));
  }

  private static void assertFirstFragment(Packet packet) {
    assertTrue(packet.isIp());
    assertTrue(packet.isFragment());
    assertTrue(packet.isFirstFragment());
    assertFalse(packet.isLaterFragment());
    assertTrue(packet.hasPorts());
    assertEquals(80, packet.destinationPort());
    assertEquals(4, packet.payloadLength());
  }

  private static void assertLaterFragment(Packet packet) {
    assertTrue(packet.isIp());
    assertTrue(packet.isFragment());
    assertFalse(packet.isFirstFragment());
    assertTrue(packet.isLaterFragment());
    assertFalse(packet.hasPorts());
    assertEquals(Packet.TCP, packet.protocol());
    assertEquals(0, packet.destinationPort());
    assertFalse(packet.tcp().isPresent());
  }

  @Test
  void firstFragmentMustHoldItsTransportHeader() {
    byte[] first = Frames.ipv4(Frames.syn().payload(new byte[40])).fragments(16).get(0);
    byte[] cutOptions =
        Frames.ipv4(Frames.syn().mss(1_460).windowScale(7).sackPermitted()).fragments(24).get(0);

    assertEquals(MalformedReason.TRANSPORT_HEADER_CUT, decode(first).malformedReason());
    assertEquals(MalformedReason.TCP_DATA_OFFSET, decode(cutOptions).malformedReason());
  }

  @Test
  void tinyLaterFragmentIsInOrder() {
    List<byte[]> fragments = Frames.ipv4(Frames.udp(33)).fragments(8);

    for (byte[] fragment : fragments) {
      assertTrue(decode(fragment).isIp());
    }
  }

  @Test
  void fragmentHeaderOnAWholePacketMakesNoFragment() {
    Packet packet = decode(Frames.ipv6(Frames.syn()).extension(IpHeaders.FRAGMENT).frame());

    assertTrue(packet.isIp());
    assertFalse(packet.isFragment());
    assertTrue(packet.tcp().isSyn());
  }

  @Test
  void extensionHeadersAreWalkedInAnyOrder() {
    PacketBuilder builder =
        Frames.ipv6(Frames.ping())
            .extension(IpHeaders.HOP_BY_HOP, new byte[10])
            .extension(IpHeaders.DESTINATION_OPTIONS)
            .extension(IpHeaders.ROUTING, new byte[22])
            .extension(IpHeaders.FRAGMENT)
            .extension(IpHeaders.DESTINATION_OPTIONS, new byte[100]);

    Packet packet = decode(builder.frame());

    assertEquals(Packet.ICMPV6, packet.protocol());
    assertTrue(packet.icmp().isEchoRequest());
  }

  @Test
  void authenticationHeaderIsWalkedInIpv6() {
    byte[] syn = Frames.ipv6(Frames.syn()).frame();
    byte[] header = new byte[24]; // 12 of the fixed part, 12 of the check value
    header[0] = Packet.TCP;
    header[1] = 4;
    byte[] transport = Arrays.copyOfRange(syn, ETHERNET_HEADER + IPV6_HEADER, syn.length);
    byte[] both = Arrays.copyOf(header, header.length + transport.length);
    System.arraycopy(transport, 0, both, header.length, transport.length);

    Packet packet =
        decode(Frames.ipv6(Segment.other(51, both)).extension(IpHeaders.HOP_BY_HOP).frame());

    assertEquals(Packet.TCP, packet.protocol());
    assertTrue(packet.tcp().isSyn());
    assertTrue(packet.hasPorts());
  }

  @Test
  void authenticationHeaderThatIsCutIsMalformed() {
    byte[] header = new byte[20];
    header[1] = 4;

    assertEquals(
        MalformedReason.EXTENSION_HEADER_CUT,
        decode(Frames.ipv6(Segment.other(51, header)).frame()).malformedReason());
  }

  @Test
  void authenticationHeaderIsAProtocolInIpv4() {
    Packet packet = decode(Frames.ipv4(Segment.other(51, new byte[24])).frame());

    assertTrue(packet.isIp());
    assertEquals(51, packet.protocol());
    assertEquals(24, packet.payloadLength());
    assertFalse(packet.hasPorts());
  }

  @Test
  void icmpOfTheOtherVersionIsAProtocolLikeAnyOther() {
    Packet icmpInIpv6 = decode(Frames.ipv6(Segment.other(Packet.ICMP, (byte) 8)).frame());
    Packet icmpv6InIpv4 = decode(Frames.ipv4(Segment.other(Packet.ICMPV6, (byte) 128)).frame());

    assertTrue(icmpInIpv6.isIp());
    assertFalse(icmpInIpv6.icmp().isPresent());
    assertTrue(icmpv6InIpv4.isIp());
    assertFalse(icmpv6InIpv4.icmp().isPresent());
  }

  @Test
  void jumboPayloadOptionGivesTheLength() {
    byte[] frame = jumbogram(8 + 8 + 70_000, 70_000);

    Packet packet = decode(frame);

    assertEquals(Packet.Kind.IPV6, packet.kind(), () -> packet.malformedReason().toString());
    assertEquals(Packet.UDP, packet.protocol());
    assertEquals(70_000, packet.payloadLength());
  }

  @Test
  void jumboPayloadOptionCutsThePadding() {
    byte[] padded = Arrays.copyOf(jumbogram(8 + 8 + 100, 100), 500);

    assertEquals(100, decode(padded).payloadLength());
  }

  @ParameterizedTest
  @CsvSource({"116, 100", "115, 99", "16, 0", "7, 100", "0, 100"})
  void jumboPayloadOptionIsBelievedIfItFitsTheWire(long claimed, int expected) {
    byte[] frame = jumbogram(claimed, 100);

    Packet packet = decode(frame);

    assertTrue(packet.isIp());
    assertEquals(expected, packet.payloadLength());
  }

  @ParameterizedTest
  @ValueSource(longs = {117, 70_000, 2_000_000_000, 4_294_967_295L})
  void jumboPayloadLengthBeyondTheWireIsMalformed(long claimed) {
    assertEquals(
        MalformedReason.IP_LENGTH_BEYOND_WIRE, decode(jumbogram(claimed, 100)).malformedReason());
  }

  @Test
  void jumboPayloadOptionMayExceedTheCapture() {
    byte[] frame = jumbogram(8 + 8 + 70_000, 70_000);

    Packet packet = decodeCut(frame, 100);

    assertEquals(70_000, packet.payloadLength());
  }

  @ParameterizedTest
  @CsvSource({
    "00000000 c204 00000050 0000, true, one-byte padding before",
    "0502 0000 c204 00000050 00000000, true, another option before",
    "0100 0100 c204 00000050 00000000 0000, true, padding without a body before",
    "0100 c204 00000050 00000000 0000, false, not where its alignment puts it",
    "c204 0000, false, length of nothing",
    "0100 0100 c204 0000, false, cut by its header",
    "0106 00000000, false, only padding",
    "01ff 00000000, false, option beyond the header"
  })
  void jumboPayloadOptionIsFoundAmongOthers(String options, boolean found, String what) {
    byte[] body = Frames.hex(options);
    byte[] payload = new byte[100];
    payload[1] = 0x50; // what a reader would find that goes on beyond the header
    byte[] whole =
        Frames.ipv6(Segment.other(47, payload)).extension(IpHeaders.HOP_BY_HOP, body).frame();
    int extension = 2 + body.length + 7 & ~7;
    byte[] frame = Arrays.copyOf(whole, Frames.ETHERNET_HEADER + IPV6_HEADER + extension + 84);

    Packet packet = decode(with16(frame, ETHERNET_HEADER + 4, 0));

    assertTrue(packet.isIp());
    assertEquals(47, packet.protocol());
    assertEquals(found ? 0x50 - extension : 84, packet.payloadLength(), what);
  }

  @Test
  void missingJumboPayloadOptionLeavesTheCapturedLength() {
    byte[] whole =
        Frames.ipv6(Frames.syn().payload(new byte[50])).extension(IpHeaders.HOP_BY_HOP).frame();

    Packet packet = decode(with16(whole, ETHERNET_HEADER + 4, 0));

    assertTrue(packet.tcp().isSyn());
    assertEquals(50, packet.payloadLength());
  }

  @Test
  void payloadLengthOfZeroIsALargeSegment() {
    byte[] frame = Frames.ipv6(Frames.syn().payload(new byte[50])).frame();

    Packet packet = decode(with16(frame, ETHERNET_HEADER + 4, 0));

    assertTrue(packet.tcp().isSyn());
    assertEquals(50, packet.payloadLength());
  }

  /** A UDP jumbogram with a payload as long as given, whatever its option claims; the UDP length is 0. */
  private static byte[] jumbogram(long claimedLength, int payloadLength) {
    byte[] option = {(byte) 0xc2, 4, 0, 0, 0, 0};
    Bytes.put32(option, 2, (int) claimedLength);
    byte[] small = Frames.ipv6(Frames.udp(0)).extension(IpHeaders.HOP_BY_HOP, option).frame();
    byte[] frame = Arrays.copyOf(small, small.length + payloadLength);
    Bytes.put16(frame, ETHERNET_HEADER + 4, 0);
    Bytes.put16(frame, ETHERNET_HEADER + IPV6_HEADER + 8 + 4, 0);
    return frame;
  }
}
