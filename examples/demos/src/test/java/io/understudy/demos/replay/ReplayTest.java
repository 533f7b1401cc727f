package io.understudy.demos.replay;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.understudy.demos.Captures;
import io.understudy.testkit.firewall.ProtocolClass;
import java.io.IOException;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ReplayTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "tcp/half-close.pcap",
        "udp/dns-fragments-v4-v6.pcap",
        "icmp/ping-and-errors-v6.pcap",
        "sctp/multihomed.pcap",
        "malformed/record-broken.pcap",
        "mixed/synthetic-services.pcap"
      })
  void theStandbyHasWhatIsExpectedOverARealLink(String file) throws IOException {
    Replays.checkExpected(file, false);
    Replays.checkExpected(file, true);
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void aSettledTakeoverLosesNothing(boolean quick) throws IOException {
    FileReport report = Replays.run("mixed/browsing-large.pcap", Replays.takeover(quick, true));

    FileReport.TakeoverResult takeover = report.takeover();
    assertEquals(0, takeover.unacknowledged());
    assertEquals(0, takeover.sessionsLost());
    assertEquals(0, takeover.packetsLost());
    assertTrue(takeover.sessionsTaken() > 100);
    assertTrue(takeover.packetsMatched() > 1_000);
    assertEquals(null, report.identical());
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void aSuddenTakeoverLosesAtMostWhatWasUnacknowledged(boolean quick) throws IOException {
    FileReport.TakeoverResult takeover =
        Replays.run("mixed/browsing-large.pcap", Replays.takeover(quick, false)).takeover();

    assertTrue(takeover.sessionsLost() <= takeover.unacknowledged(), takeover::toString);
  }

  @ParameterizedTest
  @CsvSource({"tcp", "udp", "icmp", "sctp"})
  void inQuickModeEveryReturnPacketOfABegunSessionMatches(String folder) throws IOException {
    long begun = 0;
    for (String file : Captures.in(folder)) {
      FileReport.PathsUse paths =
          Replays.run(file, Replays.paths(true, ReplayOptions.REAL_LINK)).paths();

      assertEquals(ReturnPackets.withASession(file), paths.matched(), file);
      assertEquals(paths.returnPackets(), paths.matched() + dropped(paths.dropped()), file);
      begun += paths.matched();
    }
    assertTrue(begun > 0, "no session began in " + folder);
  }

  @ParameterizedTest
  @CsvSource({"tcp", "udp", "icmp", "sctp"})
  void withALinkOf5MsParkMakesThemAllMatch(String folder) throws IOException {
    long parked = 0;
    for (String file : Captures.in(folder)) {
      FileReport report = Replays.run(file, Replays.paths(true, 5));

      assertEquals(ReturnPackets.withASession(file), report.paths().matched(), file);
      assertEquals(Boolean.TRUE, report.identical(), file);
      parked += report.paths().parked();
    }
    assertTrue(parked > 0, "somewhere an answer was faster than 5 ms");
  }

  @Test
  void inNormalModeAnswersAreDroppedByProtocol() throws IOException {
    assertEquals(Map.of(ProtocolClass.TCP, 8L), droppedInNormalMode("tcp/half-close.pcap"));
    assertEquals(Map.of(ProtocolClass.ICMP, 5L), droppedInNormalMode("icmp/ping-v4.pcap"));
    assertTrue(droppedInNormalMode("sctp/six-associations-sll.pcap").get(ProtocolClass.SCTP) >= 6);
    assertTrue(droppedInNormalMode("udp/dns-fragments-v4-v6.pcap").get(ProtocolClass.UDP) >= 15);
  }

  private static Map<ProtocolClass, Long> droppedInNormalMode(String file) throws IOException {
    return Replays.run(file, Replays.paths(false, ReplayOptions.REAL_LINK)).paths().dropped();
  }

  private static long dropped(Map<ProtocolClass, Long> byProtocol) {
    return byProtocol.values().stream().mapToLong(Long::longValue).sum();
  }

  @Test
  void agedOutSessionsEndAtBothMembers() throws IOException {
    ReplayOptions ageing =
        new ReplayOptions(
            true,
            ReplayOptions.NO_TAKEOVER,
            false,
            false,
            Replays.plain(true).addresses(),
            ReplayOptions.REAL_LINK,
            false,
            true,
            false,
            false);

    FileReport report = Replays.run("udp/single-packets.pcap", ageing);

    assertEquals(Boolean.TRUE, report.identical());
    assertEquals(10, report.backedUp().get(ProtocolClass.UDP));
    assertTrue(report.link().deletes() >= 9, report::toString);
  }
}
