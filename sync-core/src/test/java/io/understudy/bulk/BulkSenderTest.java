package io.understudy.bulk;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.understudy.delta.ChangeFanout;
import io.understudy.delta.Drain;
import io.understudy.delta.InFlight;
import io.understudy.delta.OutFrame;
import io.understudy.delta.PeerDelta;
import io.understudy.delta.Settlement;
import io.understudy.metrics.CounterSet;
import io.understudy.table.Authority;
import io.understudy.table.HoldsAll;
import io.understudy.table.HotTable;
import io.understudy.tables.session.SessionTable;
import io.understudy.wire.FrameLimits;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Marks of a group's walks, of two tables with 256 partitions each: a frame has the marks of one table. */
class BulkSenderTest {
  private static final int GROUP = 1;
  private static final long NOW = 1_000_000_000L;
  private static final int MARKS = HotTable.PARTITIONS;

  private final Authority authority = new HoldsAll();
  private final CounterSet counters = new CounterSet();
  private final ChangeFanout fanout = new ChangeFanout(authority, 0);
  private final List<HotTable> tables =
      List.of(
          new HotTable(SessionTable.spec4(1_024, 1), 1, 2, authority, fanout, counters),
          new HotTable(SessionTable.spec6(1_024, 1), 1, 2, authority, fanout, counters));
  private final PeerDelta peer = new PeerDelta(0, tables);
  private final Settlement settlement = new Settlement(counters, 0);
  private final List<Integer> complete = new ArrayList<>();
  private final BulkSender bulk =
      new BulkSender(
          peer,
          authority,
          new Drain(authority, settlement),
          tables,
          1,
          (group, term) -> complete.add(group));
  private final OutFrame frame =
      new OutFrame(
          new InFlight(1 << 20),
          FrameLimits.MAX_FRAME_BYTES,
          tables.stream().mapToInt(table -> table.spec().schema().words()).max().orElseThrow(),
          counters);

  /** The marks of one table leave. */
  private void send() {
    frame.begin();
    assertEquals(MARKS, bulk.fill(frame, NOW));
    frame.end();
  }

  private void acknowledge(int table) {
    for (int partition = 0; partition < MARKS; partition++) {
      bulk.onMarkAcknowledged(table, partition, GROUP);
    }
  }

  @Test
  void groupIsCompleteWhenEveryMarkIsAcknowledged() {
    bulk.owe(GROUP);
    send();
    send();
    acknowledge(0);
    assertEquals(List.of(), complete);
    acknowledge(1);

    assertEquals(List.of(GROUP), complete);
    assertFalse(bulk.hasMore());
  }

  /** Seed 21002777 of the simulation: the second walk was over before its end, and what lay behind was introduced to nobody. */
  @Test
  void marksOfAWalkThatBeganAnewAreNoneOfTheNewOne() {
    bulk.owe(GROUP);
    send();
    bulk.owe(GROUP);
    send();

    acknowledge(0); // of the first walk
    acknowledge(0);
    assertTrue(bulk.hasMore());
    send();
    assertEquals(List.of(), complete);
    acknowledge(1);

    assertEquals(List.of(GROUP), complete);
  }

  @Test
  void marksThatWereLostWithTheirConnectionAreNotWaitedFor() {
    bulk.owe(GROUP);
    send();
    bulk.owe(GROUP);
    bulk.onLost();
    send();
    send();

    acknowledge(0);
    acknowledge(1);

    assertEquals(List.of(GROUP), complete);
  }
}
