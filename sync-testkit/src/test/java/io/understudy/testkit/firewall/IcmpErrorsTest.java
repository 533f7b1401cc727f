package io.understudy.testkit.firewall;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.understudy.model.Direction;
import io.understudy.testkit.packet.PacketBuilder;
import io.understudy.testkit.packet.Segment;
import io.understudy.testkit.packet.TcpHeader;
import java.util.Arrays;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** An error belongs to the session in its payload, whatever direction and query type the quoted packet has. */
class IcmpErrorsTest {
  private static final int[] ERRORS4 = {3, 4, 5, 11, 12};
  private static final int[] ERRORS6 = {1, 2, 3, 4};
  private static final int[] REQUESTS4 = {8, 13, 15, 17, 42};
  private static final int[] REPLIES4 = {0, 14, 16, 18, 43};
  private static final int[] REQUESTS6 = {128, 139, 160};
  private static final int[] REPLIES6 = {129, 140, 161};

  private static int[] errors(boolean ipv6) {
    return ipv6 ? ERRORS6 : ERRORS4;
  }

  /** An error that quotes what the client, or the server, sent: as much as has to be quoted, or all of it. */
  private static Disposition error(Bench bench, int type, boolean aboutOut, Segment quoted) {
    String from = aboutOut ? bench.client : bench.server;
    String to = aboutOut ? bench.server : bench.client;
    String router = bench.client.indexOf(':') < 0 ? "203.0.113.9" : "2001:db8:c::1";
    byte[] whole = PacketBuilder.between(from, to).carry(quoted).ipPacket();
    int least = (bench.client.indexOf(':') < 0 ? 20 : 40) + 8;
    Segment error = Segment.icmp(type, 0, 0, Arrays.copyOf(whole, Math.min(whole.length, least)));
    return bench.handle(aboutOut ? Zone.OUTSIDE : Zone.INSIDE, router, from, error);
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void errorsAboutRequestsAndRepliesOfEveryQueryPass(boolean ipv6) {
    int[] requests = ipv6 ? REQUESTS6 : REQUESTS4;
    int[] replies = ipv6 ? REPLIES6 : REPLIES4;
    for (int i = 0; i < requests.length; i++) {
      Bench bench = new Bench(ipv6);
      Segment request = Segment.icmp(requests[i], 0, 7 << 16);
      Segment reply = Segment.icmp(replies[i], 0, 7 << 16);
      assertEquals(Disposition.DROPPED, error(bench, errors(ipv6)[0], true, request));
      bench.out(request);
      bench.back(reply);
      String state = bench.state();
      assertNotNull(state);

      for (int type : errors(ipv6)) {
        assertEquals(Disposition.PASSED, error(bench, type, true, request));
        assertEquals(state, bench.state());
        assertEquals(Disposition.PASSED, error(bench, type, false, reply));
      }
      assertEquals(Disposition.DROPPED, error(bench, errors(ipv6)[0], false, request));
      assertEquals(1, bench.sessions());
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void errorsAboutEitherDirectionOfEveryProtocolPassAndRefreshNothing(boolean ipv6) {
    Segment[][] both = {
      {Segment.udp(1_000, 53), Segment.udp(53, 1_000)},
      {Bench.tcp(true, TcpHeader.SYN, 1, 0), Bench.tcp(false, TcpHeader.SYN | TcpHeader.ACK, 5, 2)},
      {Segment.other(47, new byte[8]), Segment.other(47, new byte[8])},
      {Bench.sctp(true, 0).init(0xa, 1), Bench.sctp(false, 0xa).initAck(0xb, 1)}
    };
    for (Segment[] ways : both) {
      Bench bench = new Bench(ipv6);
      bench.out(ways[0]);
      bench.back(ways[1]);
      long seen = bench.firewall.session().lastSeenNs(bench.nowNs);
      long packets = bench.firewall.session().ownPackets(Direction.FORWARD);
      bench.pass(5_000_000_000L);

      for (int type : errors(ipv6)) {
        assertEquals(Disposition.PASSED, error(bench, type, true, ways[0]));
        assertEquals(Disposition.PASSED, error(bench, type, false, ways[1]));
      }
      assertEquals(seen, bench.firewall.session().lastSeenNs(bench.nowNs), 2 << 20);
      assertEquals(packets, bench.firewall.session().ownPackets(Direction.FORWARD));
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void anErrorAboutAnErrorBelongsToNothing(boolean ipv6) {
    Bench bench = new Bench(ipv6);
    bench.out(Segment.echoRequest(7, 1));

    Segment inner = Segment.icmp(errors(ipv6)[0], 0, 7 << 16, new byte[8]);
    assertEquals(Disposition.DROPPED, error(bench, errors(ipv6)[0], true, inner));
    assertEquals(DropReason.NO_SESSION, bench.firewall.dropReason());
    assertTrue(!bench.firewall.isMatched());
  }
}
