package io.understudy;

import io.understudy.Fault.Kind;
import io.understudy.bulk.BulkReceiver;
import io.understudy.bulk.BulkSender;
import io.understudy.config.SyncConfig;
import io.understudy.delta.ChangeFanout;
import io.understudy.delta.Drain;
import io.understudy.delta.PeerDelta;
import io.understudy.delta.Settlement;
import io.understudy.delta.TombstonePass;
import io.understudy.delta.UsagePass;
import io.understudy.ha.RoleMachine;
import io.understudy.ha.RoleSettings;
import io.understudy.ha.Self;
import io.understudy.metrics.CounterSet;
import io.understudy.metrics.PeerLog;
import io.understudy.metrics.SyncCounter;
import io.understudy.model.GroupId;
import io.understudy.model.NodeId;
import io.understudy.model.Term;
import io.understudy.replication.Inbound;
import io.understudy.replication.Replication;
import io.understudy.replication.StreamSettings;
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
import org.slf4j.LoggerFactory;

/**
 * Makes the parts of one node and tells each of those it works with; {@link SyncNode} turns them.
 *
 * <p>Shape: made once, from below upwards: tables, roles, streams, connections. Whoever works with a part that is made after it
 * ({@link RoleEffects}) finds it here when it is called.
 *
 * <p>Thread: the duty cycle, but for what {@link SyncNode} says of its own methods.
 */
final class NodeParts {
  /** Of all that peers and the store can cause; not of connections, which are more. */
  final PeerLog log = new PeerLog(LoggerFactory.getLogger(SyncNode.class));

  final SyncConfig config;
  final Transport transport;
  final Callbacks callbacks;
  final Debts debts;
  final CounterSet counters = new CounterSet();
  final StoredState stored;
  final TermReserve terms;
  final NodeGroups groups;
  final RoleMachine roles;
  final ChangeFanout fanout;
  final List<HotTable> tables = new ArrayList<>();
  final Map<Integer, Peer> peers = new LinkedHashMap<>();
  final Connections connections;
  final Heartbeats heartbeats;
  final TombstonePass tombstones;
  final UsagePass usage;
  final Upkeep upkeep;
  final PeerEvents events;
  final StatusBoard status;
  final Faults faults;

  /** Of this life. */
  final long incarnation;

  private final Settlement settlement;
  private final Replication replication;

  NodeParts(SyncNodeBuilder builder) {
    config = builder.config;
    transport = builder.transport;
    incarnation = nonZero(builder.entropy);
    Handshake handshake = new Handshake(config, incarnation, builder.specs);
    stored = new StoredState(builder.store);
    stored.whenStored(this::storeWorks);
    terms = new TermReserve(stored, config.priorities().keySet()); // writes: nothing is wrong
    GenerationClock clock =
        new GenerationClock(stored.generationBound(), incarnation, this::storeBound);
    clock.extend();
    groups = new NodeGroups(config, clock);
    long batchingNs = config.stream().batching().toNanos();
    fanout = new ChangeFanout(groups, batchingNs);
    settlement = new Settlement(counters, batchingNs);
    buildTables(builder.specs);
    callbacks =
        new Callbacks(
            builder.listener,
            builder.callbacks == null ? transport.callbacks() : builder.callbacks,
            tables,
            builder.watched,
            counters,
            LoggerFactory.getLogger(SyncNode.class));
    faults = new Faults(LoggerFactory.getLogger(SyncNode.class), callbacks, this::statusChanged);
    roles = roleMachine();
    groups.setRoles(roles);
    Drain drain = new Drain(groups, settlement);
    StreamSettings settings =
        new StreamSettings(config.stream().windowBytes(), config.stream().frameBytes(), batchingNs);
    replication = new Replication(tables, groups, settlement, drain, callbacks, settings, counters);
    buildPeers(drain);
    long intervalNs = config.heartbeat().interval().toNanos();
    tombstones = new TombstonePass(tables, groups, settlement);
    debts = new Debts(config, tables, peers.values(), groups, tombstones, counters);
    status =
        new StatusBoard(config.node().value(), config.groups(), roles, peers.values(), faults::all);
    PeerFaults peerFaults =
        new PeerFaults(faults, peers.values(), config.links(), roleSettings().detectionNs());
    events = new PeerEvents(roles, debts, callbacks, status, peerFaults);
    connections =
        new Connections(
            config.node().value(),
            peers,
            handshake,
            roles,
            groups,
            clock,
            intervalNs,
            counters,
            events);
    heartbeats =
        new Heartbeats(
            peers.values(), roles, clock, config.node().value(), incarnation, intervalNs);
    usage = new UsagePass(tables, fanout, config.stream().usageInterval().toNanos());
    upkeep = upkeep(clock, peerFaults);
  }

