package io.understudy.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.understudy.model.IpProtocol;
import io.understudy.table.HotTable;
import io.understudy.table.PublishResult;
import io.understudy.tables.session.SessionRecord;
import io.understudy.tables.session.SessionTable;
import io.understudy.testkit.check.Convergence;
import io.understudy.testkit.sim.PathSettings;
import io.understudy.track.SessionFacts;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Two members that each hold a group create a session on the same key, and the records cross. */
class CrossedOpeningsSimTest {
  private static final long MS = 1_000_000;
  private static final int FORWARD_SHIFT = 10;
  private static final int OPENING = 1;
  private static final int OPENING_AND_MORE = 3;

  private SimCluster sim = new SimCluster(3, SimSettings.of(2, 2, 1, 4_096));

  /** Simulation seeds 278, 302, 383 and 386: the member with the lower generation ended its record before the higher one arrived. */
  @Test
  void factsOfALowerGenerationReachTheMemberThatEndedIt() {
    sim.start();
    sim.runFor(1_000 * MS);
    assertTrue(sim.node(1).mayDecide(1) && sim.node(2).mayDecide(2));
    sim.network().settings(1, 2, 0, PathSettings.DEFAULT.withDelay(50 * MS, 0));
    publish(2, 2, 0, OPENING_AND_MORE);
    publish(1, 1, 1, OPENING); // so that the next generation is the higher one
    publish(1, 1, 0, OPENING);
    sim.runFor(10 * MS);

    end(2, 0);
    sim.runFor(1_000 * MS);

    assertEquals(2, sim.dump(1).size());
    Convergence.check(sim);
  }

  /** Simulation seed 261: the create was acknowledged and not applied, since the key's slot held a tombstone of the other group. */
  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7, 8}) // in some of them the create and the delete cross
  void sessionIsCreatedOnceTheTombstoneOfAnotherGroupIsSettled(int seed) {
    sim = new SimCluster(seed, SimSettings.of(2, 2, 1, 4_096));
    sim.start();
    sim.runFor(1_000 * MS);
    publish(1, 1, 0, OPENING);
    sim.runFor(100 * MS);
    sim.network().faults().cutAll(1, 2);
    sim.runFor(2_000 * MS);
    assertTrue(sim.node(1).mayDecide(2) && sim.node(2).mayDecide(1));
    end(1, 0);
    publish(1, 2, 0, OPENING);
    end(1, 0);

    sim.network().settings(PathSettings.DEFAULT.withDelay(5 * MS, MS));
    sim.network().faults().healAll();
    sim.runFor(3_000 * MS);

    assertTrue(sim.node(1).mayDecide(2) && sim.node(2).mayDecide(1));
    assertEquals(1, sim.dump(1).size());
    Convergence.check(sim);
  }

  private static SessionRecord key(SessionTable table, int i) {
    SessionRecord record = table.newRecord();
    record.key4(0, IpProtocol.UDP, 0x0a000001 + i, 1_000, 0xc0a80001, 53);
    return record;
  }

  private void publish(int node, int group, int i, int forwardBits) {
    SessionTable table = sim.node(node).sessions4();
    SessionFacts facts = new SessionFacts();
    facts.load(new long[] {0, 0, (long) forwardBits << FORWARD_SHIFT}, 0);
    SessionRecord record = key(table, i).facts(facts).policy(1).zones(1, 2).timeoutClass(9);
    assertEquals(
        PublishResult.QUEUED, table.publish(record, group, 0, HotTable.URGENT, sim.nowNs()));
  }

  private void end(int node, int i) {
    SessionTable table = sim.node(node).sessions4();
    assertEquals(PublishResult.QUEUED, table.remove(key(table, i), HotTable.URGENT, sim.nowNs()));
  }
}
