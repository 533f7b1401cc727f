package io.understudy.replication;

import io.understudy.proto.v1.Ack;
import io.understudy.proto.v1.DropReason;
import io.understudy.wire.FrameWriter;
import io.understudy.wire.InputLimit;
import io.understudy.wire.MessageType;
import io.understudy.wire.WireFormatException;
import java.util.ArrayDeque;

/**
 * The acknowledgement that one data connection owes: the last frame applied, and what of it and of those before was dropped or refused.
 *
 * <p>Shape: for each frame of which something was not applied its {@link FrameVerdicts}, in the order of the frames. What an
 * acknowledgement has room for is {@link AckLimits}'; it ends before the first frame whose verdicts do not fit. The peer's window
 * and {@link InputLimit} bound what waits here.
 *
 * <p>Thread: the duty cycle. The plain case allocates nothing.
 */
final class AckBuilder {
  private final ArrayDeque<FrameVerdicts> verdicts = new ArrayDeque<>();
  private final long windowBytes;
  private long applied;
  private long acknowledged;

  /** Bytes of the frames up to {@link #applied}, and of those up to {@link #acknowledged}. */
  private long appliedBytes;

  private long acknowledgedBytes;

  /** Of all that waits to be said. */
  private long verdictBytes;

  private boolean room;

  /** To be said with the next one; 0: nothing is. */
  private long epoch;

  /**
   * For a new connection.
   *
   * @param windowBytes what the peer has in flight at most, as it said
   */
  AckBuilder(long windowBytes) {
    this.windowBytes = windowBytes;
  }

  /**
   * A frame arrived.
   *
   * @throws WireFormatException it is not the next one, or the peer sends on without waiting for acknowledgements
   */
  void arrives(long frame, int bytes) throws WireFormatException {
    if (frame != applied + 1) {
      throw new WireFormatException(
          "frame number "
              + Long.toUnsignedString(frame)
              + " follows "
              + applied
              + "; they count by one");
    }
    InputLimit.UNACKNOWLEDGED_FRAMES.check(frame - acknowledged);
    if (verdictBytes > windowBytes) { // as much as an honest peer can cause, whose window is larger
      InputLimit.UNSAID_VERDICT_BYTES.check(verdictBytes);
    }
    long unacknowledged = appliedBytes - acknowledgedBytes + bytes;
    if (unacknowledged > windowBytes) {
      throw new WireFormatException(
          unacknowledged
              + " bytes without an acknowledgement exceed the peer's window of "
              + windowBytes);
    }
  }

  /** All of the frame was applied, but for what was said of it before. */
  void applied(long frame, int bytes) {
    applied = frame;
    appliedBytes += bytes;
  }

  long applied() {
    return applied;
  }

  void dropped(long frame, int batch, DropReason reason) {
    verdictBytes += of(frame).dropped(batch, reason);
  }

  void refused(long frame, int batch, int record, int reason) {
    verdictBytes += of(frame).refused(batch, record, reason);
  }

  private FrameVerdicts of(long frame) {
    FrameVerdicts last = verdicts.peekLast();
    if (last == null || last.frame != frame) {
      last = new FrameVerdicts(frame, appliedBytes);
      verdicts.add(last);
    }
    return last;
  }

  /** There is room again after records were refused as full. */
  void room() {
    room = true;
  }

  /** This member's own stream to the peer has this epoch from now on, and may run on another connection. */
  void beginEpoch(long begun) {
    epoch = begun;
  }

  boolean isOwed() {
    return applied > acknowledged || room;
  }

  /**
   * Writes what fits.
   *
   * @param mostBytes that it may take of the frame
   * @return false: nothing was written
   */
  boolean write(FrameWriter writer, int mostBytes) {
    int most = Math.min(mostBytes, writer.remaining());
    if (!isOwed() || most < AckLimits.HEAD_BYTES) {
      return false;
    }
    if (verdicts.isEmpty() && !room && epoch == 0) {
      writer.ack(applied);
      acknowledgedUpTo(applied, appliedBytes);
      return true;
    }
    Ack.Builder ack = Ack.newBuilder();
    int left = most - AckLimits.HEAD_BYTES;
    FrameVerdicts next = verdicts.peek();
    for (; next != null && next.bytes() <= left; next = verdicts.peek()) {
      left -= next.bytes();
      verdictBytes -= next.bytes();
      next.addTo(ack);
      verdicts.remove();
    }
    if (saysAll(next)) {
      // room that comes after a refusal is said after it, or the peer would try again too soon and
      // then never
      ack.setFrame(applied).setRoom(room);
      room = false;
      acknowledgedUpTo(applied, appliedBytes);
    } else if (next.frame - 1 > acknowledged) {
      ack.setFrame(next.frame - 1);
      acknowledgedUpTo(next.frame - 1, next.bytesBefore);
    } else {
      return false;
    }
    writer.message(MessageType.ACK, ack.setEpoch(epoch).build());
    epoch = 0;
    return true;
  }

  /** Nothing is left for the next acknowledgement. */
  private static boolean saysAll(FrameVerdicts next) {
    return next == null;
  }

  private void acknowledgedUpTo(long frame, long bytes) {
    acknowledged = frame;
    acknowledgedBytes = bytes;
  }
}
