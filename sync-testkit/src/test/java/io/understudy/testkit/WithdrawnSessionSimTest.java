package io.understudy.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.understudy.model.IpProtocol;
import io.understudy.table.HotTable;
import io.understudy.tables.session.SessionRecord;
import io.understudy.tables.session.SessionTable;
import io.understudy.testkit.check.Convergence;
import io.understudy.track.SessionFacts;
import org.junit.jupiter.api.Test;

/** A session that is withdrawn from backup and backed up again. */
class WithdrawnSessionSimTest {
  private static final long MS = 1_000_000;
  private static final int GROUP = 1;
  private static final int KEPT_BACK = 7;

  private final SimCluster sim = new SimCluster(5, 2, 1, 1, 4_096);

  /**
   * Seeds 9200125 and 9200442 of the simulation: the peer ended the session, and began it again without what it had seen of it, which then
   * reached the holder. To the holder it was the peer's own word, which is not told to the peer.
   */
  @Test
  void factsFromBeforeTheWithdrawalAreNotTakenForThePeersKnowledgeAfterIt() {
    sim.start();
    sim.runFor(1_000 * MS);
    assertTrue(sim.node(1).mayDecide(GROUP));
    sim.network().faults().stallOneWay(2, 1, 0, 200 * MS);
    publish(1, 1, 0, 0, 0);
    sim.runFor(20 * MS);
    publish(2, 1, 1, 0, 0);
    sim.runFor(20 * MS);
    publish(1, 1, 0, KEPT_BACK, HotTable.WITHDRAW);
    sim.runFor(20 * MS);
    assertEquals(0, sim.dump(2).size());
    publish(1, 1, 0, 0, 0);
    sim.runFor(20 * MS);
    assertEquals(1, sim.dump(2).size());

    sim.runFor(1_000 * MS);

    assertTrue(sim.node(1).node().isFlushed(2));
    assertEquals(1, sim.node(1).node().accounting(2).acknowledged());
    assertEquals(sim.dump(1), sim.dump(2));
    Convergence.check(sim);
  }

  private void publish(int node, int forward, int reverse, int exclusion, int options) {
    SessionTable table = sim.node(node).sessions4();
    SessionFacts facts = new SessionFacts();
    facts.load(new long[] {0, 0, (long) forward << 10 | reverse}, 0);
    SessionRecord record = key(table);
    record.facts(facts).zones(1, 2).timeoutClass(9);
    table.publish(record, GROUP, exclusion, options | HotTable.URGENT, sim.nowNs());
  }

  private static SessionRecord key(SessionTable table) {
    return table.newRecord().key4(0, IpProtocol.UDP, 0x0a000001, 1_000, 0xc0a80001, 53);
  }
}
