package io.understudy.delta;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.understudy.metrics.CounterSet;
import io.understudy.model.IpProtocol;
import io.understudy.table.Authority;
import io.understudy.table.HoldsAll;
import io.understudy.table.HotTable;
import io.understudy.table.Partition;
import io.understudy.tables.session.SessionRecord;
import io.understudy.tables.session.SessionTable;
import java.util.List;
import java.util.stream.IntStream;

/** A session that this member published, and the peers that it is owed to: for tests of what becomes of its marks. */
abstract class SentEntry {
  static final int GROUP = 1;
  static final long NOW = 1_000_000_000L;

  boolean holds = true;
  final Authority authority =
      new HoldsAll() {
        @Override
        public boolean holds(int group) {
          return holds;
        }
      };
  final Drained drained;
  final HotTable table;
  final SessionTable sessions;
  final Settlement settlement;
  final Drain drain;
  final PeerDelta[] peers;
  final Partition partition;
  final int slot = 0;

  SentEntry(int peerCount) {
    ChangeFanout fanout = new ChangeFanout(authority, 5_000_000L);
    CounterSet counters = new CounterSet();
    table = new HotTable(SessionTable.spec6(4_096, peerCount), 1, 2, authority, fanout, counters);
    sessions = new SessionTable(table);
    settlement = new Settlement(counters, 0);
    drain = new Drain(authority, settlement);
    drained = new Drained(table.spec().schema().words());
    peers =
        IntStream.range(0, peerCount)
            .mapToObj(peerSlot -> new PeerDelta(peerSlot, List.of(table)))
            .toArray(PeerDelta[]::new);
    partition = table.partition(sessions.partition(record()));
    fanout.setPeers(peers);
    settlement.setPeers(peers);
    for (PeerDelta peer : peers) {
      peer.setRemembered(true);
    }
    sessions.publish(record().policy(5), GROUP, 0, 0, NOW);
  }

  /** What the entry owes the peer goes into this frame. */
  final void send(PeerDelta to, long frame) {
    drained.clear();
    drain.collect(to, to.table(0), partition, frame, 16, NOW, drained);
    assertEquals(1, drained.count());
  }

  final long mark(PeerDelta of) {
    return of.table(0).mark(partition, slot);
  }

  final SessionRecord record() {
    return sessions.newRecord().key6(0, IpProtocol.TCP, 1, 2, 1_024, 3, 4, 80);
  }
}
