package io.understudy.table;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.understudy.delta.ChangeFanout;
import io.understudy.delta.PeerDelta;
import io.understudy.delta.Settlement;
import io.understudy.metrics.CounterSet;
import io.understudy.model.IpProtocol;
import io.understudy.tables.session.SessionRecord;
import io.understudy.tables.session.SessionTable;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A key that a session of another group takes: what stood there keeps its slot until its end is acknowledged. */
class KeyOfAnotherGroupTest {
  private static final long NOW = 1_000_000_000L;

  private final HoldsAll authority = new HoldsAll();
  private final CounterSet counters = new CounterSet();
  private final ChangeFanout fanout = new ChangeFanout(authority, 0);
  private final HotTable table =
      new HotTable(SessionTable.spec4(1_024, 1), 1, 2, authority, fanout, counters);
  private final SessionTable sessions = new SessionTable(table);
  private final PeerDelta peer = new PeerDelta(0, List.of(table));
  private final Settlement settlement = new Settlement(counters, 0);
  private final Partition partition = table.partition(sessions.partition(record()));

  KeyOfAnotherGroupTest() {
    PeerDelta[] peers = {peer};
    fanout.setPeers(peers);
    settlement.setPeers(peers);
    peer.setRemembered(true);
    publish(1, 0);
    peer.table(0).mayHold(partition, 0);
  }

  @Test
  void aTombstoneStaysInItsSlotAndTheNewSessionBeginsInAnother() {
    sessions.remove(record(), 0, NOW);

    assertEquals(PublishResult.QUEUED, publish(2, 0));

    assertEquals(Row.DEAD, state(0));
    assertEquals(Row.LIVE, state(1));
    assertTrue(sessions.lookup(record()));
    assertEquals(2, group(find()));
  }

  @Test
  void aSessionThatBeginsAnewInAnotherGroupLeavesATombstone() {
    assertEquals(PublishResult.QUEUED, publish(2, HotTable.NEW_GENERATION));

    assertEquals(Row.DEAD, state(0));
    assertEquals(1, find());
    assertTrue(peer.table(0).isUnsettled(partition, 0), "its end is owed");
  }

  @Test
  void aHintAtTheTombstoneIsNotTakenForTheSession() {
    sessions.remove(record(), 0, NOW);
    publish(2, 0);

    long[] raw = new long[table.spec().rowWords()];
    long[] key = new long[table.spec().schema().words()];
    System.arraycopy(
        partition.slab(0),
        partition.row(0) + Row.PAYLOAD,
        key,
        Row.PAYLOAD,
        table.spec().keyWords());
    long hash = table.hash(key, Row.PAYLOAD);

    assertEquals(PublishResult.STORED, table.remove(key, hash, 0, 0, NOW));
    assertEquals(Partition.NONE, table.findLive(key, hash, raw));
  }

  @Test
  void theTombstoneIsFreedByItsSlotAndTheSessionIsStillFound() {
    sessions.remove(record(), 0, NOW);
    publish(2, 0);

    peer.setRemembered(false);
    assertTrue(settlement.freeIfSettled(table, partition, 0));

    assertFalse(partition.isUsed(0));
    assertEquals(1, find());
    assertTrue(sessions.lookup(record()));
  }

  @Test
  void aSessionThatNobodyHeardOfLeavesNothing() {
    peer.setRemembered(false);

    publish(2, HotTable.NEW_GENERATION);

    assertEquals(0, partition.deadCount());
    assertEquals(1, partition.liveCount());
  }

  private PublishResult publish(int group, int options) {
    return sessions.publish(record(), group, 0, options, NOW);
  }

  private SessionRecord record() {
    return sessions.newRecord().key4(0, IpProtocol.TCP, 1, 1_024, 2, 80);
  }

  /** Where the key is found. */
  private int find() {
    for (int slot = 0; slot < partition.highWater(); slot++) {
      if (partition.isLive(slot)) {
        return slot;
      }
    }
    return Partition.NONE;
  }

  private int state(int slot) {
    return Row.state(partition.slab(slot), partition.row(slot));
  }

  private int group(int slot) {
    return Row.group(partition.slab(slot), partition.row(slot));
  }
}
