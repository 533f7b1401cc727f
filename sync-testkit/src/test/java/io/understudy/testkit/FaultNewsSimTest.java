package io.understudy.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.understudy.Fault;
import io.understudy.Fault.Kind;
import io.understudy.SyncListener;
import io.understudy.SyncNode;
import io.understudy.config.SyncConfig;
import io.understudy.model.GroupId;
import io.understudy.model.IpProtocol;
import io.understudy.model.NodeId;
import io.understudy.model.Role;
import io.understudy.table.TableId;
import io.understudy.tables.session.SessionRecord;
import io.understudy.tables.session.SessionTable;
import io.understudy.testkit.sim.Death;
import io.understudy.testkit.sim.SimClock;
import io.understudy.testkit.sim.SimEntropy;
import io.understudy.testkit.sim.SimNetwork;
import io.understudy.testkit.sim.SimStore;
import io.understudy.testkit.sim.SimTransport;
import io.understudy.track.SessionFacts;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/** Of every fault that a member can notice its listener hears one begin and one end, and the status holds it between. */
class FaultNewsSimTest {
  private static final long MS = 1_000_000;
  private static final UnaryOperator<byte[]> AS_SENT = frame -> frame;

  private final SimClock clock = new SimClock();
  private final SimNetwork network = new SimNetwork(clock, 1);
  private final Member first = new Member(1);
  private final Member second = new Member(2);

  private void run(int ms) {
    for (int i = 0; i < ms; i++) {
      clock.runFor(MS);
      first.turn();
      second.turn();
    }
  }

  private void startBoth() {
    first.start("one", 4_096);
    second.start("one", 4_096);
    run(1_000);
    assertEquals(Role.ACTIVE, first.node.role(1));
    first.news.clear();
    second.news.clear();
  }

  @Test
  void membersThatFindEachOtherHaveNoFaults() {
    first.start("one", 4_096);
    second.start("one", 4_096);
    run(30_000);

    assertEquals(List.of(), first.news);
    assertEquals(List.of(), second.news);
  }

  @Test
  void peerThatIsNotThereIsUnreachableOnceAndUntilItComes() {
    first.start("one", 4_096);
    run(20_000);
    assertEquals(List.of("began UNREACHABLE 2 0"), first.news);
    Fault fault = first.node.status().faults().get(0);
    assertTrue(fault.cause().contains("REFUSED"), fault.cause());
    assertTrue(fault.count() >= 1, fault.toString());

    second.start("one", 4_096);
    run(2_000);

    assertEquals(List.of("began UNREACHABLE 2 0", "ended UNREACHABLE 2 0"), first.news);
    assertEquals(List.of(), first.node.status().faults());
    assertEquals(List.of(), second.news);
  }

  @Test
  void peerThatDiesIsUnreachableUntilItsNextLife() {
    startBoth();

    for (int life = 0; life < 3; life++) {
      first.news.clear();
      second.kill();
      run(3_000);
      assertEquals(List.of("began UNREACHABLE 2 0"), first.news);
      second.start("one", 4_096);
      run(3_000);
      assertEquals(List.of("began UNREACHABLE 2 0", "ended UNREACHABLE 2 0"), first.news);
    }
  }

  @Test
  void linkThatIsCutIsUnreachableForBothUntilItHeals() {
    startBoth();

    network.faults().cut(1, 2, 0);
    run(30_000);
    network.faults().healAll();
    run(5_000);

    assertEquals(List.of("began UNREACHABLE 2 0", "ended UNREACHABLE 2 0"), first.news);
    assertEquals(List.of("began UNREACHABLE 1 0", "ended UNREACHABLE 1 0"), second.news);
  }

  @Test
  void peerOfAnotherClusterIsRefusedUntilTheyAgree() {
    first.start("one", 4_096);
    second.start("other", 4_096);
    run(20_000);

    assertEquals(1, first.count("began REFUSED 2"), first.news.toString());
    assertEquals(0, first.count("ended REFUSED 2"), first.news.toString());
    assertTrue(first.fault(Kind.REFUSED).cause().contains("other"), first.news.toString());
    assertTrue(first.fault(Kind.REFUSED).count() > 10, "every refusal is counted");

    second.kill();
    run(100);
    second.start("one", 4_096);
    run(3_000);

    assertEquals(1, first.count("began REFUSED 2"), first.news.toString());
    assertEquals(1, first.count("ended REFUSED 2"), first.news.toString());
    assertEquals(List.of(), first.node.status().faults());
    assertEquals(first.count("began"), first.count("ended"), first.news.toString());
  }

