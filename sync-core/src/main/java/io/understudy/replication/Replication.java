package io.understudy.replication;

import io.understudy.delta.Drain;
import io.understudy.delta.PeerDelta;
import io.understudy.delta.Settlement;
import io.understudy.metrics.CounterSet;
import io.understudy.table.HotTable;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The steady stream of one node: what its peers' streams share. Thread: the duty cycle.
 */
public final class Replication {
  private final List<HotTable> tables;
  private final Map<Integer, PeerDelta> peers =
      new HashMap<>(); // by node, complete before anything runs
  private final Groups groups;
  private final Settlement settlement;
  private final Drain drain;
  private final Needs needs;
  private final StreamReceiver receiver;
  private final EntryListener listener;
  private final StreamSettings settings;
  private final CounterSet counters;

  public Replication(
      List<HotTable> tables,
      Groups groups,
      Settlement settlement,
      Drain drain,
      EntryListener listener,
      StreamSettings settings,
      CounterSet counters) {
    this.tables = tables;
    this.groups = groups;
    this.settlement = settlement;
    this.drain = drain;
    this.settings = settings;
    this.counters = counters;
    this.listener = listener;
    needs = new Needs(counters);
    receiver = new StreamReceiver(tables, groups, settlement, listener, needs, counters);
  }

  /** Set-up: every peer has its stream. */
  public void streamsAreMade() {
    receiver.setPeers(peers);
  }

  /** The stream of one peer. */
  public PeerStream stream(Inbound inbound, PeerStream.BulkSide bulk) {
    peers.put(inbound.node(), inbound.delta());
    return new PeerStream(
        inbound,
        peers,
        tables,
        groups,
        drain,
        settlement,
        bulk,
        receiver,
        needs,
        listener,
        settings,
        counters);
  }

  /** Records of peers that found no room in this table. */
  public long refused(int tableIndex) {
    return receiver.refused(tableIndex);
  }

  /** A partition of the table refused a record and has had no room since. */
  public boolean isFull(int tableIndex) {
    return receiver.isFull(tableIndex);
  }

  /** Some partition that refused records as full has room now. Answers so once for each. */
  public boolean takeRoom() {
    return receiver.takeRoom();
  }
}
