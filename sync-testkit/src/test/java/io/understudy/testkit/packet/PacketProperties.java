package io.understudy.testkit.packet;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

/** Whatever the bytes: decoding never throws, reads only what was captured, and keeps its numbers in range. */
class PacketProperties {
  private static final int TRIES = 3_000;

  @Property(tries = TRIES)
  void anyBytesAreDecoded(
      @ForAll @Size(max = 150) byte[] bytes,
      @ForAll LinkType link,
      @ForAll @IntRange(max = 70_000) int more) {
    checkDecodes(link, bytes, bytes.length + more);
  }

  @Property(tries = TRIES)
  void anyDamageToValidPacketsIsDecoded(@ForAll long seed) {
    Random random = new Random(seed);
    List<byte[]> frames = frames();
    byte[] frame = frames.get(random.nextInt(frames.size())).clone();
    for (int i = random.nextInt(6); i > 0; i--) {
      frame[12 + random.nextInt(frame.length - 12)] = (byte) interesting(random);
    }
    int captured = random.nextBoolean() ? frame.length : random.nextInt(frame.length + 1);

    checkDecodes(LinkType.ETHERNET, Arrays.copyOf(frame, captured), frame.length);
  }

  @Property(tries = TRIES)
  void anyLengthOfAValidPacketIsDecoded(@ForAll long seed) {
    Random random = new Random(seed);
    List<byte[]> frames = frames();
    byte[] frame = frames.get(random.nextInt(frames.size()));

    checkDecodes(
        LinkType.ETHERNET, Arrays.copyOf(frame, random.nextInt(frame.length + 1)), frame.length);
  }

  @Property(tries = 500, edgeCases = EdgeCasesMode.NONE)
  void tcpPacketComesBackAsItWasBuilt(
      @ForAll boolean ipv6,
      @ForAll @IntRange(max = 65_535) int port,
      @ForAll @IntRange(max = 255) int flags,
      @ForAll int sequence,
      @ForAll int acknowledgement,
      @ForAll @Size(max = 300) byte[] payload) {
    TcpSegment segment = Segment.tcp(port, 65_535 - port).flags(flags).sequence(sequence);
    segment.acknowledgement(acknowledgement).payload(payload).windowScale(port & 7);

    Packet packet =
        Frames.decode((ipv6 ? Frames.ipv6(segment) : Frames.ipv4(segment)).vlan(port).frame());

    assertEquals(ipv6 ? Packet.Kind.IPV6 : Packet.Kind.IPV4, packet.kind());
    assertEquals(port, packet.sourcePort());
    assertEquals(65_535 - port, packet.destinationPort());
    assertEquals(flags, packet.tcp().flags());
    assertEquals(sequence, packet.tcp().sequence());
    assertEquals(acknowledgement, packet.tcp().acknowledgement());
    assertEquals(port & 7, packet.tcp().windowScale());
    assertEquals(payload.length, packet.payloadLength());
    assertEquals(port & 0xfff, packet.vlanId(0));
    for (int i = 0; i < payload.length; i++) {
      assertEquals(payload[i] & 0xff, packet.byteAt(packet.payloadOffset() + i));
    }
  }

  /** Decodes bytes that fill an array, where reading too far throws, and amid others, where it would differ. */
  private static void checkDecodes(LinkType link, byte[] bytes, int originalLength) {
    byte[] amid = new byte[bytes.length + 200];
    Arrays.fill(amid, (byte) 0x66);
    System.arraycopy(bytes, 0, amid, 100, bytes.length);
    Packet alone = new Packet().wrap(bytes, 0, bytes.length, originalLength, 1);
    Packet among = new Packet().wrap(amid, 100, bytes.length, originalLength, 1);

    PacketReader.read(link, alone);
    PacketReader.read(link, among);

    assertEquals(everything(alone), everything(among));
    assertEquals(
        alone.kind() == Packet.Kind.MALFORMED, alone.malformedReason() != MalformedReason.NONE);
    if (alone.isIp()) {
      assertTrue(alone.ipOffset() >= 0 && alone.ipOffset() < alone.payloadOffset());
      assertTrue(alone.payloadOffset() <= alone.capturedLength());
      assertTrue(alone.payloadLength() >= alone.capturedPayloadLength());
      assertTrue(alone.payloadOffset() + alone.payloadLength() <= alone.originalLength());
      assertTrue(alone.capturedPayloadLength() >= 0);
    }
  }

