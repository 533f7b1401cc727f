package io.understudy.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.understudy.model.Direction;
import io.understudy.model.IpProtocol;
import io.understudy.table.PublishResult;
import io.understudy.tables.session.SessionRecord;
import io.understudy.testkit.check.Convergence;
import io.understudy.track.SessionFacts;
import org.junit.jupiter.api.Test;

/** Two members that each hold a group, and sessions of both groups on one key. */
class TwoGroupsSimTest {
  private static final long MS = 1_000_000;
  private static final int KEPT_BACK = 7;

  private final SimCluster sim = new SimCluster(11, SimSettings.of(2, 2, 1, 4_096));

  private SessionRecord record(int node, int i) {
    SessionRecord record = sim.node(node).sessions4().newRecord();
    return record.key4(0, IpProtocol.UDP, 0x0a000001 + i, 1_000 + i, 0xc0a80001, 53);
  }

  private PublishResult publish(int node, int i, int group, int exclusion) {
    return publish(node, i, group, exclusion, 1);
  }

  private PublishResult publish(int node, int i, int group, int exclusion, int bits) {
    SessionFacts facts = new SessionFacts();
    facts.load(new long[] {0, 0, (long) bits << 10}, 0);
    SessionRecord record = record(node, i);
    record.facts(facts).policy(i).zones(1, 2).timeoutClass(9);
    record.count(Direction.FORWARD, 1, 60);
    return sim.node(node).sessions4().publish(record, group, exclusion, 0, sim.nowNs());
  }

  /** Each member takes the other's group, and when the split heals each has lost its own. */
  private void healAndSettle() {
    sim.runFor(2_000 * MS);
    assertTrue(sim.node(1).mayDecide(2));
    assertTrue(sim.node(2).mayDecide(1));
    sim.network().faults().healAll();
    sim.runFor(5_000 * MS);
    assertTrue(sim.node(1).mayDecide(2));
    assertTrue(sim.node(2).mayDecide(1));
  }

  private void startAndSplit() {
    sim.start();
    sim.runFor(500 * MS);
    assertTrue(sim.node(1).mayDecide(1));
    assertTrue(sim.node(2).mayDecide(2));
    sim.network().faults().cutAll(1, 2);
  }

  @Test
  void sessionKeptBackInALostGroupGivesItsKeyToACandidate() {
    startAndSplit();
    assertEquals(PublishResult.QUEUED, publish(2, 0, 2, 0));
    for (int i = 1; i < 10; i++) {
      publish(1, i, 1, 0); // so that the generation of the one kept back is higher
    }
    assertEquals(PublishResult.STORED, publish(1, 0, 1, KEPT_BACK));

    healAndSettle();

    assertEquals(10, sim.dump(1).size());
    Convergence.check(sim);
  }

  @Test
  void factsThatJoinedASessionReachTheirCreatorThatEndedItsOwn() {
    sim.start();
    sim.runFor(500 * MS);
    for (int i = 1; i < 10; i++) {
      publish(1, i, 1, 0); // so that the other's generation is the lower one
    }
    sim.network().faults().stallOneWay(2, 1, 0, 100 * MS);
    assertEquals(PublishResult.QUEUED, publish(2, 0, 2, 0, 5));
    sim.runFor(10 * MS);
    assertEquals(
        PublishResult.QUEUED, sim.node(2).sessions4().remove(record(2, 0), 0, sim.nowNs()));
    assertEquals(PublishResult.QUEUED, publish(1, 0, 1, 0, 1));

    sim.runFor(3_000 * MS);

    assertEquals(10, sim.dump(2).size());
    Convergence.check(sim);
  }
}
