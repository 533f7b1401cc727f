package io.understudy.testkit.firewall;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.understudy.testkit.packet.PacketBuilder;
import io.understudy.testkit.packet.SctpChunks;
import io.understudy.testkit.packet.SctpSegment;
import io.understudy.testkit.packet.Segment;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** SCTP through a firewall: paths of either family, cookies that were stale, restarts. */
class SctpPathsThroughTest {
  private static final int F = 0xaaaa0001;
  private static final int R = 0xbbbb0001;
  private static final String CLIENT4 = "192.0.2.9";
  private static final String SERVER4 = "198.51.100.9";
  private static final String CLIENT6 = "2001:db8:a::9";
  private static final String SERVER6 = "2001:db8:b::9";

  private static SctpSegment chunk(boolean out, int type) {
    return Bench.sctp(out, out ? R : F).chunk(type, 0);
  }

  private static void passes(Disposition disposition) {
    assertEquals(Disposition.PASSED, disposition);
  }

  private static Disposition elsewhere(Bench bench, boolean ipv6, boolean out, int type) {
    String client = ipv6 ? CLIENT6 : CLIENT4;
    String server = ipv6 ? SERVER6 : SERVER4;
    return out
        ? bench.handle(Zone.INSIDE, client, server, chunk(true, type))
        : bench.handle(Zone.OUTSIDE, server, client, chunk(false, type));
  }

