package io.understudy.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.understudy.metrics.SyncCounter;
import io.understudy.model.Direction;
import io.understudy.model.IpProtocol;
import io.understudy.model.Role;
import io.understudy.table.HotTable;
import io.understudy.table.PublishResult;
import io.understudy.tables.session.SessionRecord;
import io.understudy.tables.session.SessionTable;
import io.understudy.testkit.check.Convergence;
import io.understudy.testkit.sim.Death;
import io.understudy.track.SessionFacts;
import org.junit.jupiter.api.Test;

/** Two members through deaths, returns, splits and sleep, one story each. */
class TakeoverSimTest {
  private static final long MS = 1_000_000;
  private static final int SESSIONS = 500;

  private final SimCluster sim = new SimCluster(7, SimSettings.of(2, 1, 1, 4_096));

  private void startWithSessions(int count) {
    sim.start();
    sim.runFor(500 * MS);
    for (int i = 0; i < count; i++) {
      assertEquals(PublishResult.QUEUED, publish(sim, 1, i));
    }
    sim.runFor(1_000 * MS);
  }

  private static PublishResult publish(SimCluster sim, int node, int i) {
    SessionRecord record = sim.node(node).sessions4().newRecord();
    record.key4(0, IpProtocol.UDP, 0x0a000001 + i, 1_000 + i % 60_000, 0xc0a80001, 53);
    record.facts(new SessionFacts()).policy(i).zones(1, 2).timeoutClass(9);
    record.count(Direction.FORWARD, 1, 60);
    return sim.node(node).sessions4().publish(record, 1, 0, 0, sim.nowNs());
  }

  private static PublishResult end(SimCluster sim, int node, int i) {
    SessionRecord record = sim.node(node).sessions4().newRecord();
    record.key4(0, IpProtocol.UDP, 0x0a000001 + i, 1_000 + i % 60_000, 0xc0a80001, 53);
    return sim.node(node).sessions4().remove(record, 0, sim.nowNs());
  }

  @Test
  void oldActiveThatReturnsEmptyAfterATakeoverRemovesNothing() {
    startWithSessions(SESSIONS);
    sim.node(1).kill(Death.RESET);
    sim.runFor(3_000 * MS);
    assertTrue(sim.node(2).mayDecide(1));

    sim.node(1).start();
    sim.runFor(3_000 * MS);

    assertEquals(SESSIONS, sim.dump(2).size());
    assertEquals(Role.ACTIVE, sim.node(2).node().role(1));
    Convergence.check(sim);
  }

  @Test
  void activeThatIsBackEmptyBeforeAnyoneNoticedRemovesNothing() {
    startWithSessions(SESSIONS);
    for (Death death : Death.values()) {
      SimNode active = sim.holder(1);
      active.kill(death);
      sim.runFor(45 * MS);
      active.start();
      sim.runFor(5_000 * MS);

      assertEquals(SESSIONS, sim.dump(1).size(), "after " + death);
      assertEquals(0, sim.node(1).node().counters().get(SyncCounter.SWEPT), "after " + death);
      Convergence.check(sim);
    }
  }

  @Test
  void standbyKilledAndBackEmptyComesBackTheSameWay() {
    startWithSessions(SESSIONS);
    sim.node(2).kill(Death.SILENT);
    sim.runFor(200 * MS);
    for (int i = 0; i < SESSIONS; i += 2) {
      assertEquals(PublishResult.QUEUED, end(sim, 1, i));
    }
    sim.node(2).start();
    sim.runFor(5_000 * MS);

    assertEquals(SESSIONS / 2, sim.dump(2).size());
    Convergence.check(sim);
  }

  @Test
  void standbyStartedLateGetsAllSessionsWhileTheyChange() {
    SimCluster large = new SimCluster(8, SimSettings.of(2, 1, 1, 200_000));
    large.node(1).start();
    large.runFor(11_000 * MS);
    for (int i = 0; i < 100_000; i++) {
      assertEquals(PublishResult.STORED, stored(publish(large, 1, i)));
    }
    large.node(2).start();
    for (int i = 0; i < 1_000; i++) { // 1,000 changes a second
      large.runFor(MS);
      changeOne(large, i);
    }
    large.runFor(5_000 * MS);
    Convergence.check(large);

    large.node(2).kill(Death.RESET);
    large.runFor(20 * MS);
    large.node(2).start();
    for (int i = 0; i < 1_000; i++) {
      large.runFor(MS);
      changeOne(large, i + 1_000);
    }
    large.runFor(5_000 * MS);
    Convergence.check(large);
    assertEquals(100_000, large.dump(2).size());
  }

