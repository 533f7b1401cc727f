package io.understudy.testkit.firewall;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.understudy.model.Direction;
import io.understudy.testkit.packet.Segment;
import io.understudy.testkit.packet.TcpHeader;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** TCP through a firewall that judges by numbers: resets, challenges, ports that are used again, hints. */
class TcpThroughTest {
  private static final int SYN = TcpHeader.SYN;
  private static final int ACK = TcpHeader.ACK;
  private static final int RST = TcpHeader.RST;

  private static void establish(Bench bench) {
    bench.out(Bench.tcp(true, SYN, 100, 0));
    bench.back(Bench.tcp(false, SYN | ACK, 500, 101));
    bench.out(Bench.tcp(true, ACK, 101, 501));
    assertEquals("ESTABLISHED", bench.state());
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void aResetOutsideTheWindowIsDroppedAndEndsNothing(boolean ipv6) {
    Bench bench = new Bench(ipv6);
    establish(bench);

    assertEquals(Disposition.DROPPED, bench.back(Bench.tcp(false, RST, 9_000_000, 0)));
    assertEquals(DropReason.INVALID, bench.firewall.dropReason());
    assertEquals(Disposition.DROPPED, bench.out(Bench.tcp(true, RST, 100, 0)));
    assertEquals(Disposition.PASSED, bench.back(Bench.tcp(false, RST, 600, 0)));
    assertEquals("ESTABLISHED", bench.state());

    assertEquals(Disposition.PASSED, bench.back(Bench.tcp(false, RST, 501, 0)));
    assertEquals("CLOSE", bench.state());
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void aChallengeAndItsAnswerPassAndTheNextSynFindsAReadyHost(boolean ipv6) {
    Bench bench = new Bench(ipv6);
    bench.out(Bench.tcp(true, SYN, 400, 0));

    assertEquals(Disposition.PASSED, bench.back(Bench.tcp(false, ACK, 300, 100)));
    assertEquals(Disposition.PASSED, bench.out(Bench.tcp(true, RST, 100, 0)));
    assertEquals("SYN_SENT", bench.state());

    bench.out(Bench.tcp(true, SYN, 400, 0));
    bench.back(Bench.tcp(false, SYN | ACK, 7_000, 401));
    bench.out(Bench.tcp(true, ACK, 401, 7_001));
    assertEquals("ESTABLISHED", bench.state());
  }

  @ParameterizedTest
  @ValueSource(ints = {7, 90_000, -5})
  void bothEndsForgotAndUseThePortsAgain(int isn) {
    for (boolean ipv6 : new boolean[] {false, true}) {
      Bench bench = new Bench(ipv6);
      establish(bench);
      long before = bench.firewall.session().generation();

      assertEquals(Disposition.PASSED, bench.out(Bench.tcp(true, SYN, isn, 0)));
      assertEquals("ESTABLISHED", bench.state());
      assertEquals(Disposition.PASSED, bench.back(Bench.tcp(false, SYN | ACK, 70_000, isn + 1)));

      assertEquals("SYN_RECV", bench.state());
      assertTrue(bench.firewall.session().generation() > before);
      assertEquals(isn, bench.firewall.session().isn(Direction.FORWARD));
      assertEquals(70_000, bench.firewall.session().isn(Direction.REVERSE));
      assertEquals(1_000, bench.firewall.session().originatorPort());
      assertEquals(Disposition.PASSED, bench.out(Bench.tcp(true, ACK, isn + 1, 70_001)));
      assertEquals("ESTABLISHED", bench.state());
      assertEquals(Disposition.PASSED, bench.back(Bench.tcp(false, RST, 70_001, 0)));
      assertEquals("CLOSE", bench.state());
      assertEquals(1, bench.sessions());
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void anOpeningFromOutsideOnAKnownSessionIsRefusedForThatReason(boolean ipv6) {
    Bench bench = new Bench(ipv6);
    establish(bench);
    bench.back(Bench.tcp(false, RST, 501, 0));

    assertEquals(Disposition.DROPPED, bench.back(Bench.tcp(false, SYN, 90_000, 0)));
    assertEquals(DropReason.FROM_OUTSIDE, bench.firewall.dropReason());
    assertEquals(Disposition.PASSED, bench.out(Bench.tcp(true, SYN, 90_000, 0)));
    assertEquals("SYN_SENT", bench.state());
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void hintsGoWithWhatIsPublishedAndOtherwiseAtABoundedRate(boolean ipv6) {
    Bench bench = new Bench(ipv6);
    establish(bench);
    assertHints(bench, 101, 501);

    Segment data = Segment.tcp(1_000, 80).flags(ACK).sequence(101).acknowledgement(501);
    bench.out(withData(101, 100));
    assertHints(bench, 101, 501); // told a moment ago
    bench.pass(Windows.HINT_EVERY_NS);
    bench.out(withData(201, 100));
    assertHints(bench, 301, 501);
    bench.out(data);
    assertHints(bench, 301, 501);
  }

  /** No packet follows for long, and a takeover needs them. */
  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void hintsOfTheLastPacketsBeforeASilenceAreToldToo(boolean ipv6) {
    Bench bench = new Bench(ipv6);
    establish(bench);
    bench.out(withData(101, 100));
    bench.out(withData(201, 100));
    long due = bench.firewall.nextDueNs();

    bench.firewall.run(due - 1);
    assertHints(bench, 101, 501);
    bench.firewall.run(due);

    assertHints(bench, 301, 501);
    assertEquals(Long.MAX_VALUE, bench.firewall.nextDueNs());
  }

  /** One that is busy tells its hints with its packets, and is no reason for the one behind it to wait. */
  @Test
  void hintsOfAnIdleSessionAreToldBehindABusyOne() {
    Bench bench = new Bench(false);
    Segment[] opening = {
      Segment.tcp(2_000, 80).flags(SYN).sequence(100),
      Segment.tcp(80, 2_000).flags(SYN | ACK).sequence(500).acknowledgement(101),
      Segment.tcp(2_000, 80).flags(ACK).sequence(101).acknowledgement(501)
    };
    bench.out(opening[0]);
    bench.back(opening[1]);
    bench.out(opening[2]);
    bench.out(busy(101));
    establish(bench);
    bench.out(withData(101, 100));
    for (int i = 1; i <= 20; i++) {
      bench.pass(Windows.HINT_EVERY_NS / 10);
      bench.out(busy(101 + 100 * i));
      bench.firewall.run(bench.nowNs);
    }

    bench.back(Bench.tcp(false, SYN | ACK, 500, 101)); // repeated: it changes nothing
    assertHints(bench, 201, 501);
  }

  private static Segment busy(int sequence) {
    return Segment.tcp(2_000, 80)
        .flags(ACK)
        .sequence(sequence)
        .acknowledgement(501)
        .payload(new byte[100]);
  }

  /** As a member does that ends in order. */
  @Test
  void allHintsThatWaitCanBeToldAtOnce() {
    Bench bench = new Bench(false);
    establish(bench);
    bench.out(withData(101, 100));

    bench.firewall.tellHints(bench.firewall.nextDueNs() - 1);

    assertHints(bench, 201, 501);
  }

  private static Segment withData(int sequence, int length) {
    return Segment.tcp(1_000, 80)
        .flags(ACK)
        .sequence(sequence)
        .acknowledgement(501)
        .payload(new byte[length]);
  }

  private static void assertHints(Bench bench, int forward, int reverse) {
    assertEquals(forward, bench.firewall.session().sequenceHint(Direction.FORWARD));
    assertEquals(reverse, bench.firewall.session().sequenceHint(Direction.REVERSE));
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void aFirewallThatFindsTheSessionThereLearnsItsWindowFromTheHints(boolean ipv6) {
    Bench bench = new Bench(ipv6);
    establish(bench);
    Bench after = new Bench(bench, Bench.config());

    assertEquals(Disposition.DROPPED, after.back(Bench.tcp(false, RST, 501 + (1 << 30), 0)));
    assertEquals(Disposition.PASSED, after.back(Bench.tcp(false, RST, 600, 0)));
    assertEquals("ESTABLISHED", after.state());
    assertEquals(Disposition.PASSED, after.out(withData(101, 100)));
    assertEquals(Disposition.PASSED, after.back(Bench.tcp(false, ACK, 501, 201)));
    // learnt: from here on as strict as ever
    assertEquals(Disposition.DROPPED, after.out(withData(101 + 1_000_000, 100)));
    assertEquals(Disposition.PASSED, after.out(Bench.tcp(true, RST, 201, 0)));
    assertEquals("CLOSE", after.state());
  }
}
