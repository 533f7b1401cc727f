package io.understudy.testkit;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.understudy.metrics.SyncCounter;
import io.understudy.model.Direction;
import io.understudy.model.IpProtocol;
import io.understudy.table.HotTable;
import io.understudy.tables.session.SessionRecord;
import io.understudy.tables.session.SessionTable;
import io.understudy.testkit.check.Quiet;
import io.understudy.track.SessionFacts;
import org.junit.jupiter.api.Test;

/** Entries that one member speaks of and another does not know. */
class NeedsSimTest {
  private static final long MS = 1_000_000;

  private final SimCluster sim = new SimCluster(5, SimSettings.of(3, 1, 1, 4_096));

  /** Simulation seed 17: the holder of an entry that it keeps back answered nothing, and was asked once a second for ever. */
  @Test
  void entryThatItsHolderKeepsBackIsNotAskedForForEver() {
    sim.start();
    sim.runFor(1_000 * MS);
    publish(0, 0);
    sim.runFor(200 * MS);
    sim.network().faults().cut(1, 2, 0);
    publish(7, HotTable.WITHDRAW | HotTable.URGENT);
    sim.runFor(5 * MS);

    long touchedNs = sim.nowNs();
    touchAtNode2(); // which has it still, and tells node 3, which has it no more
    sim.runFor(20 * MS);
    sim.network().faults().heal(1, 2, 0);
    sim.runFor(Quiet.AFTER_NS + 1_500 * MS);

    assertTrue(sim.node(3).node().counters().get(SyncCounter.NEEDS_SENT) > 0);
    new Quiet(touchedNs).check(sim);
  }

  private void publish(int exclusion, int options) {
    SessionTable table = sim.node(1).sessions4();
    SessionRecord record = key(table);
    record.facts(new SessionFacts()).policy(1).zones(1, 2).timeoutClass(9);
    table.publish(record, 1, exclusion, options, sim.nowNs());
  }

  private void touchAtNode2() {
    SessionTable table = sim.node(2).sessions4();
    assertTrue(table.touch(key(table), Direction.FORWARD, 1, 60, sim.nowNs()));
    sim.node(2).node().flush(true);
  }

  private static SessionRecord key(SessionTable table) {
    SessionRecord record = table.newRecord();
    record.key4(0, IpProtocol.UDP, 0x0a000001, 1_000, 0xc0a80001, 53);
    return record;
  }
}
