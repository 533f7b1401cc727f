package io.understudy.testkit.check;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
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
import io.understudy.testkit.sim.Death;
import io.understudy.track.SessionFacts;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class RowWatchTest {
  private static final long MS = 1_000_000;

  private final SimCluster sim = new SimCluster(1, 2, 1, 1, 4_096);
  private final List<String> seen = new ArrayList<>();
  private final RowWatch watch = new RowWatch(sim, new Noting());

  @Test
  void everyChangeOfARowIsToldAtTheStepInWhichItHappens() {
    CheckedSteps.start(sim);
    watch.afterStep(sim);

    publish();
    watch.afterStep(sim);
    assertEquals(List.of("node 1 slot 0: 0 -> 1"), states());

    CheckedSteps.run(sim, watch, 100 * MS);
    assertEquals(List.of("node 2 slot 0: 0 -> 1"), states());
  }

  @Test
  void aChangeOfMarksAloneIsNoChangeOfTheEntry() {
    CheckedSteps.start(sim);
    publish();
    watch.afterStep(sim);

    CheckedSteps.run(sim, watch, 100 * MS);

    assertTrue(seen.stream().anyMatch(line -> line.endsWith("marks")), seen::toString);
  }

  @Test
  void rowsOfALifeThatEndedAreGone() {
    CheckedSteps.start(sim);
    publish();
    CheckedSteps.run(sim, watch, 100 * MS);
    seen.clear();

    sim.node(2).kill(Death.RESET);
    watch.afterStep(sim);

    assertEquals(List.of("node 2 slot 0: 1 -> 0"), states());
  }

  @Test
  void memberOfWhichNothingCanHaveChangedIsNotLookedAt() {
    CheckedSteps.start(sim);
    CheckedSteps.run(sim, watch, 100 * MS);
    publishUnseen();

    watch.afterStep(sim);
    assertFalse(states().contains("node 1 slot 0: 0 -> 1"));

    sim.node(1).worked();
    watch.afterStep(sim);
    assertEquals(List.of("node 1 slot 0: 0 -> 1"), states());
  }

  @Test
  void rowThatChangesUncountedIsAFailureWhenAllAreCompared() {
    CheckedSteps.start(sim);
    publish();
    CheckedSteps.run(sim, watch, 100 * MS);
    Partition partition = partition(1);

    partition.slab(0)[partition.row(0) + Row.PAYLOAD] ^= 1;

    SimFailure failure = assertThrows(SimFailure.class, () -> watch.lookAtAll(sim));
    assertEquals("Counted", failure.promise());
  }

  @Test
  void rowThatChangesUncountedIsFoundWithin64Steps() {
    CheckedSteps.start(sim);
    publish();
    CheckedSteps.run(sim, watch, 100 * MS);
    Partition partition = partition(1);
    partition.slab(0)[partition.row(0) + Row.PAYLOAD] ^= 1;
    long steps = sim.clock().eventsRun();

    assertThrows(SimFailure.class, () -> CheckedSteps.run(sim, watch, 1_000 * MS));

    assertTrue(sim.clock().eventsRun() - steps <= 64 + sim.nodes().size());
  }

  /** What was told of states since the last call. */
  private List<String> states() {
    List<String> states = seen.stream().filter(line -> !line.endsWith("marks")).toList();
    seen.clear();
    return states;
  }

  private void publish() {
    publishUnseen();
    sim.node(1).worked();
  }

  private void publishUnseen() {
    SessionTable table = sim.node(1).sessions4();
    SessionRecord record = key(table);
    record.facts(new SessionFacts()).policy(1).zones(1, 2).timeoutClass(9);
    table.publish(record, 1, 0, HotTable.URGENT, sim.nowNs());
  }

  private Partition partition(int node) {
    SessionTable table = sim.node(node).sessions4();
    return table.table().partition(table.partition(key(table)));
  }

  private static SessionRecord key(SessionTable table) {
    SessionRecord record = table.newRecord();
    record.key4(0, IpProtocol.UDP, 0x0a000001, 1_000, 0xc0a80001, 53);
    return record;
  }

  private final class Noting implements RowCheck {
    @Override
    public void onRow(RowChange change) {
      seen.add(
          "node "
              + change.node().id()
              + " slot "
              + change.slot()
              + ": "
              + change.stateBefore()
              + " -> "
              + change.state()
              + (change.isMarksOnly() ? " marks" : ""));
    }

    @Override
    public void afterLook(SimCluster cluster, RowWatch rows) {
      assertTrue(rows.tableCount(1) > 0);
    }
  }
}
