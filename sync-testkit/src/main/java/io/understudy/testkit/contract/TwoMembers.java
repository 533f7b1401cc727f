package io.understudy.testkit.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.understudy.testkit.contract.Recorder.Connection;
import io.understudy.transport.LinkKind;
import io.understudy.transport.SendResult;
import io.understudy.transport.Transport;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;

/** Two members joined by a transport, what each was told, and the steps of the contract's tests. */
abstract class TwoMembers {
  static final int FIRST = 1;
  static final int SECOND = 2;
  static final LinkKind DATA = LinkKind.DATA;

  TransportFixture fixture;
  Transport firstTransport;
  Transport secondTransport;
  Recorder first;
  Recorder second;

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

  final void connect(TransportFixture members, int linkCount) {
    fixture = members;
    open();
    start();
    awaitConnected(linkCount);
  }

  final void open() {
    first = recorder(FIRST);
    second = recorder(SECOND);
    secondTransport = fixture.open(SECOND);
    firstTransport = fixture.open(FIRST);
  }

  final void start() {
    fixture.run(SECOND, () -> secondTransport.start(second));
    fixture.run(FIRST, () -> firstTransport.start(first));
  }

  final Recorder recorder(int node) {
    return new Recorder(node == FIRST ? "first" : "second", node == FIRST, fixture);
  }

  final void closeSecond() {
    fixture.run(SECOND, secondTransport::close);
    second.over();
  }

  final void step(int node, Runnable action) {
    Recorder recorder = node == FIRST ? first : second;
    fixture.run(node, () -> recorder.asNode(action));
  }

  /** Sends frames and waits for room where there is none. */
  final void send(int node, Connection connection, int length, int count) {
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
  final void fill(Connection connection) {
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

  static boolean tryToSend(Connection connection, int length) {
    SendResult result = connection.link.send(Frames.frame(connection.sent, length), 0, length);
    assertNotEquals(SendResult.CLOSED, result);
    if (result == SendResult.SENT) {
      connection.sent++;
    }
    return result == SendResult.SENT;
  }

  /** One frame each way on the data connection of a link. */
  final void exchange(int index) {
    Connection here = first.open(index, DATA);
    Connection there = second.open(index, DATA);
    send(FIRST, here, 77, 1);
    send(SECOND, there, 99, 1);
    awaitReceived(second, there, here.sent);
    awaitReceived(first, here, there.sent);
  }

  final void awaitConnected(int linkCount) {
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

  final void awaitReceived(Recorder recorder, Connection connection, int count) {
    await(count + " frames", () -> recorder.received(connection) >= count);
    assertEquals(count, recorder.received(connection));
  }

  final void awaitClosed(Recorder recorder, Connection connection) {
    await("close of " + connection.link, () -> recorder.isClosed(connection));
  }

  final void await(String what, BooleanSupplier condition) {
    boolean holds = fixture.await(condition);
    assertEquals(List.of(), first.violations());
    assertEquals(List.of(), second.violations());
    assertTrue(holds, "not in time: " + what);
  }
}
