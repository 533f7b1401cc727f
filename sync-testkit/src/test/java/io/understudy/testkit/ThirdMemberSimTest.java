package io.understudy.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.understudy.metrics.SyncCounter;
import io.understudy.model.IpProtocol;
import io.understudy.tables.session.SessionRecord;
import io.understudy.tables.session.SessionTable;
import io.understudy.testkit.check.Quiet;
import io.understudy.testkit.sim.Death;
import io.understudy.testkit.sim.PathSettings;
import io.understudy.track.SessionFacts;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What a third member changes. */
class ThirdMemberSimTest {
  private static final long MS = 1_000_000;

  private static SimCluster cluster(int groups, int capacityOfMember2) {
    return new SimCluster(
        2,
        new SimSettings(
            3,
            groups,
            1,
            List.of(4_096, capacityOfMember2, 4_096),
            1 << 20,
            Duration.ofSeconds(2),
            PathSettings.DEFAULT));
  }

  /** Simulation seed 734: what the new holder had no room for was offered to the third member, which waits for the holder, for ever. */
  @Test
  void sessionThatItsHolderHasNoRoomForIsNotOfferedToOthersForEver() {
    SimCluster sim = cluster(1, 1_024);
    sim.start();
    sim.runFor(1_000 * MS);
    sim.network().faults().cutAll(1, 2);
    sim.network().faults().cutAll(1, 3);
    sim.runFor(2_000 * MS);
    assertTrue(sim.node(2).mayDecide(1));
    for (int i = 0; i < 8_000; i++) {
      publish(sim, i);
    }

    long healedNs = sim.nowNs();
    sim.network().faults().healAll();
    sim.runFor(6_500 * MS);

    assertTrue(sim.node(2).mayDecide(1));
    assertTrue(sim.node(2).node().counters().get(SyncCounter.TABLE_FULL) > 0);
    assertEquals(sim.dump(2), sim.dump(3));
    new Quiet(healedNs).check(sim);
  }

  private static void publish(SimCluster sim, int i) {
    SessionTable table = sim.node(1).sessions4();
    SessionRecord record = table.newRecord();
    record.key4(0, IpProtocol.UDP, 0x0a000001 + i, 1_000, 0xc0a80001, 53);
    record.facts(new SessionFacts()).policy(i).zones(1, 2).timeoutClass(9);
    table.publish(record, 1, 0, 0, sim.nowNs());
  }

  /** Simulation seed 884: two members that do not hear each other claimed a group in terms of one number. */
  @Test
  void holderYieldsToAHigherTermOfTheSameNumberThatAPeerFollows() {
    SimCluster sim = cluster(2, 4_096);
    sim.start();
    sim.runFor(1_000 * MS);
    sim.network().faults().cutAll(1, 3);
    sim.node(2).kill(Death.RESET);
    sim.runFor(2_000 * MS);
    assertTrue(sim.node(1).mayDecide(2) && sim.node(3).mayDecide(2));
    assertEquals(sim.node(1).node().term(2).number(), sim.node(3).node().term(2).number());

    sim.node(2).start();
    sim.runFor(2_000 * MS);

    assertTrue(sim.node(3).mayDecide(2));
    assertFalse(sim.node(1).mayDecide(2));
  }
}
