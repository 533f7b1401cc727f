package io.understudy.testkit.sim;

import io.understudy.transport.CloseCause;
import io.understudy.transport.FlushResult;
import io.understudy.transport.Link;
import io.understudy.transport.LinkKind;
import io.understudy.transport.LinkListener;
import io.understudy.transport.SendResult;
import java.util.ArrayDeque;
import java.util.Objects;

/**
 * One member's end of a simulated connection: the socket with its receive buffer.
 *
 * <p>What arrives waits in {@code unread} until the member's transport polls; so do the opening and the close. The kernel
 * side ({@link #isReceiving}) may be over long before the node hears of it.
 */
final class SimEnd implements Link {
  static final int MAX_FRAME_BYTES = 65536;

  private final SimNetwork network;
  private final SimTransport owner;
  private final int index;
  private final LinkKind kind;
  private final long id;
  private final int peer;
  private final int address;
  private final int dialledNode;
  private final ArrayDeque<Wire.Item> unread = new ArrayDeque<>();

  private Wire out;
  private Wire in;
  private boolean isReceiving = true;
  private boolean isSending;
  private boolean wasOpened;
  private boolean isEstablished;
  private boolean isWritableDue;
  private boolean resetIsComing;

  /** The end of whoever dials. */
  static SimEnd dialled(SimNetwork network, SimDial dial) {
    return new SimEnd(network, dial.owner(), dial, dial.peer(), dial.address(), dial.peer());
  }

  /** The end of whoever is dialled. */
  static SimEnd accepted(SimNetwork network, SimTransport acceptor, SimDial dial) {
    return new SimEnd(network, acceptor, dial, dial.owner().node(), dial.owner().address(), 0);
  }

  private SimEnd(
      SimNetwork network,
      SimTransport owner,
      SimDial dial,
      int peer,
      int address,
      int dialledNode) {
    this.network = network;
    this.owner = owner;
    index = dial.link();
    kind = dial.kind();
    this.peer = peer;
    this.address = address;
    this.dialledNode = dialledNode;
    id = network.nextConnectionId();
  }

  void attach(Wire out, Wire in) {
    this.out = out;
    this.in = in;
  }

  // Link: what the node calls.

  @Override
  public int index() {
    return index;
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
    return dialledNode;
  }

  @Override
  public SendResult send(byte[] frame, int offset, int length) {
    if (length < 1 || length > MAX_FRAME_BYTES) {
      throw new IllegalArgumentException(
          "frame of " + length + " bytes is outside 1.." + MAX_FRAME_BYTES);
    }
    Objects.checkFromIndexSize(offset, length, frame.length);
    if (!isSending) {
      return SendResult.CLOSED;
    }
    if (!out.offer(frame, offset, length)) {
      return SendResult.FULL;
    }
    if (isEstablished && kind == LinkKind.HEARTBEAT) {
      out.traffic().said();
    }
    return SendResult.SENT;
  }

  @Override
  public FlushResult flush() {
    if (!isSending) {
      return FlushResult.CLOSED;
    }
    return out.isTaken() ? FlushResult.TAKEN : FlushResult.FULL;
  }

  @Override
  public void establish() {
    if (isSending && !isEstablished) {
      isEstablished = true;
      owner.established(this);
    }
  }

  @Override
  public boolean isAtAddressOf(int node) {
    return address == owner.addressOf(node);
  }

  @Override
  public void keep() {
    // nothing here closes one connection for another
  }

  @Override
  public void finish() {
    if (isSending) {
      isSending = false;
      out.shutDown(Death.CLOSED);
      if (isReceiving) {
        endWith(CloseCause.LOCAL, "finished");
      }
    }
  }

  @Override
  public void close() {
    if (owner.holds(this)) {
      isSending = false;
      out.shutDown(unread.isEmpty() ? Death.CLOSED : Death.RESET); // as kernels do
      unread.clear();
      endWith(CloseCause.LOCAL, "closed");
    }
  }

  // The kernel's side.

  boolean isReceiving() {
    return isReceiving;
  }

  boolean hasUnread() {
    return !unread.isEmpty();
  }

  /** When what waits longest arrived. */
  long unreadSinceNs() {
    return unread.isEmpty() ? Long.MAX_VALUE : unread.peek().arrivalNs;
  }

  boolean wasOpened() {
    return wasOpened;
  }

  boolean isEstablished() {
    return isEstablished;
  }

  int peer() {
    return peer;
  }

  /** The direction that arrives here. */
  Wire incoming() {
    return in;
  }

  void arrived(Wire.Item item) {
    if (item.what == Wire.What.CLOSING) {
      isReceiving = false;
    }
    unread.add(item);
    item.arrivalNs = network.nowNs(); // a path that was frozen may have kept it
    owner.wakePoll();
  }

  void becomesWritable() {
    if (isSending) {
      isWritableDue = true;
      owner.wakePoll();
    }
  }

  /** What was sent met no connection: the other machine, if there is one, says so. */
  void peerIsGone() {
    long nowNs = network.nowNs();
    SimPath back = in.path();
    if (isReceiving && !resetIsComing && network.isMachineUp(address) && !back.isFrozen(nowNs)) {
      resetIsComing = true;
      long atNs = Math.max(nowNs + back.settings.delayNs(), in.lastArrivalNs());
      network.clock().at(atNs, () -> fail(CloseCause.BROKEN, "reset by node " + address));
    }
  }

  /** The connection breaks at this end; what has arrived can still be read. */
  void fail(CloseCause cause, String detail) {
    if (isReceiving) {
      network.trace(this, detail);
      out.lose();
      endWith(cause, detail);
    }
  }

  /** The process or its transport ends: nothing more is delivered. */
  void die(Death death) {
    isSending = false;
    isReceiving = false;
    out.shutDown(death);
    unread.clear();
    network.removeIfOver(out, in);
  }

  private void endWith(CloseCause cause, String detail) {
    isReceiving = false;
    Wire.Item closing = Wire.Item.closing(cause, detail);
    closing.arrivalNs = network.nowNs();
    unread.add(closing);
    owner.wakePoll();
  }

  // The poll of the member's transport.

  /** Delivers what has arrived, a bounded number of bytes. */
  void deliver(LinkListener listener, int maxBytes) {
    int bytes = 0;
    while (bytes < maxBytes && !unread.isEmpty()) {
      Wire.Item item = unread.poll();
      bytes += item.bytes.length;
      deliver(listener, item);
    }
    if (isWritableDue && isSending) {
      isWritableDue = false;
      listener.onWritable(this);
    }
  }

  private void deliver(LinkListener listener, Wire.Item item) {
    switch (item.what) {
      case OPENING -> {
        wasOpened = true;
        isSending = true;
        listener.onOpened(this);
      }
      case FRAME -> {
        in.traffic().delivered(item.bytes.length, network.nowNs());
        if (item.isHeartbeat()) {
          in.traffic().read(item.offeredNs);
        }
        in.release(item.bytes.length);
        owner.deliverFrame(this, item.bytes);
      }
      case CLOSING -> {
        isSending = false;
        out.shutDown(Death.CLOSED);
        owner.remove(this);
        network.removeIfOver(out, in);
        if (wasOpened) {
          listener.onClosed(this, item.cause, item.detail);
        }
      }
      default -> throw new AssertionError(item.what);
    }
  }

  @Override
  public String toString() {
    return "node " + owner.node() + " to " + peer + " link " + index + " " + kind + " #" + id;
  }
}
