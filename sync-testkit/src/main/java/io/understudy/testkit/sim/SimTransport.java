package io.understudy.testkit.sim;

import io.understudy.transport.CloseCause;
import io.understudy.transport.DialFailure;
import io.understudy.transport.Link;
import io.understudy.transport.LinkKind;
import io.understudy.transport.LinkListener;
import io.understudy.transport.Transport;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Executor;
import java.util.function.LongUnaryOperator;

/**
 * The simulated transport of one process life of a member. A restarted member gets another one from {@link
 * SimNetwork#transport}.
 */
public final class SimTransport implements Transport {
  private static final int BURST_BYTES = 256 << 10;
  private static final int MAX_OFFSET = 16;
  private static final long CALLBACK_NS = 30_000;
  private static final long WAKE_UP_NS = 200_000;
  private static final LinkListener NOBODY = new NoListener();

  private final SimNetwork network;
  private final int address;
  private final int node;
  private final Map<Integer, Integer> addresses;
  private final List<Integer> peers;
  private final List<Integer> links;
  private final List<SimDial> dials = new ArrayList<>();
  private final List<SimEnd> ends = new ArrayList<>();
  private final List<FailedDial> failedDials = new ArrayList<>();
  private final byte[] scratch = new byte[MAX_OFFSET + SimEnd.MAX_FRAME_BYTES];

  private LinkListener listener = NOBODY;
  private LongUnaryOperator clock = realNs -> realNs;
  private Runnable afterPoll = () -> {};
  private int callbackCount;
  private boolean isStarted;
  private boolean isOver;
  private boolean isPaused;

  /** Only the loop stands: callbacks have a thread of their own. */
  private boolean isStalled;

  /** The loop is never turned again. */
  private boolean isLoopDead;

  /** The process is gone, callbacks with it. */
  private boolean isProcessDead;

  private boolean isPollDue;
  private boolean sleptSincePoll;

  /** What is answered while nobody looks: since the pause, until the poll after it, and after the end. */
  private long lastDrainedNs;

  private record FailedDial(SimDial dial, long begunNs, DialFailure why) {}

  SimTransport(
      SimNetwork network,
      int address,
      int node,
      Map<Integer, Integer> addresses,
      Collection<Integer> links) {
    this.network = network;
    this.address = address;
    this.node = node;
    this.addresses = addresses;
    peers = List.copyOf(addresses.keySet());
    this.links = List.copyOf(links);
  }

  /** Run after each poll that delivered something: the place to turn the node's duty cycle. */
  public void afterPoll(Runnable action) {
    afterPoll = action;
  }

  /** What the member's own clock shows at a moment of the simulation: the same, unless it has a clock. */
  public void clock(LongUnaryOperator clock) {
    this.clock = clock;
  }

  // Transport: what the node calls.

  /** On the clock, a little later; a process that is stopped calls nothing. */
  @Override
  public Executor callbacks() {
    return this::callLater;
  }

  private void callLater(Runnable task) {
    network.clock().after(CALLBACK_NS * (1 + callbackCount++ % 7), () -> call(task));
  }

  private void call(Runnable task) {
    if (isProcessDead) {
      return;
    }
    if (isPaused && !isStalled) {
      callLater(task);
    } else {
      task.run();
    }
  }

  @Override
  public int node() {
    return node;
  }

  @Override
  public Set<Integer> peers() {
    return new TreeSet<>(peers);
  }

  @Override
  public int linksTo(int peer) {
    return peers.contains(peer) ? links.size() : 0;
  }

  @Override
  public void start(LinkListener listener) {
    if (isStarted || isOver) {
      throw new IllegalStateException(
          "the transport of node " + node + " was started or closed before");
    }
    isStarted = true;
    this.listener = listener;
    for (int peer : peers) {
      for (int link : links) {
        for (LinkKind kind : LinkKind.values()) {
          SimDial dial = new SimDial(network, this, peer, link, kind);
          dials.add(dial);
          dial.start();
        }
      }
    }
  }

  @Override
  public long drainedBeforeNs() {
    return clock.applyAsLong(drainedNs());
  }

  private long drainedNs() {
    if (isOver || isPaused || isLoopDead || sleptSincePoll) {
      return lastDrainedNs;
    }
    long drainedNs = network.nowNs();
    for (int i = 0; i < ends.size(); i++) {
      drainedNs = Math.min(drainedNs, ends.get(i).unreadSinceNs());
    }
    return drainedNs;
  }

  private boolean hasUnread() {
    for (int i = 0; i < ends.size(); i++) {
      if (ends.get(i).hasUnread()) {
        return true;
      }
    }
    return false;
  }

  @Override
  public void close() {
    LinkListener told = listener;
    listener = NOBODY;
    told.onFailed(new IllegalStateException("the transport of node " + node + " was closed"));
    end(Death.CLOSED);
  }

  // The life of the process, as a test decides it.

