package io.understudy.ha;

/**
 * Times of the role machine.
 *
 * @param intervalNs between two heartbeats
 * @param detectionNs D: silence of a holder that means failure
 * @param batchNs B: how long a packet batch acts on one answer
 * @param confirmNs C: how long all paths to a peer must be closed before that means that it ended
 * @param paths links to each peer
 * @param bootHoldNs how long a started member waits for members that may know more; no member's D is larger
 */
public record RoleSettings(
    long intervalNs, long detectionNs, long batchNs, long confirmNs, int paths, long bootHoldNs) {
  RightSettings right() {
    return new RightSettings(intervalNs, batchNs, confirmNs, bootHoldNs, 0);
  }
}
