package io.understudy.delta;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.understudy.model.Direction;
import io.understudy.table.ChangeSink;
import io.understudy.table.HotTable;
import io.understudy.table.Partition;
import io.understudy.tables.session.SessionRecord;
import java.util.List;
import org.junit.jupiter.api.Test;

/** When counters are owed, and how often a node that does nothing else is woken for it. */
class UsagePassTest extends SentEntry {
  private static final long MS = 1_000_000L;
  private static final long INTERVAL_NS = 1_000 * MS;

  private final UsagePass pass = new UsagePass(List.of(table), new Counting(), INTERVAL_NS);
  private int owed;

  UsagePassTest() {
    super(1);
  }

  private final class Counting implements ChangeSink {
    @Override
    public boolean onChange(
        HotTable of, Partition in, int at, int groups, boolean urgent, long nowNs) {
      owed++;
      return true;
    }

    @Override
    public boolean onEnd(HotTable of, Partition in, int at, boolean urgent, long nowNs) {
      return false;
    }

    @Override
    public boolean wasSpokenOf(HotTable of, Partition in, int at) {
      return false;
    }

    @Override
    public boolean mayBeElsewhere(HotTable of, Partition in, int at) {
      return false;
    }

    @Override
    public void onNewSlot(HotTable of, Partition in, int at, boolean fresh) {}
  }

  /** Turned only when it is due, as a node without traffic. */
  private int turnsUntil(long endNs) {
    int turns = 0;
    pass.run(NOW);
    for (long now = pass.nextDueNs(); now < endNs; now = pass.nextDueNs()) {
      pass.run(now);
      turns++;
    }
    return turns;
  }

  @Test
  void nodeWithoutTrafficIsWokenForSeveralPartitionsAtOnce() {
    int turns = turnsUntil(NOW + INTERVAL_NS);

    assertTrue(turns <= 64, () -> turns + " turns");
    assertTrue(turns >= 32, () -> turns + " turns bring counters in bursts");
  }

  @Test
  void countersOfAnEntryAreOwedOnceInEachInterval() {
    SessionRecord record = record();
    sessions.lookup(record);
    pass.run(NOW);
    for (int i = 1; i <= 5; i++) {
      sessions.touch(record, Direction.FORWARD, 1, 60, NOW);
      turnsUntil(NOW + i * INTERVAL_NS + 20 * MS);
      assertEquals(i, owed);
    }
  }
}
