package io.understudy.testkit.packet;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.List;
import org.junit.jupiter.api.Test;

class PacketAllocationTest {
  private static final int ROUNDS = 20_000;

  private final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  @Test
  void decodingAllocatesNothing() {
    List<byte[]> frames =
        List.of(
            Frames.ipv4(Frames.syn().mss(1_460).timestamps(1, 2)).vlan(3).frame(),
            Frames.ipv6(Frames.udp(10)).extension(IpHeaders.HOP_BY_HOP).frame(),
            Frames.ipv4(Frames.init()).frame(),
            Frames.ipv6(Segment.icmp(1, 0, 0, Frames.ipv6(Frames.ping()).ipPacket())).frame(),
            new byte[10]);
    Packet packet = new Packet();
    decodeAll(frames, packet); // classes are loaded and enums initialised before counting

    long before = threads.getCurrentThreadAllocatedBytes();
    int kinds = decodeAll(frames, packet);
    long allocated = threads.getCurrentThreadAllocatedBytes() - before;

    assertEquals(ROUNDS * 4, kinds);
    assertTrue(
        allocated < ROUNDS, () -> allocated + " bytes allocated by " + ROUNDS * 5 + " packets");
  }

  private static int decodeAll(List<byte[]> frames, Packet packet) {
    int inOrder = 0;
    for (int round = 0; round < ROUNDS; round++) {
      for (int i = 0; i < frames.size(); i++) {
        PacketReader.read(LinkType.ETHERNET, frames.get(i), round, packet);
        inOrder += packet.isIp() ? 1 : 0;
      }
    }
    return inOrder;
  }
}
