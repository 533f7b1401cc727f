package io.understudy.transport;

/**
 * What a transport tells a node.
 *
 * <p>Shape: no method has a default, so that whoever wraps a listener passes everything on.
 *
 * <p>Thread: every method is called on the duty cycle's thread, never from within {@link Link} or {@link Transport}
 * calls of the node (a close is reported after the call that caused it returned).
 */
public interface LinkListener {
  /**
   * What the clock says; called before the first of several calls that follow each other at once, so that what arrived between two
   * turns of the duty cycle is not dated too early.
   */
  void onTime(long nowNs);

  /** A connection is established in both directions; nothing was sent on it yet. */
  void onOpened(Link link);

  /**
   * One whole frame arrived.
   *
   * @param frame holds the frame from {@code offset}, valid only during the call
   */
  void onFrame(Link link, byte[] frame, int offset, int length);

  /** After {@link SendResult#FULL}: there is room again. */
  void onWritable(Link link);

  /**
   * A dial ended without a connection; another one follows.
   *
   * @param node the peer that was dialled
   * @param begunNs when the dial began, on the clock of {@link #onTime}
   * @param detail one line for the log, with the address
   */
  void onDialFailed(
      int node, int linkIndex, LinkKind kind, long begunNs, DialFailure why, String detail);

  /**
   * The connection ended; no call follows for it.
   *
   * @param detail one line for the log
   */
  void onClosed(Link link, CloseCause cause, String detail);

  /**
   * Nothing is turned or delivered any more: the listener or what the transport turns threw, whoever wraps it included, or the
   * transport was closed. Called once, before any socket closes; no call follows.
   *
   * @param cause what was thrown, or says that the transport was closed
   */
  void onFailed(Throwable cause);
}
