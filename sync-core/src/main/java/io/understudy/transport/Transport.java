package io.understudy.transport;

/**
 * Makes and keeps connections: for each link to each peer one for heartbeats and one for data, dialled again with
 * back-off as long as the transport is open. Of two members the one with the lower node id dials, the other listens.
 *
 * <p>Thread: the duty cycle's.
 */
public interface Transport extends AutoCloseable {
  /** On how many links it keeps connections to this member; 0: it does not know it. */
  int linksTo(int node);

  /** Starts listening and dialling. Called once. */
  void start(LinkListener listener);

  /**
   * True while bytes that have reached this machine may not have been delivered yet. After a pause of the process the
   * node asks this before it trusts what it knows of its peers.
   */
  boolean hasUnread();

  /** Closes every connection and stops listening; no listener call follows. */
  @Override
  void close();
}
