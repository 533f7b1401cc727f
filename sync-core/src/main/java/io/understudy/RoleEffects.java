package io.understudy;

import io.understudy.ha.RoleActions;
import io.understudy.metrics.SyncCounter;
import io.understudy.model.Role;
import io.understudy.model.Term;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * What the role machine's decisions do to the rest of the node: connections, the store, what is owed to whom.
 *
 * <p>Thread: the duty cycle.
 */
final class RoleEffects implements RoleActions {
  private final NodeParts node;
  private final long claimNs;

  /** What the listener was told of each group. */
  private final Map<Integer, Role> toldRoles = new ConcurrentHashMap<>();

  RoleEffects(NodeParts node) {
    this.node = node;
    claimNs = node.config.heartbeat().claimTime(node.config.links()).toNanos();
  }

  @Override
  public void finishConnections(int peer) {
    node.connections.finishStreams(node.peers.get(peer));
  }

  @Override
  public boolean isFinished(int peer) {
    return !node.peers.get(peer).hasStreams();
  }

  @Override
  public void reserve(int group, long number) {
    try {
      node.terms.require(group, number);
    } catch (RuntimeException e) {
      node.storeFailed("term " + number + " of group " + group + " could not be stored", e);
      throw e;
    }
  }

  @Override
  public void onHolderChanged(int group, Term before, Term now) {
    boolean own = now.node() == node.config.node().value();
    for (Peer peer : node.peers.values()) {
      peer.delta.raiseSync(group);
      peer.stream.termChanged(group);
      peer.inSync.remove(group);
      if (own) {
        peer.bulk.owe(group);
      } else {
        peer.bulk.cancel(group);
      }
    }
    if (own) {
      node.counters.increment(SyncCounter.TAKEOVERS);
    } else {
      node.tombstones.restart();
    }
  }

  @Override
  public void onRoleChanged(int group, Role before, Role now, Term term, String cause) {
    node.log.info(
        "role",
        List.of(group, before, now),
        node.events.now(),
        "group {}: role {} -> {} term={} cause={}",
        group,
        before,
        now,
        term,
        cause);
    node.status.changed();
    node.callbacks.tellInOrder(
        "role",
        group,
        0,
        to -> {
          Role told =
              toldRoles.put(group, now); // of a listener that lags some changes are left out
          if (told != now) {
            to.onRole(group, told == null ? Role.INIT : told, now, term, cause);
          }
        });
  }

  @Override
  public boolean isAnyPeerInSync(int group) {
    for (Peer peer : node.peers.values()) {
      if (peer.isInSync(group) || peer.isReturning(group, node.events.now() - claimNs)) {
        return true;
      }
    }
    return false;
  }

  @Override
  public void announce() {
    node.heartbeats.announce();
  }

  @Override
  public void repeat() {
    node.heartbeats.repeat();
  }

  @Override
  public void ask() {
    node.heartbeats.ask();
  }

  @Override
  public void onAnnounce(int group, Term term, String cause) {
    node.log.info(
        "announced",
        group,
        node.events.now(),
        "group {}: announced in term {}, cause={}",
        group,
        term,
        cause);
    Announcement announcement = new Announcement(group, term, Announcement.Cause.valueOf(cause));
    node.callbacks.tell("announce", group, 0, to -> to.onAnnounce(announcement));
  }
}
