package io.understudy.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.understudy.model.Direction;
import io.understudy.model.IpProtocol;
import io.understudy.table.HotTable;
import io.understudy.tables.session.SessionRecord;
import io.understudy.tables.session.SessionTable;
import io.understudy.testkit.check.Convergence;
import io.understudy.track.SessionFacts;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** One key that sessions of two groups use one after the other, or at once; what the slot remembers of the former one. */
class KeyOfTwoGroupsSimTest {
  private static final long MS = 1_000_000;
  private static final int KEPT_BACK = 7;

  private final SimCluster sim = new SimCluster(9, SimSettings.of(2, 2, 1, 4_096));

  /** Member 1 waits for nobody and holds both groups; member 2 comes later. */
  private void startWithBothGroupsAtMember1() {
    startWithBothGroupsAtMember1(false);
  }

  /** @param full the store of member 2, once it has begun */
  private void startWithBothGroupsAtMember1(boolean full) {
    sim.node(1).start();
    sim.runFor(11_000 * MS);
    sim.node(2).start();
    sim.node(2).store().setFull(full);
    sim.runFor(1_000 * MS);
    assertTrue(sim.node(1).mayDecide(1) && sim.node(1).mayDecide(2));
    publish(1, 1, 0, 1);
    sim.runFor(200 * MS);
    assertEquals(1, sim.dump(2).size());
    sim.network().faults().cutAll(1, 2);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, KEPT_BACK})
  void endOfANewerSessionOfAnotherGroupEndsTheOlderOneToo(int exclusion) {
    startWithBothGroupsAtMember1();
    end(1);
    publish(1, 2, exclusion, 1);
    if (exclusion == 0) {
      end(1);
    }

    sim.runFor(100 * MS);
    sim.network().faults().healAll();
    sim.runFor(3_000 * MS);

    assertTrue(sim.node(1).mayDecide(1) && sim.node(1).mayDecide(2));
    assertEquals(0, sim.dump(2).size());
  }

  /** Simulation seed 884: the end of a session was owed in the group that had taken its slot, and that group was lost. */
  @ParameterizedTest
  @ValueSource(ints = {0, KEPT_BACK})
  void endIsToldThoughTheGroupThatTookTheSlotIsLost(int exclusion) {
    sim.node(1).store().restore(StoredTerms.of(1, StoredTerms.HIGH));
    startWithBothGroupsAtMember1(true); // group 1 has no number in its reserve: it claims 2 alone
    end(1);
    publish(1, 2, exclusion, 1);
    if (exclusion == 0) {
      end(1);
    }
    sim.runFor(1_200 * MS);
    assertTrue(sim.node(2).mayDecide(2));
    assertFalse(sim.node(2).mayDecide(1));

    sim.network().faults().healAll();
    sim.runFor(3_000 * MS);

    assertTrue(sim.node(1).mayDecide(1) && sim.node(2).mayDecide(2));
    assertEquals(0, sim.dump(2).size());
  }

  @Test
  void candidateThatJoinsAnotherGroupsSessionBringsTheFactsTogether() {
    sim.start();
    sim.runFor(1_000 * MS);
    sim.network().faults().cutAll(1, 2);
    publish(2, 2, 0, 0x3);
    for (int i = 0; i < 3; i++) { // so that its generation is the higher one
      publish(1, 1, 0, 0x5);
      end(1);
    }
    publish(1, 1, 0, 0x5);

    sim.runFor(2_000 * MS);
    sim.network().faults().healAll();
    sim.runFor(3_000 * MS);

    assertEquals(0x7, forwardBits(1));
    assertEquals(0x7, forwardBits(2));
    Convergence.check(sim);
  }

  private static SessionRecord key(SessionTable table) {
    SessionRecord record = table.newRecord();
    record.key4(0, IpProtocol.UDP, 0x0a000001, 1_000, 0xc0a80001, 53);
    return record;
  }

  private void publish(int node, int group, int exclusion, int forwardBits) {
    SessionTable table = sim.node(node).sessions4();
    SessionFacts facts = new SessionFacts();
    facts.load(new long[] {0, 0, (long) forwardBits << 10}, 0);
    SessionRecord record = key(table).facts(facts).policy(1).zones(1, 2).timeoutClass(9);
    table.publish(record, group, exclusion, HotTable.URGENT, sim.nowNs());
  }

  private void end(int node) {
    SessionTable table = sim.node(node).sessions4();
    table.remove(key(table), HotTable.URGENT, sim.nowNs());
  }

  private int forwardBits(int node) {
    SessionTable table = sim.node(node).sessions4();
    SessionRecord record = key(table);
    assertTrue(table.lookup(record));
    SessionFacts facts = new SessionFacts();
    record.loadFacts(facts);
    return facts.bits(Direction.FORWARD);
  }
}
