package io.understudy.testkit.firewall;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.understudy.testkit.packet.LinkType;
import io.understudy.testkit.packet.Packet;
import io.understudy.testkit.packet.PacketBuilder;
import io.understudy.testkit.packet.PacketReader;
import io.understudy.testkit.packet.Segment;
import org.junit.jupiter.api.Test;

class PathsTest {
  private final Paths paths = new Paths();

  private boolean isForB(String from, String to, Segment segment) {
    Packet packet = new Packet();
    byte[] frame = PacketBuilder.between(from, to).carry(segment).frame();
    PacketReader.read(LinkType.ETHERNET, frame, 0, packet);
    return paths.isForB(packet, 0);
  }

  @Test
  void theFirstPacketOfAPairSaysWhichDirectionMeetsMemberA() {
    assertFalse(isForB("10.0.0.1", "10.0.0.2", Segment.udp(9, 53)));
    assertTrue(isForB("10.0.0.2", "10.0.0.1", Segment.udp(53, 9)));
    assertTrue(paths.isReturn());
    assertFalse(isForB("10.0.0.1", "10.0.0.2", Segment.udp(9, 53)));
    assertFalse(isForB("10.0.0.2", "10.0.0.1", Segment.udp(53, 10)));
  }

  @Test
  void bothEndsMayPingEachOther() {
    assertFalse(isForB("10.0.0.1", "10.0.0.2", Segment.echoRequest(7, 1)));
    assertFalse(isForB("10.0.0.2", "10.0.0.1", Segment.echoRequest(7, 1)));
    assertTrue(isForB("10.0.0.2", "10.0.0.1", Segment.echoReply(7, 1)));
    assertTrue(isForB("10.0.0.1", "10.0.0.2", Segment.echoReply(7, 1)));
  }

  @Test
  void ofSctpOnlyTheAddressesOfTheInitCount() {
    isForB("10.0.0.1", "10.0.0.2", Segment.sctp(36, 37, 0).init(5, 1));
    assertTrue(isForB("10.0.0.2", "10.0.0.1", Segment.sctp(37, 36, 5).chunk(3, 0)));
    assertTrue(paths.isReturn());

    isForB("10.1.0.1", "10.1.0.2", Segment.sctp(36, 37, 6).chunk(4, 0));
    assertTrue(isForB("10.1.0.2", "10.1.0.1", Segment.sctp(37, 36, 5).chunk(5, 0)));
    assertFalse(paths.isReturn());
  }
}
