package io.understudy.transport;

/** What a connection is for. */
public enum LinkKind {
  /** Proof of life and roles; never carries entries. */
  HEARTBEAT,
  /** The streams. */
  DATA
}