  /** Ends the process without a word to the node. */
  public void kill(Death death) {
    network.trace(this, "dies " + death);
    isProcessDead = true;
    end(death);
  }

  /** The loop dies: nothing more is read or told; the kernel goes on until the transport is closed. */
  public void dieLoop() {
    network.trace(this, "its loop dies");
    lastDrainedNs = drainedNs();
    isLoopDead = true;
  }

  /** The loop stands: as a pause, but callbacks go on. */
  public void stall() {
    isStalled = true;
    pause();
  }

  /** Puts the process to sleep: its kernel goes on, it does not. */
  public void pause() {
    network.trace(this, "pauses");
    lastDrainedNs = drainedNs();
    isPaused = true;
  }

  /** Wakes the process; its duty cycle and its first poll may come in either order. */
  public void resume() {
    if (!isPaused || isOver) {
      return;
    }
    network.trace(this, "resumes");
    isPaused = false;
    isStalled = false;
    sleptSincePoll = true;
    pollAfter(network.jitterNs(WAKE_UP_NS));
    dials.forEach(SimDial::resume);
  }

  /** Started, and neither closed nor dead. */
  public boolean isAlive() {
    return isStarted && !isOver;
  }

  public boolean isPaused() {
    return isPaused;
  }

  /** Number of connections that the node has heard of or is about to hear of. */
  public int connectionCount() {
    return ends.size();
  }

  // The network's side.

  /** One with this member's own node id is refused by HELLO. */
  boolean accepts(int peer, int link) {
    return isAlive() && (peers.contains(peer) || peer == node) && links.contains(link);
  }

  int address() {
    return address;
  }

  /** Where this peer is dialled; 0: nowhere. */
  int addressOf(int peer) {
    return addresses.getOrDefault(peer, 0);
  }

  void add(SimEnd end) {
    ends.add(end);
  }

  void remove(SimEnd end) {
    ends.remove(end);
    for (int i = 0; i < dials.size(); i++) {
      if (end.isEstablished() && dials.get(i).isFor(end)) {
        dials.get(i).establishedEnded();
      }
      dials.get(i).ended(end);
    }
  }

  void established(SimEnd end) {
    for (int i = 0; i < dials.size(); i++) {
      if (dials.get(i).isFor(end)) {
        dials.get(i).established();
      }
    }
  }

  void dialFailed(SimDial dial, long begunNs, DialFailure why) {
    failedDials.add(new FailedDial(dial, begunNs, why));
    wakePoll();
  }

  boolean holds(SimEnd end) {
    return ends.contains(end);
  }

  void wakePoll() {
    pollAfter(0);
  }

  /** Gives a frame to the node at some offset of a buffer that is overwritten afterwards, so that nobody keeps it. */
  void deliverFrame(SimEnd end, byte[] frame) {
    int offset = (int) (end.id() + frame.length) & (MAX_OFFSET - 1);
    System.arraycopy(frame, 0, scratch, offset, frame.length);
    listener.onFrame(end, scratch, offset, frame.length);
    scratch[offset] ^= (byte) 0xFF;
    scratch[offset + frame.length - 1] ^= (byte) 0x55;
  }

  private void pollAfter(long delayNs) {
    if (!isPollDue && !isPaused && !isLoopDead && !isOver) {
      isPollDue = true;
      network.clock().after(delayNs, this::poll);
    }
  }

  private void poll() {
    isPollDue = false;
    if (isPaused || isLoopDead || isOver) {
      return;
    }
    sleptSincePoll = false;
    SimEnd[] polled = ends.toArray(SimEnd[]::new);
    listener.onTime(clock.applyAsLong(network.nowNs()));
    int first =
        polled.length < 2
            ? 0
            : network.random().nextInt(polled.length); // sockets are ready in any order
    for (int i = 0; i < polled.length && !isOver; i++) {
      polled[(first + i) % polled.length].deliver(listener, BURST_BYTES);
    }
    tellFailedDials();
    if (hasUnread()) {
      pollAfter(1_000);
    }
    if (!isOver) {
      afterPoll.run();
    }
  }

  private void tellFailedDials() {
    for (FailedDial failed : failedDials) {
      SimDial dial = failed.dial();
      String detail = "node " + dial.peer() + ": " + failed.why();
      listener.onDialFailed(
          dial.peer(),
          dial.link(),
          dial.kind(),
          clock.applyAsLong(failed.begunNs()),
          failed.why(),
          detail);
    }
    failedDials.clear();
  }

  private void end(Death death) {
    if (isOver) {
      return;
    }
    lastDrainedNs = drainedNs();
    isOver = true;
    listener = NOBODY;
    dials.forEach(SimDial::stop);
    List<SimEnd> open = List.copyOf(ends);
    ends.clear();
    open.forEach(end -> end.die(death));
    network.ended(this, death);
  }

  @Override
  public String toString() {
    return "node " + node;
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
