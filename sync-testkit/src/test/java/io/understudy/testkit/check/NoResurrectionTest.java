package io.understudy.testkit.check;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.understudy.model.IpProtocol;
import io.understudy.table.HotTable;
import io.understudy.table.Partition;
import io.understudy.table.TableRows;
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

class NoResurrectionTest {
  private static final long MS = 1_000_000;
  private static final long DELAY_NS = 10 * MS;

  private final SimCluster sim =
      new SimCluster(
          1,
          new SimSettings(
              2,
              1,
              1,
              List.of(4_096, 4_096),
              1 << 20,
              Duration.ofSeconds(2),
              PathSettings.DEFAULT.withDelay(DELAY_NS, 0)));
  private final NoResurrection graves = new NoResurrection(sim);
  private final RowWatch checker = new RowWatch(sim, graves);

  /** Simulation seeds 77 and 137: the standby read the create of a generation that had ended behind it in the same stream. */
  @Test
  void endedGenerationMayBeOnItsWayWhileANewerOneStandsOnItsTombstone() {
    CheckedSteps.start(sim);
    publish();
    step(MS);
    end();
    step(MS);
    publish();

    step(DELAY_NS);

    assertTrue(find(2) != Partition.NONE, "the first generation has arrived");
    step(200 * MS);
    assertEquals(sim.dump(1), sim.dump(2));
  }

  @Test
  void endedGenerationThatLivesAgainAfterItsEndWasAcknowledgedIsFound() {
    CheckedSteps.start(sim);
    publish();
    step(200 * MS);
    long[] record = staged();
    end();
    step(MS);
    publish();
    step(200 * MS);

    livesAgainAtNode2(record);

    assertThrows(SimFailure.class, () -> checker.lookAtAll(sim));
  }

  private void step(long forNs) {
    CheckedSteps.run(sim, checker, forNs);
  }

  private SessionTable table(int node) {
    return sim.node(node).sessions4();
  }

  private static SessionRecord key(SessionTable table) {
    SessionRecord record = table.newRecord();
    record.key4(0, IpProtocol.UDP, 0x0a000001, 1_000, 0xc0a80001, 53);
    return record;
  }

  private void publish() {
    SessionRecord record = key(table(1));
    record.facts(new SessionFacts()).policy(1).zones(1, 2).timeoutClass(9);
    table(1).publish(record, 1, 0, HotTable.URGENT, sim.nowNs());
  }

  private void end() {
    SessionRecord record = key(table(1));
    table(1).lookup(record);
    table(1).remove(record, HotTable.URGENT, sim.nowNs());
    graves.onEnded(sim.node(1), table(1), record);
  }

  private Partition partition(int node) {
    return table(node).table().partition(table(node).partition(key(table(node))));
  }

  /** The only used slot of the key's partition. */
  private int find(int node) {
    Partition partition = partition(node);
    for (int slot = 0; slot < partition.highWater(); slot++) {
      if (partition.isUsed(slot)) {
        return slot;
      }
    }
    return Partition.NONE;
  }

  private long[] staged() {
    HotTable table = table(2).table();
    long[] record = new long[table.spec().schema().words()];
    table.rows().stage(partition(2), find(2), record, 0, 0, 0, sim.nowNs());
    return record;
  }

  private void livesAgainAtNode2(long[] record) {
    HotTable table = table(2).table();
    long meta = TableRows.meta(0, 1, 1);
    table.rows().begin(partition(2), find(2), record, 0, meta, 0, sim.nowNs());
  }
}
