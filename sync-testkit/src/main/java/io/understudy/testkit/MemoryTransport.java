package io.understudy.testkit;

import io.understudy.transport.CloseCause;
import io.understudy.transport.FlushResult;
import io.understudy.transport.Link;
import io.understudy.transport.LinkKind;
import io.understudy.transport.LinkListener;
import io.understudy.transport.SendResult;
import io.understudy.transport.Transport;
import java.util.Set;
import java.util.concurrent.Executor;

/**
 * One member's ends of a heartbeat and a data connection to the other member of a {@link MemoryPair}; frames are only copied.
 *
 * <p>Shape: each end keeps up to {@value #FRAMES} frames of the longest length that have arrived; they are claimed at start, so that
 * nothing is allocated for a frame.
 */
final class MemoryTransport implements Transport {
  private static final int FRAMES = 64;
  private static final int FRAME_BYTES = 65_536;

  private final int node;
  private final End heartbeats;
  private final End data;
  private long nowNs;

  /** @param node 1, which dials the other, or 2 */
  MemoryTransport(int node) {
    this.node = node;
    int firstId = 2 * node - 1;
    int peer = node == 1 ? 2 : 0;
    heartbeats = new End(LinkKind.HEARTBEAT, firstId, peer);
    data = new End(LinkKind.DATA, firstId + 1L, peer);
  }

  static void join(MemoryTransport one, MemoryTransport other) {
    one.heartbeats.other = other.heartbeats;
    other.heartbeats.other = one.heartbeats;
    one.data.other = other.data;
    other.data.other = one.data;
  }

  @Override
  public Executor callbacks() {
    return Runnable::run;
  }

  @Override
  public int node() {
    return node;
  }

  @Override
  public Set<Integer> peers() {
    return Set.of(3 - node);
  }

  @Override
  public int linksTo(int peer) {
    return 1; // there is only the other member
  }

  @Override
  public void start(LinkListener listener) {
    heartbeats.listener = listener;
    data.listener = listener;
  }

  @Override
  public long drainedBeforeNs() {
    return nowNs;
  }

  @Override
  public void close() {}

  /** Both connections until they are read up. */
  void deliver(long now) {
    nowNs = now;
    heartbeats.deliver();
    data.deliver();
  }

  void deliverData() {
    data.deliver();
  }

  /** Bytes of the frames that were sent on the data connection, each with its length prefix. */
  long dataBytes() {
    return data.sentBytes;
  }

  /** A connection's end: a ring of frames that the other end sent. */
  private static final class End implements Link {
    private final LinkKind kind;
    private final long id;
    private final int dialled;
    private final byte[][] frames = new byte[FRAMES][FRAME_BYTES];
    private final int[] lengths = new int[FRAMES];
    private int written;
    private int read;
    private long sentBytes;
    private boolean opened;
    private LinkListener listener;
    private End other;

    End(LinkKind kind, long id, int dialled) {
      this.kind = kind;
      this.id = id;
      this.dialled = dialled;
    }

    private void deliver() {
      if (!opened && listener != null && other.listener != null) {
        opened = true;
        listener.onOpened(this);
      }
      while (opened && read != written) {
        int at = read++ % FRAMES;
        listener.onFrame(this, frames[at], 0, lengths[at]);
      }
    }

    @Override
    public SendResult send(byte[] frame, int offset, int length) {
      if (other.written - other.read == FRAMES) {
        return SendResult.FULL;
      }
      int at = other.written++ % FRAMES;
      System.arraycopy(frame, offset, other.frames[at], 0, length);
      other.lengths[at] = length;
      sentBytes += length + (length < 128 ? 1 : length < 16_384 ? 2 : 3);
      return SendResult.SENT;
    }

    @Override
    public int index() {
      return 0;
    }

    @Override
    public LinkKind kind() {
      return kind;
    }

    @Override
    public long id() {
      return id;
    }

    @Override
    public int dialledNode() {
      return dialled;
    }

    @Override
    public FlushResult flush() {
      return FlushResult.TAKEN; // it is in the other end's ring
    }

    @Override
    public boolean isAtAddressOf(int node) {
      return true;
    }

    @Override
    public void keep() {}

    @Override
    public void establish() {}

    @Override
    public void finish() {
      close();
    }

    @Override
    public void close() {
      listener.onClosed(this, CloseCause.LOCAL, "closed by the measured node");
    }
  }
}
