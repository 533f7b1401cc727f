package io.understudy.testkit.sim;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.understudy.transport.CloseCause;
import io.understudy.transport.LinkKind;
import io.understudy.transport.SendResult;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class SimNetworkTest {
  private static final long MS = TimeUnit.MILLISECONDS.toNanos(1);
  private static final LinkKind DATA = LinkKind.DATA;

  private final SimClock clock = new SimClock();
  private SimNetwork network;
  private final SimMember one = new SimMember(clock, true);
  private final SimMember two = new SimMember(clock, false);
  private SimTransport second;
  private SimTransport first;

  @BeforeEach
  void build() {
    build(1);
  }

  private SimNetworkTest build(long seed) {
    network = new SimNetwork(clock, seed);
    first = network.transport(1, List.of(2), List.of(0, 1));
    second = network.transport(2, List.of(1), List.of(0, 1));
    return this;
  }

  @Test
  void membersConnectOnEachLinkForEachKind() {
    start();

    assertEquals(4, one.open.size());
    assertEquals(4, two.open.size());
    assertEquals(2, one.link(1, DATA).dialledNode());
    assertEquals(0, two.link(1, DATA).dialledNode());
  }

  @Test
  void cutPathKeepsWhatWasSentUntilItHeals() {
    start();
    send(one, 0, 1, 3);
    network.faults().cut(1, 2, 0);
    send(one, 0, 4, 5);

    clock.runFor(2000 * MS);
    assertEquals(List.of(), two.received);
    assertFalse(two.closed.contains(CloseCause.BROKEN));

    network.faults().heal(1, 2, 0);
    clock.runFor(500 * MS);
    assertEquals(List.of(1, 2, 3, 4, 5), two.received);
  }

  @Test
  void cutThatOutlastsTheKernelBreaksBothEnds() {
    start();
    network.faults().cutOneWay(1, 2, 0);

    clock.runFor(13_000 * MS);

    assertEquals(List.of(CloseCause.TIMED_OUT, CloseCause.TIMED_OUT), one.closed);
    assertEquals(List.of(CloseCause.TIMED_OUT, CloseCause.TIMED_OUT), two.closed);
    assertTrue(one.has(1, DATA));
  }

  @Test
  void stalledConnectionIsSilentAloneAndKeepsWhatWasSent() {
    start();
    network.faults().stallConnection(1, 2, 0, DATA, 3_000 * MS);
    send(one, 0, 1, 3);
    send(one, 1, 4, 5);

    clock.runFor(2_900 * MS);
    assertEquals(List.of(4, 5), two.received);

    clock.runFor(200 * MS);
    assertEquals(List.of(4, 5, 1, 2, 3), two.received);
    assertEquals(List.of(), two.closed);
  }

  @Test
  void kernelsGiveAStalledConnectionUpAndAnotherIsDialled() {
    start();
    network.faults().stallConnection(1, 2, 0, DATA, 60_000 * MS);

    clock.runFor(13_000 * MS);

    assertEquals(List.of(CloseCause.TIMED_OUT), one.closed);
    send(one, 0, 1, 1);
    clock.runFor(10 * MS);
    assertEquals(List.of(1), two.received);
  }

  @Test
  void oneWayCutStopsTheOtherDirectionOnlyWhenItsWindowIsFull() {
    network.settings(PathSettings.DEFAULT.withBuffers(1 << 14, 1 << 14));
    start();
    network.faults().cutOneWay(1, 2, 0);

    int sent = 0;
    while (two.link(0, DATA).send(SimMember.frame(sent, 1024), 0, 1024) == SendResult.SENT) {
      sent++;
      clock.runFor(MS);
    }

    assertEquals(32, sent);
    assertEquals(16, one.received.size());
  }

  @Test
  void brokenConnectionLosesOnlyASuffix() {
    for (int seed = 0; seed < 200; seed++) {
      SimNetworkTest test = new SimNetworkTest().build(seed);
      test.breakWhileSending(seed);
    }
  }

  private void breakWhileSending(int seed) {
    network.settings(PathSettings.DEFAULT.withBandwidth(1_000_000));
    start();
    send(one, 0, 0, 50);
    clock.runFor(seed % 5 * MS / 10);
    network.faults().breakConnection(1, 2, 0, DATA, MS);
    clock.runFor(10 * MS);

    for (int i = 0; i < two.received.size(); i++) {
      assertEquals(i, two.received.get(i));
    }
    assertTrue(one.closed.contains(CloseCause.BROKEN));
    assertTrue(two.closed.contains(CloseCause.BROKEN));

    clock.runFor(200 * MS);
    assertTrue(one.has(0, DATA), "dialled again");
    assertTrue(two.has(0, DATA), "accepted again");
  }

  @Test
  void endThatDoesNotKnowOfTheBreakLearnsItWhenItSends() {
    start();
    network.faults().breakEnd(2, 1, 0, DATA);
    clock.runFor(MS);
    assertEquals(List.of(), one.closed);

    send(one, 0, 7, 7);
    clock.runFor(MS);

    assertEquals(List.of(CloseCause.BROKEN), one.closed);
    assertEquals(List.of(), two.received);
  }

  @Test
  void deadProcessLeavesWhatItsKernelHad() {
    start();
    send(one, 0, 1, 3);
    clock.runFor(MS / 1000);

    first.kill(Death.CLOSED);
    clock.runFor(MS);

    assertEquals(List.of(1, 2, 3), two.received);
    assertEquals(4, two.closed.size());
    assertEquals(CloseCause.PEER_CLOSED, two.closed.get(0));
  }

  @Test
  void deadMachineIsSilentUntilItIsBack() {
    start();
    send(one, 0, 1, 1);
    first.kill(Death.SILENT);
    clock.runFor(1000 * MS);
    assertEquals(List.of(1), two.received);
    assertEquals(List.of(), two.closed);
    send(two, 0, 2, 2);
    clock.runFor(1000 * MS);
    assertEquals(List.of(), two.closed);

    SimMember again = new SimMember(clock, true);
    first = network.transport(1, List.of(2), List.of(0, 1));
    first.start(again);
    clock.runFor(MS);
    assertEquals(8, two.open.size(), "the old connections linger");

    assertEquals(SendResult.SENT, two.open.get(0).send(SimMember.frame(3, 4), 0, 4));
    clock.runFor(MS);
    assertEquals(List.of(CloseCause.BROKEN), two.closed);
    clock.runFor(13_000 * MS);
    assertEquals(4, two.closed.size());
    assertEquals(4, two.open.size());
  }

  @Test
  void sleepingProcessReadsNothingAndItsPeerFillsUp() {
    start();
    second.pause();
    int sent = 0;
    while (one.link(0, DATA).send(SimMember.frame(sent, 4096), 0, 4096) == SendResult.SENT) {
      sent++;
      clock.runFor(MS);
    }
    assertEquals((256 + 1024) / 4, sent);
    assertEquals(List.of(), two.received);

    second.resume();
    assertTrue(second.drainedBeforeNs() < clock.nanoTime());
    clock.runFor(10 * MS);

    assertEquals(clock.nanoTime(), second.drainedBeforeNs());
    assertEquals(sent, two.received.size());
    assertTrue(one.log.get(one.log.size() - 1).contains("writable"));
  }

  @Test
  void finishDeliversWhatHasArrivedAndCloses() {
    start();
    second.pause();
    send(one, 0, 1, 3);
    clock.runFor(MS);
    second.resume();
    two.link(0, DATA).finish();
    send(one, 0, 4, 4);
    assertEquals(List.of(), two.received);

    clock.runFor(2 * MS);

    assertEquals(List.of(1, 2, 3), two.received);
    assertEquals(List.of(CloseCause.LOCAL), two.closed);
  }

  @Test
  void trafficIsCountedByPathAndKind() {
    start();
    send(one, 0, 1, 3);
    clock.runFor(MS);

    PathTraffic traffic = network.traffic(1, 2, 0, DATA);
    assertEquals(3, traffic.deliveredFrames());
    assertEquals(12, traffic.deliveredBytes());
    assertEquals(0, network.traffic(2, 1, 0, DATA).sentBytes());
    assertEquals(traffic.lastSentNs(), network.lastSentNs(DATA));
    assertEquals(Long.MIN_VALUE, network.lastSentNs(LinkKind.HEARTBEAT));
    assertEquals(traffic.lastDeliveredNs(), network.lastDeliveredNs(1, 2));
  }

  @Test
  void sameSeedDoesTheSame() {
    assertEquals(chaos(5), chaos(5));
    assertNotEquals(chaos(5), chaos(6));
  }

  @Test
  void chaosLosesNothingButSuffixes() {
    for (long seed = 0; seed < 100; seed++) {
      chaos(seed);
    }
  }

  /** Sends numbers under random faults; on each connection they must arrive rising by one from its first. */
  private static List<String> chaos(long seed) {
    SimNetworkTest test = new SimNetworkTest().build(seed);
    test.start();
    SplittableRandom random = new SplittableRandom(seed);
    for (int round = 0; round < 50; round++) {
      test.network.faults().begin(LinkFault.draw(random, 1, 2, random.nextInt(2), 500 * MS));
      for (int i = 0; i < 10; i++) {
        test.one.sendOnAll();
        test.two.sendOnAll();
        test.clock.runFor(random.nextLong(20 * MS));
      }
    }
    test.network.faults().healAll();
    test.clock.runFor(15_000 * MS);
    assertEquals(4, test.one.open.size(), "seed " + seed);
    assertEquals(4, test.two.open.size(), "seed " + seed);
    test.one.log.addAll(test.two.log);
    return test.one.log;
  }

  private void start() {
    first.start(one);
    second.start(two);
    clock.runFor(100 * MS);
  }

  private static void send(SimMember member, int link, int from, int to) {
    for (int i = from; i <= to; i++) {
      assertEquals(SendResult.SENT, member.link(link, DATA).send(SimMember.frame(i, 4), 0, 4));
    }
  }
}
