package io.understudy.testkit.packet;

import static io.understudy.testkit.packet.Frames.after;
import static io.understudy.testkit.packet.Frames.decode;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PacketReaderTest {
  private final byte[] ipv4 = Frames.ipv4(Frames.syn()).ipPacket();
  private final byte[] ipv6 = Frames.ipv6(Frames.syn()).ipPacket();

  @Test
  void ethernetCarriesBothVersions() {
    assertSyn(Packet.Kind.IPV4, decode(Frames.ipv4(Frames.syn()).frame()));
    assertSyn(Packet.Kind.IPV6, decode(Frames.ipv6(Frames.syn()).frame()));
  }

  @Test
  void vlanTagsAreReadOutermostFirst() {
    PacketBuilder tagged = Frames.ipv4(Frames.syn()).tag(0x88a8, 10).tag(0x9100, 4095).vlan(42);

    Packet packet = decode(tagged.frame());

    assertSyn(Packet.Kind.IPV4, packet);
    assertEquals(3, packet.vlanCount());
    assertEquals(10, packet.vlanId(0));
    assertEquals(4095, packet.vlanId(1));
    assertEquals(42, packet.vlanId(2));
  }

  @Test
  void anyNumberOfVlanTagsIsRead() {
    PacketBuilder tagged = Frames.ipv6(Frames.syn());
    for (int id = 0; id < 100; id++) {
      tagged.vlan(id);
    }

    Packet packet = decode(tagged.frame());

    assertSyn(Packet.Kind.IPV6, packet);
    assertEquals(100, packet.vlanCount());
    assertEquals(99, packet.vlanId(99));
    assertThrows(IndexOutOfBoundsException.class, () -> packet.vlanId(100));
  }

  @Test
  void priorityBitsAreNoPartOfTheVlanId() {
    byte[] frame = Frames.ipv4(Frames.syn()).vlan(42).frame();

    Packet packet = decode(Frames.with(frame, 14, 0xf0));

    assertEquals(42, packet.vlanId(0));
  }

  @ParameterizedTest
  @CsvSource({
    "0806, ARP",
    "8035, RARP",
    "88cc, LLDP",
    "8863, PPPoE discovery",
    "002c 424203, 802.3 length with spanning tree",
    "002c aaaa03 00000c 2000, SNAP of another organisation",
    "002c aaaa03 000000 0806, SNAP with ARP",
    "8100 0001 002c e0e003, IPX in a VLAN",
    "0000, nothing"
  })
  void ethertypesThatCarryNoIpAreNotIp(String type, String name) {
    byte[] frame = after("020000000002 020000000001" + type, ipv4);

    Packet packet = decode(frame);

    assertEquals(Packet.Kind.NOT_IP, packet.kind(), name);
    assertEquals(MalformedReason.NONE, packet.malformedReason());
    assertEquals(Undecoded.NONE, packet.undecoded());
    assertFalse(packet.isIp());
  }

  @ParameterizedTest
  @CsvSource({
    "8847, ethertype 0x8847 (MPLS)",
    "8848, ethertype 0x8848 (MPLS multicast)",
    "8864 11000007002a 0021, ethertype 0x8864 (PPPoE session)",
    "8864 11000007002a c021, ethertype 0x8864 (PPPoE session)",
    "8100 0007 8864 11000007002a 0057, ethertype 0x8864 (PPPoE session)",
    "88e5, ethertype 0x88e5 (MACsec)",
    "1234, ethertype 0x1234",
    "05dd, link protocol 0x05dd",
    "002c aaaa03 000000 0800, SNAP protocol 0x0800",
    "002c aaaa03 0000f8 86dd, SNAP protocol 0x86dd",
    "002c 060603, LLC access point 0x06"
  })
  void ethertypesThatMayCarryIpAreUndecodedAndNamed(String type, String name) {
    Packet packet = decode(after("020000000002 020000000001" + type, ipv4));

    assertUndecoded(name, packet);
  }

  private static void assertUndecoded(String name, Packet packet) {
    assertEquals(Packet.Kind.UNDECODED, packet.kind());
    assertEquals(name, packet.undecoded().name(packet.undecodedNumber()));
    assertEquals(MalformedReason.NONE, packet.malformedReason());
    assertFalse(packet.isIp());
    assertFalse(packet.isMulticastOrBroadcastDestination());
  }

  @Test
  void cookedCaptureMayCarryLlc() {
    String version1 = "0000 0001 0006 0200000000010000";

    assertEquals(
        Packet.Kind.NOT_IP,
        decode(LinkType.LINUX_COOKED, after(version1 + "0004 424203", ipv4)).kind());
    assertEquals(
        Packet.Kind.NOT_IP, decode(LinkType.LINUX_COOKED, after(version1 + "0001", ipv4)).kind());
    assertUndecoded(
        "SNAP protocol 0x0800",
        decode(LinkType.LINUX_COOKED, after(version1 + "0004 aaaa03 000000 0800", ipv4)));
    assertUndecoded(
        "link protocol 0x000c", decode(LinkType.LINUX_COOKED, after(version1 + "000c", ipv4)));
  }

  @Test
  void ciscoHdlcIsReadUnderItsOwnNumberToo() {
    assertSyn(Packet.Kind.IPV4, decode(LinkType.CISCO_HDLC, after("0f00 0800", ipv4)));
    assertSyn(Packet.Kind.IPV6, decode(LinkType.CISCO_HDLC, after("8f00 86dd", ipv6)));
    assertEquals(Packet.Kind.NOT_IP, decode(LinkType.CISCO_HDLC, after("8f00 8035", ipv4)).kind());
    assertUndecoded(
        "ethertype 0x8847 (MPLS)", decode(LinkType.CISCO_HDLC, after("0f00 8847", ipv4)));
    assertEquals(
        MalformedReason.LINK_HEADER_CUT,
        decode(LinkType.CISCO_HDLC, Frames.hex("0f0008")).malformedReason());
  }

  @Test
  void cookedCaptureOfEitherVersionIsRead() {
    String version1 = "0000 0001 0006 0200000000010000";
    String version2 = "0000 00000002 0001 00 06 0200000000010000";

    assertSyn(Packet.Kind.IPV4, decode(LinkType.LINUX_COOKED, after(version1 + "0800", ipv4)));
    assertSyn(Packet.Kind.IPV6, decode(LinkType.LINUX_COOKED, after(version1 + "86dd", ipv6)));
    assertSyn(Packet.Kind.IPV4, decode(LinkType.LINUX_COOKED_V2, after("0800" + version2, ipv4)));
    assertSyn(Packet.Kind.IPV6, decode(LinkType.LINUX_COOKED_V2, after("86dd" + version2, ipv6)));
  }

  @Test
  void cookedCaptureKeepsItsVlanTags() {
    byte[] version1 = after("0000 0001 0006 0200000000010000 8100 002a 0800", ipv4);
    byte[] version2 = after("8100 0000 00000002 0001 00 06 0200000000010000 002a 0800", ipv4);

    for (Packet packet :
        List.of(
            decode(LinkType.LINUX_COOKED, version1), decode(LinkType.LINUX_COOKED_V2, version2))) {
      assertSyn(Packet.Kind.IPV4, packet);
      assertEquals(1, packet.vlanCount());
      assertEquals(42, packet.vlanId(0));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"0a000000", "17000000", "18000000", "1c000000", "1e000000", "0000001e"})
  void loopbackKnowsTheIpv6FamilyOfEverySystem(String family) {
    assertSyn(Packet.Kind.IPV6, decode(LinkType.NULL, after(family, ipv6)));
  }

  @Test
  void loopbackIsReadInEitherByteOrder() {
    assertSyn(Packet.Kind.IPV4, decode(LinkType.NULL, after("02000000", ipv4)));
    assertSyn(Packet.Kind.IPV4, decode(LinkType.NULL, after("00000002", ipv4)));
    assertSyn(Packet.Kind.IPV4, decode(LinkType.LOOP, after("00000002", ipv4)));
    assertUndecoded("address family 7", decode(LinkType.NULL, after("07000000", ipv4)));
  }

  @Test
  void rawPacketsTellTheirVersion() {
    assertSyn(Packet.Kind.IPV4, decode(LinkType.RAW, ipv4));
    assertSyn(Packet.Kind.IPV6, decode(LinkType.RAW, ipv6));
    assertSyn(Packet.Kind.IPV4, decode(LinkType.IPV4, ipv4));
    assertSyn(Packet.Kind.IPV6, decode(LinkType.IPV6, ipv6));
  }

  @ParameterizedTest
  @ValueSource(strings = {"ff03 0021", "0021", "21", "ff03 21"})
  void pppIsReadWithAndWithoutItsFraming(String header) {
    assertSyn(Packet.Kind.IPV4, decode(LinkType.PPP, after(header, ipv4)));
    assertSyn(Packet.Kind.IPV4, decode(LinkType.PPP_SERIAL, after(header, ipv4)));
  }

  @Test
  void pppCarriesIpv6AndOthers() {
    assertSyn(Packet.Kind.IPV6, decode(LinkType.PPP, after("ff03 0057", ipv6)));
    assertEquals(Packet.Kind.NOT_IP, decode(LinkType.PPP, after("ff03 c021", ipv4)).kind());
    assertEquals(Packet.Kind.NOT_IP, decode(LinkType.PPP, after("ff03 8021", ipv4)).kind());
    assertUndecoded("PPP protocol 0x0281 (MPLS)", decode(LinkType.PPP, after("ff03 0281", ipv4)));
    assertUndecoded("PPP protocol 0x003d (multilink)", decode(LinkType.PPP, after("3d", ipv4)));
  }

  @Test
  void serialLineMaySpeakCiscoHdlc() {
    assertSyn(Packet.Kind.IPV4, decode(LinkType.PPP_SERIAL, after("0f00 0800", ipv4)));
    assertSyn(Packet.Kind.IPV6, decode(LinkType.PPP_SERIAL, after("8f00 86dd", ipv6)));
    assertEquals(Packet.Kind.NOT_IP, decode(LinkType.PPP_SERIAL, after("8f00 8035", ipv4)).kind());
  }

  @Test
  void framesOfOtherLinkTypesAreUndecodedAndNamed() {
    Packet packet = new Packet();
    PacketReader.read(117, packet.wrap(ipv4, 0, ipv4.length, ipv4.length, 0));
    assertUndecoded("link type 117 (PFLOG)", packet);
    PacketReader.read(250, packet.wrap(ipv4, 0, ipv4.length, ipv4.length, 0));
    assertUndecoded("link type 250", packet);
    PacketReader.read(-1, packet.wrap(ipv4, 0, ipv4.length, ipv4.length, 0));

    assertUndecoded("an undescribed interface", packet);
    assertEquals(ipv4.length, packet.capturedLength());
  }

  @Test
  void linkTypesGoByTheirNumbers() {
    for (LinkType link : LinkType.values()) {
      assertEquals(link, LinkType.of(link.code()));
    }
    assertEquals(LinkType.RAW, LinkType.of(12));
    assertEquals(LinkType.RAW, LinkType.of(14));
    assertEquals(LinkType.OTHER, LinkType.of(105));
  }

  @Test
  void nothingOfThePacketBeforeIsLeft() {
    Packet packet = new Packet();
    PacketReader.read(
        LinkType.ETHERNET, Frames.ipv6(Frames.syn().mss(1_460)).vlan(7).frame(), 5, packet);

    PacketReader.read(LinkType.ETHERNET, new byte[20], 6, packet);

    assertEquals(Packet.Kind.NOT_IP, packet.kind());
    assertEquals(6, packet.timestampNs());
    assertEquals(0, packet.vlanCount());
    assertEquals(0, packet.protocol());
    assertEquals(
        0,
        packet.sourceHigh()
            | packet.sourceLow()
            | packet.destinationHigh()
            | packet.destinationLow());
    assertEquals(0, packet.sourcePort() | packet.destinationPort());
    assertEquals(-1, packet.tcp().mss());
    assertFalse(packet.tcp().isPresent());
    assertFalse(packet.tcp().isSyn());
  }

  @Test
  void frameMayLieAnywhereInAnArray() {
    byte[] frame = Frames.ipv4(Frames.syn()).frame();
    byte[] array = new byte[frame.length + 30];
    System.arraycopy(frame, 0, array, 13, frame.length);

    Packet packet = new Packet().wrap(array, 13, frame.length, frame.length, 99);
    PacketReader.read(LinkType.ETHERNET, packet);

    assertSyn(Packet.Kind.IPV4, packet);
    assertEquals(14, packet.ipOffset());
    assertEquals(0x45, packet.byteAt(14));
    assertEquals(0x0800, packet.shortAt(12));
    assertEquals(0xc000_0201, packet.intAt(26));
    assertThrows(IndexOutOfBoundsException.class, () -> packet.byteAt(frame.length));
    assertThrows(IndexOutOfBoundsException.class, () -> packet.intAt(frame.length - 3));
  }

  @Test
  void rangeOutsideOfTheArrayIsRefused() {
    Packet packet = new Packet();

    assertThrows(IllegalArgumentException.class, () -> packet.wrap(new byte[10], 5, 6, 6, 0));
    assertThrows(IllegalArgumentException.class, () -> packet.wrap(new byte[10], -1, 6, 6, 0));
    assertThrows(IllegalArgumentException.class, () -> packet.wrap(new byte[10], 0, -1, 6, 0));
  }

  @Test
  void wireIsNeverShorterThanTheCapture() {
    Packet packet = new Packet().wrap(new byte[10], 0, 10, 4, 0);

    assertEquals(10, packet.originalLength());
  }

  private static void assertSyn(Packet.Kind kind, Packet packet) {
    assertEquals(kind, packet.kind(), () -> packet.malformedReason().toString());
    assertTrue(packet.isIp());
    assertEquals(kind == Packet.Kind.IPV6, packet.isIpv6());
    assertTrue(packet.tcp().isSyn());
    assertEquals(40_000, packet.sourcePort());
    assertEquals(80, packet.destinationPort());
  }
}
