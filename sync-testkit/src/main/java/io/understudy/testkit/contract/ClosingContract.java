package io.understudy.testkit.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.understudy.testkit.contract.Recorder.Connection;
import io.understudy.transport.CloseCause;
import io.understudy.transport.FlushResult;
import io.understudy.transport.Link;
import io.understudy.transport.SendResult;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** The part of {@link TransportContract} about the ends of connections that a member wants. */
abstract class ClosingContract extends SendingContract {
  @Test
  void finishDeliversWhatHasArrivedThenCloses() {
    connect(newFixture(1), 1);
    Connection here = second.open(0, DATA);
    Connection there = first.open(0, DATA);
    fixture.pause(SECOND);
    send(FIRST, there, 300, 100);
    fixture.settle();

    fixture.resume(
        SECOND,
        () ->
            second.asNode(
                () -> {
                  here.link.finish();
                  assertEquals(SendResult.CLOSED, here.link.send(new byte[1], 0, 1));
                  assertEquals(FlushResult.CLOSED, here.link.flush());
                }));

    awaitClosed(second, here);
    assertEquals(100, second.received(here));
    assertEquals(CloseCause.LOCAL, second.cause(here));
    awaitClosed(first, there);
    assertTrue(first.wasEndedByOthers(there));
  }

  @Test
  void whatADeadPeerSentArrivesEvenIfItIsWrittenTo() {
    connect(newFixture(1), 1);
    Connection here = second.open(0, DATA);
    Connection there = first.open(0, DATA);
    fixture.pause(SECOND);
    send(FIRST, there, 300, 100);
    fixture.settle();
    fixture.run(FIRST, firstTransport::close);
    first.over();

    fixture.resume(
        SECOND,
        () ->
            second.asNode(
                () -> {
                  for (int i = 0; i < 50; i++) {
                    here.link.send(Frames.frame(i, Frames.MAX_BYTES), 0, Frames.MAX_BYTES);
                  }
                }));

    awaitClosed(second, here);
    assertEquals(100, second.received(here));
  }

  @Test
  void closeEndsAConnectionAndItIsDialledAgain() {
    connect(newFixture(1), 1);
    Connection here = second.open(0, DATA);
    Connection there = first.open(0, DATA);

    step(
        SECOND,
        () -> {
          here.link.close();
          assertEquals(SendResult.CLOSED, here.link.send(new byte[1], 0, 1));
          here.link.close();
          here.link.finish();
        });

    awaitClosed(second, here);
    awaitClosed(first, there);
    assertEquals(CloseCause.LOCAL, second.cause(here));
    assertTrue(first.wasEndedByOthers(there));
    awaitConnected(1);
    assertNotEquals(there.link.id(), first.open(0, DATA).link.id());
    exchange(0);
  }

  @Test
  void diallerThatClosesDialsAgain() {
    connect(newFixture(1), 1);
    Connection here = first.open(0, DATA);
    Connection there = second.open(0, DATA);

    step(FIRST, here.link::close);

    awaitClosed(first, here);
    awaitClosed(second, there);
    assertEquals(CloseCause.LOCAL, first.cause(here));
    awaitConnected(1);
    exchange(0);
  }

  @Test
  void nodeMayCloseFromWithinACall() {
    Connection here = endedFromWithinACall(Link::close);

    assertEquals(1, second.received(here));
    assertEquals(CloseCause.LOCAL, second.cause(here));
  }

  @Test
  void nodeMayFinishFromWithinACall() {
    Connection here = endedFromWithinACall(Link::finish);

    assertTrue(second.received(here) >= 1);
  }

  /** The second member does this as soon as a frame arrives; answers its connection when that is closed. */
  private Connection endedFromWithinACall(Consumer<Link> end) {
    fixture = newFixture(1);
    open();
    second.whenFrame(end);
    start();
    awaitConnected(1);
    Connection here = second.open(0, DATA);

    send(FIRST, first.open(0, DATA), 10, 20);

    awaitClosed(second, here);
    return here;
  }

  @Test
  void closedTransportSaysSoOnceThenCallsNobodyAndClosesTwiceWithoutHarm() {
    connect(newFixture(2), 2);
    Link link = second.open(0, DATA).link;
    send(FIRST, first.open(0, DATA), 100, 100);

    fixture.run(
        SECOND,
        () -> {
          secondTransport.close();
          assertEquals(SendResult.CLOSED, link.send(new byte[1], 0, 1));
          assertTrue(secondTransport.drainedBeforeNs() <= fixture.nowNs());
          assertEquals(FlushResult.CLOSED, link.flush());
        });
    second.over();
    secondTransport.close();

    assertEquals(1, second.failures());
    await("the first sees it", () -> first.openCount() == 0);
  }
}
