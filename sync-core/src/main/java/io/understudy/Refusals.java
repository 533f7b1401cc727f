package io.understudy;

import io.understudy.Fault.Kind;
import io.understudy.replication.Replication;
import io.understudy.table.HotTable;
import io.understudy.table.TableSpec;
import java.util.Collection;
import java.util.List;

/**
 * Finds that a peer does not take all records, and that a table here has no room for those of peers, and when that is over. Counters say
 * how many; see {@link io.understudy.metrics.SyncCounter}.
 *
 * <p>Thread: the duty cycle.
 */
final class Refusals {
  private static final long CHECK_NS = 1_000_000_000L;

  /** What was over for so long is over: a table that is full has a little room now and then. */
  private static final long OVER_NS = 10_000_000_000L;

  private final List<HotTable> tables;
  private final Collection<Peer> peers;
  private final Replication replication;
  private final Faults faults;
  private final int node;
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

  /** @param node this member */
  Refusals(
      List<HotTable> tables,
      Collection<Peer> peers,
      Replication replication,
      Faults faults,
      int node) {
    this.tables = tables;
    this.peers = peers;
    this.replication = replication;
    this.faults = faults;
    this.node = node;
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

  private void check(Peer peer, long now) {
    long refused = peer.delta.refused();
    if (peer.refusals.begins(refused > 0, now)) {
      String cause =
          "node "
              + peer.node
              + " refuses records, "
              + refused
              + " so far: it has no room, or they cannot be of its table; they are not backed up there until it has";
      faults.met(Kind.RECORDS_REFUSED, peer.node, 0, cause, now);
    } else if (peer.refusals.isOver(now)) {
      String how = "node " + peer.node + " has taken all that it had refused";
      faults.over(Kind.RECORDS_REFUSED, peer.node, 0, how, now);
    }
    if (refused > 0) {
      faults.count(Kind.RECORDS_REFUSED, peer.node, 0, refused);
    }
  }

  private void check(int tableIndex, Spell spell, long now) {
    long refused = replication.refused(tableIndex);
    boolean goesOn = refused != spell.countBefore || replication.isFull(tableIndex);
    TableSpec spec = tables.get(tableIndex).spec();
    if (spell.begins(goesOn, now)) {
      String cause =
          "table "
              + spec.name()
              + ", made for "
              + spec.capacity()
              + " entries, is full: "
              + refused
              + " records of peers were refused so far; they are not backed up here";
      faults.met(Kind.TABLE_FULL, node, spec.number(), cause, now);
    } else if (spell.isOver(now)) {
      String how = "table " + spec.name() + " has room again";
      faults.over(Kind.TABLE_FULL, node, spec.number(), how, now);
    }
    faults.count(Kind.TABLE_FULL, node, spec.number(), refused);
    spell.countBefore = refused;
  }
}
