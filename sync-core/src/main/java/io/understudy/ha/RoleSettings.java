package io.understudy.ha;

/**
 * Times of the role machine.
 *
 * @param intervalNs between two heartbeats
 * @param missesAllowed heartbeats that may go missing on all of two or more paths; on a single path twice as many
 * @param paths links to each peer
 * @param bootHoldNs how long a started member waits for members that may know more
 */
public record RoleSettings(long intervalNs, int missesAllowed, int paths, long bootHoldNs) {
  /** A holder stops deciding this much before its peers could have taken over. */
  static final long FENCE_MARGIN_NS = 50_000_000;

  /** Silence that means failure. */
  public long detectionNs() {
    return intervalNs * missesAllowed * (paths > 1 ? 1 : 2);
  }

  /** How long a holder may decide after its last turn. */
  public long decideNs() {
    return Math.max(intervalNs, detectionNs() - FENCE_MARGIN_NS);
  }
}
