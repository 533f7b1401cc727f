package io.understudy.transport.netty;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.ChannelConfig;
import io.netty.channel.RecvByteBufAllocator;
import io.netty.util.UncheckedBooleanSupplier;
import java.util.function.BooleanSupplier;
import java.util.function.IntSupplier;

/**
 * How one connection reads: into the loop's one buffer, a bounded burst per poll so that other connections get their
 * turn; and what it thereby knows.
 *
 * <p>A read that fills less than the buffer has emptied the socket. When bursts end at their bound instead, there is a
 * *backlog*; then all that had arrived by some moment has been read once as many bytes were read since as the kernel's
 * buffer can hold.
 */
final class ReadBursts implements RecvByteBufAllocator, RecvByteBufAllocator.ExtendedHandle {
  static final int BUFFER_BYTES = 256 << 10;
  private static final int BURST_READS = 2;

  private final PollTimes polls;
  private final ByteBuf buffer;
  private final IntSupplier kernelBufferBytes;
  private final BooleanSupplier isOpen;

  private int reads;
  private long burstBytes;
  private int lastBytes;
  private int attemptedBytes;

  /** When the poll began whose events included the last read. */
  private long readNs;

  private boolean hasBacklog;
  private long backlogReadSinceNs;
  private long checkpointNs;
  private long leftToCheckpoint;

  /** When the loop polled. */
  interface PollTimes {
    /** When the poll began that is running, or else the last one. */
    long pollBeganNs();

    /** What arrived before this was reported by a poll that is over. */
    long polledSinceNs();
  }

  /**
   * Reads of one connection.
   *
   * @param buffer read into again and again: whoever gets it must take its bytes at once
   * @param kernelBufferBytes what the kernel can hold of this connection at most, now
   */
  ReadBursts(
      PollTimes polls, ByteBuf buffer, IntSupplier kernelBufferBytes, BooleanSupplier isOpen) {
    this.polls = polls;
    this.buffer = buffer;
    this.kernelBufferBytes = kernelBufferBytes;
    this.isOpen = isOpen;
  }

  /** Everything that arrived before this has been delivered. */
  long readSinceNs() {
    if (polls.polledSinceNs() > readNs) {
      hasBacklog =
          false; // a later poll is over and reported nothing: the last read had filled its buffer
      // by chance
    }
    return hasBacklog ? backlogReadSinceNs : polls.polledSinceNs();
  }

  @Override
  public ExtendedHandle newHandle() {
    return this;
  }

  @Override
  public ByteBuf allocate(ByteBufAllocator allocator) {
    return buffer.clear().retain(); // released by who reads it
  }

  @Override
  public int guess() {
    return BUFFER_BYTES;
  }

  @Override
  public void reset(ChannelConfig config) {
    reads = 0;
    burstBytes = 0;
  }

  @Override
  public void incMessagesRead(int count) {
    reads += count;
  }

  @Override
  public void lastBytesRead(int bytes) {
    lastBytes = bytes;
    burstBytes += Math.max(0, bytes);
  }

  @Override
  public int lastBytesRead() {
    return lastBytes;
  }

  @Override
  public void attemptedBytesRead(int bytes) {
    attemptedBytes = bytes;
  }

  @Override
  public int attemptedBytesRead() {
    return attemptedBytes;
  }

  @Override
  public boolean continueReading() {
    return lastBytes == attemptedBytes && reads < BURST_READS && isOpen.getAsBoolean();
  }

  @Override
  public boolean continueReading(UncheckedBooleanSupplier maybeMore) {
    return maybeMore.get() && reads < BURST_READS && isOpen.getAsBoolean();
  }

  @Override
  public void readComplete() {
    readNs = polls.pollBeganNs();
    if (!isOpen.getAsBoolean()) {
      return; // what was read closed it: nothing can be asked of it any more
    }
    if (lastBytes < attemptedBytes) {
      hasBacklog = false;
      return;
    }
    if (!hasBacklog) {
      hasBacklog = true;
      backlogReadSinceNs = polls.polledSinceNs();
      setCheckpoint();
    }
    leftToCheckpoint -= burstBytes;
    if (leftToCheckpoint <= 0) {
      backlogReadSinceNs = checkpointNs;
      setCheckpoint();
    }
  }

  private void setCheckpoint() {
    checkpointNs = polls.pollBeganNs();
    leftToCheckpoint = kernelBufferBytes.getAsInt();
  }
}
