package io.understudy.transport.netty;

import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import io.netty.channel.epoll.Epoll;
import io.understudy.runtime.DutyCycle;
import io.understudy.transport.CloseCause;
import io.understudy.transport.DialFailure;
import io.understudy.transport.Link;
import io.understudy.transport.LinkKind;
import io.understudy.transport.LinkListener;
import io.understudy.transport.SendResult;
import java.lang.management.ManagementFactory;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Frames in the steady state cost no objects: what Netty samples for its leak detector stays far below a byte each. */
@Timeout(120)
class NettyAllocationTest {
  private static final int FRAME_BYTES = 300;
  private static final int WARM_UP_FRAMES = 200_000;
  private static final int FRAMES = 300_000;
  private static final double LIMIT_BYTES_PER_FRAME = 2.0;

  @Test
  void framesAllocateNothing() throws InterruptedException {
    try (NettyFixture fixture = new NettyFixture(1, Epoll.isAvailable(), false)) {
      NettyTransport receiving = (NettyTransport) fixture.open(2);
      NettyTransport sending = (NettyTransport) fixture.open(1);
      Sink sink = new Sink();
      Source source = new Source();
      receiving.start(sink);
      sending.turn(source);
      sending.start(source);

      sink.isOver.await();

      double received = (double) sink.allocatedBytes / FRAMES;
      double sent = (double) source.allocatedBytes / FRAMES;
      assertTrue(received < LIMIT_BYTES_PER_FRAME, "receiver: " + received + " bytes per frame");
      assertTrue(sent < LIMIT_BYTES_PER_FRAME, "sender: " + sent + " bytes per frame");
    }
  }

  private static long allocatedBytes() {
    return ((ThreadMXBean) ManagementFactory.getThreadMXBean()).getCurrentThreadAllocatedBytes();
  }

  private static final class Sink implements LinkListener {
    private final CountDownLatch isOver = new CountDownLatch(1);
    private long count;
    private long beganBytes;
    private volatile long allocatedBytes;

    @Override
    public void onOpened(Link link) {}

    @Override
    public void onFrame(Link link, byte[] frame, int offset, int length) {
      count++;
      if (count == WARM_UP_FRAMES) {
        beganBytes = allocatedBytes();
      } else if (count == WARM_UP_FRAMES + FRAMES) {
        allocatedBytes = allocatedBytes() - beganBytes;
        isOver.countDown();
      }
    }

    @Override
    public void onWritable(Link link) {}

    @Override
    public void onClosed(Link link, CloseCause cause, String detail) {}

    @Override
    public void onTime(long nowNs) {}

    @Override
    public void onDialFailed(
        int node, int linkIndex, LinkKind kind, long begunNs, DialFailure why, String detail) {}

    @Override
    public void onFailed(Throwable cause) {}
  }

  private static final class Source implements LinkListener, DutyCycle {
    private static final int BATCH = 64;

    private final byte[] frame = new byte[FRAME_BYTES];
    private Link data;
    private boolean mayGoOn;
    private long count;
    private long beganBytes;
    private volatile long allocatedBytes;

    @Override
    public int run(long nowNs) {
      int sent = 0;
      while (mayGoOn && sent < BATCH && count < WARM_UP_FRAMES + FRAMES) {
        if (data.send(frame, 0, FRAME_BYTES) != SendResult.SENT) {
          mayGoOn = false;
        } else {
          sent++;
          count++;
          measure();
        }
      }
      return sent;
    }

    private void measure() {
      if (count == WARM_UP_FRAMES) {
        beganBytes = allocatedBytes();
      } else if (count == WARM_UP_FRAMES + FRAMES) {
        allocatedBytes = allocatedBytes() - beganBytes;
      }
    }

    @Override
    public long nextDueNs() {
      return Long.MAX_VALUE;
    }

    @Override
    public void onOpened(Link link) {
      if (link.kind() == LinkKind.DATA) {
        data = link;
        mayGoOn = true;
      }
    }

    @Override
    public void onFrame(Link link, byte[] received, int offset, int length) {}

    @Override
    public void onWritable(Link link) {
      mayGoOn = true;
    }

    @Override
    public void onClosed(Link link, CloseCause cause, String detail) {}

    @Override
    public void onTime(long nowNs) {}

    @Override
    public void onDialFailed(
        int node, int linkIndex, LinkKind kind, long begunNs, DialFailure why, String detail) {}

    @Override
    public void onFailed(Throwable cause) {}
  }
}
