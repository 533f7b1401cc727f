package io.understudy.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.understudy.model.Direction;
import io.understudy.model.IpProtocol;
import io.understudy.model.Role;
import io.understudy.table.PublishResult;
import io.understudy.tables.session.SessionRecord;
import io.understudy.testkit.sim.Death;
import io.understudy.track.SessionFacts;
import org.junit.jupiter.api.Test;

class TwoNodesSimTest {
  private static final long MS = 1_000_000;

  private final SimCluster sim = new SimCluster(1, 2, 1, 1, 4096);

  private PublishResult publish(int node, int i) {
    SessionRecord r = sim.node(node).sessions4().newRecord();
    r.key4(0, IpProtocol.UDP, 0x0a000001 + i, 1000 + i % 60000, 0xc0a80001, 53);
    SessionFacts facts = new SessionFacts();
    r.facts(facts).policy(i).zones(1, 2).timeoutClass(9);
    r.count(Direction.FORWARD, 1, 60);
    return sim.node(node).sessions4().publish(r, 1, 0, 0, sim.clock().nanoTime());
  }

  @Test
  void standbyHasWhatTheActiveHasAndTakesOver() {
    sim.start();
    sim.runFor(500 * MS);
    assertEquals(Role.ACTIVE, sim.node(1).node().role(1));
    assertEquals(Role.STANDBY, sim.node(2).node().role(1));

    for (int i = 0; i < 1000; i++) {
      assertEquals(PublishResult.QUEUED, publish(1, i));
    }
    sim.runFor(2000 * MS);
    assertEquals(1000, sim.dump(1).size());
    assertEquals(sim.dump(1), sim.dump(2));

    sim.node(1).kill(Death.CLOSED);
    sim.runFor(2000 * MS);
    assertEquals(Role.STANDALONE, sim.node(2).node().role(1));
    assertTrue(sim.node(2).node().mayDecide(1, sim.clock().nanoTime()));
    assertEquals(PublishResult.QUEUED, publish(2, 2000));
    sim.node(1).start();
    sim.runFor(2000 * MS);
    assertEquals(Role.ACTIVE, sim.node(2).node().role(1));
    assertEquals(1001, sim.dump(1).size());
    assertEquals(sim.dump(2), sim.dump(1));
  }
}
