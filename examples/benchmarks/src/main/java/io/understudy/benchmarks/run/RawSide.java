package io.understudy.benchmarks.run;

import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.FixedRecvByteBufAllocator;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.ServerChannel;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import java.net.InetSocketAddress;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Plain Netty TCP on loopback: bytes that were encoded beforehand, counted only at the other end, which answers with one byte when it
 * has them all.
 */
final class RawSide implements AutoCloseable {
  private static final int CHUNK_BYTES = 256 << 10;
  private static final int HEADER_BYTES = Long.BYTES;
  private static final long LIMIT_S = 120;

  private final EventLoopGroup loop = new MultiThreadIoEventLoopGroup(1, handlerFactory());
  private Channel channel;
  private Sender sender;

  private static IoHandlerFactory handlerFactory() {
    return Epoll.isAvailable() ? EpollIoHandler.newFactory() : NioIoHandler.newFactory();
  }

  /** Waits for the sender on a port of loopback, 0: any. Answers the port. */
  int listen(int port) {
    Class<? extends ServerChannel> type =
        Epoll.isAvailable() ? EpollServerSocketChannel.class : NioServerSocketChannel.class;
    channel =
        new ServerBootstrap()
            .group(loop)
            .channel(type)
            .childHandler(
                new ChannelInitializer<>() {
                  @Override
                  protected void initChannel(Channel accepted) {
                    accepted
                        .config()
                        .setRecvByteBufAllocator(new FixedRecvByteBufAllocator(CHUNK_BYTES));
                    accepted.pipeline().addLast(new Counter());
                  }
                })
            .bind(new InetSocketAddress("127.0.0.1", port))
            .syncUninterruptibly()
            .channel();
    return ((InetSocketAddress) channel.localAddress()).getPort();
  }

  void connect(int port) {
    sender = new Sender();
    channel =
        new Bootstrap()
            .group(loop)
            .channel(Epoll.isAvailable() ? EpollSocketChannel.class : NioSocketChannel.class)
            .option(ChannelOption.TCP_NODELAY, true)
            .option(
                ChannelOption.WRITE_BUFFER_WATER_MARK, new WriteBufferWaterMark(1 << 20, 2 << 20))
            .handler(sender)
            .connect(new InetSocketAddress("127.0.0.1", port))
            .syncUninterruptibly()
            .channel();
  }

  /** Sends so many bytes. Answers the nanoseconds until the other side had them all. */
  long send(long bytes) throws InterruptedException {
    CountDownLatch done = new CountDownLatch(1);
    long beganNs = System.nanoTime();
    channel.eventLoop().execute(() -> sender.begin(bytes, done));
    if (!done.await(LIMIT_S, TimeUnit.SECONDS)) {
      throw new IllegalStateException(bytes + " raw bytes were not received within 120 s");
    }
    return sender.endedNs - beganNs;
  }

  @Override
  public void close() {
    loop.shutdownGracefully(0, 1, TimeUnit.SECONDS);
  }

  /** Writes the same chunk again and again, as long as the socket takes it. */
  private static final class Sender extends ChannelInboundHandlerAdapter {
    private final ByteBuf chunk = Unpooled.directBuffer(CHUNK_BYTES).writeZero(CHUNK_BYTES);
    private ChannelHandlerContext context;
    private long left;
    private CountDownLatch done;
    private volatile long endedNs;

    @Override
    public void handlerAdded(ChannelHandlerContext added) {
      context = added;
    }

    void begin(long bytes, CountDownLatch whenDone) {
      left = bytes;
      done = whenDone;
      context.write(context.alloc().directBuffer(HEADER_BYTES).writeLong(bytes));
      pump();
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext changed) {
      pump();
    }

    private void pump() {
      while (left > 0 && context.channel().isWritable()) {
        int bytes = (int) Math.min(left, CHUNK_BYTES);
        left -= bytes;
        context.write(chunk.retainedSlice(0, bytes), context.voidPromise());
      }
      context.flush();
    }

    @Override
    public void channelRead(ChannelHandlerContext read, Object message) {
      ((ByteBuf) message).release();
      endedNs = System.nanoTime();
      done.countDown();
    }
  }

  /** Counts the bytes it was told to expect. */
  private static final class Counter extends ChannelInboundHandlerAdapter {
    private long left;

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
      ByteBuf in = (ByteBuf) message;
      if (left == 0) { // the header is written alone and first, so it is never split
        left = in.readLong();
      }
      left -= in.readableBytes();
      in.release();
      if (left == 0) {
        context.writeAndFlush(context.alloc().directBuffer(1).writeByte(1));
      }
    }
  }
}
