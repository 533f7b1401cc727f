package io.understudy.transport.netty;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelOption;
import io.understudy.metrics.PeerLog;
import io.understudy.model.NodeId;
import io.understudy.transport.CloseCause;
import io.understudy.transport.DialFailure;
import io.understudy.transport.Link;
import io.understudy.transport.LinkKind;
import io.understudy.transport.LinkListener;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * All connections of a transport: what is to be done for them in each turn of the loop, and the way to the node.
 *
 * <p>Thread: the loop's; the counters from any.
 */
final class Connections {
  private static final Logger LOG = LoggerFactory.getLogger(NettyTransport.class);
  private static final LinkListener NOBODY = new NoListener();

  private final NettyTransportConfig config;
  private final DutyCycleLoop loop;
  private final Sockets sockets;
  private final Greetings greetings;
  private final ByteBuf readBuffer;
  private final Consumer<Throwable> whenFailed;
  private final PeerLog peerLog = new PeerLog(LOG);

  private final List<LinkHandler> connected = new ArrayList<>();
  private final List<Dialler> diallers = new ArrayList<>();
  private final List<LinkHandler> toFlush = new ArrayList<>();
  private final List<LinkHandler> finishing = new ArrayList<>();
  private LinkListener listener = NOBODY;
  private long ids;

  private final AtomicLong openedCount = new AtomicLong();
  private final AtomicLong failedDialCount = new AtomicLong();
  private final AtomicLong badPreambleCount = new AtomicLong();
  private final AtomicLong badFrameCount = new AtomicLong();

  /** @param whenFailed run when the node threw something: it cannot go on */
  Connections(
      NettyTransportConfig config,
      DutyCycleLoop loop,
      Sockets sockets,
      ByteBuf readBuffer,
      Consumer<Throwable> whenFailed) {
    this.config = config;
    this.loop = loop;
    this.sockets = sockets;
    greetings = new Greetings(config.connectTimeout().toNanos());
    this.readBuffer = readBuffer;
    this.whenFailed = whenFailed;
  }

  void listener(LinkListener listener) {
    this.listener = listener;
  }

  NettyTransportStats stats() {
    return new NettyTransportStats(
        openedCount.get(), failedDialCount.get(), badPreambleCount.get(), badFrameCount.get());
  }

  // Turns of the loop.

  /** Before the node's step: rooms that became free, connections that have finished. */
  void beforeStep() {
    greetings.run();
    for (int i = 0; i < connected.size(); i++) {
      connected.get(i).sayWritable();
    }
    for (int i = finishing.size() - 1; i >= 0; i--) {
      if (finishing.get(i).endIfFinished()) {
        finishing.remove(i);
      }
    }
  }

  /** When a turn is due for a connection's sake. */
  long nextDueNs() {
    return greetings.nextDueNs();
  }

  /** After it: everything sent goes out. Answers whether the next turn should come at once. */
  boolean afterStep() {
    for (int i = 0; i < toFlush.size(); i++) {
      toFlush.get(i).endTurn();
    }
    toFlush.clear();
    boolean isMoreDue = !finishing.isEmpty();
    for (int i = 0; i < connected.size(); i++) {
      isMoreDue |= connected.get(i).isWritableDue();
    }
    return isMoreDue;
  }

  /** Everything that arrived before this was delivered. */
  long drainedBeforeNs() {
    long drainedNs = loop.polledSinceNs();
    for (int i = 0; i < connected.size(); i++) {
      drainedNs = Math.min(drainedNs, connected.get(i).readSinceNs());
    }
    return drainedNs;
  }

  /** The listener hears that nothing follows; only once. */
  void end(Throwable cause) {
    LinkListener ended = listener;
    listener = NOBODY;
    try {
      ended.onFailed(cause);
    } catch (RuntimeException | Error e) {
      LOG.error("node {} could not be told that it failed", config.node(), e);
    }
  }

  void shutDown() {
    diallers.forEach(Dialler::stop);
    greetings.close();
    List.copyOf(connected).forEach(LinkHandler::shutDown);
  }

  // What connections and their makers ask for.

  LinkHandler newLink(ConnectionRole role) {
    return new LinkHandler(this, role, ++ids);
  }

  ReadBursts readsOf(Channel channel) {
    return new ReadBursts(
        loop,
        readBuffer,
        () -> channel.config().getOption(ChannelOption.SO_RCVBUF),
        channel::isOpen);
  }

  /** Whether somebody comes from where this member is configured on the link; its port may be any. */
  boolean isAddressOf(int node, int link, SocketAddress from) {
    boolean isNodeId = node >= 1 && node <= NodeId.MAX;
    InetSocketAddress configured =
        isNodeId ? config.links().get(link).peers().get(new NodeId(node)) : null;
    return configured != null
        && from instanceof InetSocketAddress address
        && configured.getAddress().equals(address.getAddress());
  }

  int bufferBytes(LinkKind kind) {
    return kind == LinkKind.DATA ? config.dataBufferBytes() : config.heartbeatBufferBytes();
  }

  void connected(LinkHandler link) {
    connected.add(link);
  }

  /** For one that was dialled; there are never many of them. */
  void limitGreeting(LinkHandler link) {
    loop.schedule(link::endGreeting, config.connectTimeout().toNanos(), TimeUnit.NANOSECONDS);
  }

