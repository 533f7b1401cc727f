package io.understudy.testkit.mutant;

import io.understudy.SyncListener;
import io.understudy.SyncNode;
import io.understudy.config.SyncConfig;
import io.understudy.metrics.SyncCounter;
import io.understudy.model.GroupId;
import io.understudy.model.NodeId;
import io.understudy.proto.v1.Frame;
import io.understudy.runtime.MemoryStore;
import io.understudy.table.TableId;
import io.understudy.tables.session.SessionTable;
import io.understudy.testkit.HearingTransport;
import io.understudy.testkit.sim.SimClock;
import io.understudy.testkit.sim.SimEntropy;
import io.understudy.testkit.sim.SimNetwork;
import io.understudy.testkit.sim.SimTransport;
import java.util.List;
import java.util.function.UnaryOperator;

/** Two members of which the second is another than the first expects, or says other things than the library would. */
final class OtherPair {
  private static final long MS = 1_000_000;
  private static final SyncListener NOBODY = new SyncListener() {};

  private final SimClock clock = new SimClock();
  private final SimNetwork network = new SimNetwork(clock, 1);
  private final SyncNode first;
  private final SyncNode second;

  /**
   * Begins both.
   *
   * @param other changes the second's settings
   * @param said changes what the first hears
   */
  OtherPair(UnaryOperator<SyncConfig.Builder> other, UnaryOperator<Frame> said) {
    this(other, said, UnaryOperator.identity());
  }

  /** @param heard changes what the second hears */
  OtherPair(
      UnaryOperator<SyncConfig.Builder> other,
      UnaryOperator<Frame> said,
      UnaryOperator<Frame> heard) {
    first = node(1, config(1), said, new MemoryStore(), NOBODY);
    second = node(2, other.apply(config(2)), heard, new MemoryStore(), NOBODY);
  }

  private static SyncConfig.Builder config(int id) {
    return SyncConfig.builder("one", new NodeId(id))
        .peer(new NodeId(3 - id))
        .group(new GroupId(1), 100 - id);
  }

  /** Two plain members, of which the first finds this store and has this listener. */
  OtherPair(MemoryStore store, SyncListener listener) {
    first = node(1, config(1), UnaryOperator.identity(), store, listener);
    second = node(2, config(2), UnaryOperator.identity(), new MemoryStore(), NOBODY);
  }

  private SyncNode node(
      int id,
      SyncConfig.Builder config,
      UnaryOperator<Frame> heard,
      MemoryStore store,
      SyncListener listener) {
    SimTransport transport = network.transport(id, List.of(3 - id), List.of(0));
    SyncNode node =
        SyncNode.builder(config.build())
            .transport(new HearingTransport(transport, HearingTransport.ofFrames(heard)))
            .store(store)
            .listener(listener)
            .entropy(new SimEntropy(id))
            .table(SessionTable.spec4(1_024, 1))
            .build();
    node.start(clock.nanoTime());
    return node;
  }

  SyncNode first() {
    return first;
  }

  SyncNode second() {
    return second;
  }

  SessionTable sessions() {
    return new SessionTable(first.table(TableId.SESSION4));
  }

  long nowNs() {
    return clock.nanoTime();
  }

  void run(int ms) {
    for (int i = 0; i < ms; i++) {
      clock.runFor(MS);
      turn(first);
      turn(second);
    }
  }

  private void turn(SyncNode node) {
    for (int i = 0; i < 100 && node.run(clock.nanoTime()) > 0; i++) {
      // until it has nothing to do now
    }
  }

  /** Lets a second pass in which nobody may connect. */
  void checkRefused(String what) {
    run(1_000);
    long refused =
        first.counters().get(SyncCounter.HELLO_REFUSED)
            + second.counters().get(SyncCounter.HELLO_REFUSED);
    Stage.check("HelloRefused", refused > 0, "a HELLO with " + what + " was accepted");
    boolean connected = first.isConnected(2) || second.isConnected(1);
    Stage.check("HelloRefused", !connected, "members are connected in spite of " + what);
  }
}
