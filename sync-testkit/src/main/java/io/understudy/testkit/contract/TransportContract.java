package io.understudy.testkit.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.understudy.testkit.contract.Recorder.Connection;
import io.understudy.transport.DialFailure;
import io.understudy.transport.LinkKind;
import io.understudy.transport.Transport;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/**
 * What a {@link Transport} promises to the node above it: here about connections that open, break and come back, in the classes above
 * about sending and closing. Every test also checks that calls of a listener come on one thread, never within another call, never for a
 * closed connection, and with whole frames in order.
 */
public abstract class TransportContract extends ClosingContract {
  @Test
  void eachLinkHasAConnectionOfEachKind() {
    connect(newFixture(2), 2);

    Set<Long> ids = new HashSet<>();
    for (int index = 0; index < 2; index++) {
      for (LinkKind kind : LinkKind.values()) {
        assertEquals(SECOND, first.open(index, kind).link.dialledNode());
        assertEquals(0, second.open(index, kind).link.dialledNode()); // the lower one's dial stays
        ids.add(first.open(index, kind).link.id());
      }
    }
    assertEquals(FIRST, firstTransport.node());
    assertEquals(Set.of(SECOND), firstTransport.peers());
    assertEquals(Set.of(FIRST), secondTransport.peers());
    assertEquals(2, firstTransport.linksTo(SECOND));
    assertEquals(2, secondTransport.linksTo(FIRST));
    assertEquals(0, firstTransport.linksTo(7), "nobody knows it");
    assertEquals(4, ids.size());
    assertEquals(4, first.openCount());
    assertEquals(4, second.openCount());
  }

  @Test
  void brokenConnectionIsDialledAgain() {
    connect(newBreakableFixture(1), 1);
    for (int round = 0; round < 3; round++) {
      Connection here = second.open(0, DATA);
      Connection there = first.open(0, DATA);

      fixture.breakLink(0);

      awaitClosed(first, there);
      awaitClosed(second, here);
      assertTrue(first.wasEndedByOthers(there));
      assertTrue(second.wasEndedByOthers(here));
      awaitConnected(1);
      exchange(0);
    }
  }

  @Test
  void brokenConnectionLosesAtMostASuffix() {
    connect(newBreakableFixture(1), 1);
    for (int round = 0; round < 5; round++) {
      Connection here = second.open(0, DATA);
      Connection there = first.open(0, DATA);
      int length = 50 + round * 3000;
      step(
          FIRST,
          () -> {
            for (int i = 0; i < 100 && tryToSend(there, length); i++) {
              // as many as fit; the recorder finds a hole by their numbers
            }
          });

      fixture.breakLink(0);

      awaitClosed(first, there);
      awaitClosed(second, here);
      assertTrue(second.received(here) <= there.sent);
      awaitConnected(1);
    }
  }

  @Test
  void linksDoNotShareTheirFate() {
    connect(newBreakableFixture(2), 2);
    Connection untouched = first.open(1, DATA);
    Connection broken = first.open(0, DATA);

    fixture.breakLink(0);
    awaitClosed(first, broken);
    exchange(1);

    assertFalse(first.isClosed(untouched));
    awaitConnected(2);
  }

  @Test
  void restartedHigherMemberIsFoundAgain() {
    connect(newFixture(1), 1);

    closeSecond();
    await("the first sees it", () -> first.openCount() == 0);
    secondTransport = fixture.open(SECOND);
    second = recorder(SECOND);
    fixture.run(SECOND, () -> secondTransport.start(second));

    awaitConnected(1);
    exchange(0);
  }

  @Test
  void restartedLowerMemberIsFoundAgain() {
    connect(newFixture(1), 1);

    Transport old = firstTransport;
    Recorder oldRecorder = first;
    fixture.run(FIRST, old::close);
    oldRecorder.over();
    await("the second sees it", () -> second.openCount() == 0);
    firstTransport = fixture.open(FIRST);
    first = recorder(FIRST);
    fixture.run(FIRST, () -> firstTransport.start(first));

    awaitConnected(1);
    exchange(0);
    assertEquals(List.of(), oldRecorder.violations());
  }

  @Test
  void memberStartedFirstWaitsForTheOther() {
    fixture = newFixture(1);
    open();
    fixture.run(FIRST, () -> firstTransport.start(first));
    fixture.settle();
    fixture.run(SECOND, () -> secondTransport.start(second));

    awaitConnected(1);
    exchange(0);
  }

  @Test
  void establishedConnectionIsNotDialledAgainWhileOthersAre() {
    connect(newBreakableFixture(2), 2);
    Connection untouched = first.open(1, DATA);
    for (int round = 0; round < 10; round++) {
      Connection broken = first.open(0, DATA);

      fixture.breakLink(0);
      awaitClosed(first, broken);
      awaitConnected(2);
    }

    assertEquals(untouched, first.open(1, DATA));
    long ofLink1 = first.all().stream().filter(each -> each.link.index() == 1).count();
    assertTrue(ofLink1 <= 4, ofLink1 + " connections where two, crossed at the start, are enough");
  }

  @Test
  void dialOfAnEndedProcessIsRefusedByItsHost() {
    connect(newFixture(1), 1);
    Connection there = first.open(0, DATA);

    closeSecond();
    long goneNs = fixture.nowNs();
    awaitClosed(first, there);

    for (LinkKind kind : LinkKind.values()) {
      await("a refused dial of " + kind, () -> wasRefused(kind, goneNs));
    }
  }

  private boolean wasRefused(LinkKind kind, long sinceNs) {
    return first.failedDials().stream()
        .anyMatch(
            dial ->
                dial.node() == SECOND
                    && dial.index() == 0
                    && dial.kind() == kind
                    && dial.begunNs() >= sinceNs
                    && dial.why() == DialFailure.REFUSED);
  }

  @Test
  void sleepingProcessIsNeverRefused() {
    connect(newFixture(1), 1);
    Connection there = first.open(0, DATA);
    fixture.pause(SECOND);
    int failedBefore = first.failedDials().size();

    step(FIRST, there.link::close);
    awaitClosed(first, there);
    fixture.settle();
    fixture.resume(SECOND, () -> {});

    awaitConnected(1);
    assertTrue(
        first.failedDials().subList(failedBefore, first.failedDials().size()).stream()
            .noneMatch(dial -> dial.why() == DialFailure.REFUSED));
  }

  @Test
  void bothMembersDialUntilTheySettle() {
    fixture = newFixture(1);
    open();
    fixture.run(SECOND, () -> secondTransport.start(second));
    await("a dial by the higher one", () -> !second.failedDials().isEmpty());
    assertTrue(second.failedDials().stream().allMatch(dial -> dial.node() == FIRST));

    fixture.run(FIRST, () -> firstTransport.start(first));

    awaitConnected(1);
    exchange(0);
  }

  @Test
  void transportStartsOnlyOnce() {
    connect(newFixture(1), 1);

    fixture.run(
        FIRST, () -> assertThrows(IllegalStateException.class, () -> firstTransport.start(first)));
  }
}
