package io.understudy;

import io.understudy.config.HeartbeatConfig;
import io.understudy.config.SyncConfig;
import io.understudy.delta.AccountingWalk;
import io.understudy.metrics.Accounting;
import io.understudy.metrics.CounterSet;
import io.understudy.model.Role;
import io.understudy.model.Term;
import io.understudy.runtime.DutyCycle;
import io.understudy.table.HotTable;
import io.understudy.table.Partition;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One member of a hot-standby cluster: its tables, its peers, its roles.
 *
 * <p>Shape: the node has no thread and no clock. Whoever turns it ({@link DutyCycle}) calls {@link #run}; the transport calls back on
 * the same thread. Dataplane threads publish into the tables and ask {@link #mayDecide}.
 *
 * <p>Thread: {@link #mayDecide}, {@link #role}, {@link #term}, {@link #status}, {@link #table} and the tables from any; the rest from the duty cycle.
 *
 * <p>Errors: misuse throws in the call that caused it; what peers do wrong is counted and closes a connection.
 */
public final class SyncNode implements DutyCycle, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(SyncNode.class);

  private final NodeParts parts;
  private final Ending ending;
  private final Peer[] byNode;
  private volatile Thread turner;
  private boolean started;

  SyncNode(SyncNodeBuilder builder) {
    parts = new NodeParts(builder);
    ending = new Ending(parts);
    byNode = new Peer[parts.peers.keySet().stream().mapToInt(node -> node + 1).max().orElse(0)];
    parts.peers.forEach((node, peer) -> byNode[node] = peer);
    parts.connections.whenFailed(this::onFailed);
  }

  /** Begins a node with these settings. */
  public static SyncNodeBuilder builder(SyncConfig config) {
    return new SyncNodeBuilder(config);
  }

  // ---- for the dataplane

  /** The table with this number. */
  public HotTable table(int number) {
    for (HotTable table : parts.tables) {
      if (table.spec().number() == number) {
        return table;
      }
    }
    throw new IllegalArgumentException(
        "table "
            + number
            + " was not given to this node's builder; given were "
            + parts.tables.stream()
                .map(table -> table.spec().name() + " (" + table.spec().number() + ")")
                .toList());
  }

  /**
   * Whether this member may create, allocate and announce for the group now. To be asked before each packet batch: a process that
   * slept is fenced by time, before the library itself wakes up.
   */
  public boolean mayDecide(int group, long now) {
    return parts.roles.mayDecide(group, now);
  }

  /**
   * Whether this member may send as the group's virtual MAC, and announce it. Asked like {@link #mayDecide}, by whoever only forwards
   * too: what a process that slept finds in its sockets is not forwarded, or switches learn the wrong port.
   */
  public boolean maySendAs(int group, long now) {
    return parts.roles.mayDecide(group, now);
  }

  /** The member's role for one of its groups. */
  public Role role(int group) {
    requireGroup(group);
    return parts.roles.role(group);
  }

  /** The group's present term, as far as this member knows. */
  public Term term(int group) {
    requireGroup(group);
    return parts.roles.term(group);
  }

  /** The node's groups and peers as they were at the end of one of its last turns, at most a second ago while it is turned. */
  public NodeStatus status() {
    return parts.status.latest();
  }

  private void requireGroup(int group) {
    if ((parts.groups.knownGroups() >>> group & 1) == 0 || group >>> 6 != 0) {
      throw new IllegalArgumentException(
          "group "
              + group
              + " is none of node "
              + parts.config.node()
              + "'s groups "
              + parts.config.groups()
              + "; name it with group or groupOfOthers");
    }
  }

  public CounterSet counters() {
    return parts.counters;
  }

  public SyncConfig config() {
    return parts.config;
  }

  /** Called, from any thread, when the node sleeps and something became due. One that throws is logged once, and costs nothing but the sleep. */
  public void setWaker(Runnable waker) {
    Objects.requireNonNull(waker);
    AtomicBoolean hasThrown = new AtomicBoolean();
    parts.fanout.setWaker(
        () -> {
          try {
            waker.run();
          } catch (RuntimeException e) {
            if (hasThrown.compareAndSet(false, true)) {
              LOG.error("the waker threw; what is owed leaves with the next turn", e);
            }
          }
        });
  }

  // ---- turning

  /**
   * Starts the transport.
   *
   * @param now the clock's reading; no turn may come with an earlier one
   * @throws IllegalStateException the node was started or closed before, or the transport: each serves for one life
   */
  public void start(long now) {
    if (started || ending.isAsked()) {
      throw new IllegalStateException(
          "node "
              + parts.config.node()
              + (ending.isAsked() ? " is closed" : " is started already")
              + "; a node has one life: build another");
    }
    parts.events.at(now);
    parts.upkeep.start(now);
    parts.status.publish(now);
    started = true; // from the transport's start on it may be turned
    try {
      parts.transport.start(parts.connections);
    } catch (RuntimeException e) {
      started = false;
      throw e;
    }
    LOG.info("node {} of cluster {} started", parts.config.node(), parts.config.cluster());
  }

  @Override
  public int run(long now) {
    requireStarted();
    if (ending.isOver()) {
      return 0; // whoever turns it may not have heard yet
    }
    if (turner != Thread.currentThread()) {
      turner = Thread.currentThread();
    }
    parts.events.at(now);
    parts.fanout.awake();
    parts.roles.run(parts.transport.drainedBeforeNs(), now);
    parts.connections.run(now);
    int work = ending.run(now) ? 1 : 0;
    if (ending.isOver()) {
      return 0;
    }
    work += parts.heartbeats.run(now) > 0 ? 1 : 0;
    parts.usage.run(now);
    parts.upkeep.run(now);
    if (parts.tombstones.isRunning()) {
      parts.tombstones.run();
      work++;
    }
    for (Peer peer : parts.peers.values()) {
      work += peer.stream.run(now);
    }
    parts.status.run(now);
    parts.callbacks.run(now);
    return work;
  }

  private void requireStarted() {
    if (!started && !ending.isAsked()) {
      throw new IllegalStateException(
          "node "
              + parts.config.node()
              + " is turned and not started; call start(now) first. Nothing was done");
    }
  }

  @Override
  public long nextDueNs() {
    requireStarted();
    if (ending.isOver()) {
      return Long.MAX_VALUE;
    }
    long now = parts.events.now();
    parts.fanout.drowsy();
    long due = Math.min(parts.heartbeats.nextDueNs(now), parts.usage.nextDueNs());
    due = Math.min(due, Math.min(parts.upkeep.nextDueNs(), parts.roles.nextDueNs(now)));
    due = Math.min(due, ending.nextDueNs(now));
    due = Math.min(due, parts.status.nextDueNs());
    if (parts.tombstones.isRunning()) {
      due = now;
    }
    for (Peer peer : parts.peers.values()) {
      due = Math.min(due, peer.stream.nextDueNs(now));
    }
    parts.fanout.asleep(due);
    return due;
  }

  // ---- for tests, tools and status

  /** Everything owed now is due now; with usage, also the counters of every entry that saw traffic. */
  public void flush(boolean withUsage) {
    if (withUsage) {
      parts.usage.runAll(parts.events.now());
    }
    parts.peers.values().forEach(peer -> peer.stream.flush());
  }

  /** Nothing but usage is owed to the peer, or unacknowledged; false while it is not connected, and when the node has ended. */
  public boolean isFlushed(int peerNode) {
    Peer peer = peer(peerNode);
    return isConnected(peerNode) && peer.stream.isFlushed();
  }

  /** The peer completed the bulk of this group in this member's present term. */
  public boolean isInSync(int peerNode, int group) {
    return isConnected(peerNode) && peer(peerNode).isInSync(group);
  }

  /** Records can be exchanged with the peer; false when the node has ended. */
  public boolean isConnected(int peerNode) {
    return peer(peerNode).isConnected() && !ending.isOver();
  }

  /** Counts what each entry is towards a peer; walks the tables. */
  public Accounting accounting(int peerNode) {
    return AccountingWalk.of(peer(peerNode).delta, parts.groups);
  }

  /** The peer applied this live entry as it is now. */
  public boolean isAcknowledged(int peerNode, HotTable table, Partition partition, int slot) {
    return AccountingWalk.isAcknowledged(
        peer(peerNode).delta, parts.groups, table, partition, slot);
  }

  /** Something about this entry, live or ended, is owed to the peer or on its way there. */
  public boolean isOwed(int peerNode, HotTable table, Partition partition, int slot) {
    return peer(peerNode).delta.ofTable(table.spec().number()).isUnsettled(partition, slot);
  }

  /** The peer had no room for this entry or for what was told of it, and has not reported any since: it goes whole then. */
  public boolean isRefused(int peerNode, HotTable table, Partition partition, int slot) {
    return peer(peerNode).delta.ofTable(table.spec().number()).isRefused(partition, slot);
  }

  /** Ends of entries are kept until this peer has them; one that is not remembered gets everything again instead, and a sweep. */
  public boolean isRemembered(int peerNode) {
    return peer(peerNode).delta.isRemembered();
  }

  /** A random number that tells this life of the member from its others, as HELLO says it. */
  public long life() {
    return parts.incarnation;
  }

  /** The life of the peer that was met last; 0: none was. */
  public long lifeOf(int peerNode) {
    return peer(peerNode).incarnation;
  }

  /** Bytes of the frames that the peer has not acknowledged. */
  public int inFlightBytes(int peerNode) {
    return peer(peerNode).stream.inFlight().bytes();
  }

  /** Frames that the peer has acknowledged, on all connections of this node's life. */
  public long acknowledgedFrames(int peerNode) {
    return peer(peerNode).stream.acknowledgedFrames();
  }

  private Peer peer(int node) {
    Peer peer = node >= 0 && node < byNode.length ? byNode[node] : null;
    if (peer == null) {
      throw new IllegalArgumentException(
          "node "
              + node
              + " is no peer of node "
              + parts.config.node()
              + "; its peers are "
              + parts.peers.keySet());
    }
    return peer;
  }

  /** Tables in the order they were given. */
  public List<HotTable> tables() {
    return List.copyOf(parts.tables);
  }

  /**
   * How many heartbeats may go missing from now on; peers hear of it. The node's other times stay as they are. Thread: the duty cycle's.
   *
   * @throws IllegalArgumentException another time differs from the node's, or the claim time is above its boot hold; nothing has changed. That
   *     it is not above the other members' is for whoever reloads to see to
   */
  public void heartbeat(HeartbeatConfig heartbeat, long now) {
    parts.config.checkReload(heartbeat);
    parts.roles.changeClaimTime(heartbeat.claimTime(parts.config.links()).toNanos(), now);
  }

  /** The end is over: everything is closed. Thread: any. */
  public boolean isClosed() {
    return ending.isOver();
  }

  /**
   * Ends the node in order: nothing is decided or published from the moment of the call; what was published before is sent, peers are
   * told, and take over at once; then all connections close. The second call waits with the first.
   *
   * <p>Thread: any. Returns when all is done, at the latest after {@code closeLimit} and half a second, and what closing the transport takes where
   * the thread that turns the node is blocked (Netty's: five seconds more); on the thread that turns the node it only begins, and the turns that
   * follow do the rest, until {@link #isClosed}.
   */
  @Override
  public void close() {
    ending.ask();
    if (ending.isOver() || turner == Thread.currentThread()) {
      return;
    }
    if (turner == null) {
      ending.closeUnstarted(parts.events.now());
      return;
    }
    parts.fanout.wake();
    if (!ending.await()) {
      LOG.error("node {} was not turned to its end; closing its sockets", parts.config.node());
      parts.transport.close();
      parts.callbacks.schedule(); // no turn follows that would
    }
  }

  /**
   * Whoever turns the node himself says that he does so no more; a transport says it without being asked. The right to decide ends, then
   * the roles become FAILED. Returns when the last packet batch is over; sockets may close then. Thread: the duty cycle's.
   */
  public void onFailed(Throwable cause) {
    ending.fail(cause, parts.events.now());
  }
}
