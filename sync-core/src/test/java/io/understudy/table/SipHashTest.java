package io.understudy.table;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Random;
import org.junit.jupiter.api.Test;

class SipHashTest {
  private static final long K0 = 0x0706050403020100L;
  private static final long K1 = 0x0f0e0d0c0b0a0908L;

  @Test
  void theReferenceOfThisTestGivesTheVectorOfThePaper() {
    byte[] message = new byte[15];
    for (int i = 0; i < message.length; i++) {
      message[i] = (byte) i;
    }

    assertEquals(0xa129ca6149be45e5L, reference(2, 4, K0, K1, message));
  }

  @Test
  void wordsHashAsTheirLittleEndianBytesDo() {
    Random random = new Random(4101);
    for (int i = 0; i < 500; i++) {
      int count = i % 9;
      long[] words = random.longs(count + 3).toArray();
      long k0 = random.nextLong();
      long k1 = random.nextLong();

      ByteBuffer bytes = ByteBuffer.allocate(8 * count).order(ByteOrder.LITTLE_ENDIAN);
      for (int word = 0; word < count; word++) {
        bytes.putLong(words[2 + word]);
      }

      assertEquals(
          reference(1, 3, k0, k1, bytes.array()),
          SipHash.hash(k0, k1, words, 2, count),
          "run " + i);
    }
  }

  @Test
  void fixedVectorsStayWhatTheyAre() {
    long[] words = {0x0706050403020100L, 0x0f0e0d0c0b0a0908L, 0x1716151413121110L};

    assertEquals(0xabac0158050fc4dcL, SipHash.hash(K0, K1, words, 0, 0));
    assertEquals(0x369095118d299a8eL, SipHash.hash(K0, K1, words, 0, 1));
    assertEquals(0xf464aeb267349c8cL, SipHash.hash(K0, K1, words, 0, 3));
  }

  @Test
  void anotherKeyGivesAnotherHash() {
    long[] words = {1, 2};

    assertNotEquals(SipHash.hash(1, 2, words, 0, 2), SipHash.hash(1, 3, words, 0, 2));
    assertNotEquals(SipHash.hash(1, 2, words, 0, 2), SipHash.hash(2, 2, words, 0, 2));
    assertNotEquals(SipHash.hash(1, 2, words, 0, 2), SipHash.hash(1, 2, words, 0, 1));
  }

  /** Addresses one after the other, ports one after the other, one bit set: what an attacker or a scan would send. */
  @Test
  void keysInSequenceSpreadEvenlyOverThePartitions() {
    for (int pattern = 0; pattern < 4; pattern++) {
      int keys = 64 * HotTable.PARTITIONS;
      int[] counts = new int[HotTable.PARTITIONS];
      int[] chains = new int[1 << 16];
      for (int i = 0; i < keys; i++) {
        long hash = SipHash.hash(K0, K1, key(pattern, i), 0, 2);
        counts[HotTable.partitionOf(hash)]++;
        chains[(int) hash & chains.length - 1]++;
      }

      double expected = 64;
      double chiSquare = 0;
      for (int count : counts) {
        chiSquare += (count - expected) * (count - expected) / expected;
      }
      // 255 degrees of freedom: mean 255, standard deviation 22.6
      assertTrue(chiSquare < 255 + 6 * 22.6, "pattern " + pattern + ": chi square " + chiSquare);
      int longest = 0;
      for (int chain : chains) {
        longest = Math.max(longest, chain);
      }
      assertTrue(longest <= 8, "pattern " + pattern + ": " + longest + " keys at one place");
    }
  }

  private static long[] key(int pattern, int i) {
    return switch (pattern) {
      case 0 -> new long[] {0x0A000000_00000000L + ((long) i << 32) | 0x0B000001, 443L << 32};
      case 1 -> new long[] {0x0A000001_0B000001L, (long) i << 48 | 443L << 32};
      case 2 -> new long[] {(long) i << 50, 0};
      default -> new long[] {i, ~(long) i};
    };
  }

  /** SipHash-c-d over bytes, written from the paper, without looking at the class under test. */
  private static long reference(int c, int d, long k0, long k1, byte[] message) {
    long[] v = {
      k0 ^ 0x736f6d6570736575L,
      k1 ^ 0x646f72616e646f6dL,
      k0 ^ 0x6c7967656e657261L,
      k1 ^ 0x7465646279746573L
    };
    int blocks = message.length / 8;
    for (int block = 0; block <= blocks; block++) {
      long m = 0;
      for (int i = 0; i < 8 && block * 8 + i < message.length; i++) {
        m |= (message[block * 8 + i] & 0xFFL) << 8 * i;
      }
      if (block == blocks) {
        m |= (message.length & 0xFFL) << 56;
      }
      v[3] ^= m;
      rounds(v, c);
      v[0] ^= m;
    }
    v[2] ^= 0xFF;
    rounds(v, d);
    return v[0] ^ v[1] ^ v[2] ^ v[3];
  }

  private static void rounds(long[] v, int count) {
    for (int i = 0; i < count; i++) {
      v[0] += v[1];
      v[1] = Long.rotateLeft(v[1], 13);
      v[1] ^= v[0];
      v[0] = Long.rotateLeft(v[0], 32);
      v[2] += v[3];
      v[3] = Long.rotateLeft(v[3], 16);
      v[3] ^= v[2];
      v[0] += v[3];
      v[3] = Long.rotateLeft(v[3], 21);
      v[3] ^= v[0];
      v[2] += v[1];
      v[1] = Long.rotateLeft(v[1], 17);
      v[1] ^= v[2];
      v[2] = Long.rotateLeft(v[2], 32);
    }
  }
}
