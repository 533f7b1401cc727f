package io.understudy.transport;

import java.util.Set;
import java.util.concurrent.Executor;

/**
 * Makes and keeps connections: for each link to each peer one for heartbeats and one for data. Every member listens and
 * dials on every link, as long as none of a peer, link and kind is {@link Link#establish established}: again and again with
 * back-off, and at once when an established one has ended. So two members may dial each other at the same time; which of two
 * connections stays is the nodes' to decide.
 *
 * <p>Thread: the duty cycle's.
 */
public interface Transport extends AutoCloseable {
  /** Where the node's listener is called unless the node was given another executor; a task in it may block, and nothing else waits. */
  Executor callbacks();

  /** The member whose end it is. */
  int node();

  /** The members that it keeps connections to. */
  Set<Integer> peers();

  /** On how many links it keeps connections to this member; 0: it does not know it. */
  int linksTo(int node);

  /**
   * Starts listening and dialling.
   *
   * @throws IllegalStateException it was started or closed before: a transport serves one life of one node
   */
  void start(LinkListener listener);

  /**
   * A time such that everything that had reached this machine before it was delivered, never later than now; the node judges
   * the silence of its peers by it. When the answer lies far back the transport polls again without waiting. A closed
   * transport answers what it answered last.
   */
  long drainedBeforeNs();

  /**
   * Tells the listener ({@link LinkListener#onFailed}), then closes every socket at once, the listening ones too; no listener call follows.
   * A second call does nothing.
   */
  @Override
  void close();
}
