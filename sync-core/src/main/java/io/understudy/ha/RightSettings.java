package io.understudy.ha;

/**
 * Times of the right to decide.
 *
 * @param intervalNs between two heartbeats
 * @param batchNs how long a packet batch acts on one answer
 * @param confirmNs how long all paths must be closed before that means anything
 * @param largestDetectionNs the largest claim time of the cluster: what counts before a member said its own
 * @param leastMarginNs the margin is a quarter of the claim time, and never less than this
 */
record RightSettings(
    long intervalNs, long batchNs, long confirmNs, long largestDetectionNs, long leastMarginNs) {
  /** What a heartbeat may take, twice: the part of a claim time in which its holder decides no more. */
  long marginNs(long detectionNs) {
    return Math.max(leastMarginNs, detectionNs / 4);
  }

  /** How long a right lasts from the number that gives it. */
  long rightNs(long detectionNs) {
    return detectionNs - marginNs(detectionNs);
  }
}
