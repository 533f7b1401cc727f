package io.understudy.testkit;

import io.understudy.SyncListener;
import io.understudy.config.SyncConfig;
import io.understudy.model.GroupId;
import io.understudy.model.NodeId;
import io.understudy.testkit.sim.SimClock;
import io.understudy.testkit.sim.SimNetwork;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A whole cluster under a simulated clock, network, store and chance, single-threaded; it repeats exactly from its seed.
 *
 * <p>Shape: members 1 to n, groups 1 to g; group i is first held by member i.
 */
public final class SimCluster {
  private final SimClock clock = new SimClock();
  private final SimNetwork network;
  private final Map<Integer, SimNode> nodes = new LinkedHashMap<>();
  private final int capacity;

  /** A cluster that is not started. */
  public SimCluster(long seed, int members, int groups, int links, int capacity) {
    this.capacity = capacity;
    network = new SimNetwork(clock, seed);
    for (int id = 1; id <= members; id++) {
      nodes.put(id, new SimNode(this, config(id, members, groups, links), seed * 31 + id));
    }
  }

  private static SyncConfig config(int id, int members, int groups, int links) {
    SyncConfig.Builder builder = SyncConfig.builder("simulated", new NodeId(id)).links(links);
    for (int peer = 1; peer <= members; peer++) {
      if (peer != id) {
        builder.peer(new NodeId(peer));
      }
    }
    for (int group = 1; group <= groups; group++) {
      builder.group(new GroupId(group), group == id ? 200 : 100 - id);
    }
    return builder.build();
  }

  public SimClock clock() {
    return clock;
  }

  public SimNetwork network() {
    return network;
  }

  public SimNode node(int id) {
    return nodes.get(id);
  }

  public Collection<SimNode> nodes() {
    return nodes.values();
  }

  int capacity() {
    return capacity;
  }

  long minTurnNs() {
    return 1_000;
  }

  SyncListener listener(int id) {
    return new SyncListener() {};
  }

  /** Starts every member. */
  public void start() {
    nodes.values().forEach(SimNode::start);
  }

  public void runFor(long durationNs) {
    clock.runFor(durationNs);
  }

  /** Every member's dump of a group's sessions, for comparison. */
  public List<String> dump(int node) {
    List<String> lines = new ArrayList<>();
    SessionDump.lines(nodes.get(node), lines);
    return lines;
  }
}
