package io.understudy.demos.replay;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.understudy.SyncNode;
import io.understudy.demos.Captures;
import io.understudy.metrics.Accounting;
import io.understudy.metrics.SyncCounter;
import io.understudy.testkit.contract.Relay;
import io.understudy.testkit.firewall.Zone;
import io.understudy.testkit.packet.CaptureReader;
import io.understudy.testkit.packet.Packet;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.SplittableRandom;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * A replay over TCP on loopback whose connections are reset at random packets, half of them while everything that was published is
 * on its way.
 */
@Timeout(60)
class RealLinkBreakTest {
  private static final int PACKETS = 4_709;
  private static final int BREAKS = 100;
  private static final int MAX_HELD_UP = 30;
  private static final long LIMIT_NS = 10_000_000_000L;

  private Relay relay;
  private TurnedMember active;

  @ParameterizedTest
  @CsvSource({"7743, false", "7744, true"})
  void aRealLinkThatBreaks100TimesLosesNothingAndRepeatsOnlyWhatWasUnacknowledged(
      long seed, boolean quick) throws IOException {
    SplittableRandom random = new SplittableRandom(seed);
    Path file = Captures.folder().resolve("mixed/browsing-large.pcap");
    Packet packet = new Packet();
    try (NettyPair pair = new NettyPair(Replays.plain(quick), Member.MIN_CAPACITY, wiring());
        CaptureReader reader = CaptureReader.open(file)) {
      active = pair.turned(pair.a());
      int broken = 0;
      int[] breakAt = random.ints(1, PACKETS + 1).distinct().limit(BREAKS).sorted().toArray();
      int heldFrom = breakAt[0];
      while (reader.next(packet)) {
        pair.a().firewall().handle(packet, Zone.INSIDE, pair.nowNs());
        if (broken == BREAKS) {
          continue;
        }
        if (reader.packetCount() >= heldFrom) {
          relay.holdUp();
        }
        if (reader.packetCount() == breakAt[broken]) {
          breakAndCheck(pair, random.nextBoolean(), "seed " + seed + ", break " + broken);
          broken++;
          heldFrom = broken < BREAKS ? breakAt[broken] - random.nextInt(MAX_HELD_UP) : 0;
        }
      }

      assertEquals(BREAKS, broken);
      assertTrue(pair.finish(), () -> "seed " + seed + ": not quiet at the end");
      assertEquals(pair.a().dump(), pair.b().dump(), () -> "seed " + seed);
      assertTrue(resent() > BREAKS / 2, () -> "seed " + seed + " broke little that was in flight");
    } finally {
      relay.close();
    }
  }

  /** Only member 1 dials: of two connections that cross one goes, and what it carried is sent again although nothing broke. */
  private NettyPair.Wiring wiring() {
    return new NettyPair.Wiring(
        (member, port) -> {
          if (member == 1) {
            return 0;
          }
          relay = new Relay(port);
          return relay.port();
        },
        Duration.ofMillis(1),
        Duration.ofMillis(4));
  }

  /** @param underWay let everything that is owed leave before, so that the break meets it on its way */
  private void breakAndCheck(NettyPair pair, boolean underWay, String which) {
    SyncNode node = active.member().node();
    if (underWay) {
      relay.holdUp();
      await(() -> node.flush(false), () -> node.accounting(2).queued() == 0, which + ": sent");
    }
    Watched watched = new Watched(node);
    await(relay::breakAll, watched::isConnectedAgain, which + ": connected again");
    assertTrue(pair.settle(active.member()), () -> which + ": not settled");

    long unacknowledged = watched.atBreak.unacknowledged() + watched.sentInLastTurn;
    long owedAgain = resent() - watched.resentBefore;
    assertTrue(
        owedAgain <= unacknowledged,
        () -> which + ": " + owedAgain + " owed again, " + unacknowledged + " unacknowledged");
  }

  /**
   * Looks at the node after each of its turns, so that it knows what was unacknowledged when the node learnt of the break: what was
   * so after the turn before, and what left in that very turn (counters that came to be due, for example).
   */
  private final class Watched {
    private final SyncNode node;
    private Accounting atBreak;
    private long resentBefore;
    private long sentBefore;
    private long sentInLastTurn;
    private boolean wasDown;

    Watched(SyncNode node) {
      this.node = node;
    }

    boolean isConnectedAgain() {
      if (wasDown) {
        return node.isConnected(2);
      }
      wasDown = !node.isConnected(2);
      if (wasDown) {
        sentInLastTurn = sent() - sentBefore;
      } else {
        atBreak = node.accounting(2);
        resentBefore = resent();
        sentBefore = sent();
      }
      return false;
    }
  }

  private void await(Runnable first, BooleanSupplier condition, String what) {
    assertTrue(active.await(first, condition, LIMIT_NS), () -> "not in time: " + what);
  }

  private long sent() {
    return active.member().node().counters().get(SyncCounter.RECORDS_SENT);
  }

  private long resent() {
    return active.member().node().counters().get(SyncCounter.RECORDS_RESENT);
  }
}
