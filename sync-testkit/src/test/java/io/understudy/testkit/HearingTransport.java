package io.understudy.testkit;

import com.google.protobuf.InvalidProtocolBufferException;
import io.understudy.proto.v1.Frame;
import io.understudy.transport.CloseCause;
import io.understudy.transport.DialFailure;
import io.understudy.transport.Link;
import io.understudy.transport.LinkKind;
import io.understudy.transport.LinkListener;
import io.understudy.transport.Transport;
import java.util.Arrays;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.function.UnaryOperator;

/**
 * A transport whose node hears other frames than arrive.
 *
 * @param ear what is heard of each frame; may be the frame itself
 */
public record HearingTransport(Transport transport, UnaryOperator<byte[]> ear)
    implements Transport {
  /** An ear for frames that any member would understand; what it does not change is heard as it arrived. */
  public static UnaryOperator<byte[]> ofFrames(UnaryOperator<Frame> ear) {
    return bytes -> {
      Frame arrived = frame(bytes);
      Frame other = ear.apply(arrived);
      return other == arrived ? bytes : other.toByteArray();
    };
  }

  static Frame frame(byte[] bytes) {
    try {
      return Frame.parseFrom(bytes);
    } catch (InvalidProtocolBufferException e) {
      throw new IllegalStateException("a member sent what is no frame", e);
    }
  }

  @Override
  public Executor callbacks() {
    return transport.callbacks();
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
  public void start(LinkListener listener) {
    transport.start(new Ear(listener, ear));
  }

  @Override
  public long drainedBeforeNs() {
    return transport.drainedBeforeNs();
  }

  @Override
  public void close() {
    transport.close();
  }

  private record Ear(LinkListener node, UnaryOperator<byte[]> ear) implements LinkListener {
    @Override
    public void onTime(long nowNs) {
      node.onTime(nowNs);
    }

    @Override
    public void onOpened(Link link) {
      node.onOpened(link);
    }

    @Override
    public void onFrame(Link link, byte[] frame, int offset, int length) {
      byte[] heard = ear.apply(Arrays.copyOfRange(frame, offset, offset + length));
      node.onFrame(link, heard, 0, heard.length);
    }

    @Override
    public void onWritable(Link link) {
      node.onWritable(link);
    }

    @Override
    public void onDialFailed(
        int peer, int linkIndex, LinkKind kind, long begunNs, DialFailure why, String detail) {
      node.onDialFailed(peer, linkIndex, kind, begunNs, why, detail);
    }

    @Override
    public void onClosed(Link link, CloseCause cause, String detail) {
      node.onClosed(link, cause, detail);
    }

    @Override
    public void onFailed(Throwable cause) {
      node.onFailed(cause);
    }
  }
}
