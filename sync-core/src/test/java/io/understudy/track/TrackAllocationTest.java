package io.understudy.track;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.sun.management.ThreadMXBean;
import io.understudy.model.Direction;
import java.lang.management.ManagementFactory;
import org.junit.jupiter.api.Test;

class TrackAllocationTest {
  private static final int ROUNDS = 20_000;

  private final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
  private final Watcher tcp = Watcher.strict();
  private final Watcher sctp = Watcher.strict();
  private final Watcher udp = Watcher.strict();
  private final Watcher icmp = Watcher.strict();
  private final TcpWindow window = new TcpWindow();
  private final PacketView packet = new PacketView();
  private final long[] words = new long[FactWords.WORDS];

  @Test
  void trackingAllocatesNothing() {
    run(ROUNDS); // until the compiler and the constant pools have what they need

    long before = threads.getCurrentThreadAllocatedBytes();
    run(ROUNDS);
    long allocated = threads.getCurrentThreadAllocatedBytes() - before;

    assertEquals(0, allocated / ROUNDS, "bytes per session: " + allocated + " in all");
  }

  private void run(int rounds) {
    for (int i = 0; i < rounds; i++) {
      tcpSession(i);
      sctpAssociation(i);
      udp.facts().clear();
      udp.packet(17, Direction.FORWARD);
      udp.packet(17, Direction.REVERSE);
      icmp.facts().clear();
      icmp.icmp(1, Direction.FORWARD, 8);
      icmp.icmp(1, Direction.REVERSE, 0);
    }
  }

  private void tcpSession(int i) {
    tcp.facts().clear();
    tcp.syn(Direction.FORWARD, i);
    tcp.synAck(Direction.REVERSE, -i, i + 1);
    tcp.ack(Direction.FORWARD, i + 1, 1 - i);
    packet.begin(6).tcp(PacketView.ACK, i + 1, 1 - i, 1_000, 10);
    window.relearn(i, -i, 1_000, 1_000_000);
    window.check(packet, Direction.FORWARD, tcp.facts());
    tcp.fin(Direction.FORWARD, i + 1, 1 - i);
    tcp.facts().store(words, 0);
    FactWords.merge(words, 0, words, 0);
    tcp.facts().load(words, 0);
    tcp.rst(Direction.REVERSE, 1 - i);
    tcp.syn(Direction.REVERSE, i + 77);
  }

  private void sctpAssociation(int i) {
    int f = i | 1;
    int r = i | 0x4000_0000;
    sctp.facts().clear();
    sctp.init(Direction.FORWARD, f);
    sctp.initAck(Direction.REVERSE, f, r);
    sctp.chunk(Direction.FORWARD, r, SctpTracker.COOKIE_ECHO);
    sctp.chunk(Direction.REVERSE, f, SctpTracker.COOKIE_ACK);
    sctp.init(Direction.FORWARD, f + 2);
    sctp.chunk(Direction.FORWARD, r, SctpTracker.ABORT);
  }
}
