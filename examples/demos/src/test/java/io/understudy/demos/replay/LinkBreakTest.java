package io.understudy.demos.replay;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.understudy.demos.Captures;
import io.understudy.metrics.SyncCounter;
import io.understudy.testkit.firewall.Zone;
import io.understudy.testkit.packet.CaptureReader;
import io.understudy.testkit.packet.Packet;
import io.understudy.transport.LinkKind;
import java.io.IOException;
import java.util.SplittableRandom;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LinkBreakTest {
  private static final int BREAKS = 100;

  /** A link of 1 ms breaks at random packets: both end with the same, and only what was unacknowledged went again. */
  @ParameterizedTest
  @CsvSource({"7741, false", "7742, true"})
  void aLinkThatBreaks100TimesLosesNothingAndRepeatsLittle(long seed, boolean quick)
      throws IOException {
    SplittableRandom random = new SplittableRandom(seed);
    ReplayOptions options = withDelay(quick);
    Packet packet = new Packet();
    int broken = 0;
    long packets = 4_709;
    try (SimPair pair = new SimPair(options);
        CaptureReader reader =
            CaptureReader.open(Captures.folder().resolve("mixed/browsing-large.pcap"))) {
      while (reader.next(packet)) {
        pair.advanceTo(packet.timestampNs());
        pair.a().firewall().handle(packet, Zone.INSIDE, pair.nowNs());
        pair.handled(pair.a());
        if (random.nextLong(packets - reader.packetCount() + 1) < BREAKS - broken) {
          broken++;
          breakAndCheck(pair, seed);
        }
      }

      assertEquals(BREAKS, broken);
      assertTrue(pair.finish(), () -> "seed " + seed + ": not quiet at the end");
      assertEquals(pair.a().dump(), pair.b().dump(), () -> "seed " + seed);
      assertTrue(resent(pair) > 0, () -> "seed " + seed + " broke nothing that was in flight");
    }
  }

  private static void breakAndCheck(SimPair pair, long seed) {
    long unacknowledged = pair.a().node().accounting(2).unacknowledged();
    long resentBefore = resent(pair);

    pair.network().faults().breakConnection(1, 2, 0, LinkKind.DATA, 0);
    pair.handled(pair.a()); // the end of the connection is noticed

    long resent = resent(pair) - resentBefore;
    assertTrue(
        resent <= unacknowledged,
        () -> "seed " + seed + ": " + resent + " resent, " + unacknowledged + " unacknowledged");
  }

  private static long resent(SimPair pair) {
    return pair.a().node().counters().get(SyncCounter.RECORDS_RESENT);
  }

  private static ReplayOptions withDelay(boolean quick) {
    ReplayOptions plain = Replays.plain(quick);
    return new ReplayOptions(
        quick,
        ReplayOptions.NO_TAKEOVER,
        false,
        false,
        plain.addresses(),
        1,
        false,
        false,
        false,
        false);
  }
}
