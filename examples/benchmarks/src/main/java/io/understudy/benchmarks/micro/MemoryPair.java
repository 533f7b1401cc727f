package io.understudy.benchmarks.micro;

import io.understudy.SyncNode;
import io.understudy.config.StreamConfig;
import io.understudy.config.SyncConfig;
import io.understudy.model.GroupId;
import io.understudy.model.NodeId;
import io.understudy.model.Role;
import io.understudy.runtime.MemoryStore;
import io.understudy.table.TableId;
import io.understudy.tables.session.SessionTable;
import io.understudy.transport.CloseCause;
import io.understudy.transport.Link;
import io.understudy.transport.LinkKind;
import io.understudy.transport.LinkListener;
import io.understudy.transport.SendResult;
import io.understudy.transport.Transport;
import java.time.Duration;

/**
 * Two members over frames that are only copied, turned by the caller: for measuring what each side costs.
 *
 * <p>Shape: node 1 is the active, node 2 the standby. Each connection keeps up to {@value #FRAMES} frames of the longest
 * length; they are claimed at start, so that nothing is allocated for a frame.
 */
public final class MemoryPair {
  static final int GROUP = 1;

  private static final int FRAMES = 64;
  private static final int FRAME_BYTES = 65_536;
  private static final long STEP_NS = 1_000;
  private static final int MAX_TURNS = 1_000_000;

  private final End[] ends = new End[4];
  private final SyncNode[] nodes = new SyncNode[2];
  private final SessionTable[] ipv4 = new SessionTable[2];
  private long nowNs = 1_000_000_000L;

  /** Both started, in sync, and quiet. */
  MemoryPair(int capacity) {
    for (int i = 0; i < 4; i += 2) {
      LinkKind kind = i == 0 ? LinkKind.HEARTBEAT : LinkKind.DATA;
      ends[i] = new End(kind, i + 1, 2);
      ends[i + 1] = new End(kind, i + 2, 0);
      ends[i].other = ends[i + 1];
      ends[i + 1].other = ends[i];
    }
    for (int i = 0; i < 2; i++) {
      nodes[i] = node(i + 1, 2 - i, capacity, new Ends(i));
      ipv4[i] = new SessionTable(nodes[i].table(TableId.SESSION4));
      nodes[i].start(nowNs);
    }
    turnUntil(() -> nodes[0].role(GROUP) == Role.ACTIVE && nodes[0].isInSync(2, GROUP), 10_000_000);
    settle();
  }

  private SyncNode node(int id, int peer, int capacity, Transport transport) {
    SyncConfig config =
        SyncConfig.builder("measured", new NodeId(id))
            .peer(new NodeId(peer))
            .group(new GroupId(GROUP), id == 1 ? 200 : 100)
            .bootHold(Duration.ZERO)
            .stream(StreamConfig.DEFAULT)
            .build();
    return SyncNode.builder(config)
        .transport(transport)
        .store(new MemoryStore())
        .entropy(() -> id)
        .startNs(nowNs)
        .table(SessionTable.spec4(capacity, 1))
        .build();
  }

  SyncNode node(int id) {
    return nodes[id - 1];
  }

  SessionTable ipv4(int id) {
    return ipv4[id - 1];
  }

  long nowNs() {
    return nowNs;
  }

  /** Turns until nothing is owed or unacknowledged any more. */
  void settle() {
    nodes[0].flush(false);
    for (int i = 0; !nodes[0].isFlushed(2); i++) {
      if (i == MAX_TURNS) {
        throw new IllegalStateException("not settled after " + i + " turns");
      }
      turn(STEP_NS);
    }
  }

  /** Lets node 1 send what is due, as far as its window goes. */
  void turnActive() {
    nowNs += STEP_NS;
    nodes[0].flush(false);
    nodes[0].run(nowNs);
  }

  /** Lets node 2 merge what node 1 sent, and acknowledge it. */
  void turnStandby() {
    nowNs += STEP_NS;
    ends[3].deliver();
    nodes[1].run(nowNs);
  }

  private void turnUntil(java.util.function.BooleanSupplier reached, long stepNs) {
    for (int i = 0; !reached.getAsBoolean(); i++) {
      if (i == 10_000) {
        throw new IllegalStateException("the pair did not get in sync");
      }
      turn(stepNs);
    }
  }

  private void turn(long stepNs) {
    nowNs += stepNs;
    for (End end : ends) {
      end.deliver();
    }
    nodes[0].run(nowNs);
    nodes[1].run(nowNs);
  }

  /** One member's ends of both connections. */
  private final class Ends implements Transport {
    private final int member;

    Ends(int member) {
      this.member = member;
    }

    @Override
    public void start(LinkListener listener) {
      for (int i = member; i < ends.length; i += 2) {
        ends[i].listener = listener;
        ends[i].opened = false;
      }
    }

    @Override
    public boolean hasUnread() {
      return false;
    }

    @Override
    public void close() {}
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
    public void finish() {
      close();
    }

    @Override
    public void close() {
      listener.onClosed(this, CloseCause.LOCAL, "closed by the measured node");
    }
  }
}
