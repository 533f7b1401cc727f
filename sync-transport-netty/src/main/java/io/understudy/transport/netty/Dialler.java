package io.understudy.transport.netty;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.util.NetUtil;
import io.netty.util.concurrent.Future;
import io.understudy.model.NodeId;
import io.understudy.transport.DialFailure;
import io.understudy.transport.LinkKind;
import io.understudy.transport.netty.Preamble.BadPreambleException;
import java.net.InetSocketAddress;
import java.util.concurrent.TimeUnit;

/**
 * Makes one connection to a peer, and makes it again as long as none of this peer, link and kind is established, whoever
 * dialled that.
 *
 * <p>Shape: at most one dial at a time. After a failed one the wait counts from its beginning, so that where nobody answers
 * dials still follow each other at the pace of {@link Reconnect}.
 */
final class Dialler implements ConnectionRole {
  private enum State {
    /** Something is established, or the transport has not begun or is closed. */
    IDLE,
    WAITING,
    CONNECTING,
    /** Until the connection is over, established or not. */
    CONNECTED
  }

  private final Connections connections;
  private final DutyCycleLoop loop;
  private final Bootstrap bootstrap;
  private final InetSocketAddress address;
  private final Preamble preamble;
  private final int peer;
  private final Reconnect reconnect;

  private State state = State.IDLE;
  private boolean isStopped;
  private int establishedCount;
  private long begunNs;
  private Future<?> waiting;
  private Channel dialled;
  private boolean wasOpened;

  /** @param preamble what it says of itself */
  Dialler(
      Connections connections,
      DutyCycleLoop loop,
      Bootstrap bootstrap,
      InetSocketAddress address,
      Preamble preamble,
      int peer,
      Reconnect reconnect) {
    this.connections = connections;
    this.loop = loop;
    this.bootstrap = bootstrap;
    this.address = address;
    this.preamble = preamble;
    this.peer = peer;
    this.reconnect = reconnect;
  }

  boolean isFor(LinkHandler link) {
    return link.peer() == peer && link.index() == preamble.link() && link.kind() == preamble.kind();
  }

  void start() {
    dial();
  }

  void stop() {
    isStopped = true;
    giveUp();
  }

  /** One of this peer, link and kind is established: dialling it would only make a second one. */
  void established() {
    establishedCount++;
    giveUp();
  }

  /** It has ended. */
  void establishedEnded() {
    establishedCount--;
    if (establishedCount == 0) {
      reconnect.establishedEnded(System.nanoTime());
      if (state == State.IDLE) {
        dialAgain(System.nanoTime());
      }
    }
  }

  private void dial() {
    state = State.CONNECTING;
    wasOpened = false;
    begunNs = System.nanoTime();
    ChannelFuture connecting =
        bootstrap.clone().handler(connections.newLink(this)).connect(address);
    dialled = connecting.channel();
    connecting.addListener(
        connected -> {
          if (connected.isSuccess()) {
            return;
          }
          if (loop.inEventLoop()) {
            failed(connecting);
          } else if (!loop.isShuttingDown()) {
            loop.execute(
                () -> failed(connecting)); // without a file descriptor another thread tells
          }
        });
  }

  private void failed(ChannelFuture connecting) {
    if (connecting.channel() == dialled) {
      ended(Failures.ofDial(connecting.cause()), Failures.oneLine(connecting.cause()));
    }
  }

  /** The dial, or the connection that it made, is over. */
  private void ended(DialFailure why, String detail) {
    if (state != State.CONNECTING && state != State.CONNECTED) {
      return; // it was given up
    }
    state = State.IDLE;
    if (wasOpened) {
      dialAgain(System.nanoTime());
    } else {
      String where = NetUtil.toSocketAddressString(address);
      connections.dialFailed(this, why, where + ": " + detail);
      dialAgain(begunNs);
    }
  }

  private void dialAgain(long sinceNs) {
    if (isStopped || establishedCount > 0) {
      return;
    }
    long waitNs = sinceNs + reconnect.nextDelayNs() - System.nanoTime();
    state = State.WAITING;
    waiting =
        loop.schedule(
            () -> {
              if (state == State.WAITING) {
                dial();
              }
            },
            Math.max(0, waitNs),
            TimeUnit.NANOSECONDS);
  }

  private void giveUp() {
    if (state == State.WAITING) {
      waiting.cancel(false);
      state = State.IDLE;
    } else if (state == State.CONNECTING) {
      state = State.IDLE;
      if (dialled.isRegistered()) {
        dialled.close();
      }
    }
  }

  int link() {
    return preamble.link();
  }

  LinkKind kind() {
    return preamble.kind();
  }

  long begunNs() {
    return begunNs;
  }

  @Override
  public int dialledNode() {
    return peer;
  }

  @Override
  public void connected(LinkHandler link) {
    link.sendPreamble(preamble);
    connections.limitGreeting(link);
  }

  @Override
  public void check(Preamble answer) throws BadPreambleException {
    boolean isExpected = answer.node() == peer || answer.isOfNamesake(new NodeId(preamble.node()));
    if (!isExpected || answer.link() != preamble.link() || answer.kind() != preamble.kind()) {
      throw new BadPreambleException(
          "node " + answer.node() + " answered for link " + answer.link() + " " + answer.kind());
    }
  }

  @Override
  public void greeted(LinkHandler link) {
    state = State.CONNECTED;
    wasOpened = true;
  }

  @Override
  public void disconnected(LinkHandler link) {
    if (link.channel() != dialled) {
      return; // one that was given up
    }
    ended(DialFailure.UNANSWERED, "connected, but not answered");
  }

  @Override
  public String toString() {
    return "node " + peer + " at " + address + " (link " + preamble.link() + ")";
  }
}
