package io.understudy.testkit;

import io.understudy.config.StreamConfig;
import io.understudy.config.SyncConfig;
import io.understudy.model.GroupId;
import io.understudy.model.NodeId;
import io.understudy.tables.session.SessionTable;
import io.understudy.testkit.sim.SimClock;
import io.understudy.testkit.sim.SimNetwork;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.Function;

/**
 * A whole cluster under a simulated clock, network, store and chance, single-threaded; it repeats exactly from its seed.
 *
 * <p>Shape: members 1 to n, groups 1 to g; group i is first held by member i.
 */
public final class SimCluster {
  private static final int HIGH_PRIORITY = 200;
  private static final int LOW_PRIORITY = 100;
  private static final int HASH_KEY_BYTES = 16;

  private final SimClock clock = new SimClock();
  private final SimNetwork network;
  private final SimSettings settings;
  private final long seed;
  private final List<SimNode> nodes;

  /** A cluster that is not started. */
  public SimCluster(long seed, int members, int groups, int links, int capacity) {
    this(seed, SimSettings.of(members, groups, links, capacity));
  }

  /** A cluster that is not started. */
  public SimCluster(long seed, SimSettings settings) {
    this.seed = seed;
    this.settings = settings;
    network = new SimNetwork(clock, seed).settings(settings.path());
    List<SimNode> made = new ArrayList<>();
    for (int id = 1; id <= settings.members(); id++) {
      made.add(new SimNode(this, configOf(id), seed * 31 + id));
    }
    nodes = List.copyOf(made);
  }

  private Function<Mistake, SyncConfig> configOf(int id) {
    return mistake -> config(id, mistake);
  }

  private SyncConfig config(int place, Mistake mistake) {
    MemberSettings own = settings.own().get(place - 1);
    int id = mistake == Mistake.NODE_ID ? next(place) : place;
    String cluster = mistake == Mistake.CLUSTER ? "another" : "simulated";
    SyncConfig.Builder builder =
        SyncConfig.builder(cluster, new NodeId(id))
            .links(settings.links())
            .bootHold(settings.bootHold())
            .heartbeat(own.heartbeat())
            .stream(
                new StreamConfig(
                    settings.windowBytes(),
                    own.frameBytes(),
                    own.batching(),
                    own.usageInterval(),
                    own.outageMemory()));
    for (int peer = 1; peer <= settings.members(); peer++) {
      if (peer != id) {
        builder.peer(new NodeId(peer));
      }
    }
    for (int group = 1; group <= settings.groups(); group++) {
      builder.group(new GroupId(group), group == id ? HIGH_PRIORITY : LOW_PRIORITY - id);
    }
    if (mistake == Mistake.HASH_KEY) {
      builder.hashKey(new byte[HASH_KEY_BYTES]);
    }
    return builder.build();
  }

  private int next(int id) {
    return id % settings.members() + 1;
  }

  /** With {@link Mistake#NODE_ID} a member calls itself by another's number, and that one by its own. */
  int addressOf(int peer, int place, Mistake mistake) {
    return mistake == Mistake.NODE_ID && peer == place ? next(place) : peer;
  }

  public SimSettings settings() {
    return settings;
  }

  public SimClock clock() {
    return clock;
  }

  public long nowNs() {
    return clock.nanoTime();
  }

  public SimNetwork network() {
    return network;
  }

  public SimNode node(int id) {
    return nodes.get(id - 1);
  }

  /** In the order of their ids. */
  public List<SimNode> nodes() {
    return nodes;
  }

  /** Some member lives that has another one's node id by mistake. */
  public boolean hasNamesakes() {
    for (SimNode node : nodes) {
      if (node.isAlive() && node.ownNumber() != node.id()) {
        return true;
      }
    }
    return false;
  }

  /** Another process with the node id of a member: a mistake of its administrator. Not started, and not among {@link #nodes}. */
  public SimNode twinOf(int id) {
    return new SimNode(this, configOf(id), seed * 31 + id + settings.members());
  }

  int capacity(int id) {
    return settings.capacities().get(id - 1);
  }

  long minTurnNs() {
    return 1_000;
  }

  /** Starts every member, at once or when it is due. */
  public void start() {
    for (SimNode node : nodes) {
      long delayNs = settings.own().get(node.id() - 1).startNs();
      if (delayNs == 0) {
        node.start();
      } else {
        clock.after(delayNs, node::startFirst);
      }
    }
  }

  MemberClock clockOf(int id) {
    MemberSettings own = settings.own().get(id - 1);
    return new MemberClock(clock, own.clockOffsetNs(), own.clockPpm());
  }

  public void runFor(long durationNs) {
    clock.runFor(durationNs);
  }

  /** The member that decides for the group now, or null. */
  public SimNode holder(int group) {
    for (SimNode node : nodes) {
      if (node.mayDecide(group)) {
        return node;
      }
    }
    return null;
  }

  /** Every member's dump of its sessions, for comparison. */
  public List<String> dump(int node) {
    return dump(node, true);
  }

  /** As {@link #dump(int)}, with or without the counters: of two members the share of each, of three the sums. */
  public List<String> dump(int node, boolean counters) {
    List<String> lines = new ArrayList<>();
    for (SessionTable table : node(node).sessions()) {
      if (!counters) {
        SessionDump.linesWithoutCounters(table, lines);
      } else if (settings.members() == 2) {
        SessionDump.linesWithShares(table, node == 1, lines);
      } else {
        SessionDump.lines(table, lines);
      }
    }
    Collections.sort(lines);
    return lines;
  }
}