  private Upkeep upkeep(GenerationClock clock, PeerFaults peerFaults) {
    Stalls stalls =
        new Stalls(peers.values(), counters, faults, roles, roleSettings().detectionNs());
    Refusals refusals =
        new Refusals(tables, peers.values(), replication, faults, config.node().value());
    return new Upkeep(
        tables,
        peers.values(),
        clock,
        this::extendTerms,
        debts,
        replication,
        stalls,
        refusals,
        peerFaults,
        faults);
  }

  /** What cannot be reserved ahead is stored by the claim that needs it. */
  private void extendTerms(long nowNs) {
    try {
      terms.extend(roles::highestNumber, nowNs);
    } catch (RuntimeException e) {
      storeFailed("numbers of terms could not be reserved", e);
    }
  }

  /** A bound that cannot be stored is not used: publishes find no generation until it can. */
  private boolean storeBound(long bound) {
    try {
      stored.storeGenerationBound(bound);
      return true;
    } catch (RuntimeException e) {
      storeFailed(
          "generations up to "
              + bound
              + " could not be reserved, new sessions stay alone when those reserved are used up",
          e);
      return false;
    }
  }

  private void statusChanged() {
    status.changed();
  }

  private void storeWorks() {
    if (events != null) {
      faults.over(
          Kind.STORE,
          config.node().value(),
          0,
          stored.name() + " takes what it is given",
          events.now());
    }
  }

  /** While the node is built there is nobody to tell, and no clock: whoever depends on the store tries again. */
  void storeFailed(String what, RuntimeException e) {
    counters.increment(SyncCounter.STORE_FAILURES);
    if (events != null) {
      String cause = what + "; trying again: " + e.getMessage();
      faults.met(Kind.STORE, config.node().value(), 0, cause, events.now());
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
      tables.add(new HotTable(spec, key0, key1, groups, fanout, counters));
    }
  }

  private RoleSettings roleSettings() {
    return new RoleSettings(
        config.heartbeat().interval().toNanos(),
        config.heartbeat().claimTime(config.links()).toNanos(),
        config.heartbeat().batch().toNanos(),
        config.heartbeat().confirmation().toNanos(),
        config.links(),
        config.bootHold().toNanos());
  }

  private RoleMachine roleMachine() {
    return new RoleMachine(
        new Self(config.node().value(), incarnation),
        roleSettings(),
        config.peers().stream().map(NodeId::value).toList(),
        config.priorities(),
        config.groups().stream().map(GroupId::value).toList(),
        terms.ofFormerLives(),
        new RoleEffects(this));
  }

  private void buildPeers(Drain drain) {
    BulkReceiver receiver = new BulkReceiver(groups, settlement, counters, new BulkEvents());
    List<PeerDelta> deltas = new ArrayList<>();
    for (NodeId id : config.peers()) {
      PeerDelta delta = new PeerDelta(deltas.size(), tables);
      deltas.add(delta);
      Inbound inbound = new Inbound(id.value(), delta, tables);
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
    replication.streamsAreMade();
  }

  private void onPeerInSync(Peer peer, int group, long term) {
    if (!groups.isNamedBy(peer.node, group)) {
      return; // it passed all of it over
    }
    peer.inSync.put(group, term);
    callbacks.tell("in sync", peer.node, group, to -> to.onPeerInSync(peer.node, group));
    log.info(
        "in sync",
        List.of(peer.node, group),
        events.now(),
        "node {} is in sync for group {} in term {}",
        peer.node,
        group,
        term);
  }

  private final class BulkEvents implements BulkReceiver.Listener {
    @Override
    public void onSwept(HotTable table, Partition partition, int slot) {
      callbacks.onEnded(table, partition, slot);
    }

    @Override
    public void onComplete(int group, long termNumber, int termNode) {
      log.info(
          "bulk",
          List.of(termNode, group),
          events.now(),
          "bulk sync of group {} from node {} is complete",
          group,
          termNode);
      callbacks.tell("sync complete", group, 0, to -> to.onSyncComplete(group));
      roles.onBulkReceived(group, new Term(termNumber, termNode));
      heartbeats.announce();
    }
  }
}