  private static void establish(Bench bench) {
    passes(bench.out(Bench.sctp(true, 0).init(F, 1)));
    passes(bench.back(Bench.sctp(false, F).initAck(R, 1)));
    passes(bench.out(chunk(true, SctpChunks.COOKIE_ECHO)));
    passes(bench.back(chunk(false, SctpChunks.COOKIE_ACK)));
    assertEquals("ESTABLISHED", bench.state());
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void heartbeatsDataAndTheEndPassOnAPathOfEitherFamily(boolean ipv6) {
    for (boolean path6 : new boolean[] {false, true}) {
      Bench bench = new Bench(ipv6);
      establish(bench);

      for (int type : new int[] {SctpChunks.HEARTBEAT, SctpChunks.DATA, SctpChunks.SACK}) {
        passes(elsewhere(bench, path6, true, type));
        passes(elsewhere(bench, path6, false, type));
      }
      assertEquals("ESTABLISHED", bench.state());
      assertEquals(bench.client.indexOf(':') > 0, bench.firewall.session().isIpv6());
      assertEquals(1, bench.sessions());
      passes(elsewhere(bench, path6, true, SctpChunks.SHUTDOWN));
      passes(elsewhere(bench, path6, false, SctpChunks.SHUTDOWN_ACK));
      passes(elsewhere(bench, path6, true, SctpChunks.SHUTDOWN_COMPLETE));
      assertEquals("CLOSED", bench.state());
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void theStepsAfterTheInitMayTakeOtherPaths(boolean ipv6) {
    for (boolean path6 : new boolean[] {false, true}) {
      Bench bench = new Bench(ipv6);
      passes(bench.out(Bench.sctp(true, 0).init(F, 1)));
      String client = path6 ? CLIENT6 : CLIENT4;
      String server = path6 ? SERVER6 : SERVER4;
      passes(bench.handle(Zone.OUTSIDE, server, client, Bench.sctp(false, F).initAck(R, 1)));
      passes(elsewhere(bench, path6, true, SctpChunks.COOKIE_ECHO));
      passes(elsewhere(bench, path6, false, SctpChunks.COOKIE_ACK));
      assertEquals("ESTABLISHED", bench.state());
      assertEquals(1, bench.sessions());
    }
  }

  /** The former one ended, or its client restarted: what has the newer one's tag is the newer one's, whoever's addresses it has. */
  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void aLaterAssociationMayUseTheFormerOnesPath(boolean ends) {
    for (boolean path6 : new boolean[] {false, true}) {
      Bench bench = new Bench(false);
      establish(bench);
      if (ends) {
        passes(bench.out(chunk(true, SctpChunks.SHUTDOWN)));
        passes(bench.back(chunk(false, SctpChunks.SHUTDOWN_ACK)));
        passes(bench.out(chunk(true, SctpChunks.SHUTDOWN_COMPLETE)));
      }
      String client = path6 ? CLIENT6 : CLIENT4;
      String server = path6 ? SERVER6 : SERVER4;
      passes(bench.handle(Zone.INSIDE, client, server, Bench.sctp(true, 0).init(F + 7, 1)));
      passes(
          bench.handle(Zone.OUTSIDE, server, client, Bench.sctp(false, F + 7).initAck(R + 7, 1)));
      Segment echo = Bench.sctp(true, R + 7).chunk(SctpChunks.COOKIE_ECHO, 0);
      passes(bench.handle(Zone.INSIDE, client, server, echo));
      Segment ack = Bench.sctp(false, F + 7).chunk(SctpChunks.COOKIE_ACK, 0);
      passes(bench.handle(Zone.OUTSIDE, server, client, ack));

      passes(bench.out(Bench.sctp(true, R + 7).chunk(SctpChunks.HEARTBEAT, 0)));
      passes(bench.back(Bench.sctp(false, F + 7).chunk(SctpChunks.HEARTBEAT_ACK, 0)));
      assertEquals(path6, bench.firewall.session().isIpv6());
      assertEquals(2, bench.sessions());
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void aTagThatNobodyAnnouncedOpensNoPath(boolean ipv6) {
    Bench bench = new Bench(ipv6);
    establish(bench);

    Segment forged = Segment.sctp(1_000, 2_000, 0x666).chunk(SctpChunks.HEARTBEAT, 0);
    assertEquals(Disposition.DROPPED, bench.handle(Zone.INSIDE, CLIENT6, SERVER6, forged));
    assertEquals(Disposition.DROPPED, bench.handle(Zone.INSIDE, CLIENT4, SERVER4, forged));
    Segment otherPort = Segment.sctp(1_001, 2_000, R).chunk(SctpChunks.HEARTBEAT, 0);
    assertEquals(Disposition.DROPPED, bench.handle(Zone.INSIDE, CLIENT6, SERVER6, otherPort));
    assertEquals(1, bench.sessions());
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void anErrorAboutAPacketOnAnotherPathBelongsToTheAssociation(boolean ipv6) {
    for (boolean path6 : new boolean[] {false, true}) {
      Bench bench = new Bench(ipv6);
      establish(bench);
      String client = path6 ? CLIENT6 : CLIENT4;
      String server = path6 ? SERVER6 : SERVER4;
      String router = path6 ? "2001:db8:c::1" : "203.0.113.9";
      byte[] out =
          PacketBuilder.between(client, server).carry(chunk(true, SctpChunks.DATA)).ipPacket();
      byte[] back =
          PacketBuilder.between(server, client).carry(chunk(false, SctpChunks.SACK)).ipPacket();

      int unreachable = path6 ? 1 : 3;
      passes(bench.handle(Zone.OUTSIDE, router, client, Segment.icmp(unreachable, 1, 0, out)));
      assertEquals("ESTABLISHED", bench.state());
      passes(bench.handle(Zone.INSIDE, router, server, Segment.icmp(unreachable, 1, 0, back)));
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void aStaleCookieIsFollowedByANewTagWhichOtherPathsUseToo(boolean ipv6) {
    Bench bench = new Bench(ipv6);
    passes(bench.out(Bench.sctp(true, 0).init(F, 1)));
    passes(bench.back(Bench.sctp(false, F).initAck(R - 1, 1)));
    passes(bench.out(Bench.sctp(true, R - 1).chunk(SctpChunks.COOKIE_ECHO, 0)));
    passes(bench.back(Bench.sctp(false, F).chunk(SctpChunks.ERROR, 0, (byte) 0, (byte) 3)));
    passes(bench.out(Bench.sctp(true, 0).init(F, 1)));
    passes(bench.back(Bench.sctp(false, F).initAck(R, 1)));
    passes(elsewhere(bench, !ipv6, true, SctpChunks.COOKIE_ECHO));
    passes(elsewhere(bench, !ipv6, false, SctpChunks.COOKIE_ACK));
    assertEquals("ESTABLISHED", bench.state());
    passes(elsewhere(bench, !ipv6, true, SctpChunks.DATA));
    passes(bench.back(chunk(false, SctpChunks.COOKIE_ACK))); // once more
    assertTrue(bench.firewall.isMatched());
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void theAssociationInUseKeepsItsOtherPathsWhileAForgedInitIsAnswered(boolean ipv6) {
    Bench bench = new Bench(ipv6);
    establish(bench);
    passes(bench.out(Bench.sctp(true, 0).init(0x666, 1)));
    passes(bench.back(Bench.sctp(false, 0x666).initAck(0x777, 1)));

    passes(elsewhere(bench, !ipv6, true, SctpChunks.HEARTBEAT));
    passes(elsewhere(bench, !ipv6, false, SctpChunks.HEARTBEAT_ACK));
    assertEquals("ESTABLISHED", bench.state());
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void aRestartBegunFromOutsideIsRefusedForThatReason(boolean ipv6) {
    Bench bench = new Bench(ipv6);
    establish(bench);

    assertEquals(Disposition.DROPPED, bench.back(Bench.sctp(false, 0).init(R + 9, 1)));

    assertEquals(DropReason.FROM_OUTSIDE, bench.firewall.dropReason());
    assertEquals("ESTABLISHED", bench.state());
    passes(bench.out(chunk(true, SctpChunks.DATA)));
    passes(bench.out(Bench.sctp(true, 0).init(F + 9, 1)));
    assertEquals("ESTABLISHED", bench.state());
  }
}
