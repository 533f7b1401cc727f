package io.understudy.testkit.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.understudy.testkit.contract.Recorder.Connection;
import io.understudy.transport.FlushResult;
import io.understudy.transport.Link;
import io.understudy.transport.LinkKind;
import io.understudy.transport.SendResult;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/** The part of {@link TransportContract} about frames: whole, in order, bounded, and told in time. */
abstract class SendingContract extends TwoMembers {
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
  void writableIsSaidOnlyAfterFull() {
    connect(newFixture(1), 1);

    send(FIRST, first.open(0, DATA), 30_000, 1);
    send(FIRST, first.open(0, DATA), 3, 100);

    awaitReceived(second, second.open(0, DATA), 101);
    assertEquals(0, first.writable(first.open(0, DATA)));
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
  void readerThatSleptHasNotDrainedUntilItHasRead() {
    connect(newFixture(1), 1);
    fixture.pause(SECOND);
    send(FIRST, first.open(0, DATA), 200, 200);
    send(FIRST, first.open(0, LinkKind.HEARTBEAT), 100, 1);
    fixture.settle();
    AtomicLong wokenNs = new AtomicLong();
    AtomicLong drainedNs = new AtomicLong();

    fixture.resume(
        SECOND,
        () -> {
          wokenNs.set(fixture.nowNs());
          drainedNs.set(secondTransport.drainedBeforeNs());
        });

    assertTrue(drainedNs.get() < wokenNs.get(), "believes on waking that it has read everything");
    await(
        "all is read",
        () -> {
          AtomicBoolean isDrained = new AtomicBoolean();
          AtomicBoolean all = new AtomicBoolean();
          fixture.run(
              SECOND,
              () -> {
                isDrained.set(secondTransport.drainedBeforeNs() >= wokenNs.get());
                all.set(second.received(second.open(0, DATA)) == 200);
              });
          assertTrue(!isDrained.get() || all.get(), "said that all was read while it was not");
          return isDrained.get();
        });
    assertEquals(1, second.received(second.open(0, LinkKind.HEARTBEAT)));
  }

  @Test
  void drainedTimeIsNeverLaterThanNow() {
    connect(newFixture(1), 1);

    for (int i = 0; i < 20; i++) {
      send(SECOND, second.open(0, DATA), 1000, 10);
      fixture.run(FIRST, () -> assertTrue(firstTransport.drainedBeforeNs() <= fixture.nowNs()));
    }
  }

  @Test
  void flushGivesTheKernelEverythingThatItHasRoomFor() {
    connect(newFixture(1), 1);
    Connection connection = first.open(0, LinkKind.HEARTBEAT);

    for (int i = 0; i < 20; i++) {
      step(
          FIRST,
          () -> {
            assertTrue(tryToSend(connection, 200));
            assertEquals(FlushResult.TAKEN, connection.link.flush());
            assertEquals(FlushResult.TAKEN, connection.link.flush());
          });
    }

    awaitReceived(second, second.open(0, LinkKind.HEARTBEAT), 20);
  }

  @Test
  void flushSaysWhenTheKernelHasNoRoomAndWhenItHasAgain() {
    connect(newFixture(1), 1);
    Connection connection = first.open(0, DATA);
    fixture.pause(SECOND);
    fill(connection);

    for (int i = 0; i < 3; i++) {
      assertEquals(FlushResult.FULL, flush(connection));
      fixture.settle();
    }

    fixture.resume(SECOND, () -> {});
    await("room in the kernel", () -> flush(connection) == FlushResult.TAKEN);
    awaitReceived(second, second.open(0, DATA), connection.sent);
  }

  private FlushResult flush(Connection connection) {
    AtomicReference<FlushResult> result = new AtomicReference<>();
    step(FIRST, () -> result.set(connection.link.flush()));
    return result.get();
  }

  @Test
  void timeIsToldBeforeWhatArrivedInASleep() {
    connect(newFixture(1), 1);
    fixture.pause(SECOND);
    send(FIRST, first.open(0, DATA), 200, 1);
    fixture.settle();
    AtomicLong wokenNs = new AtomicLong();
    AtomicLong toldNs = new AtomicLong();
    second.whenFrame(link -> toldNs.set(second.timeNs()));

    fixture.resume(SECOND, () -> wokenNs.set(fixture.nowNs()));

    await("a frame", () -> toldNs.get() != 0);
    assertTrue(toldNs.get() >= wokenNs.get(), "told a time of the sleep");
  }
}