  private static List<Object> everything(Packet packet) {
    List<Object> all = new ArrayList<>();
    all.addAll(
        List.of(packet.kind(), packet.malformedReason(), packet.vlanCount(), packet.protocol()));
    for (int i = 0; i < packet.vlanCount(); i++) {
      all.add(packet.vlanId(i));
    }
    all.addAll(
        List.of(
            packet.sourceHigh(),
            packet.sourceLow(),
            packet.destinationHigh(),
            packet.destinationLow()));
    all.addAll(
        List.of(
            packet.sourcePort(),
            packet.destinationPort(),
            packet.hasPorts(),
            packet.isFirstFragment()));
    all.addAll(
        List.of(
            packet.isLaterFragment(),
            packet.ipOffset(),
            packet.payloadOffset(),
            packet.payloadLength()));
    all.addAll(List.of(packet.capturedPayloadLength(), packet.isMulticastOrBroadcastDestination()));
    TcpHeader tcp = packet.tcp();
    all.addAll(
        List.of(
            tcp.flags(),
            tcp.sequence(),
            tcp.acknowledgement(),
            tcp.window(),
            tcp.dataOffset(),
            tcp.mss()));
    all.addAll(List.of(tcp.windowScale(), tcp.isSackPermitted(), tcp.hasTimestamps()));
    IcmpHeader icmp = packet.icmp();
    all.addAll(
        List.of(icmp.type(), icmp.code(), icmp.identifier(), icmp.isQuery(), icmp.isError()));
    all.addAll(List.of(icmp.isEchoRequest(), icmp.isEchoReply()));
    QuotedPacket quoted = icmp.quoted();
    all.addAll(
        List.of(quoted.isReadable(), quoted.isIpv6(), quoted.protocol(), quoted.identifier()));
    all.addAll(
        List.of(
            quoted.sourceHigh(),
            quoted.sourceLow(),
            quoted.destinationHigh(),
            quoted.destinationLow()));
    all.addAll(List.of(quoted.sourcePort(), quoted.destinationPort()));
    SctpChunks sctp = packet.sctp();
    all.addAll(List.of(sctp.verificationTag(), sctp.count(), sctp.beyondLimitCount()));
    for (int i = 0; i < sctp.count(); i++) {
      all.addAll(
          List.of(
              sctp.type(i),
              sctp.flags(i),
              sctp.length(i),
              sctp.capturedLength(i),
              sctp.initiateTag(i)));
    }
    return all;
  }

  /** Bytes at which decoders go wrong: lengths around their limits, and the numbers of headers. */
  private static int interesting(Random random) {
    int[] values = {
      0, 1, 3, 4, 5, 7, 8, 0x7f, 0x80, 0xff, 0x45, 0x4f, 0x60, 6, 17, 43, 44, 58, 60, 132, 0xc2
    };
    return random.nextBoolean() ? values[random.nextInt(values.length)] : random.nextInt(256);
  }

  private static List<byte[]> frames() {
    SctpSegment bundle =
        Segment.sctp(1, 2, 3)
            .chunk(10, 0, new byte[9])
            .chunk(0, 3, new byte[30])
            .initAck(5, 6, new byte[8]);
    byte[] quoted =
        Frames.ipv6(Frames.udp(20)).extension(IpHeaders.ROUTING, new byte[20]).ipPacket();
    byte[] jumbo = {(byte) 0xc2, 4, 0, 0, 0, 40};
    return List.of(
        Frames.ipv4(Frames.syn().mss(1_460).sackPermitted().timestamps(1, 0).windowScale(7))
            .vlan(3)
            .frame(),
        Frames.ipv6(Frames.syn().mss(1_440).payload(new byte[20]))
            .extension(IpHeaders.HOP_BY_HOP, jumbo)
            .frame(),
        Frames.ipv4(Frames.udp(40)).frame(),
        Frames.ipv4(Frames.udp(40)).fragments(24).get(0),
        Frames.ipv6(Frames.udp(40)).fragments(24).get(0),
        Frames.ipv4(bundle).frame(),
        Frames.ipv6(bundle).extension(IpHeaders.FRAGMENT).frame(),
        Frames.ipv4(Segment.icmp(3, 1, 0, Frames.ipv4(Frames.syn()).ipPacket())).frame(),
        Frames.ipv6(Segment.icmp(1, 0, 0, quoted))
            .extension(IpHeaders.DESTINATION_OPTIONS)
            .frame());
  }
}
