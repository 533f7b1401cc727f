package io.understudy.delta;

/** Somebody who has records for a frame beside the live changes: the bulk's walk. Thread: the duty cycle. */
public interface FrameFiller {
  /**
   * Adds what fits.
   *
   * @return how many records or marks were added
   */
  int fill(OutFrame frame, long nowNs);

  /** There is something to add now. */
  boolean hasMore();
}
