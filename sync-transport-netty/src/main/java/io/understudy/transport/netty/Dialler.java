package io.understudy.transport.netty;

import io.netty.bootstrap.Bootstrap;
import io.understudy.transport.netty.Preamble.BadPreambleException;
import java.net.InetSocketAddress;
import java.util.concurrent.TimeUnit;

/** Makes one connection to a peer and makes it again, with back-off, when it has ended. */
final class Dialler implements ConnectionRole {
  private final Connections connections;
  private final DutyCycleLoop loop;
  private final Bootstrap bootstrap;
  private final InetSocketAddress address;
  private final Preamble preamble;
  private final int peer;
  private final Reconnect reconnect;
  private boolean isStopped;

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

  void dial() {
    if (isStopped) {
      return;
    }
    bootstrap
        .clone()
        .handler(connections.newLink(this))
        .connect(address)
        .addListener(
            connected -> {
              if (!connected.isSuccess()) {
                connections.dialFailed(this + ": " + connected.cause().getMessage());
                dialLater();
              }
            });
  }

  void stop() {
    isStopped = true;
  }

  private void dialLater() {
    if (!isStopped) {
      loop.schedule(this::dial, reconnect.nextDelayNs(), TimeUnit.NANOSECONDS);
    }
  }

  @Override
  public int dialledNode() {
    return peer;
  }

  @Override
  public void connected(LinkHandler link) {
    link.sendPreamble(preamble);
  }

  @Override
  public void check(Preamble answer) throws BadPreambleException {
    if (answer.node() != peer
        || answer.link() != preamble.link()
        || answer.kind() != preamble.kind()) {
      throw new BadPreambleException(
          "node " + answer.node() + " answered for link " + answer.link() + " " + answer.kind());
    }
  }

  @Override
  public void greeted(LinkHandler link) {
    // it dialled and was answered: nothing more to say
  }

  @Override
  public void greetingTimedOut(LinkHandler link) {
    link.close();
  }

  @Override
  public void refused(String line) {
    connections.badPreamble(line);
  }

  @Override
  public void disconnected(LinkHandler link) {
    if (!link.wasOpened()) {
      connections.dialFailed(this + ": connected, but not answered");
    }
    reconnect.ended(link.lastedNs());
    dialLater();
  }

  @Override
  public String toString() {
    return "node " + peer + " at " + address + " (link " + preamble.link() + ")";
  }
}
