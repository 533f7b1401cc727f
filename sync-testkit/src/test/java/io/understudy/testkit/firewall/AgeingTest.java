package io.understudy.testkit.firewall;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.understudy.testkit.packet.SctpChunks;
import io.understudy.testkit.packet.SctpSegment;
import io.understudy.testkit.packet.Segment;
import io.understudy.testkit.packet.TcpHeader;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** A session lives as long as the class of its state says, in every class and state, to the edge. */
class AgeingTest {
  private static final int SYN = TcpHeader.SYN;
  private static final int ACK = TcpHeader.ACK;
  private static final int FIN = TcpHeader.FIN;
  private static final int RST = TcpHeader.RST;
  private static final long NS_PER_SECOND = 1_000_000_000L;

  /** When a session was last seen is known to about a millisecond. */
  private static final long EDGE_NS = 3_000_000;

  /** The grain is about 2^20 ns: a session may begin anywhere in it. */
  private static final long[] PHASES = {0, 1, 400_000, 1_048_575};

  /** Brings a session into its state. */
  private interface Steps {
    void on(Bench bench);
  }

  private static Arguments state(String name, int seconds, Steps steps) {
    return Arguments.of(name, seconds, steps);
  }

  static Stream<Arguments> states() {
    return Stream.of(
        state("SYN_SENT", 30, b -> tcp(b, 1)),
        state("SYN_SENT2", 30, AgeingTest::crossed),
        state("SYN_RECV", 30, b -> tcp(b, 2)),
        state("ESTABLISHED", 3_600, b -> tcp(b, 3)),
        state("FIN_WAIT", 120, b -> tcp(b, 4)),
        state("CLOSE_WAIT", 60, b -> tcp(b, 5)),
        state("LAST_ACK", 30, b -> tcp(b, 6)),
        state("TIME_WAIT", 120, b -> tcp(b, 7)),
        state("CLOSE", 10, AgeingTest::reset),
        state("UNREPLIED", 60, b -> udp(b, 1)),
        state("REPLIED", 60, b -> udp(b, 2)),
        state("STREAM", 120, b -> udp(b, 3)),
        state("ECHO_REQUESTED", 20, b -> b.out(Segment.echoRequest(7, 1))),
        state("ECHO_REPLIED", 20, AgeingTest::ping),
        state("QUERIED", 20, AgeingTest::query),
        state("COOKIE_WAIT", 10, b -> sctp(b, 1)),
        state("COOKIE_WAIT", 10, b -> sctp(b, 2)),
        state("COOKIE_ECHOED", 10, b -> sctp(b, 3)),
        state("ESTABLISHED", 3_600, b -> sctp(b, 4)),
        state("SHUTDOWN_SENT", 10, b -> sctp(b, 5)),
        state("SHUTDOWN_ACK_SENT", 10, b -> sctp(b, 6)),
        state("CLOSED", 10, b -> sctp(b, 7)),
        state("OTHER_FIRST", 60, b -> other(b, 1)),
        state("OTHER_CONFIRMED", 60, b -> other(b, 2)));
  }

  private static void tcp(Bench bench, int steps) {
    for (int step = 1; step <= steps; step++) {
      switch (step) {
        case 1 -> bench.out(Bench.tcp(true, SYN, 100, 0));
        case 2 -> bench.back(Bench.tcp(false, SYN | ACK, 500, 101));
        case 3 -> bench.out(Bench.tcp(true, ACK, 101, 501));
        case 4 -> bench.out(Bench.tcp(true, FIN | ACK, 101, 501));
        case 5 -> bench.back(Bench.tcp(false, ACK, 501, 102));
        case 6 -> bench.back(Bench.tcp(false, FIN | ACK, 501, 102));
        default -> bench.out(Bench.tcp(true, ACK, 102, 502));
      }
    }
  }

  private static void crossed(Bench bench) {
    bench.out(Bench.tcp(true, SYN, 100, 0));
    bench.back(Bench.tcp(false, SYN, 500, 0));
  }

