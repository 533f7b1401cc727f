package io.understudy;

import io.understudy.Fault.Kind;
import io.understudy.transport.DialFailure;
import io.understudy.transport.LinkKind;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;

/**
 * Finds the peers that cannot be reached, link by link, and those that refuse this member or are refused by it.
 *
 * <p>Shape: a link fails for a kind of connection from the first failed dial until one of that kind is up, whoever dialled it. Where
 * nothing is dialled (a peer's port is not known) or a dial gets no answer of any sort, a link without connections fails after a time.
 *
 * <p>Thread: the duty cycle.
 */
final class PeerFaults {
  private static final long CHECK_NS = 1_000_000_000L;
  private static final long LEAST_SILENCE_NS = 2_000_000_000L;

  /** A refusal that was not repeated for so long is over, where connections are up or dials fail for another reason. */
  private static final long REFUSAL_OVER_NS = 10_000_000_000L;

  /** Longer than any wait between two dials: who is refused and has no connection was not there since. */
  private static final long REFUSED_AND_GONE_NS = 660_000_000_000L;

  private static final int EVERY_KIND = (1 << LinkKind.values().length) - 1;

  private final Faults faults;
  private final int links;
  private final long silenceNs;
  private final Map<Integer, OfPeer> peers = new HashMap<>();
  private long nextNs;

  private static final class OfPeer {
    final Peer peer;

    /** For each link, the kinds of connection that fail. */
    final int[] failing;

    /** For each link and kind, since when it has no such connection. */
    final long[][] emptyNs;

    long dialFailedNs = Long.MIN_VALUE;

    OfPeer(Peer peer, int links) {
      this.peer = peer;
      failing = new int[links];
      emptyNs = new long[links][LinkKind.values().length];
    }

    int upOn(int link) {
      int kinds = 0;
      for (Connection connection : peer.connections) {
        if (connection.link.index() == link && connection.up) {
          kinds |= bit(connection.link.kind());
        }
      }
      return kinds;
    }
  }

  /** @param detectionNs silence that means failure */
  PeerFaults(Faults faults, Collection<Peer> peers, int links, long detectionNs) {
    this.faults = faults;
    this.links = links;
    silenceNs = Math.max(LEAST_SILENCE_NS, detectionNs);
    peers.forEach(peer -> this.peers.put(peer.node, new OfPeer(peer, links)));
  }

  private static int bit(LinkKind kind) {
    return 1 << kind.ordinal();
  }

  /** The node starts. */
  void start(long now) {
    nextNs = now;
    for (OfPeer of : peers.values()) {
      for (long[] ofLink : of.emptyNs) {
        Arrays.fill(ofLink, now);
      }
    }
  }

  /** @param detail whom it was for and what came of it */
  void dialFailed(Peer peer, int link, LinkKind kind, DialFailure why, String detail, long now) {
    OfPeer of = peers.get(peer.node);
    of.dialFailedNs = now;
    if ((of.upOn(link) & bit(kind)) == 0) {
      fails(of, link, bit(kind), kind + " connection, " + why + ": " + detail, now);
    }
  }

  private void fails(OfPeer of, int link, int kinds, String why, long now) {
    of.failing[link] |= kinds;
    int node = of.peer.node;
    String cause = "node " + node + " cannot be reached on link " + link + " (" + why + ")";
    faults.met(Kind.UNREACHABLE, node, link, cause, now);
  }

  void up(Peer peer, Connection connection, long now) {
    int link = connection.link.index();
    OfPeer of = peers.get(peer.node);
    of.failing[link] &= ~of.upOn(link);
    if (of.failing[link] == 0) {
      faults.over(
          Kind.UNREACHABLE,
          peer.node,
          link,
          "node " + peer.node + " is reached on link " + link,
          now);
    }
    endRefusal(peer, "node " + peer.node + " and this member agree", now);
  }

  void down(Peer peer, Connection connection, long now) {
    peers.get(peer.node).emptyNs[connection.link.index()][connection.link.kind().ordinal()] = now;
  }

  /** One of the two refused the other; {@link Peer#lastRefusal} says why. */
  void refused(Peer peer, long now) {
    NodeStatus.Refusal refusal = peer.lastRefusal;
    String who =
        refusal.byPeer()
            ? "node " + peer.node + " refuses this member: "
            : "this member refuses node " + peer.node + ": ";
    faults.met(Kind.REFUSED, peer.node, 0, who + refusal.cause(), now);
  }

  private void endRefusal(Peer peer, String how, long now) {
    peer.accepted();
    faults.over(Kind.REFUSED, peer.node, 0, how, now);
  }

  void run(long now) {
    if (now < nextNs) {
      return;
    }
    nextNs = now + CHECK_NS;
    for (OfPeer of : peers.values()) {
      checkRefusal(of, now);
      for (int link = 0; link < links; link++) {
        checkLink(of, link, now);
      }
    }
  }

  private void checkRefusal(OfPeer of, long now) {
    if (!faults.isOpen(Kind.REFUSED, of.peer.node, 0)) {
      return;
    }
    long refusedNs = of.peer.lastRefusal.atNs();
    boolean isKept = !of.peer.kept.isEmpty(); // it is refused still, whatever comes of dials
    boolean isMeaningless = of.peer.hasOpenConnections() || !isKept && of.dialFailedNs > refusedNs;
    boolean isGone = !isKept && now - refusedNs >= REFUSED_AND_GONE_NS;
    if (isGone || isMeaningless && now - refusedNs >= REFUSAL_OVER_NS) {
      endRefusal(of.peer, "node " + of.peer.node + " was not refused any more", now);
    }
  }

  /** Where no dial fails, since none is made or answered, it is the time that tells. */
  private void checkLink(OfPeer of, int link, long now) {
    int missing = 0;
    String names = "";
    for (LinkKind kind : LinkKind.values()) {
      if ((of.upOn(link) & bit(kind)) != 0) {
        of.emptyNs[link][kind.ordinal()] = now;
      } else if (now - of.emptyNs[link][kind.ordinal()] >= silenceNs) {
        missing |= bit(kind);
        names = kind + " ";
      }
    }
    if (missing == 0) {
      return;
    }
    boolean isTold =
        faults.isOpen(Kind.UNREACHABLE, of.peer.node, link)
            || faults.isOpen(Kind.REFUSED, of.peer.node, 0);
    if (!isTold) {
      String none = missing == EVERY_KIND ? "" : names;
      fails(
          of,
          link,
          missing,
          "it has no " + none + "connection, and none of this member's dials failed",
          now);
    }
  }
}
