package io.understudy.demos.replay;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.understudy.model.Direction;
import io.understudy.testkit.firewall.Disposition;
import io.understudy.testkit.firewall.Zone;
import io.understudy.testkit.packet.LinkType;
import io.understudy.testkit.packet.Packet;
import io.understudy.testkit.packet.PacketBuilder;
import io.understudy.testkit.packet.PacketReader;
import io.understudy.testkit.packet.Segment;
import io.understudy.testkit.packet.TcpHeader;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Who takes over learns the windows again from the hints that came with usage. */
class RelearnTest {
  private static final int ACK = TcpHeader.ACK;

  private static final int PAYLOAD = 40_000;

  private final Packet packet = new Packet();
  private long captureNs = 1_700_000_000_000_000_000L;

  private Disposition handle(Pair pair, Member member, String from, String to, Segment segment) {
    captureNs += 600_000_000; // hints are told twice a second at most
    pair.advanceTo(captureNs);
    byte[] frame = PacketBuilder.between(from, to).carry(segment).frame();
    PacketReader.read(LinkType.ETHERNET, frame, captureNs, packet);
    Disposition disposition = member.firewall().handle(packet, Zone.INSIDE, pair.nowNs());
    pair.handled(member);
    return disposition;
  }

  private static Segment tcp(boolean out, int flags, int sequence, int acknowledgement) {
    return (out ? Segment.tcp(9, 80) : Segment.tcp(80, 9))
        .flags(flags)
        .sequence(sequence)
        .acknowledgement(acknowledgement);
  }

  private static Segment data(int sequence) {
    return Segment.tcp(9, 80)
        .flags(ACK)
        .sequence(sequence)
        .acknowledgement(501)
        .payload(new byte[PAYLOAD]);
  }

  @ParameterizedTest
  @CsvSource({"192.0.2.1, 198.51.100.1", "2001:db8::1, 2001:db8::2"})
  void afterATakeoverAResetOutsideTheHintsEndsNothingAndOneInPlaceDoes(String c, String s) {
    try (Pair pair = new SimPair(Replays.plain(false))) {
      Member a = pair.a();
      handle(pair, a, c, s, tcp(true, TcpHeader.SYN, 100, 0));
      handle(pair, a, s, c, tcp(false, TcpHeader.SYN | ACK, 500, 101));
      handle(pair, a, c, s, tcp(true, ACK, 101, 501));
      int next = 101;
      for (int i = 0; i < 25; i++) {
        handle(pair, a, c, s, data(next));
        next += PAYLOAD;
        handle(pair, a, s, c, tcp(false, ACK, 501, next));
      }
      assertTrue(pair.finish());
      pair.cutOff(true);
      assertTrue(pair.awaitTakeover());
      Member b = pair.b();

      assertEquals(
          Disposition.DROPPED,
          handle(pair, b, c, s, tcp(true, TcpHeader.RST, next + (1 << 30), 0)));
      assertEquals(next, b.firewall().session().sequenceHint(Direction.FORWARD));
      assertEquals(
          Disposition.PASSED, handle(pair, b, c, s, tcp(true, TcpHeader.RST, next + 5_000, 0)));
      assertEquals("ESTABLISHED", b.firewall().session().state().toString());
      assertEquals(Disposition.PASSED, handle(pair, b, c, s, tcp(true, TcpHeader.RST, next, 0)));
      assertEquals("CLOSE", b.firewall().session().state().toString());
    }
  }
}
