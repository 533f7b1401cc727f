package io.understudy.replication;

/**
 * Keys of one peer's records that hash to another partition than the one named. Bytes that were damaged on the way do so once; what
 * does so again, on the next connection, is as the peer has it.
 *
 * <p>Shape: the hashes of at most {@value #MOST}, unordered; more are no accident, and are not waited for.
 *
 * <p>Thread: the duty cycle. Allocates nothing.
 */
final class Suspects {
  private static final int MOST = 64;

  private final long[] hashes = new long[MOST];
  private int count;

  /** The key is met for the first time, and is remembered. */
  boolean isFirst(long hash) {
    for (int i = 0; i < count; i++) {
      if (hashes[i] == hash) {
        return false;
      }
    }
    if (count == MOST) {
      return false;
    }
    hashes[count++] = hash;
    return true;
  }

  void clear() {
    count = 0;
  }
}
