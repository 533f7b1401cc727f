package io.understudy.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.understudy.metrics.SyncCounter;
import io.understudy.model.IpProtocol;
import io.understudy.table.HotTable;
import io.understudy.tables.session.SessionRecord;
import io.understudy.tables.session.SessionTable;
import io.understudy.testkit.sim.PathSettings;
import io.understudy.track.SessionFacts;
import io.understudy.wire.InputLimit;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** More sessions end than tombstones may stand, all the time: the peer gets everything again, as often as it allows and no more. */
class DroppedDebtsSimTest {
  private static final long MS = 1_000_000;
  private static final int SECONDS = 26;

  private final SimCluster sim = new SimCluster(1, settings());

  /** An end is acknowledged 20 ms later, and two tombstones may stand. */
  private static SimSettings settings() {
    return new SimSettings(
        2,
        2,
        1,
        List.of(16, 16),
        1 << 20,
        Duration.ofSeconds(2),
        PathSettings.DEFAULT.withDelay(10 * MS, 0));
  }

  private SessionRecord record(int i) {
    return sim.node(1)
        .sessions4()
        .newRecord()
        .key4(0, IpProtocol.UDP, i, 1_000, 0xC0A80001, 53)
        .facts(new SessionFacts())
        .policy(1)
        .zones(1, 2);
  }

  @Test
  void peerGetsEverythingAgainNoMoreOftenThanItAllows() {
    sim.node(1).start(); // and holds both groups
    sim.runFor(2_500 * MS);
    sim.node(2).start();
    sim.runFor(500 * MS);
    SessionTable sessions = sim.node(1).sessions4();

    for (int i = 0; i < SECONDS * 1_000; i++) {
      sessions.publish(record(i), 1, 0, HotTable.URGENT, sim.nowNs());
      if (i >= 20) {
        sessions.remove(record(i - 20), HotTable.URGENT, sim.nowNs());
      }
      sim.runFor(MS);
    }

    long dropped = sim.node(1).node().counters().get(SyncCounter.DEBTS_DROPPED);
    assertTrue(dropped * 2 > InputLimit.BULK_WALKS.high(), dropped + " debts were dropped");
    assertEquals(0, sim.node(2).node().counters().get(SyncCounter.FRAMES_REJECTED));
    sim.runFor(3_000 * MS);
    assertEquals(sim.dump(1), sim.dump(2));
  }
}
