package io.understudy.transport.netty;

import io.understudy.model.NodeId;
import io.understudy.runtime.Entropy;
import io.understudy.testkit.contract.Relay;
import io.understudy.testkit.contract.TransportFixture;
import io.understudy.transport.Transport;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** Two transports on loopback, optionally with relays in between, one for each that is dialled. */
final class NettyFixture implements TransportFixture {
  private static final long LIMIT_MS = 20_000;
  private static final long LONG_PAUSE_NS = 2 * NettyTransport.FAR_BEHIND_NS;

  private final int linkCount;
  private final boolean isEpoll;
  private final boolean hasRelays;

  /** By node id, for each link. */
  private final Map<Integer, List<Integer>> ports = new HashMap<>();

  private final Map<Integer, List<Relay>> relays = new HashMap<>();
  private final Map<Integer, NettyTransport> newest = new HashMap<>();
  private final List<NettyTransport> all = new ArrayList<>();
  private final Map<Integer, CompletableFuture<Runnable>> sleeping = new HashMap<>();

  NettyFixture(int linkCount, boolean isEpoll, boolean hasRelays) {
    this.linkCount = linkCount;
    this.isEpoll = isEpoll;
    this.hasRelays = hasRelays;
  }

  static InetSocketAddress loopback(int port) {
    return new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
  }

  @Override
  public Transport open(int node) {
    if (ports.isEmpty()) {
      choosePorts(1);
      choosePorts(2);
    }
    if (newest.containsKey(node)) {
      newest
          .get(node)
          .close(); // was closed on its own thread, which may not have let go of the port yet
    }
    NettyTransport transport = NettyTransport.open(config(node), Entropy.secure(), isEpoll);
    newest.put(node, transport);
    all.add(transport);
    return transport;
  }

  /** Free ports below those that the system gives to diallers, who might else take one while its owner restarts. */
  private void choosePorts(int node) {
    List<Integer> free = new ArrayList<>();
    List<Relay> cables = new ArrayList<>();
    while (free.size() < linkCount) {
      int port = ThreadLocalRandom.current().nextInt(10_000, 32_000);
      try (ServerSocket probe = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
        free.add(probe.getLocalPort());
        if (hasRelays) {
          cables.add(new Relay(port));
        }
      } catch (IOException e) {
        continue; // taken
      }
    }
    ports.put(node, free);
    relays.put(node, cables);
  }

  private NettyTransportConfig config(int node) {
    NettyTransportConfig.Builder builder =
        NettyTransportConfig.builder(new NodeId(node))
            .backOff(Duration.ofMillis(5), Duration.ofMillis(50))
            .insecurePlaintext(true);
    int peer = 3 - node;
    for (int link = 0; link < linkCount; link++) {
      int dialled = hasRelays ? relays.get(peer).get(link).port() : ports.get(peer).get(link);
      builder.link(
          loopback(ports.get(node).get(link)), Map.of(new NodeId(peer), loopback(dialled)));
    }
    return builder.build();
  }

  NettyTransport newest(int node) {
    return newest.get(node);
  }

  @Override
  public long nowNs() {
    return System.nanoTime();
  }

  @Override
  public void run(int node, Runnable action) {
    CompletableFuture<Void> done = new CompletableFuture<>();
    newest.get(node).execute(() -> complete(done, action));
    join(done);
  }

  private static void complete(CompletableFuture<Void> done, Runnable action) {
    try {
      action.run();
      done.complete(null);
    } catch (RuntimeException | Error e) {
      done.completeExceptionally(e);
    }
  }

  private static void join(CompletableFuture<Void> done) {
    try {
      done.get(LIMIT_MS, TimeUnit.MILLISECONDS);
    } catch (InterruptedException | TimeoutException e) {
      throw new AssertionError(e);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof Error error) {
        throw error;
      }
      throw new AssertionError(e.getCause());
    }
  }

  @Override
  public boolean await(BooleanSupplier condition) {
    long endNs = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(LIMIT_MS);
    while (!condition.getAsBoolean()) { // outside the monitor: it may need the thread that notifies
      if (System.nanoTime() > endNs) {
        return false;
      }
      synchronized (this) {
        try {
          wait(1);
        } catch (InterruptedException e) {
          throw new AssertionError(e);
        }
      }
    }
    return true;
  }

  /** Three turns of each loop: what was sent is flushed, and on loopback it has then arrived. */
  @Override
  public void settle() {
    for (int node : newest.keySet()) {
      for (int turn = 0; turn < 3 && !sleeping.containsKey(node); turn++) {
        run(node, () -> {});
      }
    }
  }

  @Override
  public void pause(int node) {
    CompletableFuture<Runnable> waker = new CompletableFuture<>();
    CountDownLatch asleep = new CountDownLatch(1);
    newest
        .get(node)
        .execute(
            () -> {
              asleep.countDown();
              long sinceNs = System.nanoTime();
              Runnable first = waker.join();
              while (System.nanoTime() - sinceNs < LONG_PAUSE_NS) {
                LockSupport.parkNanos(LONG_PAUSE_NS); // a shorter sleep is none
              }
              first.run();
            });
    try {
      asleep.await();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
    sleeping.put(node, waker);
  }

  @Override
  public void resume(int node, Runnable first) {
    CompletableFuture<Void> done = new CompletableFuture<>();
    sleeping.remove(node).complete(() -> complete(done, first));
    join(done);
  }

  @Override
  public void breakLink(int link) {
    relays.values().forEach(cables -> cables.get(link).breakAll());
  }

  @Override
  public long unreadLimitBytes() {
    return 64L << 20;
  }

  @Override
  public void close() {
    List.copyOf(sleeping.keySet()).forEach(node -> resume(node, () -> {}));
    all.forEach(NettyTransport::close);
    relays.values().forEach(cables -> cables.forEach(Relay::close));
  }
}
