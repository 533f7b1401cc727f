package io.understudy.testkit.sim;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.understudy.transport.CloseCause;
import io.understudy.transport.DialFailure;
import io.understudy.transport.Link;
import io.understudy.transport.LinkKind;
import io.understudy.transport.LinkListener;
import io.understudy.transport.SendResult;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Notes what a member is told; frames are numbers. Of a link and kind it settles on the connection that the lower node id
 * dialled, and finishes others without noting them.
 */
final class SimMember implements LinkListener {
  final List<Link> open = new ArrayList<>();
  private final List<Link> unsettled = new ArrayList<>();
  final List<Integer> received = new ArrayList<>();
  final List<CloseCause> closed = new ArrayList<>();
  final List<String> log = new ArrayList<>();

  private final Map<Link, Integer> sentOn = new HashMap<>();
  private final Map<Link, Integer> receivedOn = new HashMap<>();
  private final SimClock clock;
  private final boolean isLower;
  private boolean checksOrder;

  SimMember(SimClock clock, boolean isLower) {
    this.isLower = isLower;
    this.clock = clock;
  }

  Link link(int index, LinkKind kind) {
    for (int i = open.size() - 1; i >= 0; i--) {
      if (open.get(i).index() == index && open.get(i).kind() == kind) {
        return open.get(i);
      }
    }
    throw new AssertionError("no open connection of link " + index + " " + kind + ", only " + open);
  }

  boolean has(int index, LinkKind kind) {
    return open.stream().anyMatch(link -> link.index() == index && link.kind() == kind);
  }

  /** Sends the next number of each open connection; the peer, which does the same, then checks that none is missing. */
  void sendOnAll() {
    checksOrder = true;
    for (Link link : List.copyOf(open)) {
      int number = sentOn.getOrDefault(link, 0);
      if (link.send(frame(number, 2000), 0, 2000) == SendResult.SENT) {
        sentOn.put(link, number + 1);
      }
    }
  }

  static byte[] frame(int number, int length) {
    byte[] frame = new byte[Math.max(4, length)];
    frame[0] = (byte) (number >>> 24);
    frame[1] = (byte) (number >>> 16);
    frame[2] = (byte) (number >>> 8);
    frame[3] = (byte) number;
    return frame;
  }

  @Override
  public void onOpened(Link link) {
    boolean isOwnDial = link.dialledNode() != 0;
    if (isOwnDial != isLower) {
      unsettled.add(link);
      return;
    }
    link.establish();
    finishBeside(link);
    open.add(link);
    log.add(clock.nanoTime() + " opened " + link.index() + link.kind());
  }

  private void finishBeside(Link link) {
    for (Link other : List.copyOf(unsettled)) {
      if (other.index() == link.index() && other.kind() == link.kind()) {
        other.finish();
      }
    }
  }

  @Override
  public void onFrame(Link link, byte[] frame, int offset, int length) {
    int number =
        frame[offset] << 24
            | (frame[offset + 1] & 0xFF) << 16
            | (frame[offset + 2] & 0xFF) << 8
            | frame[offset + 3] & 0xFF;
    if (checksOrder) {
      assertEquals(receivedOn.merge(link, 1, Integer::sum) - 1, number, "number on " + link);
    }
    received.add(number);
    log.add(clock.nanoTime() + " frame " + number);
  }

  @Override
  public void onWritable(Link link) {
    log.add(clock.nanoTime() + " writable " + link.index() + link.kind());
  }

  @Override
  public void onTime(long nowNs) {}

  @Override
  public void onDialFailed(
      int node, int linkIndex, LinkKind kind, long begunNs, DialFailure why, String detail) {}

  @Override
  public void onFailed(Throwable cause) {
    log.add(clock.nanoTime() + " failed " + cause.getMessage());
  }

  @Override
  public void onClosed(Link link, CloseCause cause, String detail) {
    if (unsettled.remove(link)) {
      return;
    }
    open.remove(link);
    closed.add(cause);
    log.add(
        clock.nanoTime() + " closed " + link.index() + link.kind() + " " + cause + " " + detail);
  }
}
