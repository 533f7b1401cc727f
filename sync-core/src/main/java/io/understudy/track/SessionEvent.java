package io.understudy.track;

/**
 * What happened to a session, once per packet: the most important thing that the packet did.
 *
 * <p>Those from {@link #SEQUENCE_OFFSET} on come from the embedder, not from a tracker.
 */
public enum SessionEvent {
  /** Nothing that changes the session: data, window moves, retransmissions. */
  NONE(false),
  /** A TCP SYN that begins a session. */
  SYN_FORWARD(false),
  /** A TCP SYN against the direction of the first: a simultaneous open or a split handshake. */
  SYN_CROSSED(false),
  /** A TCP SYN that also acknowledges. */
  SYN_ACK(false),
  /** An acknowledgement of a TCP SYN that does not complete the handshake. */
  SYN_ACKNOWLEDGED(false),
  /** Each end has acknowledged the other's opening (TCP), or the cookie was acknowledged (SCTP). */
  HANDSHAKE_COMPLETE(false),
  /**
   * A segment one step ahead: it answers something that went through another member. It passes and
   * is counted.
   */
  AHEAD(false),
  /** A TCP FIN. */
  FIN(false),
  /** The acknowledgement of a TCP FIN. */
  FIN_ACKNOWLEDGED(false),
  /** A TCP RST. */
  RST(true),
  /** A session was picked up in mid-stream, or its other direction was seen for the first time. */
  PICKED_UP(false),
  /** The first packet of a UDP or other session. */
  FIRST_FORWARD(false),
  /** The second packet in the forward direction of a UDP or other session. */
  SECOND_FORWARD(false),
  /** The first packet in the reverse direction of a UDP or other session. */
  FIRST_REPLY(false),
  /** The second packet in the reverse direction of a UDP or other session. */
  SECOND_REPLY(false),
  /** The first ECHO-REQUEST of an ICMP session. */
  ECHO_REQUEST(false),
  /** The first ECHO-REPLY of an ICMP session. */
  ECHO_REPLY(false),
  /** The first request of another ICMP query. */
  QUERY(false),
  /** The first reply of another ICMP query. */
  QUERY_REPLY(false),
  /** An SCTP INIT that begins an association, or begins its handshake anew. */
  INIT(false),
  /** An SCTP INIT against the direction of the first. */
  INIT_CROSSED(false),
  /** An SCTP INIT on an established association: its sender has restarted. */
  RESTART(false),
  /** An SCTP INIT-ACK. */
  INIT_ACK(false),
  /** An SCTP COOKIE-ECHO. */
  COOKIE_ECHO(false),
  /** An SCTP COOKIE-ACK that does not complete the handshake, because another step was not seen. */
  COOKIE_ACK(false),
  /** An SCTP SHUTDOWN. */
  SHUTDOWN(false),
  /** An SCTP SHUTDOWN-ACK. */
  SHUTDOWN_ACK(false),
  /** An SCTP SHUTDOWN-COMPLETE. */
  SHUTDOWN_COMPLETE(true),
  /** An SCTP ABORT. */
  ABORT(true),

  /** An ALG changed the length of what it forwarded. */
  SEQUENCE_OFFSET(true),
  /** Time has passed, or a mode, a rule or a flag has changed: look again. */
  LOOK_AGAIN(false);

  private final boolean urgent;

  SessionEvent(boolean urgent) {
    this.urgent = urgent;
  }

  /**
   * Its update leaves at the end of the duty cycle also in normal mode: a peer that does not know
   * it would forward what must no longer pass, or with wrong sequence numbers. In quick mode every
   * change is urgent.
   */
  public boolean isUrgentInNormalMode() {
    return urgent;
  }
}
