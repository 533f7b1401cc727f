package io.understudy.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.understudy.SyncNode;
import io.understudy.metrics.Accounting;
import io.understudy.metrics.SyncCounter;
import io.understudy.table.HotTable;
import io.understudy.tables.session.SessionRecord;
import io.understudy.tables.session.SessionTable;
import io.understudy.testkit.sim.PathSettings;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** A standby with less room than the active: it keeps what it can, says what it cannot, and gets that when it has room. */
class FullStandbySimTest {
  private static final long MS = 1_000_000;
  private static final int SESSIONS = 12_000;
  private static final int FITTING = 300;

  private final SimCluster sim =
      new SimCluster(
          3,
          new SimSettings(
              2,
              1,
              1,
              List.of(16_384, 1_024),
              1 << 20,
              Duration.ofSeconds(2),
              PathSettings.DEFAULT));

  private SyncNode node(int id) {
    return sim.node(id).node();
  }

  private SessionTable table(int node, boolean ipv6) {
    return ipv6 ? sim.node(node).sessions6() : sim.node(node).sessions4();
  }

  private static SessionRecord record(SessionTable table, boolean ipv6, int i) {
    return ipv6 ? Publishing.record6(table, i) : Publishing.record4(table, i);
  }

  private void publishAll(boolean ipv6) {
    SessionTable table = table(1, ipv6);
    for (int i = 0; i < SESSIONS; i++) {
      Publishing.publish(table, record(table, ipv6, i), 5, sim.nowNs());
      if (i % 500 == 0) {
        sim.runFor(MS);
      }
    }
  }

  private void fillBoth() {
    sim.start();
    sim.runFor(1_000 * MS);
    publishAll(false);
    publishAll(true);
    sim.runFor(2_000 * MS);
  }

  private void remove(boolean ipv6, int i) {
    SessionTable table = table(1, ipv6);
    table.remove(record(table, ipv6, i), HotTable.URGENT, sim.nowNs());
  }

  private boolean has(boolean ipv6, int i) {
    SessionTable table = table(2, ipv6);
    return table.lookup(record(table, ipv6, i));
  }

  private static long room(SessionTable table) {
    return (long) HotTable.PARTITIONS * table.table().spec().partitionCapacity();
  }

  /** Each of the standby's partitions is full, or has all that the active has there. */
  private void checkFilled(boolean ipv6) {
    HotTable active = table(1, ipv6).table();
    HotTable standby = table(2, ipv6).table();
    for (int p = 0; p < HotTable.PARTITIONS; p++) {
      int expected = Math.min(standby.spec().partitionCapacity(), active.partition(p).liveCount());
      assertEquals(expected, standby.partition(p).liveCount(), "partition " + p);
    }
  }

  /** Nothing under way, each entry in one state, and what the standby has is what the active has. */
  private void checkSettled() {
    assertTrue(node(1).isFlushed(2));
    Accounting sums = node(1).accounting(2);
    assertTrue(sums.isClosed(), sums.toString());
    assertEquals(0, sums.inFlight() + sums.queued(), sums.toString());
    long held = table(2, false).liveCount() + table(2, true).liveCount();
    assertEquals(held, sums.acknowledged(), sums.toString());
    assertEquals(sums.refused(), node(1).status().peer(2).recordsRefused());
    checkFilled(false);
    checkFilled(true);
    Set<String> atActive = new HashSet<>(sim.dump(1));
    assertTrue(atActive.containsAll(sim.dump(2)), "the standby has something else");
  }

  @Test
  void bothTablesFillAndTheRestIsRefusedAndCounted() {
    fillBoth();

    assertEquals(room(table(2, false)), table(2, false).liveCount());
    assertEquals(room(table(2, true)), table(2, true).liveCount());
    checkSettled();
    assertTrue(
        node(2).counters().get(SyncCounter.RECORDS_REFUSED) >= node(1).accounting(2).refused());
    assertTrue(node(1).counters().get(SyncCounter.RECORDS_REFUSED_BY_PEER) > 0);
  }

  @Test
  void endsOfRefusedEntriesCostNothing() {
    fillBoth();
    long deletes = node(1).counters().get(SyncCounter.DELETES_SENT);

    int ended = 0;
    for (int i = 0; i < SESSIONS; i++) {
      for (boolean ipv6 : new boolean[] {false, true}) {
        if (!has(ipv6, i)) {
          remove(ipv6, i);
          ended++;
        }
      }
    }
    sim.runFor(1_500 * MS);

    assertTrue(ended > SESSIONS / 2, ended + " were refused");
    assertEquals(deletes, node(1).counters().get(SyncCounter.DELETES_SENT));
    assertEquals(0, node(1).accounting(2).refused());
    assertEquals(sim.dump(1), sim.dump(2));
    checkSettled();
  }

  @Test
  void roomThatReturnsIsFilledFromWhatWasRefused() {
    fillBoth();

    for (int i = 0; i < SESSIONS; i++) {
      for (boolean ipv6 : new boolean[] {false, true}) {
        if (has(ipv6, i)) {
          remove(ipv6, i);
        }
      }
    }
    sim.runFor(3_000 * MS);

    checkSettled();
    for (int i = FITTING; i < SESSIONS; i++) {
      remove(false, i);
      remove(true, i);
    }
    sim.runFor(3_000 * MS);
    assertEquals(0, node(1).accounting(2).refused());
    assertEquals(sim.dump(1), sim.dump(2));
    checkSettled();
  }

  /** Sessions come and go at the active all the time, ten times as many as the standby has room for. */
  @Test
  void churnAtAFullStandbyEndsConsistent() {
    fillBoth();
    for (int round = 0; round < 50; round++) {
      for (int i = 0; i < 100; i++) {
        int at = round * 100 + i;
        remove(false, at);
        Publishing.publish(
            table(1, false), Publishing.record4(table(1, false), SESSIONS + at), 6, sim.nowNs());
      }
      sim.runFor(20 * MS);
    }
    sim.runFor(3_000 * MS);

    checkSettled();
  }
}
