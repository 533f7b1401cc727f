package io.understudy;

import io.understudy.bulk.BulkReceiver;
import io.understudy.bulk.BulkSender;
import io.understudy.config.SyncConfig;
import io.understudy.delta.OutFrame;
import io.understudy.delta.PeerDelta;
import io.understudy.proto.v1.BulkMark;
import io.understudy.proto.v1.Hello;
import io.understudy.proto.v1.TableSchema;
import io.understudy.replication.Inbound;
import io.understudy.replication.PeerBounds;
import io.understudy.replication.PeerStream;
import io.understudy.transport.Link;
import io.understudy.transport.LinkKind;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * One peer: its connections, its streams, its bulk syncs. Thread: the duty cycle.
 */
final class Peer implements PeerStream.BulkSide {
  final int node;
  final PeerDelta delta;
  final Inbound inbound;
  final List<Connection> connections = new ArrayList<>();

  /** Refused ones that stay for heartbeats, at most one for each link and direction. */
  final List<Connection> kept = new ArrayList<>();

  /** For each group, the number of this member's term in which the peer completed the bulk. */
  final Map<Integer, Long> inSync = new HashMap<>();

  long incarnation;

  /** The peer's tombstones were given up; when the pass that frees them is over it gets everything again. */
  boolean owesSweep;

  /** It is to get everything, but got it a moment ago. */
  boolean owesBulk;

  /** When it was to get everything of all groups last. */
  long bulkOwedNs = Debts.NEVER;

  /** Since when the peer has no data connection; MIN_VALUE: it has one, or never had. */
  long awaySinceNs = Long.MIN_VALUE;

  /** The last time one of the two refused the other; {@code null}: never. */
  NodeStatus.Refusal lastRefusal;

  /** Of {@link Stalls}: frames acknowledged when it last looked, how long none was, and whether the stream stands. */
  long acknowledgedFrames;

  long waitedNs;
  boolean stalled;

  final Refusals.Spell refusals = new Refusals.Spell();

  /** The last attempt to connect was refused. */
  private boolean refused;

  private final long[] newestUp = new long[SyncConfig.MAX_LINKS * LinkKind.values().length];
  private final NodeGroups groups;
  private final BulkReceiver receiver;
  BulkSender bulk;
  PeerStream stream;

  Peer(int node, PeerDelta delta, Inbound inbound, NodeGroups groups, BulkReceiver receiver) {
    this.node = node;
    this.delta = delta;
    this.inbound = inbound;
    this.groups = groups;
    this.receiver = receiver;
  }

  /** The sequence of this member's newest HELLO on this link and kind that came up; 0: none did. */
  long newestUp(Link link) {
    return newestUp[path(link)];
  }

  void cameUp(Connection connection) {
    int path = path(connection.link);
    newestUp[path] = Math.max(newestUp[path], connection.sentSequence);
  }

  private static int path(Link link) {
    return link.index() * LinkKind.values().length + link.kind().ordinal();
  }

  boolean isConnected() {
    return stream.isOpen();
  }

  boolean hasOpenConnections() {
    return !connections.isEmpty();
  }

  /** A data connection that ends is not read to its end yet. */
  boolean isFinishingStreams() {
    for (Connection connection : connections) {
      if (connection.finishing && connection.link.kind() == LinkKind.DATA) {
        return true;
      }
    }
    return false;
  }

  boolean hasStreams() {
    for (Connection connection : connections) {
      if (connection.link.kind() == LinkKind.DATA) {
        return true;
      }
    }
    return false;
  }

  /** It lost what it was owed, and gets everything again. */
  boolean isOwedEverything() {
    return owesSweep || owesBulk;
  }

  boolean isInSync(int group) {
    return isConnected() && hasCompleted(group);
  }

  private boolean hasCompleted(int group) {
    return inSync.getOrDefault(group, 0L) == groups.termNumber(group)
        && !isOwedEverything()
        && !bulk.isOwed(group)
        && groups.isNamedBy(node, group);
  }