  @Test
  void streamThatStandsIsToldOnceHoweverOftenItIsOpenedAgain() {
    startBoth();
    first.ear =
        HearingTransport.ofFrames(
            frame -> frame.hasAck() ? frame.toBuilder().clearAck().build() : frame);
    first.publish(0, 200);
    run(15_000);
    assertEquals(List.of("began STALLED 2 0"), first.news);
    assertTrue(first.fault(Kind.STALLED).count() >= 3, "every connection that was renewed counts");

    first.ear = AS_SENT;
    run(3_000);

    assertEquals(List.of("began STALLED 2 0", "ended STALLED 2 0"), first.news);
  }

  @Test
  void fullStandbyIsToldAtBothEndsUntilItHasTakenEverything() {
    first.start("one", 16_384);
    second.start("one", 1_024);
    run(1_000);
    first.publish(0, 6_000);
    run(5_000);
    assertEquals(List.of("began RECORDS_REFUSED 2 0"), first.news);
    assertEquals(List.of("began TABLE_FULL 2 1"), second.news);
    assertEquals(
        first.node.status().peer(2).recordsRefused(), first.fault(Kind.RECORDS_REFUSED).count());

    for (int i = 100; i < 6_000; i++) {
      first.sessions().remove(first.key(i), 0, clock.nanoTime());
    }
    run(30_000);

    assertEquals(List.of("began RECORDS_REFUSED 2 0", "ended RECORDS_REFUSED 2 0"), first.news);
    assertEquals(List.of("began TABLE_FULL 2 1", "ended TABLE_FULL 2 1"), second.news);
  }

  /** Each life of the first begins terms above what the second has reserved, so that this one has to store. */
  @Test
  void storeThatCannotBeWrittenIsToldUntilItCan() {
    for (int life = 0; life < 3; life++) {
      first.start("one", 4_096);
      run(3_000);
      first.kill();
    }
    first.start("one", 4_096);
    run(3_000);

    second.start("one", 4_096);
    second.store.setFull(true);
    run(10_000);
    assertEquals(List.of("began STORE 2 0"), second.news);
    assertTrue(second.fault(Kind.STORE).count() > 1, "tried again and again");

    second.store.setFull(false);
    run(3_000);
    assertEquals(List.of("began STORE 2 0", "ended STORE 2 0"), second.news);
  }

  @Test
  void nodeThatFailsSaysSo() {
    startBoth();

    first.node.onFailed(new IllegalStateException("the loop died (this test wants it)"));
    clock.runFor(100 * MS);

    assertEquals(List.of("began FAILED 1 0"), first.news);
    assertEquals(Role.FAILED, first.node.status().group(1).role());
    assertTrue(first.fault(Kind.FAILED).cause().contains("the loop died"));
    assertEquals(0, first.node.status().peer(2).dataLinks());
  }

  private final class Member implements SyncListener {
    final int id;
    final SimStore store = new SimStore();
    final List<String> news = new ArrayList<>();
    UnaryOperator<byte[]> ear = AS_SENT;
    private SimTransport transport;
    private SyncNode node;

    Member(int id) {
      this.id = id;
    }

    void start(String cluster, int capacity) {
      transport = network.transport(id, List.of(3 - id), List.of(0));
      SyncConfig config =
          SyncConfig.builder(cluster, new NodeId(id))
              .peer(new NodeId(3 - id))
              .group(new GroupId(1), 100 - id)
              .bootHold(Duration.ofSeconds(2))
              .build();
      node =
          SyncNode.builder(config)
              .transport(new HearingTransport(transport, frame -> ear.apply(frame)))
              .store(store)
              .entropy(new SimEntropy(id))
              .listener(this)
              .table(SessionTable.spec4(capacity, 1))
              .build();
      node.start(clock.nanoTime());
    }

    void kill() {
      transport.kill(Death.CLOSED);
      node = null;
    }

    void turn() {
      for (int i = 0; node != null && i < 200 && node.run(clock.nanoTime()) > 0; i++) {
        // until it has nothing to do now
      }
    }

    SessionTable sessions() {
      return new SessionTable(node.table(TableId.SESSION4));
    }

    SessionRecord key(int i) {
      return sessions()
          .newRecord()
          .key4(0, IpProtocol.UDP, 0x0A000001 + i, 1_000 + i, 0xC0A80001, 53);
    }

    void publish(int from, int to) {
      for (int i = from; i < to; i++) {
        SessionRecord record = key(i).facts(new SessionFacts()).policy(1).zones(1, 2);
        sessions().publish(record, 1, 0, 0, clock.nanoTime());
      }
    }

    long count(String start) {
      return news.stream().filter(line -> line.startsWith(start)).count();
    }

    Fault fault(Kind kind) {
      return node.status().faults().stream()
          .filter(fault -> fault.kind() == kind)
          .findFirst()
          .orElseThrow();
    }

    @Override
    public void onFaultBegan(Fault fault) {
      news.add("began " + fault.kind() + " " + fault.node() + " " + fault.index());
    }

    @Override
    public void onFaultEnded(Fault fault) {
      news.add("ended " + fault.kind() + " " + fault.node() + " " + fault.index());
    }
  }
}
