package io.understudy.table;

/**
 * The keyed hash of table keys: SipHash-1-3 over whole 64-bit words.
 *
 * <p>Whoever does not know the cluster's hash key cannot choose packets whose sessions meet in one partition or probe
 * chain.
 *
 * <p>Thread: any; allocates nothing.
 *
 * <p>Source: Aumasson, Bernstein, "SipHash: a fast short-input PRF" (2012); the word count takes the place of the byte
 * length in the last block, since every key is whole words.
 */
final class SipHash {
  private SipHash() {}

  static long hash(long k0, long k1, long[] words, int from, int count) {
    long v0 = k0 ^ 0x736f6d6570736575L;
    long v1 = k1 ^ 0x646f72616e646f6dL;
    long v2 = k0 ^ 0x6c7967656e657261L;
    long v3 = k1 ^ 0x7465646279746573L;
    for (int i = 0; i <= count; i++) {
      long m = i < count ? words[from + i] : (long) count << 59;
      v3 ^= m;
      v0 += v1;
      v2 += v3;
      v1 = Long.rotateLeft(v1, 13) ^ v0;
      v3 = Long.rotateLeft(v3, 16) ^ v2;
      v0 = Long.rotateLeft(v0, 32);
      v2 += v1;
      v0 += v3;
      v1 = Long.rotateLeft(v1, 17) ^ v2;
      v3 = Long.rotateLeft(v3, 21) ^ v0;
      v2 = Long.rotateLeft(v2, 32);
      v0 ^= m;
    }
    v2 ^= 0xff;
    for (int i = 0; i < 3; i++) {
      v0 += v1;
      v2 += v3;
      v1 = Long.rotateLeft(v1, 13) ^ v0;
      v3 = Long.rotateLeft(v3, 16) ^ v2;
      v0 = Long.rotateLeft(v0, 32);
      v2 += v1;
      v0 += v3;
      v1 = Long.rotateLeft(v1, 17) ^ v2;
      v3 = Long.rotateLeft(v3, 21) ^ v0;
      v2 = Long.rotateLeft(v2, 32);
    }
    return v0 ^ v1 ^ v2 ^ v3;
  }
}
