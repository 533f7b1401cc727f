package io.understudy;

import io.understudy.bulk.BulkReceiver;
import io.understudy.bulk.BulkSender;
import io.understudy.config.SyncConfig;
import io.understudy.delta.AccountingWalk;
import io.understudy.delta.ChangeFanout;
import io.understudy.delta.Drain;
import io.understudy.delta.Hearsay;
import io.understudy.delta.PeerDelta;
import io.understudy.delta.Settlement;
import io.understudy.delta.TombstonePass;
import io.understudy.delta.UsagePass;
import io.understudy.ha.RoleActions;
import io.understudy.ha.RoleMachine;
import io.understudy.ha.RoleSettings;
import io.understudy.metrics.Accounting;
import io.understudy.metrics.CounterSet;
import io.understudy.metrics.SyncCounter;
import io.understudy.model.GroupId;
import io.understudy.model.NodeId;
import io.understudy.model.Role;
import io.understudy.model.Term;
import io.understudy.replication.EntryListener;
import io.understudy.replication.Inbound;
import io.understudy.replication.Replication;
import io.understudy.replication.StreamSettings;
import io.understudy.runtime.DutyCycle;
import io.understudy.runtime.Entropy;
import io.understudy.table.GenerationClock;
import io.understudy.table.HotTable;
import io.understudy.table.Partition;
import io.understudy.table.TableSpec;
import io.understudy.transport.Transport;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One member of a hot-standby cluster: its tables, its peers, its roles.
 *
 * <p>Shape: the node has no thread and no clock. Whoever turns it ({@link DutyCycle}) calls {@link #run}; the transport calls back on
 * the same thread. Dataplane threads publish into the tables and ask {@link #mayDecide}.
 *
 * <p>Thread: {@link #mayDecide}, {@link #role}, {@link #term}, {@link #table} and the tables from any; the rest from the duty cycle.
 *
 * <p>Errors: misuse throws in the call that caused it; what peers do wrong is counted and closes a connection.
 */
public final class SyncNode implements DutyCycle, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(SyncNode.class);

  private final SyncConfig config;
  private final Transport transport;
  private final SyncListener listener;
  private final CounterSet counters = new CounterSet();
  private final StoredState stored;
  private final GenerationClock clock;
  private final NodeGroups groups;
  private final RoleMachine roles;
  private final ChangeFanout fanout;
  private final Settlement settlement;
  private final List<HotTable> tables = new ArrayList<>();
  private final Map<Integer, Peer> peers = new LinkedHashMap<>();
  private final Replication replication;
  private final Connections connections;
  private final Heartbeats heartbeats;
  private final TombstonePass tombstones;
  private final UsagePass usage;
  private final Upkeep upkeep;
  private final PeerEvents events;
  private boolean started;
  private boolean closed;

  SyncNode(SyncNodeBuilder builder) {
    config = builder.config;
    transport = builder.transport;
    listener = builder.listener;
    stored = new StoredState(builder.store);
    clock = new GenerationClock(stored.generationBound(), this::storeBound);
    clock.extend();
    groups = new NodeGroups(config.node().value(), clock);
    long batchingNs = config.stream().batching().toNanos();
    fanout = new ChangeFanout(groups, batchingNs);
    settlement = new Settlement(counters);
    buildTables(builder.specs);
    long incarnation = nonZero(builder.entropy);
    roles = roleMachine();
    groups.setRoles(roles);
    Drain drain = new Drain(groups, settlement, counters);
    StreamSettings settings = new StreamSettings(config.stream().windowBytes(), batchingNs);
    replication =
        new Replication(tables, groups, settlement, drain, new Entries(), settings, counters);
    buildPeers(drain, incarnation);
    Handshake handshake = new Handshake(config, incarnation, tables);
    long intervalNs = config.heartbeat().interval().toNanos();
    tombstones = new TombstonePass(tables, groups, settlement);
    Debts debts = new Debts(config, tables, peers.values(), groups, tombstones, counters);
    events = new PeerEvents(roles, debts, listener, builder.startNs);
    connections =
        new Connections(peers, handshake, roles, groups, clock, intervalNs, counters, events);
    heartbeats =
        new Heartbeats(
            peers.values(), roles, clock, config.node().value(), incarnation, intervalNs);
    usage = new UsagePass(tables, fanout, config.stream().usageInterval().toNanos());
    upkeep = new Upkeep(tables, peers.values(), clock, debts, replication, builder.startNs);
  }

  /** A bound that cannot be stored is not used: publishes find no generation until it can. */
  private boolean storeBound(long bound) {
    try {
      stored.storeGenerationBound(bound);
      return true;
    } catch (RuntimeException e) {
      LOG.error(
          "generations above {} could not be reserved; trying again: {}", bound, e.toString());
      return false;
    }
  }

  private static long nonZero(Entropy entropy) {
    long value = entropy.nextLong();
    return value == 0 ? 1 : value;
  }

  private void buildTables(List<TableSpec> specs) {
    ByteBuffer key = ByteBuffer.wrap(config.hashKey());
    long key0 = key.getLong();
    long key1 = key.getLong();
    for (TableSpec spec : specs) {
      if (spec.peerSlots() < config.peers().size()) {
        throw new IllegalArgumentException(
            "table "
                + spec.name()
                + " has "
                + spec.peerSlots()
                + " peer slots for "
                + config.peers().size()
                + " peers");
      }
      tables.add(new HotTable(spec, key0, key1, groups, fanout, counters));
    }
  }

  private RoleMachine roleMachine() {
    RoleSettings settings =
        new RoleSettings(
            config.heartbeat().interval().toNanos(),
            config.heartbeat().missesAllowed(),
            config.links(),
            config.bootHold().toNanos());
    return new RoleMachine(
        config.node().value(),
        settings,
        config.peers().stream().map(NodeId::value).toList(),
        config.priorities(),
        config.groups().stream().map(GroupId::value).toList(),
        stored.numbers(),
        new Actions());
  }

  private void buildPeers(Drain drain, long incarnation) {
    BulkReceiver receiver = new BulkReceiver(groups, settlement, counters, new BulkEvents());
    List<PeerDelta> deltas = new ArrayList<>();
    for (NodeId id : config.peers()) {
      PeerDelta delta = new PeerDelta(deltas.size(), tables);
      deltas.add(delta);
      Inbound inbound = new Inbound(id.value(), delta, tables, new Hearsay(tables, fanout));
      Peer peer = new Peer(id.value(), delta, inbound, groups, receiver);
      peer.bulk =
          new BulkSender(
              delta,
              groups,
              drain,
              tables,
              incarnation,
              (group, term) -> onPeerInSync(peer, group, term));
      peer.stream = replication.stream(inbound, peer);
      peers.put(id.value(), peer);
    }
    PeerDelta[] all = deltas.toArray(new PeerDelta[0]);
    fanout.setPeers(all);
    settlement.setPeers(all);
    replication.setPeers(all);
  }

  /** Begins a node with these settings. */
  public static SyncNodeBuilder builder(SyncConfig config) {
    return new SyncNodeBuilder(config);
  }

  // ---- for the dataplane

  /** The table with this number. */
  public HotTable table(int number) {
    for (HotTable table : tables) {
      if (table.spec().number() == number) {
        return table;
      }
    }
    throw new IllegalArgumentException("table " + number + " was not given to this node's builder");
  }

  /**
   * Whether this member may create, allocate and announce for the group now. To be asked before each packet batch: a process that
   * slept is fenced by time, before the library itself wakes up.
   */
  public boolean mayDecide(int group, long now) {
    return roles.mayDecide(group, now);
  }

  public Role role(int group) {
    return roles.role(group);
  }

  public Term term(int group) {
    return roles.term(group);
  }

  public CounterSet counters() {
    return counters;
  }

  public SyncConfig config() {
    return config;
  }

  /** Called, from any thread, when the node sleeps and something became due. */
  public void setWaker(Runnable waker) {
    fanout.setWaker(waker);
  }

  // ---- turning

  /** Starts the transport. */
  public void start(long now) {
    if (started) {
      throw new IllegalStateException("node " + config.node() + " is started already");
    }
    started = true;
    events.at(now);
    upkeep.start();
    transport.start(connections);
    LOG.info("node {} of cluster {} started", config.node(), config.cluster());
  }

  @Override
  public int run(long now) {
    if (!started || closed) {
      return 0;
    }
    events.at(now);
    fanout.awake();
    roles.run(now);
    connections.run(now);
    int work = 0;
    heartbeats.run(now);
    usage.run(now);
    upkeep.run(now);
    if (tombstones.isRunning()) {
      tombstones.run();
      work++;
    }
    for (Peer peer : peers.values()) {
      work += peer.inbound.hearsay().run(now);
      work += peer.stream.run(now);
    }
    return work;
  }

  @Override
  public long nextDueNs() {
    long now = events.now();
    fanout.drowsy();
    long due = Math.min(heartbeats.nextDueNs(), usage.nextDueNs());
    due = Math.min(due, Math.min(upkeep.nextDueNs(), roles.nextDueNs(now)));
    if (tombstones.isRunning()) {
      due = now;
    }
    for (Peer peer : peers.values()) {
      due = peer.inbound.hearsay().isRunning() ? now : due;
      due = Math.min(due, peer.stream.nextDueNs(now));
    }
    fanout.asleep(due);
    return due;
  }

  private void onPeerInSync(Peer peer, int group, long term) {
    peer.inSync.put(group, term);
    LOG.info("node {} is in sync for group {} in term {}", peer.node, group, term);
  }

  // ---- for tests, tools and status

  /** Everything owed now is due now; with usage, also the counters of every entry that saw traffic. */
  public void flush(boolean withUsage) {
    if (withUsage) {
      usage.runAll(events.now());
    }
    peers.values().forEach(peer -> peer.stream.flush());
  }

  /** Nothing but usage is owed to the peer, or unacknowledged; false while it is not connected. */
  public boolean isFlushed(int peerNode) {
    Peer peer = peer(peerNode);
    return peer.isConnected() && peer.stream.isFlushed();
  }

  /** The peer completed the bulk of this group in this member's present term. */
  public boolean isInSync(int peerNode, int group) {
    return peer(peerNode).isInSync(group);
  }

  public boolean isConnected(int peerNode) {
    return peer(peerNode).isConnected();
  }

  /** Counts what each entry is towards a peer; walks the tables. */
  public Accounting accounting(int peerNode) {
    return AccountingWalk.of(peer(peerNode).delta, groups);
  }

  /** The peer applied this live entry as it is now. */
  public boolean isAcknowledged(int peerNode, HotTable table, Partition partition, int slot) {
    return AccountingWalk.isAcknowledged(peer(peerNode).delta, groups, table, partition, slot);
  }

  /** Something about this entry, live or ended, is owed to the peer or on its way there. */
  public boolean isOwed(int peerNode, HotTable table, Partition partition, int slot) {
    return peer(peerNode).delta.ofTable(table.spec().number()).isUnsettled(partition, slot);
  }

  /** Bytes of the frames that the peer has not acknowledged. */
  public int inFlightBytes(int peerNode) {
    return peer(peerNode).stream.inFlight().bytes();
  }

  private Peer peer(int node) {
    Peer peer = peers.get(node);
    if (peer == null) {
      throw new IllegalArgumentException(
          "node "
              + node
              + " is no peer of node "
              + config.node()
              + "; its peers are "
              + peers.keySet());
    }
    return peer;
  }

  /** Tables in the order they were given. */
  public List<HotTable> tables() {
    return List.copyOf(tables);
  }

  /** Ends the node: connections close in order, so that peers take over soon. */
  @Override
  public void close() {
    if (!closed) {
      closed = true;
      transport.close();
    }
  }

  private final class Entries implements EntryListener {
    @Override
    public void onArrived(HotTable table, Partition partition, int slot) {
      listener.onArrived(table, partition, slot);
    }

    @Override
    public void onEnded(HotTable table, Partition partition, int slot) {
      listener.onEnded(table, partition, slot);
    }
  }

  private final class BulkEvents implements BulkReceiver.Listener {
    @Override
    public void onSwept(HotTable table, Partition partition, int slot) {
      listener.onEnded(table, partition, slot);
    }

    @Override
    public void onComplete(int group, long termNumber, int termNode) {
      LOG.info("bulk sync of group {} from node {} is complete", group, termNode);
      roles.onBulkReceived(group, new Term(termNumber, termNode));
      heartbeats.announce();
    }
  }

  private final class Actions implements RoleActions {
    @Override
    public void finishConnections(int node) {
      connections.finishConnections(peers.get(node));
    }

    @Override
    public boolean isFinished(int node) {
      return !peers.get(node).hasOpenConnections();
    }

    @Override
    public boolean isReadUp() {
      return !transport.hasUnread();
    }

    @Override
    public void store(int group, long number) {
      stored.storeNumber(group, number);
    }

    @Override
    public void onHolderChanged(int group, Term before, Term now) {
      boolean own = now.node() == config.node().value();
      for (Peer peer : peers.values()) {
        peer.delta.raiseSync(group);
        peer.inSync.remove(group);
        if (own) {
          peer.bulk.owe(group);
        } else {
          peer.bulk.cancel(group);
        }
      }
      if (own) {
        counters.increment(SyncCounter.TAKEOVERS);
      } else {
        tombstones.restart();
      }
    }

    @Override
    public void onRoleChanged(int group, Role before, Role now, Term term, String cause) {
      LOG.info("group {}: role {} -> {} term={} cause={}", group, before, now, term, cause);
      listener.onRole(group, before, now, term, cause);
    }

    @Override
    public boolean isAnyPeerInSync(int group) {
      for (Peer peer : peers.values()) {
        if (peer.isInSync(group)) {
          return true;
        }
      }
      return false;
    }

    @Override
    public void announce() {
      heartbeats.announce();
    }
  }
}
