package io.understudy.transport.netty;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelException;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.ChannelOutputShutdownEvent;
import io.understudy.transport.CloseCause;
import io.understudy.transport.FlushResult;
import io.understudy.transport.Link;
import io.understudy.transport.LinkKind;
import io.understudy.transport.SendResult;
import io.understudy.transport.netty.Preamble.BadPreambleException;
import java.io.IOException;
import java.util.Objects;

/**
 * One connection, from its first byte to its end.
 *
 * <h2>States</h2>
 *
 * GREETING: the preambles are exchanged, the node knows nothing of it. OPEN. FINISHING: what has arrived is still read,
 * nothing is sent; the transport ends it when that is done. CLOSED: the socket is closed or about to be; the node hears of it
 * when Netty says that the channel is inactive, which is never within the call that closed it.
 *
 * <p>A failed write does not close the socket (AUTO_CLOSE is off), since the peer's last frames may still be in it: it
 * finishes. Thread: the loop's.
 */
final class LinkHandler extends ChannelInboundHandlerAdapter implements Link {
  private enum State {
    GREETING,
    OPEN,
    FINISHING,
    CLOSED
  }

  private final Connections connections;
  private final ConnectionRole role;
  private final long id;
  private final FrameDecoder decoder = new FrameDecoder(this::deliver);
  private final byte[] greeting = new byte[Preamble.BYTES];

  private ChannelHandlerContext context;
  private FrameEncoder encoder;
  private ReadBursts reads;
  private State state = State.GREETING;

  /** The preamble that was read before there was a channel; {@code null}: it is still to come. */
  private Preamble said;

  private int greetingBytes;
  private int index;
  private LinkKind kind = LinkKind.HEARTBEAT;
  private int peer;
  private boolean wasOpened;
  private boolean isEstablished;
  private boolean isKept;
  private boolean hasSpoken;
  private boolean isToFlush;
  private boolean wantsWritable;
  private long finishGoalNs;
  private boolean hasCause;
  private CloseCause cause = CloseCause.PEER_CLOSED;
  private String detail = "closed by the peer";

  /** One that was dialled: the other side's preamble is to come. */
  LinkHandler(Connections connections, ConnectionRole role, long id) {
    this.connections = connections;
    this.role = role;
    this.id = id;
  }

  /** One that was accepted and has said what it is. */
  LinkHandler(Connections connections, ConnectionRole role, long id, Preamble preamble) {
    this(connections, role, id);
    said = preamble;
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
    return role.dialledNode();
  }

  @Override
  public SendResult send(byte[] frame, int offset, int length) {
    if (length < 1 || length > NettyTransportConfig.MAX_FRAME_BYTES) {
      throw new IllegalArgumentException(
          "frame of " + length + " bytes is outside 1.." + NettyTransportConfig.MAX_FRAME_BYTES);
    }
    Objects.checkFromIndexSize(offset, length, frame.length);
    if (state != State.OPEN) {
      return SendResult.CLOSED;
    }
    if (!encoder.hasRoom(length)) {
      wantsWritable = true;
      return SendResult.FULL;
    }
    if (!isToFlush) {
      isToFlush = true;
      connections.toFlush(this);
    }
    encoder.add(frame, offset, length);
    return SendResult.SENT;
  }

  @Override
  public FlushResult flush() {
    if (state != State.OPEN) {
      return FlushResult.CLOSED;
    }
    boolean isTaken = encoder.flushAll();
    if (state != State.OPEN) {
      return FlushResult.CLOSED; // a write failed
    }
    return isTaken ? FlushResult.TAKEN : FlushResult.FULL;
  }

  @Override
  public void establish() {
    if (state == State.OPEN && !isEstablished) {
      isEstablished = true;
      connections.established(this);
    }
  }

  @Override
  public boolean isAtAddressOf(int node) {
    return connections.isAddressOf(node, index, context.channel().remoteAddress());
  }

  @Override
  public void keep() {
    isKept = true;
  }

  @Override
  public void finish() {
    finish(CloseCause.LOCAL, "finished");
  }

  @Override
  public void close() {
    close(CloseCause.LOCAL, "closed");
  }

  private void finish(CloseCause why, String what) {
    if (state == State.OPEN) {
      state = State.FINISHING;
      finishGoalNs = System.nanoTime();
      ending(why, what);
      connections.finishing(this);
    }
  }

  private void close(CloseCause why, String what) {
    if (state == State.CLOSED) {
      return;
    }
    state = State.CLOSED;
    ending(why, what);
    context.close();
  }

  /** The first cause is the one that counts. */
  private void ending(CloseCause why, String what) {
    if (!hasCause) {
      hasCause = true;
      cause = why;
      detail = what;
    }
  }

  // The transport's turns.

  /** Gives the kernel what was sent since the last turn. */
  void endTurn() {
    isToFlush = false;
    if (state == State.OPEN || state == State.FINISHING) {
      encoder.flush();
    }
  }

