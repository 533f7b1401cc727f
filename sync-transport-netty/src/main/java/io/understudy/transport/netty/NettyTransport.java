package io.understudy.transport.netty;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.epoll.Epoll;
import io.understudy.model.NodeId;
import io.understudy.runtime.DutyCycle;
import io.understudy.runtime.Entropy;
import io.understudy.transport.LinkKind;
import io.understudy.transport.LinkListener;
import io.understudy.transport.Transport;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Connections over TCP, and the thread that turns a node.
 *
 * <p>Life: {@link #open} claims the ports, {@link #start}, which the node calls, accepts and dials, {@link #turn} says what the thread turns,
 * {@link #close} ends it all. The thread is a daemon and called {@code understudy-<node>}.
 * <p>Thread: {@link #drainedBeforeNs} and everything a {@link io.understudy.transport.Link} has: this transport's own, on which
 * the duty cycle and all listener calls run. The other methods: any.
 * <p>Errors: {@link #open} throws {@link java.io.UncheckedIOException} with one line for the user when a port cannot be
 * had. When the duty cycle or the listener throws, that is logged as an error, the listener hears it ({@link
 * LinkListener#onFailed}, whoever wraps the duty cycle), all connections are closed and the thread ends.
 */
public final class NettyTransport implements Transport {
  private static final Logger LOG = LoggerFactory.getLogger(NettyTransport.class);
  private static final DutyCycle NOTHING = new Idle();
  private static final long CLOSE_LIMIT_MS = 5_000;

  /** From here on an answer about what was read lies far back: above what a step takes, below any detection time. */
  static final long FAR_BEHIND_NS = TimeUnit.MILLISECONDS.toNanos(10);

  private final NettyTransportConfig config;
  private final Entropy entropy;
  private final Logger log;
  private final Sockets sockets;
  private final DutyCycleLoop loop;
  private final ByteBuf readBuffer;
  private final Connections connections;
  private final ThreadPoolExecutor callbacks;
  private final List<Acceptor> acceptors = new ArrayList<>();
  private final AtomicBoolean isStarted = new AtomicBoolean();
  private final AtomicBoolean isClosing = new AtomicBoolean();

  private final AtomicReference<DutyCycle> turned = new AtomicReference<>();
  private DutyCycle cycle = NOTHING;
  private boolean isClosed;
  private boolean isFarBehind;
  private long drainedBeforeNs;

  private NettyTransport(
      NettyTransportConfig config, Entropy entropy, boolean isEpoll, Logger log) {
    this.config = config;
    this.entropy = entropy;
    this.log = log;
    sockets = new Sockets(config, isEpoll);
    callbacks = callbackThread("understudy-callbacks-" + config.node());
    loop = loop(config, sockets, new Turn());
    readBuffer = Unpooled.directBuffer(ReadBursts.BUFFER_BYTES, ReadBursts.BUFFER_BYTES);
    loop.terminationFuture().addListener(ended -> readBuffer.release());
    connections = new Connections(config, loop, sockets, readBuffer, this::fail);
  }

  private static DutyCycleLoop loop(
      NettyTransportConfig config, Sockets sockets, DutyCycleLoop.Step step) {
    try {
      return new DutyCycleLoop("understudy-" + config.node(), sockets.handlerFactory(), step);
    } catch (RuntimeException e) {
      throw new UncheckedIOException(
          "node "
              + config.node()
              + " cannot wait for its sockets, so no port was claimed: "
              + Failures.oneLine(e),
          new IOException(e));
    }
  }

  /** One daemon, which ends when it has had nothing to do for a second. */
  private static ThreadPoolExecutor callbackThread(String name) {
    ThreadPoolExecutor executor =
        new ThreadPoolExecutor(
            1,
            1,
            1,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(),
            work -> {
              Thread thread = new Thread(work, name);
              thread.setDaemon(true);
              return thread;
            });
    executor.allowCoreThreadTimeOut(true);
    return executor;
  }

  /** Opens a transport with the machine's own chance. */
  public static NettyTransport open(NettyTransportConfig config) {
    return open(config, Entropy.secure());
  }

  /**
   * Claims the ports of all links; connections wait there until {@link #start}.
   *
   * @throws java.io.UncheckedIOException when a port cannot be had; its message is one line for the user
   */
  public static NettyTransport open(NettyTransportConfig config, Entropy entropy) {
    return open(config, entropy, Epoll.isAvailable());
  }

  static NettyTransport open(NettyTransportConfig config, Entropy entropy, boolean isEpoll) {
    return open(config, entropy, isEpoll, LOG);
  }

  static NettyTransport open(
      NettyTransportConfig config, Entropy entropy, boolean isEpoll, Logger log) {
    NettyTransport transport = new NettyTransport(config, entropy, isEpoll, log);
    try {
      transport.listen();
      return transport;
    } catch (RuntimeException e) {
      transport.close();
      throw e;
    }
  }

  /**
   * Lets this transport's thread turn a duty cycle from now on: after each poll, when woken and when it is due. A node must have been started before.
   *
   * @throws IllegalStateException it turns another one already, or was closed
   */
  public void turn(DutyCycle cycle) {
    requireOpen();
    DutyCycle before = turned.compareAndExchange(null, Objects.requireNonNull(cycle));
    if (before != null && before != cycle) {
      throw new IllegalStateException(
          "the transport of node "
              + config.node()
              + " turns another duty cycle already; each node needs a transport of its own");
    }
    execute(
        () -> {
          if (!isClosed) {
            this.cycle = cycle;
          }
        });
  }

  private void requireOpen() {
    if (isClosing.get()) {
      throw closedBefore();
    }
  }

  private IllegalStateException closedBefore() {
    return new IllegalStateException(
        "the transport of node "
            + config.node()
            + " was started or closed before; it serves one life of one node: open another");
  }

  /** Lets the duty cycle run soon. Cheap when it was woken already. */
  public void wake() {
    loop.wake();
  }

  @Override
  public Executor callbacks() {
    return callbacks;
  }

  @Override
  public int node() {
    return config.node().value();
  }

  @Override
  public Set<Integer> peers() {
    Set<Integer> peers = new TreeSet<>();
    config.links().forEach(link -> link.peers().keySet().forEach(peer -> peers.add(peer.value())));
    return peers;
  }

  @Override
  public int linksTo(int node) {
    NodeId peer = new NodeId(node);
    return (int) config.links().stream().filter(link -> link.peers().containsKey(peer)).count();
  }

  @Override
  public void start(LinkListener listener) {
    requireOpen();
    if (!isStarted.compareAndSet(false, true)) {
      throw closedBefore();
    }
    if (config.insecurePlaintext()) {
      log.warn("node {} sends its tables in plaintext: insecurePlaintext is set", config.node());
    }
    execute(() -> begin(listener));
  }

  @Override
  public long drainedBeforeNs() {
    if (!isClosed) {
      drainedBeforeNs = connections.drainedBeforeNs();
      isFarBehind |= System.nanoTime() - drainedBeforeNs > FAR_BEHIND_NS;
    }
    return drainedBeforeNs;
  }

  /** The port on which a link is served, for configurations with port 0. */
  public int localPort(int link) {
    return acceptors.stream()
        .filter(acceptor -> acceptor.index() == link)
        .findFirst()
        .map(acceptor -> acceptor.localAddress().getPort())
        .orElseThrow(
            () -> new IllegalArgumentException("node " + config.node() + " has no link " + link));
  }

  public NettyTransportStats stats() {
    return connections.stats();
  }

  /** Flushes as far as the kernel has room, closes, and returns when the thread has ended, at most five seconds later. */
  @Override
  public void close() {
    if (isClosing.compareAndSet(false, true)) {
      if (loop.inEventLoop()) {
        shutDown();
      } else {
        try {
          loop.execute(this::shutDown);
        } catch (RejectedExecutionException e) {
          log.debug("the thread of node {} has ended by itself", config.node(), e);
        }
      }
    }
    if (!loop.inEventLoop() && !loop.terminationFuture().awaitUninterruptibly(CLOSE_LIMIT_MS)) {
      log.warn("the thread of node {} has not ended after {} ms", config.node(), CLOSE_LIMIT_MS);
    }
  }

  private void listen() {
    for (int link = 0; link < config.links().size(); link++) {
      Acceptor acceptor = new Acceptor(connections, link, config, sockets.server(loop));
      acceptors.add(acceptor);
      log.info("node {} listens on {} (link {})", config.node(), acceptor.localAddress(), link);
    }
  }

  private void begin(LinkListener listener) {
    connections.listener(listener);
    if (isClosed) {
      end(closed());
      return;
    }
    acceptors.forEach(Acceptor::start);
    for (int link = 0; link < config.links().size(); link++) {
      for (Map.Entry<NodeId, InetSocketAddress> peer :
          config.links().get(link).peers().entrySet()) {
        if (peer.getValue().getPort() == 0) {
          log.warn(
              "link {} has port 0 for node {}: it is not dialled, a takeover from it waits for silence",
              link,
              peer.getKey());
        } else {
          dial(link, LinkKind.HEARTBEAT, peer.getKey().value(), peer.getValue());
          dial(link, LinkKind.DATA, peer.getKey().value(), peer.getValue());
        }
      }
    }
  }

  private void dial(int link, LinkKind kind, int peer, InetSocketAddress address) {
    connections.add(
        new Dialler(
            connections,
            loop,
            sockets.client(loop, config.links().get(link).local()),
            address,
            new Preamble(kind, link, config.node().value()),
            peer,
            new Reconnect(config.backOffMin(), config.backOffMax(), entropy)));
  }

  /** The node cannot go on. */
  private void fail(Throwable cause) {
    end(cause);
    close();
  }

  /** Nothing is turned or delivered any more; the node hears it before any socket closes. */
  private void end(Throwable cause) {
    cycle = NOTHING;
    connections.end(cause);
  }

  private void shutDown() {
    end(closed());
    isClosed = true;
    acceptors.forEach(Acceptor::stop);
    connections.shutDown();
    loop.shutdownGracefully(0, CLOSE_LIMIT_MS, TimeUnit.MILLISECONDS);
  }

  private IllegalStateException closed() {
    return new IllegalStateException("the transport of node " + config.node() + " was closed");
  }

  /**
   * Runs something on this transport's thread.
   *
   * @throws IllegalStateException the thread has ended
   */
  void execute(Runnable task) {
    try {
      loop.execute(task);
    } catch (RejectedExecutionException e) {
      IllegalStateException ended = closedBefore();
      ended.initCause(e);
      throw ended;
    }
  }

  /** What the thread does between two polls. */
  private final class Turn implements DutyCycleLoop.Step {
    private long dueNs = Long.MAX_VALUE;

    @Override
    public boolean run() {
      isFarBehind = false;
      connections.beforeStep();
      int work = 0;
      try {
        work = cycle.run(System.nanoTime());
        dueNs = cycle.nextDueNs();
      } catch (RuntimeException | Error e) {
        connections.failed(e);
      }
      boolean isMoreDue = connections.afterStep();
      return work > 0 || isMoreDue || isFarBehind;
    }

    @Override
    public long nextDueNs() {
      return Math.min(dueNs, connections.nextDueNs());
    }

    @Override
    public void end(Throwable cause) {
      NettyTransport.this.end(cause);
      if (!isClosed) { // the thread dies, and a listening socket would answer for a process that
        // does nothing
        isClosed = true;
        acceptors.forEach(Acceptor::stop);
        connections.shutDown();
      }
    }
  }

  private static final class Idle implements DutyCycle {
    @Override
    public int run(long nowNs) {
      return 0;
    }

    @Override
    public long nextDueNs() {
      return Long.MAX_VALUE;
    }
  }
}
