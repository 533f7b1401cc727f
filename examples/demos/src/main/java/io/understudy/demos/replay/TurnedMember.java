package io.understudy.demos.replay;

import io.understudy.runtime.DutyCycle;
import io.understudy.transport.netty.NettyTransport;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/**
 * A member whose node is turned by its transport's thread, and a door for other threads: what they ask runs between two turns.
 *
 * <p>Thread: {@link #run} and {@link #nextDueNs} the transport's; the rest any.
 */
final class TurnedMember implements DutyCycle {
  private final Member member;
  private final NettyTransport transport;
  private final Queue<Runnable> tasks = new ConcurrentLinkedQueue<>();
  private final List<Awaited> awaited = new ArrayList<>();
  private boolean isCutOff;

  /** A condition that somebody waits for. */
  private record Awaited(BooleanSupplier condition, CompletableFuture<Void> met) {}

  TurnedMember(Member member, NettyTransport transport) {
    this.member = member;
    this.transport = transport;
  }

  Member member() {
    return member;
  }

  NettyTransport transport() {
    return transport;
  }

  void start() {
    member.node().setWaker(transport::wake);
    member.node().start(System.nanoTime());
    transport.turn(this);
  }

  @Override
  public int run(long nowNs) {
    int work = 0;
    for (Runnable task = tasks.poll(); task != null; task = tasks.poll()) {
      task.run();
      work++;
    }
    if (isCutOff) {
      return 0;
    }
    work += member.node().run(nowNs);
    awaited.removeIf(TurnedMember::isMet);
    return work;
  }

  private static boolean isMet(Awaited one) {
    if (one.met.isDone() || !one.condition.getAsBoolean()) {
      return one.met.isDone();
    }
    return one.met.complete(null);
  }

  @Override
  public long nextDueNs() {
    return isCutOff ? Long.MAX_VALUE : member.node().nextDueNs();
  }

  /** Runs something between two turns and waits for its answer. */
  <T> T ask(Supplier<T> question) {
    CompletableFuture<T> answer = new CompletableFuture<>();
    tasks.add(() -> answer.complete(question.get()));
    transport.wake();
    return answer.join();
  }

  /** Does something between two turns, then waits until the condition holds after a turn. */
  boolean await(Runnable first, BooleanSupplier condition, long limitNs) {
    CompletableFuture<Void> met = new CompletableFuture<>();
    tasks.add(
        () -> {
          first.run();
          awaited.add(new Awaited(condition, met));
        });
    transport.wake();
    try {
      met.get(limitNs, TimeUnit.NANOSECONDS);
      return true;
    } catch (TimeoutException e) {
      met.cancel(false); // the next turn forgets it
      return false;
    } catch (ExecutionException e) {
      throw new IllegalStateException("waiting for member " + member.id() + " failed", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while waiting for member " + member.id(), e);
    }
  }

  /** From the next turn on the node is not turned any more; what it owes stays unsent. */
  void cutOff() {
    isCutOff = true;
  }
}