  private static void reset(Bench bench) {
    tcp(bench, 3);
    bench.back(Bench.tcp(false, RST, 501, 0));
  }

  private static void udp(Bench bench, int steps) {
    bench.out(Segment.udp(1_000, 53));
    if (steps > 1) {
      bench.back(Segment.udp(53, 1_000));
    }
    if (steps > 2) {
      bench.out(Segment.udp(1_000, 53));
    }
  }

  private static void ping(Bench bench) {
    bench.out(Segment.echoRequest(7, 1));
    bench.back(Segment.echoReply(7, 1));
  }

  /** A query that is no echo: a time stamp, or node information. */
  private static void query(Bench bench) {
    bench.out(Segment.icmp(bench.client.indexOf(':') < 0 ? 13 : 139, 0, 7 << 16));
  }

  private static void sctp(Bench bench, int steps) {
    for (int step = 1; step <= steps; step++) {
      switch (step) {
        case 1 -> bench.out(Bench.sctp(true, 0).init(0xa, 1));
        case 2 -> bench.back(Bench.sctp(false, 0xa).initAck(0xb, 1, (byte) 1));
        case 3 -> bench.out(chunk(true, SctpChunks.COOKIE_ECHO));
        case 4 -> bench.back(chunk(false, SctpChunks.COOKIE_ACK));
        case 5 -> bench.out(chunk(true, SctpChunks.SHUTDOWN));
        case 6 -> bench.back(chunk(false, SctpChunks.SHUTDOWN_ACK));
        default -> bench.out(chunk(true, SctpChunks.SHUTDOWN_COMPLETE));
      }
    }
  }

  private static SctpSegment chunk(boolean out, int type) {
    return Bench.sctp(out, out ? 0xb : 0xa).chunk(type, 0);
  }

  private static void other(Bench bench, int steps) {
    bench.out(Segment.other(47, (byte) 0));
    if (steps > 1) {
      bench.back(Segment.other(47, (byte) 0));
    }
  }

  private static Bench in(boolean ipv6, int vlan, Steps steps, String state) {
    Bench bench = new Bench(ipv6, vlan, Bench.config().withAgeing(true).withVlanVsys(vlan != 0));
    bench.pass(PHASES[(vlan + state.length()) % PHASES.length]);
    steps.on(bench);
    assertEquals(state, bench.state());
    return bench;
  }

  @ParameterizedTest(name = "{0} {1} s")
  @MethodSource("states")
  void aSessionEndsWithTheTimeoutOfItsState(String state, int seconds, Steps steps) {
    for (boolean ipv6 : new boolean[] {false, true}) {
      for (int vlan : new int[] {0, 42}) {
        Bench bench = in(ipv6, vlan, steps, state);

        bench.pass(seconds * NS_PER_SECOND);
        bench.firewall.runAll(bench.nowNs);
        assertEquals(1, bench.sessions(), state);
        bench.pass(EDGE_NS);
        bench.firewall.runAll(bench.nowNs);
        assertEquals(0, bench.sessions(), state);
      }
    }
  }

  /** Whether or not the walk through the table has come by. */
  @ParameterizedTest(name = "{0} {1} s")
  @MethodSource("states")
  void aPacketFindsNoSessionWhoseTimeIsOver(String state, int seconds, Steps steps) {
    for (boolean ipv6 : new boolean[] {false, true}) {
      Bench late = in(ipv6, 0, steps, state);
      long before = late.firewall.counters().get(FirewallCounters.Total.AGED_OUT);
      late.pass(seconds * NS_PER_SECOND + EDGE_NS);
      steps.on(late);

      assertEquals(state, late.state());
      assertEquals(before + 1, late.firewall.counters().get(FirewallCounters.Total.AGED_OUT));
      assertEquals(1, late.sessions());

      Bench inTime = in(ipv6, 0, steps, state);
      inTime.pass(seconds * NS_PER_SECOND - EDGE_NS);
      steps.on(inTime);

      assertEquals(0, inTime.firewall.counters().get(FirewallCounters.Total.AGED_OUT));
    }
  }
}
