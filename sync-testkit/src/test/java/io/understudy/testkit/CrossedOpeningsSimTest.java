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
import io.understudy.transport.LinkKind;
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

  /** Simulation seed 261: the create was acknowledged and not applied, since the key had a tombstone of the other group. */
  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7, 8}) // in some of them the create and the delete cross
  void sessionIsCreatedBesideTheTombstoneOfAnotherGroup(int seed) {
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
    assertEquals(PublishResult.STORED, remove(1, 0), "nobody heard of it");

    sim.network().settings(PathSettings.DEFAULT.withDelay(5 * MS, MS));
    sim.network().faults().healAll();
    sim.runFor(3_000 * MS);

    assertTrue(sim.node(1).mayDecide(2) && sim.node(2).mayDecide(1));
    assertEquals(1, sim.dump(1).size());
    Convergence.check(sim);
  }

  /** Simulation seed 458: the holder's own session began again, when the offer that had joined it arrived after its tombstone was gone. */
  @Test
  void sessionThatEndedWhileAnOfferOfItWasDelayedStaysEnded() {
    int delayed = startWithStreamsOnTwoLinks();
    sim.network().faults().stallOneWay(1, 2, delayed, 300 * MS);
    publish(1, 1, 0, OPENING);
    publish(2, 2, 1, OPENING); // so that the next generation is the higher one
    publish(2, 2, 0, OPENING_AND_MORE);
    sim.runFor(10 * MS);
    assertEquals(2, sim.dump(1).size());
    end(2, 0);

    sim.runFor(3_000 * MS);

    assertEquals(1, sim.dump(2).size());
    Convergence.check(sim);
  }

  /** Starts a cluster in which the members chose different links for their streams; answers that of member 1. */
  private int startWithStreamsOnTwoLinks() {
    for (int seed = 1; seed < 100; seed++) {
      sim = new SimCluster(seed, SimSettings.of(2, 2, 2, 4_096));
      sim.network().settings(PathSettings.DEFAULT.withDelay(MS, MS));
      sim.start();
      sim.runFor(1_000 * MS);
      if (link(1, 2) != link(2, 1)) {
        return link(1, 2);
      }
    }
    throw new AssertionError("in 100 clusters the members chose the same link");
  }

  /** The link that carried the bulk's marks. */
  private int link(int from, int to) {
    long first = sim.network().traffic(from, to, 0, LinkKind.DATA).sentBytes();
    return first > sim.network().traffic(from, to, 1, LinkKind.DATA).sentBytes() ? 0 : 1;
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
    assertEquals(PublishResult.QUEUED, remove(node, i));
  }

  private PublishResult remove(int node, int i) {
    SessionTable table = sim.node(node).sessions4();
    return table.remove(key(table, i), HotTable.URGENT, sim.nowNs());
  }
}
