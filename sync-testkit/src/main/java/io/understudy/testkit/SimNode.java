package io.understudy.testkit;

import io.understudy.Fault;
import io.understudy.SyncNode;
import io.understudy.SyncNodeBuilder;
import io.understudy.config.SyncConfig;
import io.understudy.runtime.Entropy;
import io.understudy.table.HotTable;
import io.understudy.table.TableId;
import io.understudy.tables.session.SessionTable;
import io.understudy.testkit.sim.Death;
import io.understudy.testkit.sim.SimClock;
import io.understudy.testkit.sim.SimEntropy;
import io.understudy.testkit.sim.SimStore;
import io.understudy.testkit.sim.SimTransport;
import java.io.UncheckedIOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.IntConsumer;

/** A member of a simulated cluster, through all its lives. Thread: the simulation's. */
public final class SimNode {
  private static final int MAX_TURNS = 10_000;

  private final SimCluster cluster;
  private final int id;
  private final Function<Mistake, SyncConfig> configs;
  private SyncConfig config;
  private Mistake mistake = Mistake.NONE;
  private final SimStore store = new SimStore();
  private final Entropy entropy;
  private final MemberClock clock;
  private final SimListener listener = new SimListener();
  private SimTransport transport;
  private SyncNode node;
  private SessionTable sessions4;
  private SessionTable sessions6;
  private List<HotTable> tables = List.of();
  private SimClock.Timer timer;
  private Runnable dataplane = () -> {};
  private boolean turning;
  private boolean isProcessAlive;
  private int wakes;
  private boolean isStalled;
  private boolean isLoopDead;
  private boolean isEnding;
  private boolean isWatching;
  private int life;
  private int lostStores;
  private long activity;
  private long dueTurns;
  private byte[] stale;
  private byte[] atStart;

  SimNode(SimCluster cluster, Function<Mistake, SyncConfig> configs, long seed) {
    this.cluster = cluster;
    this.configs = configs;
    config = configs.apply(Mistake.NONE);
    id = config.node().value();
    entropy = new SimEntropy(seed);
    clock = cluster.clockOf(id);
  }

  public int id() {
    return id;
  }

  public SyncNode node() {
    return node;
  }

  public SimStore store() {
    return store;
  }

  public SimTransport transport() {
    return transport;
  }

  public SessionTable sessions4() {
    return sessions4;
  }

  public SessionTable sessions6() {
    return sessions6;
  }

  /** How many lives began. */
  public int life() {
    return life;
  }

  /** Rises whenever something of this member may have changed: its code ran, or something was done to it. */
  public long activity() {
    return activity;
  }

  /** How often it was turned because it had said that it would be due. */
  public long dueTurns() {
    return dueTurns;
  }

  /** What its dataplane does whenever the duty cycle is about to take a step: between what was read and what is sent, among others. */
  public void dataplane(Runnable action) {
    dataplane = action;
  }

  /** What its callbacks do at their end: they may throw, or call the node. */
  public void callbacksBehave(Runnable action) {
    listener.behave(action);
  }

  /** What happens when its dataplane announces it as the holder of a group. */
  public void whenAnnounced(IntConsumer action) {
    listener.announces(action);
  }

  /** Faults that its listener was told of in this life, and that did not end. */
  public List<Fault> toldFaults() {
    return listener.faults();
  }

  /** As if its listener had been told of no fault in this life. */
  public void forgetToldFaults() {
    listener.beginLife();
  }

  /** What its listener was told wrongly of a fault; empty: nothing. */
  public String wrongNews() {
    return listener.wrongNews();
  }

  /** From the next life on every entry that comes or ends by a peer's word is told. */
  public void watchEntries() {
    isWatching = true;
  }

  /** Its dataplane did something. */
  public void worked() {
    activity++;
  }

  public boolean isPaused() {
    return transport != null && transport.isPaused();
  }

  /** The member's dataplane may decide for the group now: it asks as long as its process lives, whatever became of the node. */
  public boolean mayDecide(int group) {
    return isProcessAlive && node.mayDecide(group, nowNs());
  }

  /** The member's dataplane may send as the group's virtual MAC now. */
  public boolean maySendAs(int group) {
    return isProcessAlive && node.maySendAs(group, nowNs());
  }

  /** Its dataplane works: the process lives and does not sleep, whatever became of the node. */
  public boolean isDataplaneAlive() {
    return isProcessAlive && (isStalled || !isPaused());
  }

  public boolean isProcessAlive() {
    return isProcessAlive;
  }

  /** The node of the present life was closed, or its loop died. */
  public boolean isEnding() {
    return isEnding;
  }

  /** The loop of the present life died. */
  public boolean isLoopDead() {
    return isLoopDead;
  }

  /** All tables of the present life. */
  public List<HotTable> tables() {
    return tables;
  }

  /** The tables of sessions, IPv4 first. */
  public List<SessionTable> sessions() {
    return List.of(sessions4, sessions6);
  }

  public boolean isAlive() {
    return transport != null && transport.isAlive();
  }

  /** Begins the first life, unless a fault began one before. */
  void startFirst() {
    if (life == 0) {
      start();
    }
  }

  /** Begins a life with empty tables. */
  public void start() {
    startWith(Mistake.NONE);
  }

  /** The present life is refused by every peer. */
  public boolean isRefused() {
    return mistake != Mistake.NONE;
  }

