package io.understudy.transport.netty;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.understudy.model.NodeId;
import io.understudy.transport.netty.Preamble.BadPreambleException;
import io.understudy.wire.InputLimit;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/**
 * Listens on one link for all other members.
 *
 * <p>Bound: who has not said who it is waits in {@link Greetings}; of one member, link and kind as many connections may be
 * open without being established as {@link InputLimit#UNSETTLED_CONNECTIONS} says, then the oldest of them goes.
 */
final class Acceptor implements ConnectionRole, Greetings.Host {
  /** After an accept that failed, as when no file descriptor is left: the next would fail as well. */
  private static final long PAUSE_MS = 100;

  private final Connections connections;
  private final int index;
  private final NettyTransportConfig config;
  private final Set<InetAddress> peerAddresses;
  private final Channel channel;
  private boolean isStopped;

  /**
   * Claims the port; accepts nothing yet.
   *
   * @throws UncheckedIOException when the port cannot be had; its message is one line for the user
   */
  Acceptor(Connections connections, int index, NettyTransportConfig config, Bootstrap bootstrap) {
    this.connections = connections;
    this.index = index;
    this.config = config;
    NettyLinkConfig link = config.links().get(index);
    peerAddresses =
        link.peers().values().stream()
            .map(InetSocketAddress::getAddress)
            .collect(Collectors.toUnmodifiableSet());
    ChannelFuture binding =
        bootstrap
            .clone()
            .option(ChannelOption.AUTO_READ, false)
            .handler(new Accepting())
            .bind(link.local())
            .awaitUninterruptibly();
    if (!binding.isSuccess()) {
      throw cannotListen(link.local(), binding.cause());
    }
    channel = binding.channel();
  }

  void start() {
    channel.config().setAutoRead(true);
  }

  void stop() {
    isStopped = true;
    channel.close();
  }

  int index() {
    return index;
  }

  InetSocketAddress localAddress() {
    return (InetSocketAddress) channel.localAddress();
  }

  private UncheckedIOException cannotListen(InetSocketAddress local, Throwable cause) {
    String reason =
        Objects.requireNonNullElse(cause.getMessage(), cause.toString()).toLowerCase(Locale.ROOT);
    String where =
        "cannot listen on "
            + local.getAddress().getHostAddress()
            + ":"
            + local.getPort()
            + " (link "
            + index;
    String line =
        reason.contains("already in use")
            ? where + "): address already in use; choose another port or stop the other process"
            : where + "): " + reason;
    return new UncheckedIOException(
        line, cause instanceof IOException io ? io : new IOException(cause));
  }

  // Who has not said who it is.

  @Override
  public boolean isPeerAddress(InetAddress address) {
    return peerAddresses.contains(address);
  }

  @Override
  public void greeted(Channel socket, Preamble preamble) throws BadPreambleException {
    check(preamble);
    connections.open(socket, this, preamble);
  }

  @Override
  public void refused(InetSocketAddress from, String why) {
    connections.badPreamble(from.getAddress(), this, from, why);
  }

  // Who has.

  @Override
  public int dialledNode() {
    return 0;
  }

  @Override
  public void connected(LinkHandler link) {
    // it has greeted before
  }

  @Override
  public void check(Preamble preamble) throws BadPreambleException {
    if (preamble.link() != index) {
      throw new BadPreambleException("wants link " + preamble.link() + ", this is link " + index);
    }
    boolean isExpected =
        preamble.node() > 0
            && config.links().get(index).peers().containsKey(new NodeId(preamble.node()));
    if (!isExpected && !preamble.isOfNamesake(config.node())) {
      throw new BadPreambleException(
          "node " + preamble.node() + " is no peer of node " + config.node());
    }
  }

  @Override
  public void greeted(LinkHandler link) {
    link.sendPreamble(new Preamble(link.kind(), index, config.node().value()));
    connections.replaceOldest(link, (int) InputLimit.UNSETTLED_CONNECTIONS.high());
  }

  @Override
  public void disconnected(LinkHandler link) {
    // whoever wants another one comes again
  }

  @Override
  public String toString() {
    return "link " + index + " at " + localAddress();
  }

  private final class Accepting extends ChannelInboundHandlerAdapter {
    @Override
    public void channelRead(ChannelHandlerContext context, Object accepted) {
      connections.greetings().accepted(Acceptor.this, (Channel) accepted);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable failure) {
      connections.cannotAccept(Acceptor.this, Failures.oneLine(failure));
      channel.config().setAutoRead(false);
      context.executor().schedule(this::goOn, PAUSE_MS, TimeUnit.MILLISECONDS);
    }

    private void goOn() {
      if (!isStopped) {
        channel.config().setAutoRead(true);
      }
    }
  }
}
