package io.understudy.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.understudy.metrics.SyncCounter;
import io.understudy.model.Direction;
import io.understudy.model.IpProtocol;
import io.understudy.model.Term;
import io.understudy.table.HotTable;
import io.understudy.tables.session.SessionRecord;
import io.understudy.testkit.check.Convergence;
import io.understudy.testkit.sim.Death;
import io.understudy.track.SessionFacts;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * The holder is back empty, and the only member with history cannot store its claim: what it saw of the sessions is of a
 * term that the former holder no longer knows, and is dropped until there is a new one. The former holder's numbers are used up, or it would
 * claim in place of a member that cannot.
 */
class StaleTermSimTest {
  private static final long MS = 1_000_000;
  private static final int SESSIONS = 2_000;
  private static final int GROUP = 1;

  private final SimCluster sim = new SimCluster(5, SimSettings.of(2, 1, 1, 4_096));

  @BeforeEach
  void holderComesBackEmptyAndTheOtherCannotClaim() {
    sim.node(1).store().restore(StoredTerms.of(GROUP, StoredTerms.HIGH));
    sim.start();
    sim.node(2).store().setFull(true);
    sim.runFor(3_000 * MS);
    for (int i = 0; i < SESSIONS; i++) {
      see(1, i, 1, 0);
    }
    sim.runFor(500 * MS);
    assertTrue(sim.node(2).node().isFlushed(1));
    sim.node(1).kill(Death.CLOSED);
    sim.node(1).store().restore(StoredTerms.of(GROUP, Term.MAX_NUMBER));
    for (int i = 0; i < SESSIONS; i++) {
      see(2, i, 1, 1);
    }
    sim.node(1).start();
    sim.runFor(300 * MS);
    assertTrue(sim.node(2).node().isConnected(1));
    assertFalse(sim.node(2).node().role(GROUP).isHolder(), "its store took the claim");
    assertTrue(sim.node(2).node().counters().get(SyncCounter.STORE_FAILURES) > 0, "not counted");
  }

  /** Without a pause it was each round trip of 0.1 ms. */
  @Test
  void whatIsDroppedForItsTermIsSentAgainOncePerPauseOnly() {
    long droppedBefore = dropped();
    long sentBefore = sent();

    sim.runFor(400 * MS);

    long sent = sent() - sentBefore;
    assertTrue(dropped() > droppedBefore, "nothing was dropped");
    assertTrue(sent <= 21L * SESSIONS, sent + " records sent in 400 ms");
  }

  @Test
  void whatWasDroppedLeavesAsSoonAsThereIsANewTerm() {
    sim.node(2).store().setFull(false);
    int claimMs = msUntil(() -> sim.node(2).mayDecide(GROUP));
    int syncMs = msUntil(() -> sim.node(2).node().isInSync(1, GROUP));

    assertTrue(claimMs > 0, "it could claim all the time");
    // 4 ms if the pause went on, which began 16 ms before
    assertTrue(syncMs <= 2, "the new term's first " + syncMs + " ms were waited away");
    sim.runFor(1_000 * MS);
    assertEquals(SESSIONS, sim.dump(1).size());
    Convergence.check(sim);
  }

  private int msUntil(BooleanSupplier condition) {
    int ms = 0;
    while (!condition.getAsBoolean() && ms < 3_000) {
      sim.runFor(MS);
      ms++;
    }
    return ms;
  }

  private long dropped() {
    return sim.node(1).node().counters().get(SyncCounter.STALE_TERM_BATCHES);
  }

  private long sent() {
    return sim.node(2).node().counters().get(SyncCounter.RECORDS_SENT);
  }

  /** A member saw packets of a session in these directions. */
  private void see(int node, int i, int forward, int reverse) {
    SessionFacts facts = new SessionFacts();
    facts.load(new long[] {0, 0, (long) forward << 10 | reverse}, 0);
    SessionRecord record = sim.node(node).sessions4().newRecord();
    record.key4(0, IpProtocol.UDP, 0x0a000001 + i, 1_000 + i, 0xc0a80001, 53);
    record.facts(facts).policy(1).zones(1, 2).count(Direction.FORWARD, 1, 60);
    sim.node(node).sessions4().publish(record, GROUP, 0, HotTable.URGENT, sim.nowNs());
  }
}
