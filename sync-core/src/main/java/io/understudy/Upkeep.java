package io.understudy;

import io.understudy.replication.Replication;
import io.understudy.table.GenerationClock;
import io.understudy.table.HotTable;
import java.util.Collection;
import java.util.List;
import java.util.function.LongConsumer;

/**
 * What is done now and then: slabs, generations and numbers of terms ahead of need, debts of peers, room after refusals, faults that begin
 * or end with time.
 *
 * <p>Thread: the duty cycle. Slabs are claimed for a few partitions a turn, so that a turn stays short; under load every partition
 * is looked at within the interval.
 */
final class Upkeep {
  private static final long INTERVAL_NS = 50_000_000;

  /** In this time every partition is looked at for the slab it needs next. */
  private static final long CLAIM_ROUND_NS = 20_000_000;

  private static final int PARTITIONS_PER_TURN = 16;
  private static final long CLAIM_NS = CLAIM_ROUND_NS * PARTITIONS_PER_TURN / HotTable.PARTITIONS;

  private final List<HotTable> tables;
  private final Collection<Peer> peers;
  private final GenerationClock clock;
  private final LongConsumer extendTerms;
  private final Debts debts;
  private final Replication replication;
  private final Stalls stalls;
  private final Refusals refusals;
  private final PeerFaults peerFaults;
  private final Faults faults;
  private long nextNs;
  private long nextClaimNs;
  private int claimAt;

  Upkeep(
      List<HotTable> tables,
      Collection<Peer> peers,
      GenerationClock clock,
      LongConsumer extendTerms,
      Debts debts,
      Replication replication,
      Stalls stalls,
      Refusals refusals,
      PeerFaults peerFaults,
      Faults faults) {
    this.tables = tables;
    this.peers = peers;
    this.clock = clock;
    this.extendTerms = extendTerms;
    this.debts = debts;
    this.replication = replication;
    this.stalls = stalls;
    this.refusals = refusals;
    this.peerFaults = peerFaults;
    this.faults = faults;
  }

  /** Before the first turn: no publish finds a partition without its first slabs. */
  void start(long now) {
    nextNs = now;
    nextClaimNs = now;
    stalls.start(now);
    refusals.start(now);
    peerFaults.start(now);
    claimAhead(HotTable.PARTITIONS);
  }

  void run(long now) {
    if (now >= nextClaimNs) {
      nextClaimNs = now + CLAIM_NS;
      claimAhead(PARTITIONS_PER_TURN);
    }
    if (now >= nextNs) {
      nextNs = now + INTERVAL_NS;
      clock.extend();
      extendTerms.accept(now);
      debts.run(now);
      if (replication.takeRoom()) {
        peers.forEach(peer -> peer.stream.tellRoom());
      }
      stalls.run(now);
      refusals.run(now);
      peerFaults.run(now);
      faults.run(now);
    }
  }

  private void claimAhead(int count) {
    for (HotTable table : tables) {
      table.claimAhead(claimAt, count);
    }
    claimAt = (claimAt + count) % HotTable.PARTITIONS;
  }

  /** Slabs are not waited for: a node with nothing to do publishes nothing. */
  long nextDueNs() {
    return nextNs;
  }
}
