package io.understudy.demos.replay;

/**
 * Two members joined by a link, ready to be used: member a holds group 1, and each has what the other one has.
 *
 * <p>Thread: the one that feeds the packets.
 */
interface Pair extends AutoCloseable {
  /** How long {@link #settle} waits: 2 s. */
  long SETTLE_LIMIT_NS = 2_000_000_000L;

  Member a();

  Member b();

  /** The clock of both nodes. */
  long nowNs();

  /** The capture's clock stands at this time stamp now. */
  void advanceTo(long captureNs);

  /** A packet was handled by the member. */
  void handled(Member member);

  /**
   * Waits until the peer has acknowledged every create, state change and delete that the member published, at most {@link
   * #SETTLE_LIMIT_NS}.
   *
   * @return false: the limit passed
   */
  boolean settle(Member from);

  /** Lets time pass until nothing waits any more, then until both know all of the other's usage too. */
  boolean finish();

  /**
   * Ends member a's process as it stands.
   *
   * @param settle first wait until nothing is unacknowledged
   * @return how many of its entries the peer had not acknowledged
   */
  long cutOff(boolean settle);

  /** Waits until member b holds the group. */
  boolean awaitTakeover();

  @Override
  void close();
}
