package io.understudy.transport.netty;

import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelOption;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.epoll.EpollChannelOption;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.channel.unix.UnixChannel;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * How sockets are made: with epoll where there is it, else NIO; never delayed by Nagle, kept alive, and closed by us
 * alone when a write fails.
 */
final class Sockets {
  private static final int KEEPALIVE_PROBES = 3;
  private static final int BACKLOG = 256;

  private final NettyTransportConfig config;
  private final boolean isEpoll;

  Sockets(NettyTransportConfig config, boolean isEpoll) {
    this.config = config;
    this.isEpoll = isEpoll;
  }

  IoHandlerFactory handlerFactory() {
    return isEpoll ? EpollIoHandler.newFactory() : NioIoHandler.newFactory();
  }

  /** For dialling from a link's local address. */
  Bootstrap client(DutyCycleLoop loop, InetSocketAddress local) {
    Bootstrap bootstrap =
        new Bootstrap()
            .group(loop)
            .channel(isEpoll ? EpollSocketChannel.class : NioSocketChannel.class)
            .disableResolver()
            .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, answerMillis());
    if (!local.getAddress().isAnyLocalAddress()) {
      bootstrap.localAddress(new InetSocketAddress(local.getAddress(), 0));
    }
    options().forEach((option, value) -> bootstrap.option(untyped(option), value));
    return bootstrap;
  }

  /**
   * How long a dial waits for the host: no longer than until the next one is due. The kernel would ask again only after a
   * second, and a path that heals is to be found sooner.
   */
  private int answerMillis() {
    Duration longest =
        config.backOffMax().compareTo(config.connectTimeout()) < 0
            ? config.backOffMax()
            : config.connectTimeout();
    return Math.toIntExact(Math.max(1, longest.toMillis()));
  }

  /** What it accepts is given to its handler, registered nowhere. */
  Bootstrap server(DutyCycleLoop loop) {
    return new Bootstrap()
        .group(loop)
        .channelFactory(isEpoll ? EpollServerSocketChannel::new : NioAcceptingChannel::new)
        .option(ChannelOption.SO_REUSEADDR, true)
        .option(ChannelOption.SO_BACKLOG, BACKLOG);
  }

  /** Makes an accepted socket one of a member's connections. */
  void configure(Channel accepted) {
    options().forEach((option, value) -> accepted.config().setOption(untyped(option), value));
  }

  /** Reads what has come on a socket that is not registered yet: 0, nothing; -1, it has ended. */
  static int read(Channel accepted, ByteBuffer into) throws IOException {
    if (accepted instanceof NioAcceptedChannel nio) {
      return nio.read(into);
    }
    int count = ((UnixChannel) accepted).fd().read(into, into.position(), into.limit());
    into.position(into.position() + Math.max(0, count));
    return count;
  }

  /** Accepts sockets that can be read before they are registered. */
  private static final class NioAcceptingChannel extends NioServerSocketChannel {
    @Override
    protected int doReadMessages(List<Object> accepted) throws Exception {
      SocketChannel socket = javaChannel().accept();
      if (socket == null) {
        return 0;
      }
      accepted.add(new NioAcceptedChannel(this, socket));
      return 1;
    }
  }

  private static final class NioAcceptedChannel extends NioSocketChannel {
    NioAcceptedChannel(Channel parent, SocketChannel socket) {
      super(parent, socket);
    }

    int read(ByteBuffer into) throws IOException {
      return javaChannel().read(into);
    }
  }

  private Map<ChannelOption<?>, Object> options() {
    Map<ChannelOption<?>, Object> options = new HashMap<>();
    options.put(ChannelOption.ALLOCATOR, PooledByteBufAllocator.DEFAULT);
    options.put(ChannelOption.TCP_NODELAY, true);
    options.put(ChannelOption.SO_KEEPALIVE, true);
    options.put(ChannelOption.AUTO_CLOSE, false);
    if (isEpoll) {
      int seconds = Math.toIntExact(config.silenceTimeout().toSeconds());
      options.put(
          EpollChannelOption.TCP_USER_TIMEOUT, Math.toIntExact(config.silenceTimeout().toMillis()));
      options.put(EpollChannelOption.TCP_KEEPIDLE, Math.max(1, seconds / 2));
      options.put(EpollChannelOption.TCP_KEEPINTVL, Math.max(1, seconds / (2 * KEEPALIVE_PROBES)));
      options.put(EpollChannelOption.TCP_KEEPCNT, KEEPALIVE_PROBES);
    }
    return options;
  }

  @SuppressWarnings("unchecked") // each option above stands beside a value of its type
  private static ChannelOption<Object> untyped(ChannelOption<?> option) {
    return (ChannelOption<Object>) option;
  }
}
