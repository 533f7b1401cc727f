package io.understudy.transport;

/** What became of a frame given to {@link Link#send}. */
public enum SendResult {
  /** Queued; it arrives in order or the connection closes. */
  SENT,
  /** The transport's bounded buffer has no room; nothing was queued. {@link LinkListener#onWritable} says when to try again. */
  FULL,
  /** The connection is closed or finishing; nothing was queued. */
  CLOSED
}
