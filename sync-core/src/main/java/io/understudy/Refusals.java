package io.understudy;

import io.understudy.replication.Replication;
import io.understudy.table.HotTable;
import java.util.Collection;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Names, once when it begins and once when it is over, that a peer does not take all records, and that a table here has no room for those of
 * peers. Counters say how many; see {@link io.understudy.metrics.SyncCounter}.
 *
 * <p>Thread: the duty cycle.
 */
final class Refusals {
  private static final Logger LOG = LoggerFactory.getLogger(Refusals.class);

  private static final long CHECK_NS = 1_000_000_000L;

  /** What was over for so long is over: a table that is full has a little room now and then. */
  private static final long OVER_NS = 10_000_000_000L;

  private final List<HotTable> tables;
  private final Collection<Peer> peers;
  private final Replication replication;
  private final Spell[] ofTables;
  private long nextNs;

  /** Since when something goes on, and when it was last seen; MIN_VALUE: it does not. */
  static final class Spell {
    private long sinceNs = Long.MIN_VALUE;
    private long seenNs;
    private long countBefore;

    boolean begins(boolean goesOn, long now) {
      seenNs = goesOn ? now : seenNs;
      boolean begins = goesOn && sinceNs == Long.MIN_VALUE;
      sinceNs = begins ? now : sinceNs;
      return begins;
    }

    boolean isOver(long now) {
      boolean over = sinceNs != Long.MIN_VALUE && now - seenNs >= OVER_NS;
      sinceNs = over ? Long.MIN_VALUE : sinceNs;
      return over;
    }
  }

  Refusals(List<HotTable> tables, Collection<Peer> peers, Replication replication) {
    this.tables = tables;
    this.peers = peers;
    this.replication = replication;
    ofTables = new Spell[tables.size()];
    for (int i = 0; i < ofTables.length; i++) {
      ofTables[i] = new Spell();
    }
  }

  /** The node starts. */
  void start(long now) {
    nextNs = now;
  }

  void run(long now) {
    if (now < nextNs) {
      return;
    }
    nextNs = now + CHECK_NS;
    for (Peer peer : peers) {
      check(peer, now);
    }
    for (int i = 0; i < ofTables.length; i++) {
      check(i, ofTables[i], now);
    }
  }

  private static void check(Peer peer, long now) {
    long refused = peer.delta.refused();
    if (peer.refusals.begins(refused > 0, now)) {
      LOG.warn(
          "node {} refuses records, {} so far: it has no room, or they cannot be of its table; they are not backed up there until it has",
          peer.node,
          refused);
    } else if (peer.refusals.isOver(now)) {
      LOG.info("node {} has taken all that it had refused", peer.node);
    }
  }

  private void check(int tableIndex, Spell spell, long now) {
    long refused = replication.refused(tableIndex);
    boolean goesOn = refused != spell.countBefore || replication.isFull(tableIndex);
    if (spell.begins(goesOn, now)) {
      LOG.warn(
          "table {}, made for {} entries, is full: {} records of peers were refused so far; they are not backed up here",
          tables.get(tableIndex).spec().name(),
          tables.get(tableIndex).spec().capacity(),
          refused);
    } else if (spell.isOver(now)) {
      LOG.info(
          "table {} has room again; {} records of peers were refused in all",
          tables.get(tableIndex).spec().name(),
          refused);
    }
    spell.countBefore = refused;
  }
}
