package io.understudy.replication;

import io.understudy.transport.Link;
import io.understudy.transport.SendResult;
import io.understudy.wire.FrameLimits;
import io.understudy.wire.FrameWriter;

/**
 * One data connection of a peer: what it owes in acknowledgements, and the frame without a number that waits for its buffer.
 *
 * <p>Each side chooses for itself on which connection it sends its records; what arrives on a connection is acknowledged on that one.
 *
 * <p>Thread: the duty cycle.
 */
final class DataLink {
  /** Acknowledgements of one turn; with nothing refused one says all. */
  private static final int FRAMES_PER_RUN = 8;

  final Link link;
  final AckBuilder ack;
  private final FrameWriter control = new FrameWriter();
  private boolean unsent;

  /** @param windowBytes what the peer has in flight at most, as it said */
  DataLink(Link link, long windowBytes) {
    this.link = link;
    ack = new AckBuilder(windowBytes);
  }

  /** An empty frame to write into; only while {@link #isFree}. */
  FrameWriter begin() {
    control.reset();
    return control;
  }

  /** The last frame found room in the link's buffer; tries again if it had not. */
  boolean isFree() {
    return !unsent || send();
  }

  /** The last frame waits for room in the link's buffer, and the link tells when there is some. */
  boolean isWaiting() {
    return unsent;
  }

  /** Sends the frame; if the link's buffer is full it waits, and the next one with it. */
  boolean send() {
    unsent = link.send(control.bytes(), 0, control.length()) == SendResult.FULL;
    return !unsent;
  }

  /** Acknowledges what arrived here, if anything did. Answers the frames that left. */
  int acknowledge() {
    int sent = 0;
    while (sent < FRAMES_PER_RUN
        && ack.isOwed()
        && isFree()
        && ack.write(begin(), FrameLimits.MAX_FRAME_BYTES)
        && send()) {
      sent++;
    }
    return sent;
  }

  /** An acknowledgement waits for nothing but the next turn. */
  boolean isDue() {
    return ack.isOwed() && !unsent;
  }
}
