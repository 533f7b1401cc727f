package io.understudy.transport.netty;

import io.netty.buffer.ByteBuf;

/**
 * Cuts the bytes of one connection into frames: a varint32 with the length, then that many bytes.
 *
 * <p>Every byte is copied once, into one array per connection that holds a frame until it is whole; the received buffers
 * are not kept. The array grows to the longest frame announced; then nothing is allocated.
 */
final class FrameDecoder {
  private static final int FIRST_BYTES = 1 << 10;
  private static final int PREFIX_MAX_BITS = 35; // five bytes of seven bits

  private final FrameSink sink;
  private byte[] frame = new byte[FIRST_BYTES];
  private long prefix;
  private int prefixBits;

  /** Length of the frame that is being read; 0: its prefix is. */
  private int frameBytes;

  private int haveBytes;

  /** Takes whole frames. */
  interface FrameSink {
    /** Answers whether the connection still wants frames. */
    boolean onFrame(byte[] frame, int length);
  }

  FrameDecoder(FrameSink sink) {
    this.sink = sink;
  }

  /** Takes all bytes, unless the sink stops it. */
  void decode(ByteBuf in) throws BadFrameException {
    while (in.isReadable()) {
      if (frameBytes == 0 && !readPrefix(in)) {
        return;
      }
      int bytes = Math.min(frameBytes - haveBytes, in.readableBytes());
      in.readBytes(frame, haveBytes, bytes);
      haveBytes += bytes;
      if (haveBytes == frameBytes) {
        int length = frameBytes;
        frameBytes = 0;
        haveBytes = 0;
        if (!sink.onFrame(frame, length)) {
          return;
        }
      }
    }
  }

  private boolean readPrefix(ByteBuf in) throws BadFrameException {
    while (in.isReadable()) {
      byte next = in.readByte();
      prefix |= (next & 0x7FL) << prefixBits;
      prefixBits += 7;
      if (next >= 0) {
        checkLength(prefix);
        frameBytes = (int) prefix;
        if (frameBytes > frame.length) {
          frame = new byte[Integer.highestOneBit(2 * frameBytes - 1)];
        }
        prefix = 0;
        prefixBits = 0;
        return true;
      }
      if (prefixBits == PREFIX_MAX_BITS) {
        throw new BadFrameException("length prefix of a frame does not end after 5 bytes");
      }
    }
    return false;
  }

  private static void checkLength(long length) throws BadFrameException {
    if (length == 0) {
      throw new BadFrameException("frame of 0 bytes");
    }
    if (length > NettyTransportConfig.MAX_FRAME_BYTES) {
      throw new BadFrameException(
          "frame of "
              + length
              + " bytes exceeds the limit of "
              + NettyTransportConfig.MAX_FRAME_BYTES);
    }
  }
}
