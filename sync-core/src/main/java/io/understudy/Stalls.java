package io.understudy;

import io.understudy.Fault.Kind;
import io.understudy.ha.RoleMachine;
import io.understudy.metrics.CounterSet;
import io.understudy.metrics.SyncCounter;
import java.util.Collection;

/**
 * Finds streams that stand: frames are in flight and none was acknowledged for long, though the peer is heard. The connection is then
 * closed, so that it is dialled again and what was in flight goes once more.
 *
 * <p>Nothing stands while nothing is in flight, while the peer is not heard, or while this member itself did not turn: only time that it saw
 * pass counts.
 *
 * <p>Thread: the duty cycle.
 */
final class Stalls {
  private static final long CHECK_NS = 50_000_000;

  /** A turn that comes later than this came after a pause, in which acknowledgements may have waited to be read. */
  private static final long MAX_STEP_NS = 5 * CHECK_NS;

  private static final long LEAST_NS = 2_000_000_000L;

  private final Collection<Peer> peers;
  private final CounterSet counters;
  private final Faults faults;
  private final RoleMachine roles;
  private final long limitNs;
  private long lastNs;

  /**
   * For all peers.
   *
   * @param roles says whether a peer is heard; how long it may be silent is its own setting
   * @param detectionNs this member's claim time D
   */
  Stalls(
      Collection<Peer> peers,
      CounterSet counters,
      Faults faults,
      RoleMachine roles,
      long detectionNs) {
    this.peers = peers;
    this.counters = counters;
    this.faults = faults;
    this.roles = roles;
    limitNs = Math.max(LEAST_NS, 2 * detectionNs);
  }

  /** The node starts. */
  void start(long now) {
    lastNs = now;
  }

  void run(long now) {
    long stepNs = now - lastNs;
    if (stepNs < CHECK_NS) {
      return;
    }
    lastNs = now;
    for (Peer peer : peers) {
      check(peer, Math.min(stepNs, MAX_STEP_NS), now);
    }
  }

  private void check(Peer peer, long stepNs, long now) {
    boolean heard = roles.isAlive(peer.node);
    long acknowledged = peer.stream.acknowledgedFrames();
    if (acknowledged != peer.acknowledgedFrames || !heard) {
      peer.acknowledgedFrames = acknowledged;
      peer.waitedNs = 0;
      end(peer, heard ? "acknowledges again" : "is not heard any more", now);
    } else if (peer.stream.inFlight().isEmpty()) {
      peer.waitedNs = 0;
      if (peer.stream.isFlushed()) {
        end(peer, "is owed nothing any more", now);
      }
    } else {
      peer.waitedNs += stepNs;
    }
    if (peer.waitedNs >= limitNs) {
      renew(peer, now);
    }
  }

  private void renew(Peer peer, long now) {
    counters.increment(SyncCounter.STREAMS_STALLED);
    peer.stalled = true;
    String cause =
        "node "
            + peer.node
            + " is heard, but has acknowledged none of "
            + peer.stream.inFlight().bytes()
            + " bytes in flight for "
            + peer.waitedNs / 1_000_000
            + " ms; its data connection is opened again";
    faults.met(Kind.STALLED, peer.node, 0, cause, now);
    peer.waitedNs = 0;
    peer.stream.renew();
  }

  private void end(Peer peer, String how, long now) {
    if (peer.stalled) {
      peer.stalled = false;
      faults.over(Kind.STALLED, peer.node, 0, "node " + peer.node + " " + how, now);
    }
  }
}