  /** What it has of the group is complete; it is heard, and its data connection ended after this time: it is dialled again at once. */
  boolean isReturning(int group, long sinceNs) {
    return awaySinceNs > sinceNs && hasCompleted(group) && isHeardDirectly();
  }

  /** Some heartbeat connection of it is up. */
  boolean isHeardDirectly() {
    for (Connection connection : connections) {
      if (connection.counted && !connection.finishing) {
        return true;
      }
    }
    return false;
  }

  /** A connection with this peer came to nothing: one of the two objects to the other. */
  void refused(String cause, boolean byPeer, long nowNs) {
    lastRefusal = new NodeStatus.Refusal(cause, byPeer, nowNs);
    refused = true;
  }

  /** HELLO was agreed on. */
  void accepted() {
    refused = false;
  }

  /** What its HELLO says of its window and of the tables that both have. */
  PeerBounds bounds(Hello hello) {
    List<Integer> slots = new ArrayList<>();
    for (int i = 0; i < delta.tableCount(); i++) {
      int number = delta.table(i).table().spec().number();
      int told = 0;
      for (TableSchema schema : hello.getTablesList()) {
        told = schema.getTable() == number ? schema.getSlots() : told;
      }
      slots.add(told);
    }
    return new PeerBounds(hello.getWindowBytes(), slots);
  }

  /** Of a peer with so many connections up. */
  NodeStatus.PeerState state(int heartbeatLinks, int dataLinks) {
    if (heartbeatLinks + dataLinks == 0) {
      return refused ? NodeStatus.PeerState.REFUSED : NodeStatus.PeerState.UNREACHABLE;
    }
    if (stalled) {
      return NodeStatus.PeerState.STALLED;
    }
    return dataLinks == 0 ? NodeStatus.PeerState.HEARD : NodeStatus.PeerState.CONNECTED;
  }

  @Override
  public int fill(OutFrame frame, long nowNs) {
    return bulk.fill(frame, nowNs);
  }

  @Override
  public boolean hasMore() {
    return bulk.hasMore();
  }

  @Override
  public void onMark(BulkMark mark, long connectionEpoch, long nowNs) {
    boolean ofThisLife =
        mark.getTermNode() == node
            && mark.getIncarnation() == incarnation
            && mark.getEpoch() == connectionEpoch;
    if (ofThisLife && isOfUnknownTerm(mark)) {
      // a partition without records has no batch that tells the term, and the heartbeat that does
      // may come later: the mark would be acknowledged, and nothing be swept here
      groups.learnTerm(mark.getGroup(), mark.getTermNumber(), node, mark.getUnsynced());
    }
    if (!isValid(mark, ofThisLife)) {
      return; // of a walk that was overtaken by a change of holder or connection
    }
    inbound.spokeAsHolder(mark.getGroup(), mark.getTermNumber());
    for (int i = 0; i < delta.tableCount(); i++) {
      if (delta.table(i).table().spec().number() == mark.getTable()) {
        receiver.onMark(mark, delta, i, inbound.seen(i, mark.getGroup()));
      }
    }
    if (mark.getLast()) {
      receiver.onLast(mark);
    }
  }

  /** Of two terms with one number the higher node's is followed. */
  private boolean isOfUnknownTerm(BulkMark mark) {
    long known = groups.termNumber(mark.getGroup());
    long said = mark.getTermNumber();
    return said > known || said > 0 && said == known && groups.holder(mark.getGroup()) != node;
  }

  private boolean isValid(BulkMark mark, boolean ofThisLife) {
    return ofThisLife
        && groups.holder(mark.getGroup()) == node
        && mark.getTermNumber() == groups.termNumber(mark.getGroup());
  }

  @Override
  public void onMarkAcknowledged(int tableIndex, int partition, int group) {
    bulk.onMarkAcknowledged(tableIndex, partition, group);
  }

  @Override
  public void onLost() {
    bulk.onLost();
  }
}
