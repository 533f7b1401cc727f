package io.understudy.transport.netty;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.understudy.model.NodeId;
import io.understudy.runtime.DutyCycle;
import io.understudy.runtime.Entropy;
import java.io.IOException;
import java.net.Socket;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongUnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** When a transport turns the duty cycle. */
@Timeout(60)
class DutyCycleLoopTest {
  private static final long MS = TimeUnit.MILLISECONDS.toNanos(1);
  private static final long NEVER = Long.MAX_VALUE;

  private final NettyTransport transport =
      NettyTransport.open(
          NettyTransportConfig.builder(new NodeId(1))
              .link(NettyFixture.loopback(0), Map.of(new NodeId(2), NettyFixture.loopback(1)))
              .insecurePlaintext(true)
              .build());

  @AfterEach
  void close() {
    transport.close();
  }

  @Test
  void cycleRunsOnADaemonNamedAfterTheNode() throws InterruptedException {
    AtomicReference<Thread> thread = new AtomicReference<>();
    CountDownLatch hasRun = new CountDownLatch(1);

    transport.turn(
        new Cycle(
            nowNs -> {
              thread.set(Thread.currentThread());
              hasRun.countDown();
              return NEVER;
            }));

    hasRun.await();
    assertEquals("understudy-1", thread.get().getName());
    assertTrue(thread.get().isDaemon());
  }

  @Test
  void cycleRunsWhenItIsDue() throws InterruptedException {
    CountDownLatch runs = new CountDownLatch(20);
    AtomicLong dueNs = new AtomicLong(Long.MIN_VALUE);

    transport.turn(
        new Cycle(
            nowNs -> {
              if (nowNs < dueNs.get()) {
                return dueNs.get(); // a turn for another reason
              }
              runs.countDown();
              dueNs.set(nowNs + 3 * MS);
              return dueNs.get();
            }));

    long beganNs = System.nanoTime();
    runs.await();
    long tookNs = System.nanoTime() - beganNs;
    assertTrue(tookNs >= 19 * 3 * MS - 3 * MS, "took " + tookNs);
  }

  @Test
  void cycleThatIsNotDueSleeps() throws InterruptedException {
    AtomicInteger runs = new AtomicInteger();
    CountDownLatch isDue = new CountDownLatch(1);
    AtomicLong dueNs = new AtomicLong();

    transport.turn(
        new Cycle(
            nowNs -> {
              dueNs.compareAndSet(0, nowNs + 200 * MS);
              runs.incrementAndGet();
              if (nowNs >= dueNs.get()) {
                isDue.countDown();
                return NEVER;
              }
              return dueNs.get();
            }));

    isDue.await();
    assertTrue(runs.get() < 50, runs.get() + " runs in 200 ms");
  }

  @Test
  void wakeRunsTheCycleEachTimeAndIsNeverLost() throws InterruptedException {
    SynchronousQueue<Long> answers = new SynchronousQueue<>();
    AtomicLong asked = new AtomicLong();
    AtomicLong answered = new AtomicLong();
    transport.turn(
        new Cycle(
            nowNs -> {
              long question = asked.get();
              if (question > answered.get()) {
                answered.set(question);
                put(answers, question);
              }
              return NEVER;
            }));

    for (long question = 1; question <= 2000; question++) {
      asked.set(question);
      transport.wake();
      assertEquals(question, answers.poll(10, TimeUnit.SECONDS));
    }
  }

  @Test
  void cycleWithMoreToDoRunsAgainAndIoGoesOn() throws InterruptedException {
    AtomicInteger runs = new AtomicInteger();
    CountDownLatch isEnough = new CountDownLatch(1000);
    CountDownLatch taskRan = new CountDownLatch(1);

    transport.turn(
        new DutyCycle() {
          @Override
          public int run(long nowNs) {
            runs.incrementAndGet();
            isEnough.countDown();
            return 1;
          }

          @Override
          public long nextDueNs() {
            return NEVER;
          }
        });
    isEnough.await();
    transport.execute(taskRan::countDown);

    assertTrue(taskRan.await(10, TimeUnit.SECONDS));
  }

