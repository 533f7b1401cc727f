package io.understudy.testkit.check;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.understudy.model.IpProtocol;
import io.understudy.table.HotTable;
import io.understudy.table.Partition;
import io.understudy.table.Row;
import io.understudy.tables.session.SessionRecord;
import io.understudy.tables.session.SessionTable;
import io.understudy.testkit.SimCluster;
import io.understudy.testkit.SimFailure;
import io.understudy.testkit.SimSettings;
import io.understudy.testkit.sim.PathSettings;
import io.understudy.track.SessionFacts;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class NothingLostTest {
  private static final long MS = 1_000_000;
  private static final long STALL_NS = 500 * MS;

  /** The word of the facts that has the bits of both directions. */
  private static final int BITS = 2;

  /** Member 3 has a small table, so that one partition of it is soon full. */
  private final SimCluster sim =
      new SimCluster(
          1,
          new SimSettings(
              3,
              1,
              1,
              List.of(4_096, 4_096, 1_024),
              1 << 20,
              Duration.ofSeconds(2),
              PathSettings.DEFAULT));

  private final RowWatch checker = new RowWatch(sim, new NothingLost(sim));
  private int first = -1;
  private int last = -1;

  /**
   * Simulation seed 376: the holder heard of the room at member 3 and introduced the session there; member 2, whose facts had been
   * refused too, had not heard of it yet, saw more, and told the holder, which tells member 3.
   */
  @Test
  void factsOfAMemberThatHasNotHeardOfRoomComeFromTheHolder() {
    CheckedSteps.start(sim);
    publishUntilMember3IsFull();
    see(2, 1);
    step(20 * MS);
    assertTrue(isRefusedToMember2());

    sim.network().faults().stallOneWay(3, 2, 0, STALL_NS);
    end(first);
    step(STALL_NS / 2);
    assertTrue(isAt(3, last), "the holder has introduced it");
    assertTrue(isRefusedToMember2(), "the news of the room is on its way");
    see(2, 2);
    step(20 * MS);

    assertTrue(isRefusedToMember2());
    assertEquals(sim.dump(1, false), sim.dump(3, false));
    step(STALL_NS);
    assertFalse(isRefusedToMember2());
    assertEquals(sim.dump(1, false), sim.dump(3, false));
  }

  @Test
  void factsThatNobodyIsToTellAreFound() {
    CheckedSteps.start(sim);
    publishUntilMember3IsFull();
    end(first);
    step(STALL_NS);
    assertTrue(isAt(3, last));

    growsUnseenAtNode1();

    assertThrows(SimFailure.class, () -> checker.lookAtAll(sim));
  }

  private void step(long forNs) {
    CheckedSteps.run(sim, checker, forNs);
  }

  /** Sessions of one partition, of which {@link #last} is refused. */
  private void publishUntilMember3IsFull() {
    SessionTable table = table(1);
    int wanted = table.partition(key(table, 0));
    for (int i = 0; last < 0 || isAt(3, last); i++) {
      SessionRecord record = key(table, i);
      if (table.partition(record) == wanted) {
        first = first < 0 ? i : first;
        last = i;
        record.facts(new SessionFacts()).policy(i).zones(1, 2).timeoutClass(9);
        table.publish(record, 1, 0, HotTable.URGENT, sim.nowNs());
        step(2 * MS);
      }
    }
  }

  /** A member's dataplane sees more of the session that was refused. */
  private void see(int node, int bits) {
    SessionRecord record = key(table(node), last);
    assertTrue(table(node).lookup(record));
    SessionFacts facts = new SessionFacts();
    facts.load(new long[] {0, 0, bits}, 0);
    SessionFacts all = new SessionFacts();
    record.loadFacts(all);
    all.merge(facts);
    record.facts(all);
    table(node).publish(record, 1, 0, HotTable.URGENT, sim.nowNs());
  }

  private void end(int i) {
    SessionRecord record = key(table(1), i);
    assertTrue(table(1).lookup(record));
    table(1).remove(record, HotTable.URGENT, sim.nowNs());
  }

  private boolean isAt(int node, int i) {
    return table(node).lookup(key(table(node), i));
  }

  private boolean isRefusedToMember2() {
    HotTable table = table(2).table();
    return sim.node(2).node().isRefused(3, table, partition(2), slot(2));
  }

  /** A fault that no node can have: a row that changes by itself. */
  private void growsUnseenAtNode1() {
    HotTable table = table(1).table();
    long[] record = new long[table.spec().schema().words()];
    table.rows().stage(partition(1), slot(1), record, 0, 0, 0, sim.nowNs());
    record[Row.PAYLOAD + table.spec().keyWords() + BITS] |= 1;
    assertNotEquals(0, table.rows().mergeFacts(partition(1), slot(1), record, 0));
  }

  private Partition partition(int node) {
    SessionTable table = table(node);
    return table.table().partition(table.partition(key(table, last)));
  }

  /** The slot of the session that was refused, found by its policy. */
  private int slot(int node) {
    SessionRecord found = table(node).newRecord();
    for (int slot = 0; slot < partition(node).highWater(); slot++) {
      if (table(node).read(partition(node), slot, found) && found.policy() == last) {
        return slot;
      }
    }
    throw new AssertionError("session " + last + " is not at node " + node);
  }

  private SessionTable table(int node) {
    return sim.node(node).sessions4();
  }

  private static SessionRecord key(SessionTable table, int i) {
    SessionRecord record = table.newRecord();
    record.key4(0, IpProtocol.UDP, 0x0a000001 + i, 1_000, 0xc0a80001, 53);
    return record;
  }
}
