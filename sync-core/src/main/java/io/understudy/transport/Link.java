package io.understudy.transport;

/**
 * One connection to a peer, as a transport provides it. A *link* (an address pair) has two of them: one for heartbeats
 * and one for data.
 *
 * <p>Thread: the duty cycle's, for every method.
 */
public interface Link {
  /** Number of the address pair, from 0 in the order of configuration. */
  int index();

  LinkKind kind();

  /** Names this connection in logs and is unique in this process. */
  long id();

  /** The member at the other end if this side dialled it, otherwise 0: that one dialled, and only HELLO tells who it is. */
  int dialledNode();

  /**
   * Whether the other end has the address that this side has for the member on this link (its host; ports of those who dial are
   * any).
   *
   * @param node any number that somebody said; what is no peer of this link has no address
   */
  boolean isAtAddressOf(int node);

  /**
   * Queues one whole frame for sending, without its length prefix; the bytes are copied before the call returns.
   *
   * @param length 1 to 65536
   */
  SendResult send(byte[] frame, int offset, int length);

  /**
   * Gives everything that was queued to the kernel now, and says whether it took it. Allocates nothing. Without this call what
   * is queued is given to the kernel at the end of the turn.
   */
  FlushResult flush();

  /**
   * The node agreed with the peer on this connection. From now on until it closes the transport does not dial this peer, link
   * and kind, gives up dials of it that did not come to a connection yet, and closes it for no other one. Once is enough.
   */
  void establish();

  /**
   * The node does not agree with the peer on this connection, and goes on with it: from now on the transport closes it for no other
   * one. Dials go on as before. Once is enough.
   */
  void keep();

  /**
   * Closes after everything that has already arrived was delivered: frames that the peer sent and that reached this
   * machine still come by {@link LinkListener#onFrame}, then {@link LinkListener#onClosed} follows. Nothing more can be
   * sent.
   */
  void finish();

  /** Closes at once; what was not delivered is lost. {@link LinkListener#onClosed} follows with {@link CloseCause#LOCAL}. */
  void close();
}
