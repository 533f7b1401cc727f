package io.understudy.testkit;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.understudy.model.Direction;
import io.understudy.model.IpProtocol;
import io.understudy.table.HotTable;
import io.understudy.tables.session.SessionRecord;
import io.understudy.tables.session.SessionTable;
import io.understudy.testkit.sim.Death;
import io.understudy.track.SessionFacts;
import org.junit.jupiter.api.Test;

/** A standby is closed while it owes the holder something, and the holder dies: the other standby need not wait for it. */
class ClosingStandbySimTest {
  private static final long MS = 1_000_000;
  private static final int SESSIONS = 10;

  /** Five intervals of 100 ms and a quarter, an interval, and what a question takes. */
  private static final long TAKEOVER_NS = 900 * MS;

  private final SimCluster sim = new SimCluster(1, 3, 1, 1, 1_024);

  private SessionRecord record(int node, int i) {
    return sim.node(node)
        .sessions4()
        .newRecord()
        .key4(0, IpProtocol.UDP, i, 1_000, 0xC0A80001, 53)
        .facts(new SessionFacts())
        .policy(1)
        .zones(1, 2);
  }

  @Test
  void closingStandbyHoldsNoTakeoverBack() {
    sim.start();
    sim.runFor(1_000 * MS);
    for (int i = 0; i < SESSIONS; i++) {
      sim.node(1).sessions4().publish(record(1, i), 1, 0, HotTable.URGENT, sim.nowNs());
    }
    sim.runFor(500 * MS);
    SessionTable standbys = sim.node(3).sessions4();
    for (int i = 0; i < SESSIONS; i++) {
      standbys.touch(record(3, i), Direction.REVERSE, 1, 60, sim.nowNs());
    }
    sim.network().faults().cutAll(1, 3);
    sim.node(3).close();
    sim.runFor(10 * MS);
    sim.node(1).kill(Death.SILENT);
    long diedNs = sim.nowNs();

    sim.clock().runUntil(() -> sim.node(2).mayDecide(1), 5_000 * MS);

    assertTrue(sim.node(2).mayDecide(1));
    assertTrue(sim.nowNs() - diedNs <= TAKEOVER_NS, "after " + (sim.nowNs() - diedNs) / MS + " ms");
  }
}
