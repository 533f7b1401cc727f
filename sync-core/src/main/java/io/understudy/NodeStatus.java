package io.understudy;

import io.understudy.model.Role;
import io.understudy.model.Term;
import java.util.List;
import java.util.Optional;

/**
 * What a node was at one moment: its groups and its peers.
 *
 * <p>Shape: immutable; made by the duty cycle when something changed and at least once a second ({@link StatusBoard}).
 *
 * <p>Units: times are on the node's clock, in nanoseconds.
 *
 * <p>Thread: any.
 *
 * @param node the member whose status this is
 * @param atNs when it was true; {@link SyncNode#mayDecide} says what is true now
 * @param groups every group that the member knows of, by its number
 * @param peers every configured peer, in the order of {@link io.understudy.config.SyncConfig#peers}
 * @param faults what is not as it should be, the oldest first
 */
public record NodeStatus(
    int node, long atNs, List<OfGroup> groups, List<OfPeer> peers, List<Fault> faults) {
  public NodeStatus {
    groups = List.copyOf(groups);
    peers = List.copyOf(peers);
    faults = List.copyOf(faults);
  }

  /** This peer's part. Errors: {@link IllegalArgumentException} for a node that is no peer. */
  public OfPeer peer(int peerNode) {
    for (OfPeer peer : peers) {
      if (peer.node() == peerNode) {
        return peer;
      }
    }
    throw new IllegalArgumentException("node " + peerNode + " is no peer of node " + node);
  }

  /** This group's part. Errors: {@link IllegalArgumentException} for a group that was not configured. */
  public OfGroup group(int number) {
    for (OfGroup group : groups) {
      if (group.group() == number) {
        return group;
      }
    }
    throw new IllegalArgumentException("group " + number + " is not known to node " + node);
  }

  /**
   * One group as the member sees it.
   *
   * @param decides the member might decide for the group at {@link NodeStatus#atNs}
   * @param decidesUntilNs when that right would end if no peer were heard any more; {@link NodeStatus#atNs} where there is none
   */
  public record OfGroup(int group, Role role, Term term, boolean decides, long decidesUntilNs) {}

  /**
   * One peer.
   *
   * @param heartbeatLinks heartbeat connections that are up
   * @param dataLinks data connections that are up
   * @param lastRefusal of a connection, by either side; it stays when the peer is connected again
   * @param recordsOwed records whose state is to be sent, usage left out
   * @param recordsInFlight records sent and not acknowledged
   * @param recordsRefused records that the peer has no room for or cannot keep, in its present life and the present terms
   */
  public record OfPeer(
      int node,
      PeerState state,
      int heartbeatLinks,
      int dataLinks,
      Optional<Refusal> lastRefusal,
      long recordsOwed,
      long recordsInFlight,
      long recordsRefused) {}

  /** How it stands with a peer, the worst first. */
  public enum PeerState {
    /** No connection is up, and the last attempt was not refused. */
    UNREACHABLE,
    /** No connection is up: one of the two refuses the other; whether it holds a group may be heard all the same. */
    REFUSED,
    /** The peer is heard, and acknowledges nothing of what is sent to it: its data connection is opened again and again. */
    STALLED,
    /** Heartbeats come, but there is no connection for records. */
    HEARD,
    /** Records can be exchanged. */
    CONNECTED
  }

  /**
   * Why a connection was refused.
   *
   * @param cause in words; a peer's own words are quoted cut short
   * @param byPeer the peer refused; otherwise this member did
   */
  public record Refusal(String cause, boolean byPeer, long atNs) {}
}
