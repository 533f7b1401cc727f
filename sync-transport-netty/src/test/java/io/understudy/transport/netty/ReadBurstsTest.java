package io.understudy.transport.netty;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelException;
import io.netty.channel.embedded.EmbeddedChannel;
import org.junit.jupiter.api.Test;

class ReadBurstsTest {
  private static final int FULL = ReadBursts.BUFFER_BYTES;
  private static final int KERNEL_BUFFER_BYTES = 3 * FULL;

  private final ByteBuf buffer = Unpooled.buffer(FULL);
  private final Times times = new Times();
  private boolean isOpen = true;
  private final ReadBursts reads =
      new ReadBursts(times, buffer, () -> KERNEL_BUFFER_BYTES, () -> isOpen);

  @Test
  void emptySocketHasBeenReadUpToTheLastPoll() {
    poll(100, 0);
    poll(200, 10);

    assertEquals(200, reads.readSinceNs());
  }

  @Test
  void connectionThatIsNotReadyHasNothingUnread() {
    poll(100, 10);

    times.poll(200);
    times.over();

    assertEquals(200, reads.readSinceNs());
  }

  @Test
  void burstThatEndsAtItsBoundLeavesABacklog() {
    poll(100, 10);

    int burst = poll(200, FULL, FULL, FULL);

    assertEquals(2, burst, "reads in one burst");
    assertEquals(100, reads.readSinceNs());
  }

  @Test
  void backlogIsCaughtUpWhenTheSocketIsEmpty() {
    poll(100, 10);
    poll(200, FULL, FULL);

    poll(300, FULL, 5);

    assertEquals(300, reads.readSinceNs());
  }

  /** The last read filled its buffer and the socket was empty: no event follows, and none is missing. */
  @Test
  void backlogIsNoneWhenALaterPollReportsNothing() {
    poll(100, 10);
    poll(200, FULL, FULL);
    assertEquals(100, reads.readSinceNs());

    times.poll(300);
    assertEquals(100, reads.readSinceNs(), "the poll is not over");
    times.over();

    assertEquals(300, reads.readSinceNs());
  }

  @Test
  void endlessBacklogIsCaughtUpByAsMuchAsTheKernelCanHold() {
    poll(100, 10);
    poll(200, FULL, FULL); // what had arrived at 200 is at most three buffers; two are read
    assertEquals(100, reads.readSinceNs());

    poll(300, FULL, FULL);
    assertEquals(200, reads.readSinceNs());

    poll(400, FULL, FULL);
    assertEquals(200, reads.readSinceNs());

    poll(500, FULL, FULL);
    assertEquals(300, reads.readSinceNs());
  }

  @Test
  void closedConnectionIsNotReadFurther() {
    reads.reset(new EmbeddedChannel().config());
    reads.attemptedBytesRead(FULL);
    reads.lastBytesRead(FULL);
    isOpen = false;

    assertFalse(reads.continueReading());
  }

  /** Its kernel buffer cannot be asked for any more; what that throws would stop the loop for a second, or end the node. */
  @Test
  void connectionThatIsClosedByWhatWasReadIsAskedNothing() {
    ReadBursts closing =
        new ReadBursts(
            times,
            buffer,
            () -> {
              throw new ChannelException("bad file descriptor");
            },
            () -> false);
    closing.reset(new EmbeddedChannel().config());
    closing.attemptedBytesRead(FULL);
    closing.lastBytesRead(FULL);
    closing.incMessagesRead(1);

    assertDoesNotThrow(closing::readComplete);
  }

  @Test
  void oneBufferServesEveryRead() {
    buffer.writeByte(1);

    ByteBuf given = reads.allocate(ByteBufAllocator.DEFAULT);

    assertSame(buffer, given);
    assertEquals(0, given.writerIndex());
    assertEquals(2, given.refCnt());
  }

  /** One poll in which this connection is ready; answers how many of the reads took place. */
  private int poll(long beganNs, int... readBytes) {
    times.poll(beganNs);
    reads.reset(new EmbeddedChannel().config());
    int count = 0;
    do {
      reads.attemptedBytesRead(FULL);
      reads.lastBytesRead(readBytes[count]);
      reads.incMessagesRead(1);
      count++;
    } while (reads.continueReading());
    reads.readComplete();
    times.over();
    return count;
  }

  private static final class Times implements ReadBursts.PollTimes {
    private long beganNs;
    private long sinceNs;

    void poll(long nowNs) {
      beganNs = nowNs;
    }

    void over() {
      sinceNs = beganNs;
    }

    @Override
    public long pollBeganNs() {
      return beganNs;
    }

    @Override
    public long polledSinceNs() {
      return sinceNs;
    }
  }
}
