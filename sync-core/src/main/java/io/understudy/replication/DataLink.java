package io.understudy.replication;

import io.understudy.transport.Link;
import io.understudy.transport.SendResult;
import io.understudy.wire.FrameWriter;

/**
 * One data connection of a peer: what it owes in acknowledgements, and the frame without a number that waits for its buffer.
 *
 * <p>Each side chooses for itself on which connection it sends its records; what arrives on a connection is acknowledged on that one.
 *
 * <p>Thread: the duty cycle.
 */
final class DataLink {
  final Link link;
  final AckBuilder ack = new AckBuilder();
  private final FrameWriter control = new FrameWriter();
  private boolean unsent;

  DataLink(Link link) {
    this.link = link;
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

  /** Sends the frame; if the link's buffer is full it waits, and the next one with it. */
  boolean send() {
    unsent = link.send(control.bytes(), 0, control.length()) == SendResult.FULL;
    return !unsent;
  }

  /** Acknowledges what arrived here, if anything did. Answers the frames sent. */
  int acknowledge() {
    if (!ack.isOwed() || !isFree()) {
      return 0;
    }
    if (ack.write(begin())) {
      send();
    }
    return 1;
  }

  /** An acknowledgement waits for nothing but the next turn. */
  boolean isDue() {
    return ack.isOwed() && !unsent;
  }
}
