package io.understudy.testkit.check;

import io.understudy.testkit.SimCluster;
import io.understudy.testkit.SimFailure;
import io.understudy.testkit.SimNode;
import java.util.Arrays;
import java.util.List;

/**
 * A stream goes on while its peer is heard: what is in flight is acknowledged, or the stream is renewed, within twice max(2 s, 2 D). Looked
 * at a hundred times a second.
 */
public final class Standing implements StepCheck {
  private static final long LOOK_NS = 10_000_000;
  private static final long STALLED_NS = 2_000_000_000;
  private static final long NEVER = Long.MAX_VALUE;

  private final Talks talks;
  private final long limitNs;
  private final Stream[][] streams;
  private long nextNs;

  /** What one member has in flight to another. */
  private static final class Stream {
    int life;
    int peerLife;
    long acknowledged;
    long sinceNs = NEVER;
  }

  public Standing(SimCluster sim, Talks talks) {
    this(sim, talks, 2 * Math.max(STALLED_NS, 2 * sim.settings().longestClaimNs()));
  }

  Standing(SimCluster sim, Talks talks, long limitNs) {
    this.talks = talks;
    this.limitNs = limitNs;
    int members = sim.settings().members() + 1;
    streams = new Stream[members][members];
    for (Stream[] ofNode : streams) {
      Arrays.setAll(ofNode, peer -> new Stream());
    }
  }

  @Override
  public void afterStep(SimCluster sim) {
    if (sim.nowNs() < nextNs) {
      return;
    }
    nextNs = sim.nowNs() + LOOK_NS;
    List<SimNode> nodes = sim.nodes();
    for (SimNode node : nodes) {
      for (SimNode peer : nodes) {
        if (peer.isMetBy(node)) {
          look(sim, node, peer);
        }
      }
    }
  }

  private void look(SimCluster sim, SimNode node, SimNode peer) {
    Stream stream = streams[node.id()][peer.id()];
    boolean isHeard = talks.sinceNs(node.id(), peer.id()) != NEVER;
    boolean isSame = stream.life == node.life() && stream.peerLife == peer.life();
    stream.life = node.life();
    stream.peerLife = peer.life();
    if (!isHeard || node.node().inFlightBytes(peer.id()) == 0) {
      stream.sinceNs = NEVER;
      return;
    }
    long acknowledged = node.node().acknowledgedFrames(peer.id());
    if (!isSame || stream.sinceNs == NEVER || acknowledged != stream.acknowledged) {
      stream.acknowledged = acknowledged;
      stream.sinceNs = sim.nowNs();
    } else if (sim.nowNs() - stream.sinceNs > limitNs) {
      throw new SimFailure(
          "Standing",
          "node "
              + node.id()
              + " has "
              + node.node().inFlightBytes(peer.id())
              + " bytes in flight to node "
              + peer.id()
              + ", of which it has acknowledged nothing for "
              + (sim.nowNs() - stream.sinceNs) / 1_000_000
              + " ms");
    }
  }
}
