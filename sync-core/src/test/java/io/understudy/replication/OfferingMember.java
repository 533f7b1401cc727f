package io.understudy.replication;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.understudy.delta.ChangeFanout;
import io.understudy.delta.Drain;
import io.understudy.delta.InFlight;
import io.understudy.delta.OutFrame;
import io.understudy.delta.PeerDelta;
import io.understudy.delta.Settlement;
import io.understudy.metrics.CounterSet;
import io.understudy.model.IpProtocol;
import io.understudy.table.HotTable;
import io.understudy.table.PublishResult;
import io.understudy.tables.session.SessionRecord;
import io.understudy.tables.session.SessionTable;
import io.understudy.wire.FrameLimits;
import io.understudy.wire.FrameReader;
import io.understudy.wire.MessageType;
import java.util.List;
import java.util.Map;

/** Member 1: a table with one session, one peer, and nothing between. */
final class OfferingMember {
  static final long NOW = 1_000_000_000L;

  static final int GROUP = 1;
  private static final int WINDOW_BYTES = 1 << 17;

  final Losing groups = new Losing();
  final CounterSet counters = new CounterSet();
  private final ChangeFanout fanout = new ChangeFanout(groups, 0);
  final HotTable table = new HotTable(SessionTable.spec4(1_024, 1), 1, 2, groups, fanout, counters);
  private final List<HotTable> tables = List.of(table);
  final SessionTable sessions = new SessionTable(table);
  final PeerDelta peer = new PeerDelta(0, tables);
  private final InFlight inFlight = new InFlight(WINDOW_BYTES);
  private final Settlement settlement = new Settlement(counters, 0);
  private final Inbound inbound = new Inbound(2, peer, tables);
  private final StreamReceiver receiver =
      new StreamReceiver(
          tables, groups, settlement, new NoListener(), new Needs(counters), counters);

  OfferingMember() {
    PeerDelta[] peers = {peer};
    fanout.setPeers(peers);
    settlement.setPeers(peers);
    receiver.setPeers(Map.of(2, peer));
    inbound.setBounds(new PeerBounds(WINDOW_BYTES, List.of(table.spec().partitionCapacity())));
    peer.setRemembered(true);
  }

  SessionRecord record() {
    return sessions.newRecord().key4(0, IpProtocol.TCP, 1, 1_024, 2, 80);
  }

  void publish() {
    publish(record());
  }

  void publish(SessionRecord session) {
    assertEquals(PublishResult.QUEUED, sessions.publish(session, GROUP, 0, 0, NOW));
  }

  /** In place of the session that is there. */
  void publishAnew(SessionRecord session) {
    assertEquals(
        PublishResult.QUEUED, sessions.publish(session, GROUP, 0, HotTable.NEW_GENERATION, NOW));
  }

  PublishResult remove() {
    return sessions.remove(record(), 0, NOW);
  }

  /** The group is the other's now, and gets what this member had begun in it. */
  void offerTo(OfferingMember holder) throws Exception {
    groups.holds = false;
    peer.raiseSync(GROUP);
    OutFrame frame =
        new OutFrame(
            inFlight, FrameLimits.MAX_FRAME_BYTES, table.spec().schema().words(), counters);
    frame.begin();
    Drain drain = new Drain(groups, settlement);
    int partition = sessions.partition(record());
    int taken =
        drain.collect(
            peer,
            peer.table(0),
            table.partition(partition),
            frame.serial(),
            16,
            NOW,
            frame.drained());
    assertEquals(1, taken);
    frame.add(0, peer.table(0), 1, 1, false);
    frame.end();
    FrameReader reader = new FrameReader();
    reader.wrap(frame.writer().bytes(), 0, frame.writer().length());
    assertEquals(MessageType.BATCH, reader.next());
    holder.receiver.apply(holder.inbound, reader, new AckBuilder(WINDOW_BYTES), NOW);
  }

  /** Member 1 until it loses what it holds. */
  static final class Losing extends HeldGroups {
    boolean holds = true;

    @Override
    public boolean holds(int group) {
      return holds;
    }

    /** So many generations were given. */
    void later(int generations) {
      for (int i = 0; i < generations; i++) {
        nextGeneration();
      }
    }
  }
}
