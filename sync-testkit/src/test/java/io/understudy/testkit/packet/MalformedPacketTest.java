package io.understudy.testkit.packet;

import static io.understudy.testkit.packet.Frames.ETHERNET_HEADER;
import static io.understudy.testkit.packet.Frames.IPV4_HEADER;
import static io.understudy.testkit.packet.Frames.IPV6_HEADER;
import static io.understudy.testkit.packet.Frames.decode;
import static io.understudy.testkit.packet.Frames.decodeCut;
import static io.understudy.testkit.packet.Frames.with;
import static io.understudy.testkit.packet.Frames.with16;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Every reason to call a packet malformed, from both sides of its limit. */
class MalformedPacketTest {
  private static final int IPV4_TRANSPORT = ETHERNET_HEADER + IPV4_HEADER;
  private static final int IPV6_TRANSPORT = ETHERNET_HEADER + IPV6_HEADER;

  private final byte[] tcp = Frames.ipv4(Frames.syn().payload(new byte[30])).frame();
  private final byte[] udp = Frames.ipv4(Frames.udp(30)).frame();
  private final byte[] tcpIpv6 = Frames.ipv6(Frames.syn().payload(new byte[30])).frame();

  @ParameterizedTest
  @CsvSource({
    "ETHERNET, 13",
    "LINUX_COOKED, 15",
    "LINUX_COOKED_V2, 19",
    "NULL, 3",
    "LOOP, 3",
    "PPP, 0",
    "PPP, 1",
    "PPP_SERIAL, 0",
    "PPP_SERIAL, 1"
  })
  void linkHeaderMustBeWhole(LinkType link, int length) {
    assertMalformed(MalformedReason.LINK_HEADER_CUT, decode(link, new byte[length]));
  }

  @Test
  void framedPppHeaderMustBeWhole() {
    assertMalformed(MalformedReason.LINK_HEADER_CUT, decode(LinkType.PPP, Frames.hex("ff0300")));
    assertMalformed(
        MalformedReason.LINK_HEADER_CUT, decode(LinkType.PPP_SERIAL, Frames.hex("0f0008")));
  }

  @Test
  void vlanTagMustBeWhole() {
    byte[] frame = Frames.ipv4(Frames.syn()).vlan(1).vlan(2).frame();

    assertMalformed(MalformedReason.LINK_HEADER_CUT, decodeCut(frame, 17));
    assertMalformed(MalformedReason.LINK_HEADER_CUT, decodeCut(frame, 21));
  }

  @Test
  void versionMustAgreeWithTheLinkLayer() {
    assertMalformed(MalformedReason.IP_VERSION, decode(with(tcp, ETHERNET_HEADER, 0x65)));
    assertMalformed(MalformedReason.IP_VERSION, decode(with(tcpIpv6, ETHERNET_HEADER, 0x40)));
    assertMalformed(MalformedReason.IP_VERSION, decode(LinkType.RAW, new byte[40]));
    assertMalformed(
        MalformedReason.IP_VERSION, decode(LinkType.IPV6, Frames.ipv4(Frames.syn()).ipPacket()));
  }

  @Test
  void fixedIpHeaderMustBeCaptured() {
    assertMalformed(MalformedReason.IP_HEADER_CUT, decodeCut(tcp, ETHERNET_HEADER));
    assertMalformed(MalformedReason.IP_HEADER_CUT, decodeCut(tcp, ETHERNET_HEADER + 19));
    assertMalformed(MalformedReason.IP_HEADER_CUT, decodeCut(tcpIpv6, ETHERNET_HEADER + 39));
    assertMalformed(MalformedReason.IP_HEADER_CUT, decode(LinkType.RAW, new byte[0]));
  }

  @Test
  void ipv4OptionsMustBeCaptured() {
    byte[] frame = withOptions(Frames.ipv4(Segment.other(47, new byte[8])).frame());

    assertMalformed(MalformedReason.IP_HEADER_CUT, decodeCut(frame, IPV4_TRANSPORT + 3));
    assertTrue(decodeCut(frame, IPV4_TRANSPORT + 4).isIp());
  }