  Greetings greetings() {
    return greetings;
  }

  /** One that was accepted and has said what it is: only now is anything made for it. */
  void open(Channel socket, ConnectionRole role, Preamble preamble) {
    sockets.configure(socket);
    socket.pipeline().addLast(new LinkHandler(this, role, ++ids, preamble));
    loop.register(socket);
  }

  void disconnected(LinkHandler link) {
    connected.remove(link);
    if (link.isEstablished()) {
      diallersFor(link, Dialler::establishedEnded);
    }
    toFlush.remove(link);
    finishing.remove(link);
  }

  void toFlush(LinkHandler link) {
    toFlush.add(link);
  }

  void finishing(LinkHandler link) {
    finishing.add(link);
  }

  void add(Dialler dialler) {
    diallers.add(dialler);
    dialler.start();
  }

  void established(LinkHandler link) {
    diallersFor(link, Dialler::established);
  }

  private void diallersFor(LinkHandler link, Consumer<Dialler> action) {
    for (Dialler dialler : diallers) {
      if (dialler.isFor(link)) {
        action.accept(dialler);
      }
    }
  }

  /**
   * When more than this of one member, link and kind were accepted, and are neither established nor kept, closes one: of those that do not come from
   * the member's address first; the oldest that has not said anything, else the oldest.
   */
  void replaceOldest(LinkHandler newest, int limit) {
    List<LinkHandler> same = new ArrayList<>();
    for (LinkHandler link : connected) {
      if (link.isOpen()
          && !link.isSettled()
          && link.dialledNode() == 0
          && link.peer() == newest.peer()
          && link.index() == newest.index()
          && link.kind() == newest.kind()) {
        same.add(link);
      }
    }
    if (same.size() > limit) {
      List<LinkHandler> elsewhere =
          same.stream().filter(link -> !link.isAtAddressOf(link.peer())).toList();
      List<LinkHandler> first = elsewhere.isEmpty() ? same : elsewhere;
      first.stream()
          .filter(link -> !link.hasSpoken() && link != newest)
          .findFirst()
          .orElse(first.get(0))
          .replace();
    }
  }

  void dialFailed(Dialler dialler, DialFailure why, String detail) {
    failedDialCount.incrementAndGet();
    LOG.debug("cannot reach {}: {} {}", dialler, why, detail);
    onTime();
    try {
      listener.onDialFailed(
          dialler.dialledNode(), dialler.link(), dialler.kind(), dialler.begunNs(), why, detail);
    } catch (RuntimeException | Error e) {
      failed(e);
    }
  }

  /** @param who has log lines of its own: a peer or an address */
  void badPreamble(Object who, Object where, SocketAddress from, String why) {
    badPreambleCount.incrementAndGet();
    peerLog.warn(
        "bad preamble",
        who,
        System.nanoTime(),
        "{}: closing the connection with {}: {}",
        where,
        from,
        why);
  }

  void cannotAccept(Acceptor acceptor, String why) {
    peerLog.error(
        "cannot accept",
        acceptor.index(),
        System.nanoTime(),
        "{}: cannot accept: {}",
        acceptor,
        why);
  }

  void badFrame(LinkHandler link, String line) {
    badFrameCount.incrementAndGet();
    peerLog.warn("bad frame", link.peer(), System.nanoTime(), "{}: {}", link, line);
  }

  /** Something that must not happen; the node cannot be trusted with more. */
  void failed(Throwable failure) {
    if (listener == NOBODY) { // a node says it itself
      LOG.error("what the transport of node {} turns has failed", config.node(), failure);
    }
    whenFailed.accept(failure);
  }

  // The way to the node.

  /** Before calls that follow each other at once; not per frame. */
  void onTime() {
    try {
      listener.onTime(System.nanoTime());
    } catch (RuntimeException | Error e) {
      failed(e);
    }
  }

  void onOpened(LinkHandler link) {
    openedCount.incrementAndGet();
    try {
      listener.onOpened(link);
    } catch (RuntimeException | Error e) {
      failed(e);
    }
  }

  void onFrame(LinkHandler link, byte[] frame, int length) {
    try {
      listener.onFrame(link, frame, 0, length);
    } catch (RuntimeException | Error e) {
      failed(e);
    }
  }

  void onWritable(LinkHandler link) {
    onTime();
    try {
      listener.onWritable(link);
    } catch (RuntimeException | Error e) {
      failed(e);
    }
  }

  void onClosed(LinkHandler link, CloseCause cause, String detail) {
    onTime();
    try {
      listener.onClosed(link, cause, detail);
    } catch (RuntimeException | Error e) {
      failed(e);
    }
  }

  private static final class NoListener implements LinkListener {
    @Override
    public void onOpened(Link link) {}

    @Override
    public void onFrame(Link link, byte[] frame, int offset, int length) {}

    @Override
    public void onWritable(Link link) {}

    @Override
    public void onClosed(Link link, CloseCause cause, String detail) {}

    @Override
    public void onTime(long nowNs) {}

    @Override
    public void onDialFailed(
        int node, int linkIndex, LinkKind kind, long begunNs, DialFailure why, String detail) {}

    @Override
    public void onFailed(Throwable cause) {}
  }
}
