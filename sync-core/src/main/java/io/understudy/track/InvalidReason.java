package io.understudy.track;

/** How a packet contradicts its session. */
public enum InvalidReason {
  /** It does not. */
  NONE,
  /** TCP flags that no end sends together, or none at all. */
  TCP_FLAGS,
  /**
   * During the handshake: a TCP acknowledgement below the first sequence number it would have to
   * cover.
   */
  TCP_ACKNOWLEDGEMENT,
  /** During the handshake: a TCP reset with a sequence number before the connection's first. */
  TCP_SEQUENCE,
  /** On an open session: TCP numbers outside of the windows. */
  TCP_WINDOW,
  /** A SYN-ACK with another initial sequence number on an open session. */
  TCP_OTHER_ISN,
  /** The session was reset, aborted or shut down; only its end may be repeated. */
  SESSION_CLOSED,
  /** An SCTP verification tag that neither end announced. */
  SCTP_TAG,
  /** SCTP chunks that may not travel together, or none. */
  SCTP_BUNDLE,
  /** An SCTP handshake chunk whose predecessor cannot have been sent. */
  SCTP_ORDER
}
