package io.understudy.testkit.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.understudy.testkit.contract.Recorder.Connection;
import io.understudy.transport.CloseCause;
import io.understudy.transport.Link;
import io.understudy.transport.LinkKind;
import io.understudy.transport.SendResult;
import io.understudy.transport.Transport;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * What a {@link Transport} promises to the node above it. Every test also checks that calls of a listener come on one
 * thread, never within another call, never for a closed connection, and with whole frames in order.
 */
public abstract class TransportContract {
  private static final int FIRST = 1;
  private static final int SECOND = 2;
  private static final LinkKind DATA = LinkKind.DATA;

  private TransportFixture fixture;
  private Transport firstTransport;
  private Transport secondTransport;
  private Recorder first;
  private Recorder second;

  /** Two members that are directly connected. */
  protected abstract TransportFixture newFixture(int linkCount);

  /** Two members between whom connections can be broken. */
  protected TransportFixture newBreakableFixture(int linkCount) {
    return newFixture(linkCount);
  }

  @AfterEach
  final void endOfTest() {
    if (fixture != null) {
      fixture.close();
      assertEquals(List.of(), first.violations());
      assertEquals(List.of(), second.violations());
    }
  }

  @Test
  void eachLinkHasAConnectionOfEachKind() {
    connect(newFixture(2), 2);

    Set<Long> ids = new HashSet<>();
    for (int index = 0; index < 2; index++) {
      for (LinkKind kind : LinkKind.values()) {
        assertEquals(SECOND, first.open(index, kind).link.dialledNode());
        assertEquals(0, second.open(index, kind).link.dialledNode());
        ids.add(first.open(index, kind).link.id());
      }
    }
    assertEquals(4, ids.size());
    assertEquals(4, first.openCount());
    assertEquals(4, second.openCount());
  }

  @Test
  void framesOfEverySizeArriveWholeInOrderBothWays() {
    connect(newFixture(1), 1);
    int[] lengths = {1, 2, 127, 128, 129, 1000, 16383, 16384, 16385, 65535, Frames.MAX_BYTES, 1};

    for (int length : lengths) {
      send(FIRST, first.open(0, DATA), length, 1);
      send(SECOND, second.open(0, DATA), length, 1);
      send(FIRST, first.open(0, LinkKind.HEARTBEAT), length, 1);
    }

    awaitReceived(second, second.open(0, DATA), lengths.length);
    awaitReceived(first, first.open(0, DATA), lengths.length);
    awaitReceived(second, second.open(0, LinkKind.HEARTBEAT), lengths.length);
  }

  @Test
  void manySmallFramesArriveInOrder() {
    connect(newFixture(1), 1);

    for (int i = 0; i < 200; i++) {
      send(FIRST, first.open(0, DATA), 1 + i * 7 % 300, 25);
    }

    awaitReceived(second, second.open(0, DATA), 5000);
  }

  @Test
  void frameOutsideTheLimitsIsRefused() {
    connect(newFixture(1), 1);
    Link link = first.open(0, DATA).link;

    fixture.run(
        FIRST,
        () -> {
          byte[] frame = new byte[Frames.MAX_BYTES + 1];
          IllegalArgumentException tooBig =
              assertThrows(IllegalArgumentException.class, () -> link.send(frame, 0, frame.length));
          assertTrue(tooBig.getMessage().contains("65537"), tooBig.getMessage());
          assertTrue(tooBig.getMessage().contains("65536"), tooBig.getMessage());
          assertThrows(IllegalArgumentException.class, () -> link.send(frame, 0, 0));
          assertThrows(
              IndexOutOfBoundsException.class, () -> link.send(frame, frame.length - 5, 6));
        });

    send(FIRST, first.open(0, DATA), 10, 1);
    awaitReceived(second, second.open(0, DATA), 1);
  }

  @Test
  void senderMayReuseItsArrayAtOnce() {
    connect(newFixture(1), 1);
    Connection connection = first.open(0, DATA);
    byte[] array = new byte[300];

    step(
        FIRST,
        () -> {
          for (int i = 0; i < 50; i++) {
            System.arraycopy(Frames.frame(i, 200), 0, array, 100, 200);
            assertEquals(SendResult.SENT, connection.link.send(array, 100, 200));
          }
        });

    awaitReceived(second, second.open(0, DATA), 50);
  }

  @Test
  void senderOfASleepingReaderIsStoppedAndToldWhenToGoOn() {
    connect(newFixture(1), 1);
    Connection connection = first.open(0, DATA);
    fixture.pause(SECOND);

    fill(connection);
    int sent = connection.sent;
    fixture.settle();
    step(
        FIRST,
        () -> {
          for (int i = 0; i < 1000 && tryToSend(connection, Frames.MAX_BYTES); i++) {
            assertTrue((long) connection.sent * Frames.MAX_BYTES < fixture.unreadLimitBytes());
          }
        });
    int writableWhileFull = first.writable(connection);

    fixture.resume(SECOND, () -> {});
    await("onWritable", () -> first.writable(connection) > writableWhileFull);
    send(FIRST, connection, 100, 1);
    assertTrue(connection.sent > sent);
    awaitReceived(second, second.open(0, DATA), connection.sent);
  }

