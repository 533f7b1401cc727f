package io.understudy.testkit;

import io.understudy.SyncNode;
import io.understudy.config.SyncConfig;
import io.understudy.metrics.SyncCounter;
import io.understudy.model.Direction;
import io.understudy.model.GroupId;
import io.understudy.model.IpProtocol;
import io.understudy.model.NodeId;
import io.understudy.runtime.MemoryStore;
import io.understudy.table.HotTable;
import io.understudy.table.TableId;
import io.understudy.tables.session.SessionRecord;
import io.understudy.tables.session.SessionTable;
import io.understudy.testkit.sim.SimClock;
import io.understudy.testkit.sim.SimEntropy;
import io.understudy.testkit.sim.SimNetwork;
import io.understudy.testkit.sim.SimTransport;
import io.understudy.track.SessionFacts;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.UnaryOperator;

/** Two members that may hear other bytes than were sent; node 1 holds group 1, node 2 group 2. */
final class HearingPair {
  static final int CAPACITY = 1_024;

  private static final long MS = 1_000_000;
  private static final UnaryOperator<byte[]> AS_SENT = frame -> frame;

  private final SimClock clock = new SimClock();
  private final SimNetwork network;
  private final List<SyncNode> nodes = new ArrayList<>();
  private final List<UnaryOperator<byte[]>> heard = new ArrayList<>(List.of(AS_SENT, AS_SENT));

  HearingPair(long seed) {
    network = new SimNetwork(clock, seed);
    nodes.add(begin(1));
    nodes.add(begin(2));
  }

  private SyncNode begin(int id) {
    SimTransport transport = network.transport(id, List.of(3 - id), List.of(0));
    SyncConfig config =
        SyncConfig.builder("one", new NodeId(id))
            .peer(new NodeId(3 - id))
            .group(new GroupId(1), 100 - id)
            .group(new GroupId(2), 100 + id)
            .bootHold(Duration.ofSeconds(2))
            .build();
    SyncNode node =
        SyncNode.builder(config)
            .transport(new HearingTransport(transport, frame -> heard.get(id - 1).apply(frame)))
            .store(new MemoryStore())
            .entropy(new SimEntropy(id))
            .table(SessionTable.spec4(CAPACITY, 1))
            .build();
    node.start(clock.nanoTime());
    return node;
  }

  /** From now on the node hears this of every frame; what it answers may be the frame itself. */
  void hears(int node, UnaryOperator<byte[]> ear) {
    heard.set(node - 1, ear);
  }

  void hearAsSent() {
    hears(1, AS_SENT);
    hears(2, AS_SENT);
  }

  SyncNode node(int id) {
    return nodes.get(id - 1);
  }

  long nowNs() {
    return clock.nanoTime();
  }

  void run(int ms) {
    for (int i = 0; i < ms; i++) {
      clock.runFor(MS);
      nodes.forEach(this::turn);
    }
  }

  private void turn(SyncNode node) {
    for (int i = 0; i < 200 && node.run(clock.nanoTime()) > 0; i++) {
      // until it has nothing to do now
    }
    node.nextDueNs();
  }

  boolean isConnected() {
    return nodes.get(0).isConnected(2) && nodes.get(1).isConnected(1);
  }

  long counter(int node, SyncCounter counter) {
    return nodes.get(node - 1).counters().get(counter);
  }

  long rejected(int node) {
    return nodes.get(node - 1).counters().get(SyncCounter.FRAMES_REJECTED);
  }

  SessionTable sessions(int node) {
    return new SessionTable(nodes.get(node - 1).table(TableId.SESSION4));
  }

  SessionRecord session(int node, int i) {
    return sessions(node)
        .newRecord()
        .key4(0, IpProtocol.UDP, 0x0A000001 + i, 1_000 + i, 0xC0A80001, 53);
  }

  /** Begins sessions in the group that node 1 holds, or changes them. */
  void publish(int count, int policy) {
    for (int i = 0; i < count; i++) {
      SessionRecord record = session(1, i).facts(new SessionFacts()).policy(policy).zones(1, 2);
      sessions(1).publish(record, 1, 0, HotTable.URGENT, nowNs());
    }
  }

  /** Some changes at both members in both groups. */
  void traffic(SplittableRandom random) {
    for (int node = 1; node <= 2; node++) {
      for (int i = 0; i < 12; i++) {
        SessionRecord record = session(node, random.nextInt(60));
        SessionFacts facts = new SessionFacts();
        facts.load(new long[] {0, 0, random.nextLong(1 << 20)}, 0);
        int group = 1 + random.nextInt(2);
        int options = random.nextInt(5) == 0 ? HotTable.NEW_GENERATION : HotTable.URGENT;
        switch (random.nextInt(4)) {
          case 0 -> sessions(node).touch(record, Direction.FORWARD, 1, 99, nowNs());
          case 1 -> sessions(node).remove(record, HotTable.URGENT, nowNs());
          default -> {
            record.facts(facts).policy(random.nextInt(9)).zones(1, 2);
            sessions(node).publish(record, group, 0, options, nowNs());
          }
        }
      }
    }
  }

  /** What a member has, sorted. */
  List<String> dump(int node) {
    List<String> lines = new ArrayList<>();
    SessionDump.linesWithShares(sessions(node), node == 1, lines);
    lines.sort(null);
    return lines;
  }
}
