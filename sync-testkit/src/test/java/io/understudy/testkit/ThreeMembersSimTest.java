package io.understudy.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.understudy.model.Direction;
import io.understudy.model.IpProtocol;
import io.understudy.table.PublishResult;
import io.understudy.tables.session.SessionRecord;
import io.understudy.testkit.check.Convergence;
import io.understudy.testkit.sim.Death;
import io.understudy.track.SessionFacts;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** One holder and two others, of which one is cut off from the other. */
class ThreeMembersSimTest {
  private static final long MS = 1_000_000;
  private static final int SESSIONS = 100;

  private final SimCluster sim = new SimCluster(13, SimSettings.of(3, 1, 1, 4_096));

  @BeforeEach
  void startWithSessions() {
    sim.start();
    sim.runFor(500 * MS);
    for (int i = 0; i < SESSIONS; i++) {
      assertEquals(PublishResult.QUEUED, publish(1, i, 1, 0));
    }
    sim.runFor(500 * MS);
    assertTrue(sim.node(1).mayDecide(1));
  }

  private PublishResult publish(int node, int i, int forward, int reverse) {
    SessionRecord record = sim.node(node).sessions4().newRecord();
    record.key4(0, IpProtocol.UDP, 0x0a000001 + i, 1_000 + i, 0xc0a80001, 53);
    SessionFacts facts = new SessionFacts();
    facts.load(new long[] {0, 0, (long) forward << 10 | reverse}, 0);
    record.facts(facts).policy(i).zones(1, 2).timeoutClass(9);
    record.count(Direction.FORWARD, 1, 60);
    return sim.node(node).sessions4().publish(record, 1, 0, 0, sim.nowNs());
  }

  /** Member 3 sees replies, and member 2 does not hear it. */
  private void member3TellsMember1() {
    sim.network().faults().cutAll(2, 3);
    sim.runFor(100 * MS);
    for (int i = 0; i < SESSIONS; i++) {
      assertEquals(PublishResult.QUEUED, publish(3, i, 0, 1));
    }
    sim.runFor(100 * MS);
    assertEquals(sim.dump(1, false), sim.dump(3, false));
  }

  @Test
  void factsThatAMemberToldTheHolderAloneReachTheThirdFromThere() {
    member3TellsMember1();

    assertEquals(sim.dump(1, false), sim.dump(2, false));
  }

  @Test
  void factsThatAMemberToldTheHolderBeforeItDiedAreEverywhereWhenItIsBack() {
    member3TellsMember1();
    sim.node(3).kill(Death.SILENT);
    sim.runFor(1_000 * MS);

    sim.network().faults().healAll();
    sim.node(3).start();
    sim.runFor(3_000 * MS);

    Convergence.check(sim);
  }

  @Test
  void factsThatAHoldersRecordLacksAreToldToIt() {
    sim.network().faults().cutAll(1, 2);
    member3TellsMember1();
    assertNotEquals(sim.dump(1, false), sim.dump(2, false));
    sim.node(3).kill(Death.SILENT);
    sim.runFor(3_000 * MS);
    assertTrue(sim.node(2).mayDecide(1));

    sim.network().faults().healAll();
    sim.runFor(5_000 * MS);

    assertTrue(sim.node(2).mayDecide(1));
    assertEquals(sim.dump(1, false), sim.dump(2, false));
    assertTrue(sim.dump(2).get(0).contains("facts=1,0,0,0/1,0,0,0"), sim.dump(2).get(0));
  }
}