  /** The node id in its settings: another than {@link #id} where that is the mistake. */
  public int ownNumber() {
    return config.node().value();
  }

  /** Neither is refused for a mistake: entries may go between the two, and each knows the other's number. */
  public boolean isPeerOf(SimNode other) {
    return this != other && !isRefused() && !other.isRefused();
  }

  /** The other one has met this very process, not a former life or one that has its number by mistake. */
  public boolean isMetBy(SimNode other) {
    return other.isPeerOf(this)
        && node != null
        && other.node != null
        && other.node.lifeOf(id) == node.life();
  }

  /** Begins a life with empty tables and a mistake in its settings. */
  public void startWith(Mistake made) {
    mistake = made;
    config = configs.apply(made);
    life++;
    activity++;
    listener.beginLife();
    isProcessAlive = true;
    isStalled = false;
    isLoopDead = false;
    isEnding = false;
    stale = atStart;
    atStart = store.snapshot();
    Map<Integer, Integer> peers = new LinkedHashMap<>();
    config
        .peers()
        .forEach(peer -> peers.put(peer.value(), cluster.addressOf(peer.value(), id, made)));
    List<Integer> links = java.util.stream.IntStream.range(0, config.links()).boxed().toList();
    transport = cluster.network().transport(id, config.node().value(), peers, links);
    transport.clock(clock::localNs);
    node = build();
    sessions4 = new SessionTable(node.table(TableId.SESSION4));
    sessions6 = new SessionTable(node.table(TableId.SESSION6));
    tables = node.tables();
    SyncNode own = node;
    own.setWaker(() -> cluster.clock().after(0, () -> turn(own)));
    transport.afterPoll(() -> turn(own));
    node.start(nowNs());
    turn(own);
  }

  /** A store that fails while a node is built ends the process; whoever watches it starts it again. */
  private SyncNode build() {
    SyncNodeBuilder builder =
        SyncNode.builder(config)
            .transport(transport)
            .store(store)
            .entropy(entropy)
            .listener(listener)
            .table(SessionTable.spec4(cluster.capacity(id), config.peers().size()))
            .table(SessionTable.spec6(cluster.capacity(id), config.peers().size()));
    if (isWatching) {
      builder.watch(TableId.SESSION4).watch(TableId.SESSION6);
    }
    if (store.isDamaged()) {
      requireRefused(builder);
    }
    try {
      return builder.build();
    } catch (UncheckedIOException e) {
      return builder.build();
    }
  }

  /** A damaged store is named and left alone; its administrator puts a copy back. */
  private void requireRefused(SyncNodeBuilder builder) {
    try {
      builder.build();
    } catch (IllegalStateException e) {
      store.repair();
      return;
    }
    throw new SimFailure("Store", "node " + id + " is built from a damaged store");
  }

  /** What its clock says to this member. */
  public long nowNs() {
    return clock.nanoTime();
  }

  /** Empties the store, as a new disk. */
  public void wipeStore() {
    store.wipe();
    stale = null;
    lostStores++;
    activity++;
  }

  /** How often the store was emptied, or an old copy put back. */
  public int lostStores() {
    return lostStores;
  }

  /** Puts back what the store held when the life before the last began. */
  public void restoreStaleStore() {
    if (stale != null) {
      store.restore(stale);
      lostStores++;
      activity++;
    }
  }

  /** Ends the life without a word. */
  public void kill(Death death) {
    activity++;
    isProcessAlive = false;
    transport.kill(death);
    node.close();
    if (timer != null) {
      timer.cancel();
    }
  }

  public void pause() {
    activity++;
    transport.pause();
  }

  /** Its loop stands; its dataplane goes on. */
  public void stall() {
    activity++;
    isStalled = true;
    transport.stall();
  }

  /** Its loop dies by what is thrown in it; its sockets close when the last packet batch is over. Its dataplane goes on. */
  public void failLoop() {
    activity++;
    isEnding = true;
    isLoopDead = true;
    SimTransport own = transport;
    own.dieLoop();
    node.onFailed(new IllegalStateException("simulated"));
    cluster.clock().after(config.heartbeat().batch().toNanos(), own::close);
  }

  /** Closes the node in order, or once more; its dataplane goes on. */
  public void close() {
    activity++;
    isEnding = true;
    node.close();
    turn(node);
  }

  /** How often its process or its loop went on after it had stood, since the beginning. */
  public int wakes() {
    return wakes;
  }

  public void resume() {
    activity++;
    wakes++;
    isStalled = false;
    transport.resume();
    turn(node);
  }

  private void turnWhenDue(SyncNode own) {
    dueTurns++;
    turn(own);
  }

  /** The duty cycle: turned until it has nothing left to do now, then again when it is due. */
  private void turn(SyncNode own) {
    activity++;
    if (own != node || !isAlive() || isLoopDead || transport.isPaused() || turning) {
      return;
    }
    turning = true;
    long now = nowNs();
    int turns = 0;
    dataplane.run();
    while (own.run(now) > 0) {
      dataplane.run();
      if (++turns > MAX_TURNS) {
        throw new IllegalStateException("node " + id + " finds no rest at " + now);
      }
    }
    turning = false;
    if (timer != null) {
      timer.cancel();
    }
    long soonestNs = cluster.nowNs() + cluster.minTurnNs();
    long dueNs = Math.max(clock.realNs(own.nextDueNs()), soonestNs);
    timer = cluster.clock().at(dueNs, () -> turnWhenDue(own));
  }
}
