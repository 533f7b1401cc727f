package io.understudy.testkit.packet;

import static io.understudy.testkit.packet.Frames.decode;
import static io.understudy.testkit.packet.Frames.decodeCut;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.Set;
import org.junit.jupiter.api.Test;

class IcmpHeaderTest {
  private static final Set<Integer> QUERIES = Set.of(0, 8, 13, 14, 15, 16, 17, 18, 42, 43);
  private static final Set<Integer> ERRORS = Set.of(3, 4, 5, 11, 12);
  private static final Set<Integer> QUERIES_IPV6 = Set.of(128, 129, 139, 140, 160, 161);

  @Test
  void echoHasAnIdentifierInBothVersions() {
    IcmpHeader request = decode(Frames.ipv4(Segment.echoRequest(0xbeef, 2)).frame()).icmp();
    IcmpHeader reply = decode(Frames.ipv6(Segment.echoReply(0xbeef, 2)).frame()).icmp();

    assertTrue(request.isEchoRequest());
    assertFalse(request.isEchoReply());
    assertEquals(0xbeef, request.identifier());
    assertTrue(reply.isEchoReply());
    assertFalse(reply.isEchoRequest());
    assertEquals(129, reply.type());
    assertEquals(0xbeef, reply.identifier());
  }

  @Test
  void everyTypeOfIcmpIsAQueryOrAnErrorOrNeither() {
    for (int type = 0; type < 256; type++) {
      IcmpHeader icmp = decode(Frames.ipv4(Segment.icmp(type, 1, 0x1234_0000)).frame()).icmp();

      assertEquals(type, icmp.type());
      assertEquals(1, icmp.code());
      assertEquals(QUERIES.contains(type), icmp.isQuery());
      assertEquals(ERRORS.contains(type), icmp.isError());
      assertEquals(QUERIES.contains(type) ? 0x1234 : 0, icmp.identifier());
    }
  }

  @Test
  void everyTypeOfIcmpv6IsAQueryOrAnErrorOrNeither() {
    for (int type = 0; type < 256; type++) {
      IcmpHeader icmp = decode(Frames.ipv6(Segment.icmp(type, 0, 0)).frame()).icmp();

      assertEquals(type, icmp.type());
      assertEquals(QUERIES_IPV6.contains(type), icmp.isQuery());
      assertEquals(type < 128, icmp.isError());
    }
  }

  @Test
  void otherPacketsHaveNoIcmpHeader() {
    IcmpHeader icmp = decode(Frames.ipv4(Frames.syn()).frame()).icmp();

    assertFalse(icmp.isPresent());
    assertFalse(icmp.isEchoReply());
    assertFalse(icmp.isQuery());
    assertFalse(icmp.isError());
    assertFalse(icmp.quoted().isReadable());
  }

  @Test
  void errorQuotesTheTupleOfAnIpv4Packet() {
    byte[] quoted = Arrays.copyOf(Frames.ipv4(Frames.udp(100)).ipPacket(), 28);

    QuotedPacket quote = decode(Frames.ipv4(Segment.icmp(3, 3, 0, quoted)).frame()).icmp().quoted();

    assertTrue(quote.isReadable());
    assertFalse(quote.isIpv6());
    assertEquals(Packet.UDP, quote.protocol());
    assertEquals(0xc000_0201L, quote.sourceLow());
    assertEquals(0xc633_6402L, quote.destinationLow());
    assertEquals(40_000, quote.sourcePort());
    assertEquals(53, quote.destinationPort());
  }

  @Test
  void errorQuotesTheTupleOfAnIpv6Packet() {
    byte[] quoted =
        Frames.ipv6(Frames.ping())
            .extension(IpHeaders.DESTINATION_OPTIONS, new byte[10])
            .ipPacket();

    QuotedPacket quote = decode(Frames.ipv6(Segment.icmp(1, 4, 0, quoted)).frame()).icmp().quoted();

    assertTrue(quote.isReadable());
    assertTrue(quote.isIpv6());
    assertEquals(Packet.ICMPV6, quote.protocol());
    assertEquals(0x2001_0db8_0000_0000L, quote.sourceHigh());
    assertEquals(2, quote.destinationLow());
    assertEquals(0x4711, quote.identifier());
  }

  @Test
  void quotationThatIsCutIsNotReadable() {
    byte[] quoted = Frames.ipv4(Frames.syn()).ipPacket();
    byte[] frame = Frames.ipv4(Segment.icmp(11, 0, 0, quoted)).frame();
    int quotedAt = frame.length - quoted.length;

    for (int length = 0; length < 24; length++) {
      Packet packet = decodeCut(frame, quotedAt + length);

      assertTrue(packet.icmp().isError());
      assertFalse(packet.icmp().quoted().isReadable());
    }
    assertTrue(decodeCut(frame, quotedAt + 24).icmp().quoted().isReadable());
  }

  @Test
  void quotedLaterFragmentIsNotReadable() {
    byte[] later = Frames.ipv4(Frames.udp(40)).fragments(24).get(1);
    byte[] laterIpv6 = Frames.ipv6(Frames.udp(40)).fragments(24).get(1);

    assertFalse(quoting(Frames.ipv4(Segment.icmp(11, 1, 0, withoutEthernet(later)))).isReadable());
    assertFalse(
        quoting(Frames.ipv6(Segment.icmp(3, 1, 0, withoutEthernet(laterIpv6)))).isReadable());
  }

  @Test
  void quotationOfAnotherProtocolNeedsNoPorts() {
    QuotedPacket quote =
        quoting(Frames.ipv4(Segment.icmp(3, 2, 0, Frames.ipv4(Segment.other(47)).ipPacket())));

    assertTrue(quote.isReadable());
    assertEquals(47, quote.protocol());
    assertEquals(0, quote.sourcePort());
  }

  private static QuotedPacket quoting(PacketBuilder error) {
    return decode(error.frame()).icmp().quoted();
  }

  private static byte[] withoutEthernet(byte[] frame) {
    return Arrays.copyOfRange(frame, Frames.ETHERNET_HEADER, frame.length);
  }
}
