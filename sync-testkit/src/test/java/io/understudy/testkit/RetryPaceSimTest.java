package io.understudy.testkit;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.understudy.metrics.SyncCounter;
import io.understudy.model.Direction;
import io.understudy.model.IpProtocol;
import io.understudy.table.HotTable;
import io.understudy.tables.session.SessionRecord;
import io.understudy.tables.session.SessionTable;
import io.understudy.testkit.sim.PathSettings;
import io.understudy.track.SessionFacts;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Streams that wait long for company, and send a single change at once: what is to wait for 20 ms waits all the same. */
class RetryPaceSimTest {
  private static final long MS = 1_000_000;

  private final SimCluster sim = new SimCluster(1, settings());

  private static SimSettings settings() {
    MemberSettings own = MemberSettings.DEFAULT.withBatching(Duration.ofMillis(100));
    return new SimSettings(
        3,
        1,
        1,
        List.of(1_024, 1_024, 1_024),
        1 << 20,
        Duration.ofSeconds(2),
        PathSettings.DEFAULT,
        Collections.nCopies(3, own));
  }

  /** Seed 22001796: 10,000 times a second while the holder's path was cut. */
  @Test
  void recordThatIsRefusedAsUnknownIsTriedAgainAfter20Ms() {
    sim.start();
    sim.runFor(1_000 * MS);
    sim.network().faults().cutOneWay(1, 3, 0);
    see(1, 0);
    sim.runFor(20 * MS);
    see(2, 4);

    sim.runFor(300 * MS);

    long refused = sim.node(3).node().counters().get(SyncCounter.UNKNOWN_HANDLES);
    assertTrue(refused > 1, "it is tried again");
    assertTrue(refused <= 20, refused + " times in 300 ms");
  }

  private void see(int node, int reverse) {
    SessionTable table = sim.node(node).sessions4();
    SessionRecord record = table.newRecord().key4(0, IpProtocol.UDP, 1, 1_000, 2, 53);
    SessionFacts facts = new SessionFacts();
    facts.load(new long[] {0, 0, 1L << 10 | reverse}, 0);
    record.facts(facts).policy(1).zones(1, 2).count(Direction.FORWARD, 1, 60);
    table.publish(record, 1, 0, HotTable.URGENT, sim.nowNs());
  }
}
