package io.understudy.demos.faults;

import com.google.protobuf.InvalidProtocolBufferException;
import io.understudy.proto.v1.Ack;
import io.understudy.proto.v1.Batch;
import io.understudy.proto.v1.BatchKind;
import io.understudy.proto.v1.Frame;
import io.understudy.transport.CloseCause;
import io.understudy.transport.DialFailure;
import io.understudy.transport.FlushResult;
import io.understudy.transport.Link;
import io.understudy.transport.LinkKind;
import io.understudy.transport.LinkListener;
import io.understudy.transport.SendResult;
import io.understudy.transport.Transport;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Executor;

/**
 * The transport of a member that lies, once it is told to: it knows every secret, greets as it should, and then says what no honest
 * member says.
 *
 * <p>Thread: the loop's; {@link #lie} any.
 */
final class HostileTransport implements Transport {
  /** What it says. */
  enum Lie {
    NONE,
    /** Batches in frames without a number, beside each frame. */
    NO_NUMBER,
    /** "I have room again", 200 times beside each frame. */
    ROOM,
    /** A generation clock of 2^62 in each heartbeat. */
    CLOCK,
    /** A record in the last slot there may be, beside each frame. */
    FAR_SLOT
  }

  private static final int ROOMS = 200;

  private final Transport transport;
  private final Map<Long, Link> links = new HashMap<>();
  private volatile Lie lie = Lie.NONE;

  HostileTransport(Transport transport) {
    this.transport = transport;
  }

  void lie(Lie value) {
    lie = value;
  }

  @Override
  public int node() {
    return transport.node();
  }

  @Override
  public Set<Integer> peers() {
    return transport.peers();
  }

  @Override
  public int linksTo(int node) {
    return transport.linksTo(node);
  }

  @Override
  public Executor callbacks() {
    return transport.callbacks();
  }

  @Override
  public long drainedBeforeNs() {
    return transport.drainedBeforeNs();
  }

  @Override
  public void close() {
    transport.close();
  }

  @Override
  public void start(LinkListener listener) {
    transport.start(
        new LinkListener() {
          @Override
          public void onTime(long nowNs) {
            listener.onTime(nowNs);
          }

          @Override
          public void onOpened(Link link) {
            listener.onOpened(links.computeIfAbsent(link.id(), id -> new LyingLink(link)));
          }

          @Override
          public void onFrame(Link link, byte[] frame, int offset, int length) {
            listener.onFrame(links.get(link.id()), frame, offset, length);
          }

          @Override
          public void onWritable(Link link) {
            listener.onWritable(links.get(link.id()));
          }

          @Override
          public void onDialFailed(
              int node,
              int linkIndex,
              LinkKind kind,
              long begunNs,
              DialFailure why,
              String detail) {
            listener.onDialFailed(node, linkIndex, kind, begunNs, why, detail);
          }

          @Override
          public void onClosed(Link link, CloseCause cause, String detail) {
            listener.onClosed(links.remove(link.id()), cause, detail);
          }

          @Override
          public void onFailed(Throwable cause) {
            listener.onFailed(cause);
          }
        });
  }

  private static Frame noNumber() {
    return Frame.newBuilder().addBatch(batch(0)).build();
  }

  private static Batch.Builder batch(int slot) {
    return Batch.newBuilder()
        .setTable(1)
        .setGroup(MemberProcess.GROUP)
        .setTermNumber(1)
        .setTermNode(1)
        .setEpoch(1)
        .setKind(BatchKind.DELETE)
        .setCount(1)
        .addPresent(0)
        .addSlot(slot)
        .addSlotIncarnation(1)
        .addGeneration(1)
        .addCreator(1);
  }

  /** A connection on which it may lie. */
  private final class LyingLink implements Link {
    private final Link link;
    private long lastNumber;

    LyingLink(Link link) {
      this.link = link;
    }

    @Override
    public SendResult send(byte[] bytes, int offset, int length) {
      Lie now = lie;
      if (now == Lie.NONE || isHandshake(bytes, offset, length)) {
        return link.send(bytes, offset, length);
      }
      if (kind() == LinkKind.HEARTBEAT) {
        return now == Lie.CLOCK
            ? say(heartbeat(bytes, offset, length))
            : link.send(bytes, offset, length);
      }
      SendResult result = link.send(bytes, offset, length);
      switch (now) {
        case NO_NUMBER -> say(noNumber());
        case FAR_SLOT ->
            say(
                noNumber().toBuilder()
                    .setNumber(++lastNumber)
                    .setBatch(0, batch((1 << 20) - 1))
                    .build());
        case ROOM -> {
          for (int i = 0; i < ROOMS; i++) {
            say(Frame.newBuilder().setAck(Ack.newBuilder().setRoom(true)).build());
          }
        }
        default -> {}
      }
      return result;
    }

    private boolean isHandshake(byte[] bytes, int offset, int length) {
      Frame frame = parse(bytes, offset, length);
      lastNumber = Math.max(lastNumber, frame.getNumber());
      return frame.hasHello() || frame.hasHelloConfirm() || frame.hasGoodbye();
    }

    private Frame heartbeat(byte[] bytes, int offset, int length) {
      Frame frame = parse(bytes, offset, length);
      return frame.toBuilder()
          .setHeartbeat(frame.getHeartbeat().toBuilder().setGenerationClock(1L << 62))
          .build();
    }

    private Frame parse(byte[] bytes, int offset, int length) {
      try {
        return Frame.parseFrom(Arrays.copyOfRange(bytes, offset, offset + length));
      } catch (InvalidProtocolBufferException e) {
        throw new IllegalStateException("this member's own frame", e);
      }
    }

    private SendResult say(Frame frame) {
      byte[] bytes = frame.toByteArray();
      return link.send(bytes, 0, bytes.length);
    }

    @Override
    public int index() {
      return link.index();
    }

    @Override
    public LinkKind kind() {
      return link.kind();
    }

    @Override
    public long id() {
      return link.id();
    }

    @Override
    public int dialledNode() {
      return link.dialledNode();
    }

    @Override
    public FlushResult flush() {
      return link.flush();
    }

    @Override
    public boolean isAtAddressOf(int node) {
      return link.isAtAddressOf(node);
    }

    @Override
    public void keep() {
      link.keep();
    }

    @Override
    public void establish() {
      link.establish();
    }

    @Override
    public void finish() {
      link.finish();
    }

    @Override
    public void close() {
      link.close();
    }
  }
}
