package io.understudy.testkit.contract;

import io.understudy.transport.CloseCause;
import io.understudy.transport.DialFailure;
import io.understudy.transport.Link;
import io.understudy.transport.LinkKind;
import io.understudy.transport.LinkListener;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * The listener of one process life in a contract test: checks each call and notes what came.
 *
 * <p>Frames are numbered from 0 on each connection, so a hole, a repetition or a foreign byte shows at once. As a node does,
 * it settles on one connection of each link and kind: the one that the lower node id dialled; others are finished. What is
 * called open here is what was settled on. Thread: calls come on the duty cycle's, questions on any.
 */
final class Recorder implements LinkListener {
  private final String name;
  private final boolean isLower;
  private final Object changed;
  private final Map<Link, Connection> connections = new IdentityHashMap<>();
  private final List<Connection> inOrder = new ArrayList<>();
  private final List<FailedDial> failedDials = new ArrayList<>();
  private final List<String> violations = new ArrayList<>();

  private Consumer<Link> whenOpened = link -> {};
  private Consumer<Link> whenFrame = link -> {};
  private boolean hasTime;
  private long timeNs;
  private Thread thread;
  private String running = "";
  private boolean isOver;
  private int failures;

  /** One connection as this side sees it. */
  static final class Connection {
    final Link link;
    int sent;
    int received;
    int writable;
    boolean isEstablished;
    boolean isReplaced;
    boolean isClosed;
    CloseCause cause = CloseCause.LOCAL;
    String detail = "";

    Connection(Link link) {
      this.link = link;
    }
  }

  /** A dial that became no connection. */
  record FailedDial(int node, int index, LinkKind kind, long begunNs, DialFailure why) {}

  Recorder(String name, boolean isLower, Object changed) {
    this.name = name;
    this.isLower = isLower;
    this.changed = changed;
  }

  /** What the node does when a connection opens. */
  synchronized void whenOpened(Consumer<Link> action) {
    whenOpened = action;
  }

  /** What the node does when a frame came. */
  synchronized void whenFrame(Consumer<Link> action) {
    whenFrame = action;
  }

  /** Runs what the node calls of its own accord; no call of the listener may come from within. */
  void asNode(Runnable action) {
    enter("the node's own step");
    try {
      action.run();
    } finally {
      leave();
    }
  }

  /** From now on no call may come. */
  synchronized void over() {
    isOver = true;
  }

  synchronized List<String> violations() {
    return List.copyOf(violations);
  }

  synchronized List<FailedDial> failedDials() {
    return List.copyOf(failedDials);
  }

  synchronized List<Connection> all() {
    return List.copyOf(inOrder);
  }

  synchronized long openCount() {
    return inOrder.stream()
        .filter(connection -> connection.isEstablished && !connection.isClosed)
        .count();
  }

  synchronized boolean hasOpen(int index, LinkKind kind) {
    return inOrder.stream().anyMatch(connection -> isOpen(connection, index, kind));
  }

  /** The newest open connection of a link and kind. */
  synchronized Connection open(int index, LinkKind kind) {
    return inOrder.stream()
        .filter(connection -> isOpen(connection, index, kind))
        .reduce((older, newer) -> newer)
        .orElseThrow(
            () ->
                new AssertionError(name + " has no open connection of link " + index + " " + kind));
  }

  synchronized int received(Connection connection) {
    return connection.received;
  }

  synchronized int writable(Connection connection) {
    return connection.writable;
  }

  synchronized boolean isClosed(Connection connection) {
    return connection.isClosed;
  }

  /** The other side or the link ended it, as far as could be seen before a newer one took its place. */
  synchronized boolean wasEndedByOthers(Connection connection) {
    return connection.cause != CloseCause.LOCAL || connection.isReplaced;
  }

  synchronized CloseCause cause(Connection connection) {
    return connection.cause;
  }

  private static boolean isOpen(Connection connection, int index, LinkKind kind) {
    return connection.isEstablished
        && !connection.isClosed
        && connection.link.index() == index
        && connection.link.kind() == kind;
  }

  /** The time that was told last. */
  synchronized long timeNs() {
    return timeNs;
  }

