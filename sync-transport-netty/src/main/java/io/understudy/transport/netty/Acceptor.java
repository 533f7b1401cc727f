package io.understudy.transport.netty;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.understudy.model.NodeId;
import io.understudy.transport.netty.Preamble.BadPreambleException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.util.Locale;
import java.util.Objects;

/**
 * Listens on one link for all other members.
 *
 * <p>Bound: {@link #GREETING_LIMIT} connections may be without a preamble at a time, and of one member, link and kind
 * {@link #SAME_LIMIT} may be open without being established; then the oldest of them goes.
 */
final class Acceptor implements ConnectionRole {
  private static final int GREETING_LIMIT = 64;
  private static final int SAME_LIMIT = 4;

  private final Connections connections;
  private final int index;
  private final NettyTransportConfig config;
  private final Channel channel;
  private int greetingCount;

  /**
   * Claims the port; accepts nothing yet.
   *
   * @throws UncheckedIOException when the port cannot be had; its message is one line for the user
   */
  Acceptor(
      Connections connections, int index, NettyTransportConfig config, ServerBootstrap bootstrap) {
    this.connections = connections;
    this.index = index;
    this.config = config;
    InetSocketAddress local = config.links().get(index).local();
    ChannelFuture binding =
        bootstrap
            .clone()
            .option(ChannelOption.AUTO_READ, false)
            .childHandler(new Accepting())
            .bind(local)
            .awaitUninterruptibly();
    if (!binding.isSuccess()) {
      throw cannotListen(local, binding.cause());
    }
    channel = binding.channel();
  }

  void start() {
    channel.config().setAutoRead(true);
  }

  void stop() {
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

  @Override
  public int dialledNode() {
    return 0;
  }

  @Override
  public void connected(LinkHandler link) {
    greetingCount++;
    if (greetingCount > GREETING_LIMIT) {
      link.refuse(GREETING_LIMIT + " connections are already without a preamble");
    }
  }

  @Override
  public void check(Preamble preamble) throws BadPreambleException {
    if (preamble.link() != index) {
      throw new BadPreambleException("wants link " + preamble.link() + ", this is link " + index);
    }
    boolean isExpected =
        preamble.node() > 0
            && config.links().get(index).peers().containsKey(new NodeId(preamble.node()));
    if (!isExpected) {
      throw new BadPreambleException(
          "node " + preamble.node() + " is no peer of node " + config.node());
    }
  }

  @Override
  public void greeted(LinkHandler link) {
    greetingCount--;
    link.sendPreamble(new Preamble(link.kind(), index, config.node().value()));
    connections.replaceOldest(link, SAME_LIMIT);
  }

  @Override
  public void refused(String line) {
    connections.badPreamble(line);
  }

  @Override
  public void greetingTimedOut(LinkHandler link) {
    link.refuse("no preamble in time");
  }

  @Override
  public void disconnected(LinkHandler link) {
    if (!link.wasOpened()) {
      greetingCount--;
    }
  }

  @Override
  public String toString() {
    return "link " + index + " at " + localAddress();
  }

  private final class Accepting extends ChannelInitializer<Channel> {
    @Override
    protected void initChannel(Channel accepted) {
      accepted.pipeline().addLast(connections.newLink(Acceptor.this));
    }
  }
}