  @ParameterizedTest
  @ValueSource(ints = {0x40, 0x41, 0x44})
  void ipv4HeaderHasAtLeastTwentyBytes(int versionAndLength) {
    assertMalformed(
        MalformedReason.IPV4_HEADER_LENGTH, decode(with(tcp, ETHERNET_HEADER, versionAndLength)));
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 19})
  void ipv4TotalLengthCoversTheHeader(int totalLength) {
    assertMalformed(
        MalformedReason.IPV4_TOTAL_LENGTH, decode(with16(tcp, ETHERNET_HEADER + 2, totalLength)));
  }

  @Test
  void ipv4HeaderBeyondThePacketIsATotalLengthThatIsTooShort() {
    byte[] frame = withOptions(Frames.ipv4(Frames.syn()).frame());

    assertMalformed(
        MalformedReason.IPV4_TOTAL_LENGTH, decode(with16(frame, ETHERNET_HEADER + 2, 23)));
  }

  @Test
  void ipv4TotalLengthOfZeroMeansTheCapturedLength() {
    Packet packet = decode(with16(tcp, ETHERNET_HEADER + 2, 0));

    assertEquals(Packet.Kind.IPV4, packet.kind());
    assertEquals(30, packet.payloadLength());
  }

  @Test
  void ipLengthIsLimitedByTheWireAndNotByTheCapture() {
    byte[] tooLong = with16(tcp, ETHERNET_HEADER + 2, tcp.length - ETHERNET_HEADER + 1);
    byte[] tooLongIpv6 = with16(tcpIpv6, ETHERNET_HEADER + 4, tcpIpv6.length - IPV6_TRANSPORT + 1);

    assertMalformed(MalformedReason.IP_LENGTH_BEYOND_WIRE, decode(tooLong));
    assertMalformed(MalformedReason.IP_LENGTH_BEYOND_WIRE, decode(tooLongIpv6));
    assertTrue(decodeCut(tcp, tcp.length - 1).isIp());
    assertTrue(decodeCut(tcpIpv6, tcpIpv6.length - 1).isIp());
  }

  @ParameterizedTest
  @ValueSource(
      ints = {
        IpHeaders.HOP_BY_HOP,
        IpHeaders.ROUTING,
        IpHeaders.FRAGMENT,
        IpHeaders.DESTINATION_OPTIONS
      })
  void extensionHeaderMustBeCaptured(int header) {
    byte[] frame = Frames.ipv6(Segment.other(47, new byte[8])).extension(header).frame();

    assertMalformed(MalformedReason.EXTENSION_HEADER_CUT, decodeCut(frame, IPV6_TRANSPORT));
    assertMalformed(MalformedReason.EXTENSION_HEADER_CUT, decodeCut(frame, IPV6_TRANSPORT + 7));
    assertTrue(decodeCut(frame, IPV6_TRANSPORT + 8).isIp());
  }

  @Test
  void extensionHeaderMustBeInThePacket() {
    byte[] frame =
        Frames.ipv6(Frames.syn()).extension(IpHeaders.DESTINATION_OPTIONS, new byte[20]).frame();

    assertTrue(decode(frame).isIp());
    assertMalformed(
        MalformedReason.EXTENSION_HEADER_CUT, decode(with(frame, IPV6_TRANSPORT + 1, 200)));
    assertMalformed(
        MalformedReason.EXTENSION_HEADER_CUT, decode(with16(frame, ETHERNET_HEADER + 4, 23)));
  }

  @Test
  void tcpHeaderWithItsOptionsMustBeCaptured() {
    byte[] frame = Frames.ipv4(Frames.syn().mss(1_460).payload(new byte[10])).frame();

    assertMalformed(MalformedReason.TRANSPORT_HEADER_CUT, decodeCut(frame, IPV4_TRANSPORT + 19));
    assertMalformed(MalformedReason.TRANSPORT_HEADER_CUT, decodeCut(frame, IPV4_TRANSPORT + 23));
    assertTrue(decodeCut(frame, IPV4_TRANSPORT + 24).isIp());
  }

  @Test
  void transportHeaderMustBeInThePacketEvenIfPaddingFollows() {
    assertMalformed(
        MalformedReason.TRANSPORT_HEADER_CUT, decode(with16(tcp, ETHERNET_HEADER + 2, 39)));
    assertMalformed(
        MalformedReason.TRANSPORT_HEADER_CUT, decode(with16(udp, ETHERNET_HEADER + 2, 27)));
  }

  @Test
  void udpSctpAndIcmpHeadersMustBeCaptured() {
    byte[] sctp = Frames.ipv4(Frames.init()).frame();
    byte[] icmp = Frames.ipv4(Frames.ping()).frame();
    byte[] icmpIpv6 = Frames.ipv6(Frames.ping()).frame();

    assertMalformed(MalformedReason.TRANSPORT_HEADER_CUT, decodeCut(udp, IPV4_TRANSPORT + 7));
    assertMalformed(MalformedReason.TRANSPORT_HEADER_CUT, decodeCut(sctp, IPV4_TRANSPORT + 11));
    assertMalformed(MalformedReason.TRANSPORT_HEADER_CUT, decodeCut(icmp, IPV4_TRANSPORT + 7));
    assertMalformed(MalformedReason.TRANSPORT_HEADER_CUT, decodeCut(icmpIpv6, IPV6_TRANSPORT + 7));
    assertTrue(decodeCut(udp, IPV4_TRANSPORT + 8).isIp());
    assertTrue(decodeCut(sctp, IPV4_TRANSPORT + 12).isIp());
    assertTrue(decodeCut(icmp, IPV4_TRANSPORT + 8).isIp());
    assertTrue(decodeCut(icmpIpv6, IPV6_TRANSPORT + 8).isIp());
  }

  @Test
  void otherProtocolsHaveNoHeaderToMiss() {
    for (int protocol : new int[] {2, 47, 50, 51, 59, 88, 112, 135, 255}) {
      assertTrue(decode(Frames.ipv4(Segment.other(protocol)).frame()).isIp());
      boolean extension = protocol == 51;
      assertEquals(!extension, decode(Frames.ipv6(Segment.other(protocol)).frame()).isIp());
    }
  }

  @Test
  void tcpDataOffsetIsFromFiveToTheEndOfThePacket() {
    int at = IPV4_TRANSPORT + 12;
    byte[] bare = Frames.ipv4(Frames.syn().payload(new byte[4])).frame();

    assertMalformed(MalformedReason.TCP_DATA_OFFSET, decode(with(bare, at, 0x40)));
    assertTrue(decode(with(bare, at, 0x60)).isIp());
    assertMalformed(MalformedReason.TCP_DATA_OFFSET, decode(with(bare, at, 0x70)));
  }

  @Test
  void udpLengthIsFromEightToTheEndOfThePayload() {
    int at = IPV4_TRANSPORT + 4;

    assertMalformed(MalformedReason.UDP_LENGTH, decode(with16(udp, at, 0)));
    assertMalformed(MalformedReason.UDP_LENGTH, decode(with16(udp, at, 7)));
    assertTrue(decode(with16(udp, at, 8)).isIp());
    assertTrue(decode(with16(udp, at, 38)).isIp());
    assertMalformed(MalformedReason.UDP_LENGTH, decode(with16(udp, at, 39)));
  }

  @Test
  void udpLengthOfAFirstFragmentReachesIntoTheOthers() {
    byte[] first = Frames.ipv4(Frames.udp(3_000)).fragments(1_480).get(0);

    Packet packet = decode(first);

    assertEquals(Packet.Kind.IPV4, packet.kind());
    assertEquals(1_472, packet.payloadLength());
    assertMalformed(MalformedReason.UDP_LENGTH, decode(with16(first, IPV4_TRANSPORT + 4, 7)));
  }

  @Test
  void sctpPacketNeedsAChunk() {
    byte[] none = Frames.ipv4(Segment.sctp(1, 2, 3)).frame();

    assertMalformed(MalformedReason.SCTP_NO_CHUNK, decode(none));
  }

  @Test
  void sctpPacketWithLessThanAChunkHeaderHasNoChunk() {
    byte[] frame = Frames.ipv4(Segment.sctp(1, 2, 3).chunk(SctpChunks.COOKIE_ACK, 0)).frame();

    assertMalformed(
        MalformedReason.SCTP_NO_CHUNK,
        decode(with16(frame, ETHERNET_HEADER + 2, IPV4_HEADER + 15)));
  }

  @Test
  void sctpChunkLengthIsFromFourToTheEndOfThePacket() {
    SctpSegment chunks =
        Segment.sctp(1, 2, 3).chunk(SctpChunks.SACK, 0, new byte[12]).chunk(SctpChunks.DATA, 3);
    byte[] frame = Frames.ipv4(chunks).frame();
    int second = IPV4_TRANSPORT + 12 + 16;

    assertTrue(decode(frame).isIp());
    assertMalformed(MalformedReason.SCTP_CHUNK_LENGTH, decode(with16(frame, second + 2, 0)));
    assertMalformed(MalformedReason.SCTP_CHUNK_LENGTH, decode(with16(frame, second + 2, 3)));
    assertMalformed(MalformedReason.SCTP_CHUNK_LENGTH, decode(with16(frame, second + 2, 5)));
  }

  @Test
  void sctpChunkBeyondTheLimitOfThoseRememberedIsStillChecked() {
    SctpSegment chunks = Segment.sctp(1, 2, 3);
    for (int i = 0; i <= SctpChunks.LIMIT; i++) {
      chunks.chunk(SctpChunks.COOKIE_ACK, 0);
    }
    byte[] frame = Frames.ipv4(chunks).frame();

    assertTrue(decode(frame).isIp());
    assertMalformed(MalformedReason.SCTP_CHUNK_LENGTH, decode(with16(frame, frame.length - 2, 8)));
  }

  @Test
  void wrongChecksumsAreNotMalformed() {
    byte[] wrongIp = with16(tcp, ETHERNET_HEADER + 10, 0xdead);
    byte[] wrongBoth = with16(wrongIp, IPV4_TRANSPORT + 16, 0xdead);

    assertTrue(decode(wrongBoth).isIp());
  }

  @Test
  void malformedPacketHasNoTransportHeader() {
    Packet packet = decode(with(tcp, IPV4_TRANSPORT + 12, 0));

    assertFalse(packet.tcp().isPresent());
    assertFalse(packet.hasPorts());
    assertEquals(0, packet.sourcePort());
    assertFalse(packet.isMulticastOrBroadcastDestination());
  }

  /** Makes room for four bytes of IPv4 options, all "no operation". */
  private static byte[] withOptions(byte[] frame) {
    byte[] longer = Arrays.copyOf(frame, frame.length + 4);
    System.arraycopy(
        frame, IPV4_TRANSPORT, longer, IPV4_TRANSPORT + 4, frame.length - IPV4_TRANSPORT);
    Arrays.fill(longer, IPV4_TRANSPORT, IPV4_TRANSPORT + 4, (byte) 1);
    longer[ETHERNET_HEADER] = 0x46;
    Bytes.put16(longer, ETHERNET_HEADER + 2, longer.length - ETHERNET_HEADER);
    return longer;
  }

  private static void assertMalformed(MalformedReason reason, Packet packet) {
    assertEquals(reason, packet.malformedReason());
    assertEquals(Packet.Kind.MALFORMED, packet.kind());
    assertFalse(packet.isIp());
  }
}