  /** Tells the node that there is room again, if it was told that there was none. */
  void sayWritable() {
    if (isWritableDue()) {
      wantsWritable = false;
      connections.onWritable(this);
    }
  }

  boolean isWritableDue() {
    return wantsWritable && state == State.OPEN && encoder.isHalfEmpty();
  }

  /** Ends it when all that had arrived when it began to finish was delivered; answers whether it is over. */
  boolean endIfFinished() {
    if (state == State.FINISHING && reads.readSinceNs() >= finishGoalNs) {
      close(cause, detail);
    }
    return state == State.CLOSED;
  }

  /** Everything that arrived before this was delivered. */
  long readSinceNs() {
    return reads.readSinceNs();
  }

  /** The transport closes: what was sent goes as far as the kernel takes it, and nobody is told. */
  void shutDown() {
    endTurn();
    close();
  }

  /** The peer has opened the same connection too often without agreeing on one. */
  void replace() {
    close(CloseCause.BROKEN, "replaced by a newer connection");
  }

  int peer() {
    return peer;
  }

  /** The node knows of it, and neither side has ended it. */
  boolean isOpen() {
    return state == State.OPEN;
  }

  boolean isEstablished() {
    return isEstablished;
  }

  /** No other connection takes its place. */
  boolean isSettled() {
    return isEstablished || isKept;
  }

  /** At least one frame came. */
  boolean hasSpoken() {
    return hasSpoken;
  }

  Channel channel() {
    return context.channel();
  }

  // The channel's events.

  @Override
  public void handlerAdded(ChannelHandlerContext context) {
    this.context = context;
    reads = connections.readsOf(context.channel());
    context.channel().config().setRecvByteBufAllocator(reads);
  }

  @Override
  public void channelActive(ChannelHandlerContext context) {
    connections.connected(this);
    role.connected(this);
    if (said != null) {
      connections.onTime();
      open(said);
    }
  }

  void sendPreamble(Preamble preamble) {
    context.writeAndFlush(Unpooled.wrappedBuffer(preamble.toBytes()));
  }

  /** The time for the greeting is over. */
  void endGreeting() {
    if (state == State.GREETING) {
      close();
    }
  }

  private void refuse(String why) {
    connections.badPreamble(role.dialledNode(), role, context.channel().remoteAddress(), why);
    close(CloseCause.BROKEN, why);
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    ByteBuf in = (ByteBuf) message;
    connections.onTime();
    try {
      if (state == State.GREETING) {
        greet(in);
      }
      if (state == State.OPEN || state == State.FINISHING) {
        decoder.decode(in);
      }
    } catch (BadPreambleException e) {
      refuse(e.getMessage());
    } catch (BadFrameException e) {
      String line = e.getMessage() + "; closing link " + index;
      connections.badFrame(this, line);
      hasCause = false; // it counts more than the node's wish to finish
      close(CloseCause.BAD_FRAME, line);
    } finally {
      in.release();
    }
  }

  private void greet(ByteBuf in) throws BadPreambleException {
    int bytes = Math.min(Preamble.BYTES - greetingBytes, in.readableBytes());
    in.readBytes(greeting, greetingBytes, bytes);
    greetingBytes += bytes;
    if (!Preamble.mayBegin(greeting, greetingBytes)) {
      throw new BadPreambleException("not the connection of a member");
    }
    if (greetingBytes == Preamble.BYTES) {
      Preamble preamble = Preamble.read(greeting);
      role.check(preamble);
      open(preamble);
    }
  }

  private void open(Preamble preamble) {
    index = preamble.link();
    kind = preamble.kind();
    peer = preamble.node();
    encoder = new FrameEncoder(context, connections.bufferBytes(kind));
    state = State.OPEN;
    wasOpened = true;
    role.greeted(this);
    connections.onOpened(this);
  }

  private boolean deliver(byte[] frame, int length) {
    hasSpoken = true;
    connections.onFrame(this, frame, length);
    return state == State.OPEN || state == State.FINISHING;
  }

  @Override
  public void userEventTriggered(ChannelHandlerContext context, Object event) {
    if (event instanceof ChannelOutputShutdownEvent) {
      finish(CloseCause.BROKEN, "write failed");
    }
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable failure) {
    if (failure instanceof IOException || failure instanceof ChannelException) {
      ending(
          Failures.ofClose(failure),
          Failures.oneLine(failure)); // Netty closes it when it has read what there is
    } else {
      connections.failed(failure);
      close(CloseCause.BROKEN, Failures.oneLine(failure));
    }
  }

  @Override
  public void channelInactive(ChannelHandlerContext context) {
    state = State.CLOSED;
    connections.disconnected(this);
    if (wasOpened) {
      encoder.release();
      connections.onClosed(this, cause, detail);
    }
    role.disconnected(this);
  }

  @Override
  public String toString() {
    return "link "
        + index
        + " "
        + kind
        + " #"
        + id
        + (context == null ? "" : " " + context.channel());
  }
}
