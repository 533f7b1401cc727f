package io.understudy.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.understudy.SyncListener;
import io.understudy.SyncNode;
import io.understudy.SyncNodeBuilder;
import io.understudy.config.SyncConfig;
import io.understudy.metrics.SyncCounter;
import io.understudy.model.GroupId;
import io.understudy.model.IpProtocol;
import io.understudy.model.NodeId;
import io.understudy.model.Role;
import io.understudy.runtime.MemoryStore;
import io.understudy.table.HotTable;
import io.understudy.table.TableId;
import io.understudy.table.TableSpec;
import io.understudy.tables.session.SessionRecord;
import io.understudy.tables.session.SessionTable;
import io.understudy.testkit.sim.SimClock;
import io.understudy.testkit.sim.SimEntropy;
import io.understudy.testkit.sim.SimNetwork;
import io.understudy.track.SessionFacts;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Two members of which one has a table or a group more: what both have is replicated, and nothing waits for the rest. */
class UnlikeMembersSimTest {
  private static final long MS = 1_000_000;
  private static final int SESSIONS = 100;

  private final SimClock clock = new SimClock();
  private final SimNetwork network = new SimNetwork(clock, 1);
  private final List<SyncNode> nodes = new ArrayList<>();
  private final List<Integer> inSync = new ArrayList<>();

  /** The next member, the first one with the higher priority. */
  private SyncNode begin(List<Integer> groups, TableSpec... tables) {
    int id = nodes.size() + 1;
    SyncConfig.Builder config =
        SyncConfig.builder("unlike", new NodeId(id))
            .peer(new NodeId(3 - id))
            .bootHold(Duration.ofSeconds(2));
    groups.forEach(group -> config.group(new GroupId(group), 100 - id));
    SyncNodeBuilder builder =
        SyncNode.builder(config.build())
            .transport(network.transport(id, List.of(3 - id), List.of(0)))
            .store(new MemoryStore())
            .callbacks(Runnable::run)
            .listener(
                new SyncListener() {
                  @Override
                  public void onPeerInSync(int node, int group) {
                    inSync.add(group);
                  }
                })
            .entropy(new SimEntropy(id));
    for (TableSpec table : tables) {
      builder.table(table);
    }
    SyncNode node = builder.build();
    node.start(clock.nanoTime());
    nodes.add(node);
    return node;
  }

  private void run(int ms) {
    for (int i = 0; i < ms; i++) {
      clock.runFor(MS);
      for (SyncNode node : nodes) {
        for (int turn = 0; turn < 200 && node.run(clock.nanoTime()) > 0; turn++) {
          // until it has nothing to do now
        }
        node.nextDueNs();
      }
    }
  }

  private void publish(SyncNode node, int group) {
    SessionTable sessions = new SessionTable(node.table(TableId.SESSION4));
    for (int i = 0; i < SESSIONS; i++) {
      SessionRecord record =
          sessions
              .newRecord()
              .key4(0, IpProtocol.UDP, group << 16 | i, 1_000, 0xC0A80001, 53)
              .facts(new SessionFacts())
              .policy(1)
              .zones(1, 2);
      sessions.publish(record, group, 0, HotTable.URGENT, clock.nanoTime());
    }
  }

  @Test
  void bulkEndsThoughTheHoldersLastTableIsNotThere() {
    begin(List.of(1), SessionTable.spec4(1_024, 1), SessionTable.spec6(1_024, 1));
    SyncNode standby = begin(List.of(1), SessionTable.spec4(1_024, 1));

    run(1_000);

    assertEquals(Role.STANDBY, standby.role(1));
  }

  @Test
  void groupThatThePeerDoesNotNameIsDecidedAndCostsNoStream() {
    SyncNode first = begin(List.of(1, 2), SessionTable.spec4(1_024, 1));
    SyncNode second = begin(List.of(1), SessionTable.spec4(1_024, 1));
    run(3_000);
    assertTrue(first.mayDecide(2, clock.nanoTime()));
    assertEquals(Role.ACTIVE, first.role(1));
    long sentBefore = first.counters().get(SyncCounter.RECORDS_SENT);

    publish(first, 1);
    publish(first, 2);
    run(2_000);

    assertEquals(Role.STANDALONE, first.role(2), "nobody has a copy of it");
    assertEquals(List.of(1), inSync);
    assertEquals(SESSIONS, second.table(TableId.SESSION4).liveCount());
    assertEquals(0, first.counters().get(SyncCounter.RECORDS_RESENT));
    long sent = first.counters().get(SyncCounter.RECORDS_SENT) - sentBefore;
    assertTrue(sent <= 3 * SESSIONS, sent + " records were sent");
    assertEquals(0, second.counters().get(SyncCounter.FRAMES_REJECTED));

    Thread closing = new Thread(first::close); // waits for the turns made here
    closing.start();
    for (int i = 0; i < 300 && !first.isClosed(); i++) {
      run(1);
      Thread.yield();
    }
    assertTrue(first.isClosed(), "what nobody takes is owed to nobody");
    assertFalse(second.isClosed());
  }
}
