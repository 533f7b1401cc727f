package io.understudy.bulk;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.understudy.delta.ChangeFanout;
import io.understudy.delta.Drain;
import io.understudy.delta.Drained;
import io.understudy.delta.PeerDelta;
import io.understudy.delta.SeenMarks;
import io.understudy.delta.Settlement;
import io.understudy.metrics.CounterSet;
import io.understudy.model.IpProtocol;
import io.understudy.proto.v1.BulkMark;
import io.understudy.table.HoldsAll;
import io.understudy.table.HotTable;
import io.understudy.table.Partition;
import io.understudy.tables.session.SessionRecord;
import io.understudy.tables.session.SessionTable;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A mark of the present holder sweeps what this member held before and the holder did not speak of. */
class BulkReceiverTest {
  private static final int GROUP = 1;
  private static final long NOW = 1_000_000_000L;

  private boolean holds = true;
  private final HoldsAll authority =
      new HoldsAll() {
        @Override
        public boolean holds(int group) {
          return holds;
        }
      };
  private final CounterSet counters = new CounterSet();
  private final ChangeFanout fanout = new ChangeFanout(authority, 0);
  private final HotTable table =
      new HotTable(SessionTable.spec4(1_024, 1), 1, 2, authority, fanout, counters);
  private final SessionTable sessions = new SessionTable(table);
  private final PeerDelta holder = new PeerDelta(0, List.of(table));
  private final Settlement settlement = new Settlement(counters, 0);
  private final Partition partition = table.partition(sessions.partition(record()));
  private final BulkReceiver bulk =
      new BulkReceiver(
          authority,
          settlement,
          counters,
          new BulkReceiver.Listener() {
            @Override
            public void onSwept(HotTable of, Partition in, int slot) {}

            @Override
            public void onComplete(int group, long termNumber, int termNode) {}
          });

  BulkReceiverTest() {
    fanout.setPeers(new PeerDelta[] {holder});
    settlement.setPeers(new PeerDelta[] {holder});
    holder.setRemembered(true);
    sessions.publish(record(), GROUP, 0, 0, NOW);
    holds = false;
    holder.raiseSync(GROUP);
    Drained drained = new Drained(table.spec().schema().words());
    new Drain(authority, settlement)
        .collect(holder, holder.table(0), partition, 4, 16, NOW, drained);
    assertEquals(Drain.CANDIDATE, drained.kind());
  }

  private void answer(int reason) {
    settlement.refused(
        holder, holder.table(0), partition, 0, 4, Drain.CANDIDATE, reason, false, NOW);
  }

  private int sweep() {
    BulkMark mark = BulkMark.newBuilder().setGroup(GROUP).setPartition(partition.number()).build();
    bulk.onMark(mark, holder, 0, new SeenMarks(table.spec()));
    return partition.liveCount();
  }

  private SessionRecord record() {
    return sessions.newRecord().key4(0, IpProtocol.TCP, 1, 1_024, 2, 80);
  }

  @Test
  void whatIsOfferedToTheHolderIsNotSwept() {
    assertEquals(1, sweep());
  }

  @Test
  void whatTheHolderHasAnsweredOtherwiseAndDidNotSpeakOfIsSwept() {
    answer(Settlement.GONE_ENTRY);

    assertEquals(0, sweep());
  }
}
