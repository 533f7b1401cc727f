package io.understudy;

import io.understudy.config.SyncConfig;
import io.understudy.delta.TombstonePass;
import io.understudy.metrics.CounterSet;
import io.understudy.metrics.PeerLog;
import io.understudy.metrics.SyncCounter;
import io.understudy.model.GroupId;
import io.understudy.table.HotTable;
import io.understudy.wire.InputLimit;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import org.slf4j.LoggerFactory;

/**
 * For which peers tombstones are kept (protocol, rule 9): for those that are connected or away for less than the outage memory,
 * while tombstones fill no more than their share of a table. A peer whose debts were dropped gets everything again.
 *
 * <p>Thread: the duty cycle.
 */
final class Debts {
  /** Tombstones fill at most one part in so many of a table. */
  private static final int TOMBSTONE_SHARE = 8;

  /** A peer that is there gets everything of a group again this long after it did at the earliest, for each group held: half of what peers allow. */
  private static final long AGAIN_NS = 2 * 1_000_000_000L / InputLimit.BULK_WALKS_A_SECOND.high();

  private static final long AGAIN_MIN_NS = 1_000_000_000L;
  static final long NEVER = Long.MIN_VALUE / 2;

  private final SyncConfig config;
  private final List<HotTable> tables;
  private final Collection<Peer> peers;
  private final NodeGroups groups;
  private final TombstonePass tombstones;
  private final CounterSet counters;
  private final PeerLog log = new PeerLog(LoggerFactory.getLogger(Debts.class));
  private long nowNs;

  Debts(
      SyncConfig config,
      List<HotTable> tables,
      Collection<Peer> peers,
      NodeGroups groups,
      TombstonePass tombstones,
      CounterSet counters) {
    this.config = config;
    this.tables = tables;
    this.peers = peers;
    this.groups = groups;
    this.tombstones = tombstones;
    this.counters = counters;
  }

  /** Drops what is too old or too much, and begins again with peers whose debts are gone. */
  void run(long now) {
    nowNs = now;
    for (HotTable table : tables) {
      if (table.deadCount() > table.spec().capacity() / TOMBSTONE_SHARE) {
        dropOldestDebt(table);
      }
    }
    for (Peer peer : peers) {
      Duration memory = config.stream().outageMemory();
      boolean longAway =
          peer.awaySinceNs != Long.MIN_VALUE && now - peer.awaySinceNs > memory.toNanos();
      if (longAway && peer.delta.isRemembered()) {
        dropDebt(peer, "it is away for more than " + memory.toSeconds() + " s");
      }
      if (peer.owesSweep && !tombstones.isRunning()) {
        peer.owesSweep = false;
        if (peer.isConnected()) {
          remember(peer);
        }
      }
      oweLate(peer, againNs());
    }
  }

  private long againNs() {
    int held = 0;
    for (GroupId group : config.groups()) {
      held += groups.holds(group.value()) ? 1 : 0;
    }
    return Math.max(AGAIN_MIN_NS, held * AGAIN_NS);
  }

  /** The peer that has waited longest: one that is away before one that is slow. */
  private void dropOldestDebt(HotTable table) {
    Peer oldest = null;
    for (Peer peer : peers) {
      if (peer.delta.isRemembered() && (oldest == null || isOlderDebt(peer, oldest))) {
        oldest = peer;
      }
    }
    if (oldest != null && !tombstones.isRunning()) {
      dropDebt(
          oldest,
          "tombstones fill more than 1/" + TOMBSTONE_SHARE + " of table " + table.spec().name());
    }
  }

  private static boolean isOlderDebt(Peer peer, Peer than) {
    if (peer.isConnected() != than.isConnected()) {
      return !peer.isConnected();
    }
    return peer.isConnected()
        ? peer.delta.stateDirty() > than.delta.stateDirty()
        : peer.awaySinceNs < than.awaySinceNs;
  }

  private void dropDebt(Peer peer, String why) {
    log.warn(
        "debt",
        peer.node,
        nowNs,
        "node {} owes a sweep: {}; it gets everything again",
        peer.node,
        why);
    counters.increment(SyncCounter.DEBTS_DROPPED);
    peer.delta.setRemembered(false);
    peer.owesSweep = true;
    tombstones.restart();
  }

  /** Another life of the peer: it has nothing of what the former one had, so no tombstone waits for it. */
  void forget(Peer peer) {
    peer.delta.setRemembered(false);
    peer.bulkOwedNs = NEVER;
    tombstones.restart();
  }

  /** From here on tombstones wait for this peer, and it gets everything this member holds. */
  void remember(Peer peer) {
    peer.stream.beginAgain();
    peer.delta.raiseSyncs();
    peer.delta.setRemembered(true);
    oweBulk(peer, againNs());
  }

  /** The node ends: what a peer is to get it gets now. */
  void settle() {
    for (Peer peer : peers) {
      oweLate(peer, 0);
    }
  }

  /** What was put off, if it can be owed now. */
  private void oweLate(Peer peer, long afterNs) {
    if (peer.owesBulk && !peer.owesSweep && peer.isConnected()) {
      oweBulk(peer, afterNs);
    }
  }

  /** No sooner than the peer lets a walk of each group begin. A walk that runs is of the epoch before, and ends. */
  private void oweBulk(Peer peer, long afterNs) {
    peer.owesBulk = nowNs - peer.bulkOwedNs < afterNs;
    peer.bulkOwedNs = peer.owesBulk ? peer.bulkOwedNs : nowNs;
    for (GroupId group : config.groups()) {
      if (groups.holds(group.value()) && !peer.owesBulk) {
        peer.bulk.owe(group.value());
      } else if (groups.holds(group.value())) {
        peer.bulk.cancel(group.value());
      }
    }
  }
}