  @Test
  void timeNeverGoesBack() throws InterruptedException {
    AtomicLong lastNs = new AtomicLong(Long.MIN_VALUE);
    AtomicBoolean wentBack = new AtomicBoolean();
    CountDownLatch runs = new CountDownLatch(500);
    transport.turn(
        new Cycle(
            nowNs -> {
              wentBack.compareAndSet(false, nowNs < lastNs.get());
              lastNs.set(nowNs);
              runs.countDown();
              return nowNs + 10_000;
            }));

    runs.await();

    assertTrue(!wentBack.get());
  }

  @Test
  void cycleThatThrowsStopsTheTransport() throws InterruptedException {
    AtomicInteger runs = new AtomicInteger();
    CountDownLatch hasRun = new CountDownLatch(1);

    transport.turn(
        new Cycle(
            nowNs -> {
              runs.incrementAndGet();
              hasRun.countDown();
              throw new IllegalStateException("a broken invariant (this test wants it)");
            }));
    hasRun.await();
    transport.close();

    assertEquals(1, runs.get());
  }

  @Test
  void nodeIsToldOnceOfACycleThatThrowsBeforeAnySocketCloses() {
    Told node = new Told(transport.localPort(0));
    transport.start(node);

    transport.turn(
        new Cycle(
            nowNs -> {
              throw new IllegalStateException("a broken invariant (this test wants it)");
            }));

    assertEquals("a broken invariant (this test wants it)", node.told.join());
    transport.close();
    assertEquals(1, node.count("failed"));
  }

  @Test
  void nodeIsToldOnceOfATransportThatIsClosedBeforeAnySocketCloses() {
    Told node = new Told(transport.localPort(0));
    transport.start(node);

    transport.close();
    transport.close();

    assertEquals("the transport of node 1 was closed", node.told.join());
    assertEquals(1, node.count("failed"));
  }

  @Test
  void openClosesAgainWithoutStart() {
    NettyTransport unused =
        NettyTransport.open(
            NettyTransportConfig.builder(new NodeId(5))
                .link(NettyFixture.loopback(0), Map.of(new NodeId(2), NettyFixture.loopback(0)))
                .insecurePlaintext(true)
                .build(),
            Entropy.secure(),
            false);

    unused.close();

    while (isAlive("understudy-5")) {
      Thread.onSpinWait(); // it has let go of everything and is about to end
    }
  }

  private static boolean isAlive(String name) {
    return Thread.getAllStackTraces().keySet().stream()
        .anyMatch(thread -> thread.getName().equals(name));
  }

  private static void put(SynchronousQueue<Long> queue, long value) {
    try {
      queue.put(value);
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  /** Answers from each run when it is due again. */
  private static final class Cycle implements DutyCycle {
    private final LongUnaryOperator step;
    private long dueNs = NEVER;

    Cycle(LongUnaryOperator step) {
      this.step = step;
    }

    @Override
    public int run(long nowNs) {
      dueNs = step.applyAsLong(nowNs);
      return 0;
    }

    @Override
    public long nextDueNs() {
      return dueNs;
    }
  }

  /** Finds, when it is told, whether the transport still listens. */
  private static final class Told extends NotingListener {
    final CompletableFuture<String> told = new CompletableFuture<>();
    private final int port;

    Told(int port) {
      this.port = port;
    }

    @Override
    public void onFailed(Throwable cause) {
      super.onFailed(cause);
      try (Socket stillListens = new Socket()) {
        stillListens.connect(NettyFixture.loopback(port));
        told.complete(cause.getMessage());
      } catch (IOException e) {
        told.complete("the port was closed before");
      }
    }
  }
}