  /** Nobody is there who could be owed anything, or is. */
  private static PublishResult stored(PublishResult result) {
    return result == PublishResult.QUEUED ? PublishResult.STORED : result;
  }

  private static void changeOne(SimCluster cluster, int i) {
    if (i % 2 == 0) {
      end(cluster, 1, i * 37 % 100_000);
      publish(cluster, 1, i * 37 % 100_000);
    } else {
      publish(cluster, 1, i * 41 % 100_000);
    }
  }

  @Test
  void secondLiveProcessWithTheSameNodeIdIsRefused() {
    startWithSessions(SESSIONS);
    SimNode twin = sim.twinOf(1);
    twin.start();
    sim.runFor(5_000 * MS);

    assertTrue(sim.node(2).node().counters().get(SyncCounter.HELLO_REFUSED) > 0);
    assertTrue(sim.node(1).mayDecide(1));
    assertFalse(twin.mayDecide(1));
    assertEquals(SESSIONS, sim.dump(2).size());
  }

  @Test
  void processThatSleptIsFencedBeforeItWakes() {
    startWithSessions(SESSIONS);
    sim.node(1).pause();
    sim.runFor(3_000 * MS);

    assertFalse(sim.node(1).mayDecide(1)); // what its dataplane is told the moment it wakes
    assertTrue(sim.node(2).mayDecide(1));
    sim.node(1).resume();
    assertFalse(sim.node(1).mayDecide(1));
    sim.runFor(5_000 * MS);
    assertEquals(Role.STANDBY, sim.node(1).node().role(1));
    Convergence.check(sim);
  }

  @Test
  void loserOfASplitOffersWhatItLearnt() {
    startWithSessions(SESSIONS);
    sim.network().faults().cutAll(1, 2);
    sim.runFor(2_000 * MS);
    assertTrue(sim.node(2).mayDecide(1));
    assertTrue(sim.node(1).mayDecide(1));
    assertEquals(PublishResult.QUEUED, publish(sim, 1, 1_001));
    assertEquals(PublishResult.QUEUED, publish(sim, 2, 1_002));
    sim.runFor(500 * MS);

    sim.network().faults().healAll();
    sim.runFor(5_000 * MS);

    assertEquals(SESSIONS + 2, sim.dump(1).size());
    Convergence.check(sim);
  }

  /** Simulation seed 398: the loser counted packets of a session that it had withdrawn from backup, and the winner had not. */
  @Test
  void loserOfASplitTellsWhatItSawOfASessionThatItKeptBack() {
    startWithSessions(1);
    sim.network().faults().cutAll(1, 2);
    sim.runFor(100 * MS);
    SessionTable table = sim.node(1).sessions4();
    SessionRecord record = table.newRecord();
    record.key4(0, IpProtocol.UDP, 0x0a000001, 1_000, 0xc0a80001, 53);
    assertTrue(table.lookup(record));
    SessionFacts facts = new SessionFacts();
    facts.load(new long[] {0, 0, 1}, 0);
    table.publish(record.facts(facts), 1, 7, HotTable.WITHDRAW, sim.nowNs());
    table.touch(record, Direction.REVERSE, 1, 60, sim.nowNs());
    sim.runFor(2_000 * MS);
    assertTrue(sim.node(2).mayDecide(1));

    sim.network().faults().healAll();
    sim.runFor(5_000 * MS);

    assertTrue(sim.node(2).mayDecide(1));
    assertEquals(1, sim.dump(1).size());
    Convergence.check(sim);
  }

  @Test
  void memberThatClaimedEmptyWhileItWasCutOffRemovesNothing() {
    startWithSessions(SESSIONS);
    sim.network().faults().cutAll(1, 2);
    for (int life = 0; life < 3; life++) { // its term's number rises with each
      sim.node(2).kill(Death.SILENT);
      sim.node(2).start();
      sim.runFor(12_000 * MS);
      assertTrue(sim.node(2).mayDecide(1));
    }
    publish(sim, 1, 1_001);
    publish(sim, 2, 1_002);

    sim.network().faults().healAll();
    sim.runFor(5_000 * MS);

    assertTrue(sim.node(1).mayDecide(1));
    assertEquals(0, sim.node(1).node().counters().get(SyncCounter.SWEPT));
    assertEquals(SESSIONS + 2, sim.dump(1).size());
    Convergence.check(sim);
  }
}