  @Override
  public void onTime(long nowNs) {
    enter("onTime");
    synchronized (this) {
      check(!hasTime || nowNs >= timeNs, "time went back by " + (timeNs - nowNs) + " ns");
      hasTime = true;
      timeNs = nowNs;
    }
    leave();
  }

  @Override
  public void onOpened(Link link) {
    enter("onOpened");
    synchronized (this) {
      Connection connection = new Connection(link);
      check(hasTime, "onOpened before onTime");
      check(connections.put(link, connection) == null, "onOpened twice for " + link);
      inOrder.add(connection);
    }
    if (settle(link)) {
      whenOpened.accept(link);
    }
    leave();
  }

  /** Both members settle on what the lower one dialled; answers whether this is it. */
  private boolean settle(Link link) {
    boolean isOwnDial = link.dialledNode() != 0;
    List<Connection> besides =
        all().stream()
            .filter(other -> isOpen(other, link.index(), link.kind()) && other.link != link)
            .toList();
    if (isOwnDial == isLower) {
      link.establish();
      synchronized (this) {
        connections.get(link).isEstablished = true;
      }
      besides.forEach(this::replace);
      return true;
    }
    if (!besides.isEmpty()) {
      link.finish();
    }
    return false;
  }

  @Override
  public void onFrame(Link link, byte[] frame, int offset, int length) {
    enter("onFrame");
    synchronized (this) {
      Connection connection = known(link, "onFrame");
      String fault = Frames.fault(connection.received, frame, offset, length);
      check(fault.isEmpty(), "frame " + connection.received + " of " + link + ": " + fault);
      connection.received++;
    }
    whenFrame.accept(link);
    leave();
  }

  @Override
  public void onWritable(Link link) {
    enter("onWritable");
    synchronized (this) {
      known(link, "onWritable").writable++;
    }
    leave();
  }

  @Override
  public void onDialFailed(
      int node, int index, LinkKind kind, long begunNs, DialFailure why, String detail) {
    enter("onDialFailed");
    synchronized (this) {
      check(hasTime && begunNs <= timeNs, "a dial that failed before it began");
      check(isOneLine(detail), "detail \"" + detail + "\" is not one line");
      failedDials.add(new FailedDial(node, index, kind, begunNs, why));
    }
    leave();
  }

  /** How often it was told that nothing follows. */
  synchronized int failures() {
    return failures;
  }

  /** Within the close that causes it, too. */
  @Override
  public void onFailed(Throwable cause) {
    synchronized (this) {
      check(!isOver, "onFailed after the transport was closed");
      failures++;
    }
  }

  @Override
  public void onClosed(Link link, CloseCause cause, String detail) {
    enter("onClosed");
    synchronized (this) {
      Connection connection = known(link, "onClosed");
      connection.isClosed = true;
      connection.cause = cause;
      connection.detail = detail;
      check(isOneLine(detail), "detail \"" + detail + "\" is not one line");
    }
    leave();
  }

  private synchronized void replace(Connection older) {
    older.isReplaced = true;
    older.link.finish();
  }

  private static boolean isOneLine(String detail) {
    return !detail.isBlank() && detail.lines().count() == 1;
  }

  private Connection known(Link link, String call) {
    Connection connection = connections.get(link);
    if (connection == null) {
      check(false, call + " for a connection that was not opened: " + link);
      return new Connection(link);
    }
    check(!connection.isClosed, call + " after onClosed of " + link);
    return connection;
  }

  private synchronized void enter(String call) {
    check(!isOver, call + " after the transport was closed");
    check(running.isEmpty(), call + " from within " + running);
    if (thread == null) {
      thread = Thread.currentThread();
    }
    check(
        thread == Thread.currentThread(),
        call + " on " + Thread.currentThread() + " instead of " + thread);
    running = call;
  }

  private void leave() {
    synchronized (this) {
      running = "";
    }
    synchronized (changed) {
      changed.notifyAll();
    }
  }

  private void check(boolean holds, String violation) {
    if (!holds) {
      violations.add(name + ": " + violation);
    }
  }
}