  @Test
  void writableIsSaidOnlyAfterFull() {
    connect(newFixture(1), 1);

    send(FIRST, first.open(0, DATA), 30_000, 1);
    send(FIRST, first.open(0, DATA), 3, 100);

    awaitReceived(second, second.open(0, DATA), 101);
    assertEquals(0, first.writable(first.open(0, DATA)));
  }

  @Test
  void readerThatSleptHasUnreadUntilItHasRead() {
    connect(newFixture(1), 1);
    fixture.pause(SECOND);
    send(FIRST, first.open(0, DATA), 200, 200);
    send(FIRST, first.open(0, LinkKind.HEARTBEAT), 100, 1);
    fixture.settle();
    AtomicBoolean hadUnread = new AtomicBoolean();

    fixture.resume(SECOND, () -> hadUnread.set(secondTransport.hasUnread()));

    assertTrue(hadUnread.get(), "unread on waking");
    await(
        "all is read",
        () -> {
          AtomicBoolean hasUnread = new AtomicBoolean(true);
          AtomicBoolean all = new AtomicBoolean();
          fixture.run(
              SECOND,
              () -> {
                hasUnread.set(secondTransport.hasUnread());
                all.set(second.received(second.open(0, DATA)) == 200);
              });
          assertTrue(hasUnread.get() || all.get(), "said that all was read while it was not");
          return !hasUnread.get();
        });
    assertEquals(1, second.received(second.open(0, LinkKind.HEARTBEAT)));
  }

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
                }));

    awaitClosed(second, here);
    assertEquals(100, second.received(here));
    assertEquals(CloseCause.LOCAL, second.cause(here));
    awaitClosed(first, there);
    assertNotEquals(CloseCause.LOCAL, first.cause(there));
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
    assertNotEquals(CloseCause.LOCAL, first.cause(there));
    awaitConnected(1);
    assertNotEquals(there.link.id(), first.open(0, DATA).link.id());
    exchange(0);
  }

  @Test
  void diallerThatClosesDialsAgain() {
    connect(newFixture(1), 1);
    Connection here = first.open(0, DATA);

    step(FIRST, here.link::close);

    awaitClosed(first, here);
    assertEquals(CloseCause.LOCAL, first.cause(here));
    awaitConnected(1);
    exchange(0);
  }

  @Test
  void nodeMayCloseFromWithinACall() {
    fixture = newFixture(1);
    open();
    second.whenFrame(Link::close);
    start();
    awaitConnected(1);
    Connection here = second.open(0, DATA);

    send(FIRST, first.open(0, DATA), 10, 20);

    awaitClosed(second, here);
    assertEquals(1, second.received(here));
    assertEquals(CloseCause.LOCAL, second.cause(here));
  }

  @Test
  void nodeMayFinishFromWithinACall() {
    fixture = newFixture(1);
    open();
    second.whenFrame(Link::finish);
    start();
    awaitConnected(1);
    Connection here = second.open(0, DATA);

    send(FIRST, first.open(0, DATA), 10, 20);

    awaitClosed(second, here);
    assertTrue(second.received(here) >= 1);
  }

  @Test
  void nodeMaySendFromWithinACall() {
    fixture = newFixture(1);
    open();
    second.whenOpened(
        link -> assertEquals(SendResult.SENT, link.send(Frames.frame(0, 100), 0, 100)));
    second.whenFrame(
        link -> assertEquals(SendResult.SENT, link.send(Frames.frame(1, 200), 0, 200)));
    start();
    awaitConnected(1);

    send(FIRST, first.open(0, DATA), 10, 1);

    awaitReceived(first, first.open(0, DATA), 2);
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
      assertNotEquals(CloseCause.LOCAL, first.cause(there));
      assertNotEquals(CloseCause.LOCAL, second.cause(here));
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
  void restartedListenerIsFoundAgain() {
    connect(newFixture(1), 1);

    closeSecond();
    await("the first sees it", () -> first.openCount() == 0);
    secondTransport = fixture.open(SECOND);
    second = recorder("second again");
    fixture.run(SECOND, () -> secondTransport.start(second));

    awaitConnected(1);
    exchange(0);
  }

  @Test
  void restartedDiallerDialsAgain() {
    connect(newFixture(1), 1);

    Transport old = firstTransport;
    Recorder oldRecorder = first;
    fixture.run(FIRST, old::close);
    oldRecorder.over();
    await("the second sees it", () -> second.openCount() == 0);
    firstTransport = fixture.open(FIRST);
    first = recorder("first again");
    fixture.run(FIRST, () -> firstTransport.start(first));

    awaitConnected(1);
    exchange(0);
    assertEquals(List.of(), oldRecorder.violations());
  }

  @Test
  void diallerStartedFirstWaitsForTheListener() {
    fixture = newFixture(1);
    open();
    fixture.run(FIRST, () -> firstTransport.start(first));
    fixture.settle();
    fixture.run(SECOND, () -> secondTransport.start(second));

    awaitConnected(1);
    exchange(0);
  }

  @Test
  void closedTransportCallsNobodyAndClosesTwiceWithoutHarm() {
    connect(newFixture(2), 2);
    Link link = second.open(0, DATA).link;
    send(FIRST, first.open(0, DATA), 100, 100);

    fixture.run(
        SECOND,
        () -> {
          secondTransport.close();
          assertEquals(SendResult.CLOSED, link.send(new byte[1], 0, 1));
          assertFalse(secondTransport.hasUnread());
        });
    second.over();
    secondTransport.close();

    await("the first sees it", () -> first.openCount() == 0);
  }

  @Test
  void transportStartsOnlyOnce() {
    connect(newFixture(1), 1);

    fixture.run(
        FIRST, () -> assertThrows(IllegalStateException.class, () -> firstTransport.start(first)));
  }

  // Steps.

  private void connect(TransportFixture members, int linkCount) {
    fixture = members;
    open();
    start();
    awaitConnected(linkCount);
  }

  private void open() {
    first = recorder("first");
    second = recorder("second");
    secondTransport = fixture.open(SECOND);
    firstTransport = fixture.open(FIRST);
  }

  private void start() {
    fixture.run(SECOND, () -> secondTransport.start(second));
    fixture.run(FIRST, () -> firstTransport.start(first));
  }

  private Recorder recorder(String name) {
    return new Recorder(name, fixture);
  }

  private void closeSecond() {
    fixture.run(SECOND, secondTransport::close);
    second.over();
  }

  private void step(int node, Runnable action) {
    Recorder recorder = node == FIRST ? first : second;
    fixture.run(node, () -> recorder.asNode(action));
  }

  /** Sends frames and waits for room where there is none. */
  private void send(int node, Connection connection, int length, int count) {
    Recorder recorder = node == FIRST ? first : second;
    int goal = connection.sent + count;
    while (connection.sent < goal) {
      int writableBefore = recorder.writable(connection);
      step(
          node,
          () -> {
            while (connection.sent < goal && tryToSend(connection, length)) {
              // until it is full or done
            }
          });
      if (connection.sent < goal) {
        await("room to send", () -> recorder.writable(connection) > writableBefore);
      }
    }
  }

  /** Sends the largest frames until the answer is FULL and stays it while time passes. */
  private void fill(Connection connection) {
    AtomicBoolean isFull = new AtomicBoolean();
    boolean wasFull = false;
    while (!wasFull || !isFull.get()) {
      wasFull = isFull.get();
      step(FIRST, () -> isFull.set(!tryToSend(connection, Frames.MAX_BYTES)));
      assertTrue(
          (long) connection.sent * Frames.MAX_BYTES < fixture.unreadLimitBytes(),
          connection.sent + " frames taken that nobody reads");
      if (isFull.get()) {
        fixture.settle();
      }
    }
  }

  private static boolean tryToSend(Connection connection, int length) {
    SendResult result = connection.link.send(Frames.frame(connection.sent, length), 0, length);
    assertNotEquals(SendResult.CLOSED, result);
    if (result == SendResult.SENT) {
      connection.sent++;
    }
    return result == SendResult.SENT;
  }

  /** One frame each way on the data connection of a link. */
  private void exchange(int index) {
    Connection here = first.open(index, DATA);
    Connection there = second.open(index, DATA);
    send(FIRST, here, 77, 1);
    send(SECOND, there, 99, 1);
    awaitReceived(second, there, here.sent);
    awaitReceived(first, here, there.sent);
  }

  private void awaitConnected(int linkCount) {
    await(
        "connections on " + linkCount + " links",
        () -> isConnected(first, linkCount) && isConnected(second, linkCount));
  }

  private static boolean isConnected(Recorder recorder, int linkCount) {
    for (int index = 0; index < linkCount; index++) {
      for (LinkKind kind : LinkKind.values()) {
        if (!recorder.hasOpen(index, kind)) {
          return false;
        }
      }
    }
    return recorder.openCount() == 2L * linkCount;
  }

  private void awaitReceived(Recorder recorder, Connection connection, int count) {
    await(count + " frames", () -> recorder.received(connection) >= count);
    assertEquals(count, recorder.received(connection));
  }

  private void awaitClosed(Recorder recorder, Connection connection) {
    await("close of " + connection.link, () -> recorder.isClosed(connection));
  }

  private void await(String what, BooleanSupplier condition) {
    boolean holds = fixture.await(condition);
    assertEquals(List.of(), first.violations());
    assertEquals(List.of(), second.violations());
    assertTrue(holds, "not in time: " + what);
  }
}
