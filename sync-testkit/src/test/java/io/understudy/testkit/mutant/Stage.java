package io.understudy.testkit.mutant;

import io.understudy.metrics.SyncCounter;
import io.understudy.model.Direction;
import io.understudy.model.IpProtocol;
import io.understudy.table.HotTable;
import io.understudy.table.PublishResult;
import io.understudy.tables.session.SessionRecord;
import io.understudy.tables.session.SessionTable;
import io.understudy.testkit.SimCluster;
import io.understudy.testkit.SimFailure;
import io.understudy.testkit.SimNode;
import io.understudy.testkit.SimSettings;
import io.understudy.testkit.check.Convergence;
import io.understudy.testkit.check.Quiet;
import io.understudy.testkit.sim.LinkFaults;
import io.understudy.testkit.sim.PathSettings;
import io.understudy.track.SessionFacts;
import java.time.Duration;
import java.util.List;

/** A small cluster for a scenario: sessions have numbers, and what a member has is asked by number. */
final class Stage {
  static final long MS = 1_000_000;

  /** Longer than any detection of silence, and what follows it. */
  static final long TAKEOVER_MS = 1_500;

  private static final int WINDOW_BYTES = 1 << 17;

  final SimCluster sim;

  private Stage(SimCluster sim) {
    this.sim = sim;
    sim.start();
    run(1_000);
  }

  /** Members that agree, node 1 holding group 1. */
  static Stage of(int members, int groups, int links) {
    return of(members, groups, links, 4_096, 4_096);
  }

  /** With capacities of node 1 and of the others. */
  static Stage of(int members, int groups, int links, int first, int others) {
    List<Integer> capacities =
        members == 2 ? List.of(first, others) : List.of(first, others, others);
    PathSettings path = PathSettings.DEFAULT.withDelay(MS, 0);
    SimSettings settings =
        new SimSettings(
            members, groups, links, capacities, WINDOW_BYTES, Duration.ofSeconds(2), path);
    return of(settings);
  }

  /** Anything else. */
  static Stage of(SimSettings settings) {
    return new Stage(new SimCluster(7, settings));
  }

  SimNode node(int id) {
    return sim.node(id);
  }

  LinkFaults faults() {
    return sim.network().faults();
  }

  void run(long ms) {
    sim.runFor(ms * MS);
  }

  SessionRecord record(int node, int i) {
    return udp(sim.node(node).sessions4(), i);
  }

  private static SessionRecord udp(SessionTable table, int i) {
    return table
        .newRecord()
        .key4(0, IpProtocol.UDP, 0x0a000001 + i, 1_000 + i % 60_000, 0xc0a80001, 53);
  }

  /** One more fact of the session: its direction's bit. */
  static SessionRecord fact(SessionRecord record, int isn, int forward, int reverse) {
    SessionFacts facts = new SessionFacts();
    facts.load(new long[] {(long) isn << 32, 0, (long) forward << 10 | reverse}, 0);
    return record.facts(facts);
  }

  /** Begins the session or gives it this policy, at once. */
  PublishResult publish(int node, int i, int policy) {
    SessionRecord record = fact(record(node, i), 0, 1, 0).policy(policy).zones(1, 2);
    return publish(node, record, 1, 0);
  }

  /** The same for the first so many sessions. */
  void publishAll(int node, int count, int policy) {
    for (int i = 0; i < count; i++) {
      publish(node, i, policy);
    }
  }

  PublishResult publish(int node, SessionRecord record, int group, int options) {
    return sim.node(node)
        .sessions4()
        .publish(record, group, 0, options | HotTable.URGENT, sim.nowNs());
  }

  PublishResult remove(int node, int i) {
    return sim.node(node).sessions4().remove(record(node, i), HotTable.URGENT, sim.nowNs());
  }

  void touch(int node, int i, int packets) {
    SessionTable table = sim.node(node).sessions4();
    table.touch(record(node, i), Direction.FORWARD, packets, 100L * packets, sim.nowNs());
  }

  boolean has(int node, int i) {
    return sim.node(node).sessions4().lookup(record(node, i));
  }

  int policy(int node, int i) {
    SessionRecord record = record(node, i);
    return sim.node(node).sessions4().lookup(record) ? record.policy() : -1;
  }

  long counter(int node, SyncCounter counter) {
    return sim.node(node).node().counters().get(counter);
  }

  /** Everything heals; then all members must have the same and say no more. */
  void settle() {
    faults().healAll();
    run(4_000);
    for (SimNode node : sim.nodes()) {
      for (SimNode peer : sim.nodes()) {
        if (node != peer) {
          check("Settled", node.node().isFlushed(peer.id()), "node " + node.id() + " owes more");
        }
      }
    }
    check("Settled", sim.holder(1) != null, "nobody decides");
    long settledNs = sim.nowNs();
    run(2_500);
    new Quiet(settledNs).check(sim);
    Convergence.check(sim);
  }

  static void check(String promise, boolean kept, String otherwise) {
    if (!kept) {
      throw new SimFailure(promise, otherwise);
    }
  }
}
