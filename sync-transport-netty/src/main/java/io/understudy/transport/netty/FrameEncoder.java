package io.understudy.transport.netty;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.epoll.EpollIoEvent;
import io.netty.channel.epoll.EpollIoHandle;
import io.netty.channel.epoll.EpollIoOps;
import io.netty.channel.nio.AbstractNioChannel.NioUnsafe;

/**
 * Puts frames with their length prefix into pooled chunks and hands full ones to the channel, so that a burst of small
 * frames is one write. Frames may go across chunks.
 *
 * <p>Bound: {@link #hasRoom} counts everything that the kernel has not taken yet.
 */
final class FrameEncoder {
  /** As large as the pool's thread keeps at hand. */
  private static final int CHUNK_BYTES = 32 << 10;

  /** From here on a burst is given to the kernel before it ends, so that the two overlap. */
  private static final int EARLY_FLUSH_BYTES = 256 << 10;

  private static final int PREFIX_MAX_BYTES = 3;
  private static final EpollIoEvent ROOM = () -> EpollIoOps.EPOLLOUT;

  private final ChannelHandlerContext context;
  private final int limitBytes;
  private ByteBuf chunk = Unpooled.EMPTY_BUFFER;
  private int unflushedBytes;

  FrameEncoder(ChannelHandlerContext context, int limitBytes) {
    this.context = context;
    this.limitBytes = limitBytes;
  }

  /** Whether a frame of this length may be added; with nothing pending one always may. */
  boolean hasRoom(int length) {
    long pending = pendingBytes();
    return pending == 0 || pending + PREFIX_MAX_BYTES + length <= limitBytes;
  }

  /** Half of the bound is free again. */
  boolean isHalfEmpty() {
    return pendingBytes() <= limitBytes / 2;
  }

  void add(byte[] frame, int offset, int length) {
    addPrefix(length);
    int from = offset;
    int left = length;
    while (left > 0) {
      int bytes = Math.min(left, roomInChunk());
      chunk.writeBytes(frame, from, bytes);
      from += bytes;
      left -= bytes;
    }
    unflushedBytes += length;
    if (unflushedBytes >= EARLY_FLUSH_BYTES) {
      flush();
    }
  }

  /** Gives everything to the kernel that it takes now; the rest follows when it has room. */
  void flush() {
    handOver();
    unflushedBytes = 0;
    context.flush();
  }

  /** Gives everything to the kernel now; false: the kernel, asked just now, has no room. */
  boolean flushAll() {
    flush(); // Netty writes nothing here while it waits for the poll to say that there is room
    long pending = pendingBytes();
    while (pending > 0) {
      long left = currentBytes();
      write();
      if (pendingBytes() == pending && currentBytes() == left) {
        return false; // a write of just now that took nothing
      }
      pending = pendingBytes();
    }
    return true;
  }

  /** Tries to write, as if the poll had said that there is room. */
  private void write() {
    Channel.Unsafe unsafe = context.channel().unsafe();
    if (unsafe instanceof EpollIoHandle epoll) {
      epoll.handle(null, ROOM); // it does not ask by which registration
    } else {
      ((NioUnsafe) unsafe).forceFlush();
    }
  }

  /** What the kernel has not taken of the buffer that is written at the moment. */
  private long currentBytes() {
    ChannelOutboundBuffer out = context.channel().unsafe().outboundBuffer();
    return out != null && out.current() instanceof ByteBuf current ? current.readableBytes() : 0;
  }

  /** Forgets what was not handed over. */
  void release() {
    chunk.release();
    chunk = Unpooled.EMPTY_BUFFER;
  }

  private void addPrefix(int length) {
    int left = length;
    while (left > 0x7F) {
      roomInChunk();
      chunk.writeByte(left | 0x80);
      left >>>= 7;
    }
    roomInChunk();
    chunk.writeByte(left);
  }

  /** Makes room for at least one byte and answers for how many there is. */
  private int roomInChunk() {
    if (!chunk.isWritable()) {
      handOver();
      chunk = context.alloc().directBuffer(CHUNK_BYTES, CHUNK_BYTES);
    }
    return chunk.writableBytes();
  }

  private void handOver() {
    if (chunk.isReadable()) {
      ByteBuf full = chunk;
      chunk = Unpooled.EMPTY_BUFFER;
      context.write(full, context.voidPromise());
    }
  }

  private long pendingBytes() {
    ChannelOutboundBuffer out = context.channel().unsafe().outboundBuffer();
    return chunk.readableBytes()
        + (out == null ? 0 : out.totalPendingWriteBytes()); // none when its output is closed
  }
}
