package io.understudy.transport.netty;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class ReconnectTest {
  private static final long MS = 1_000_000;
  private static final Duration MIN = Duration.ofMillis(10);
  private static final Duration MAX = Duration.ofMillis(100);

  @Test
  void waitDoublesUpToTheLimit() {
    Reconnect reconnect = new Reconnect(MIN, MAX, () -> 0);

    long[] waits = new long[7];
    for (int i = 0; i < waits.length; i++) {
      waits[i] = reconnect.nextDelayNs() / MS;
    }

    assertEquals("[5, 10, 20, 40, 50, 50, 50]", Arrays.toString(waits));
  }

  @Test
  void chanceGivesBetweenHalfAndAll() {
    SplittableRandom random = new SplittableRandom(1);
    Reconnect reconnect = new Reconnect(MAX, MAX, random::nextLong);
    long least = Long.MAX_VALUE;
    long most = 0;

    for (int i = 0; i < 1000; i++) {
      long waitNs = reconnect.nextDelayNs();
      least = Math.min(least, waitNs);
      most = Math.max(most, waitNs);
    }

    assertTrue(least >= 50 * MS && least < 51 * MS, "least " + least);
    assertTrue(most <= 100 * MS && most > 99 * MS, "most " + most);
  }

  @Test
  void firstDialAfterAnEstablishedConnectionDoesNotWait() {
    Reconnect reconnect = new Reconnect(MIN, MAX, () -> 0);
    reconnect.nextDelayNs();
    reconnect.nextDelayNs();

    reconnect.establishedEnded(0);

    assertEquals(0, reconnect.nextDelayNs());
    assertEquals(5, reconnect.nextDelayNs() / MS);
    assertEquals(10, reconnect.nextDelayNs() / MS);
  }

  @Test
  void connectionsThatEndSoonAfterEachOtherAreDialledLikeFailedOnes() {
    Reconnect reconnect = new Reconnect(MIN, MAX, () -> 0);
    reconnect.establishedEnded(0);
    reconnect.nextDelayNs();

    reconnect.establishedEnded(99 * MS);
    assertEquals(5, reconnect.nextDelayNs() / MS);
    reconnect.establishedEnded(99 * MS);
    assertEquals(10, reconnect.nextDelayNs() / MS);
    reconnect.establishedEnded(100 * MS);
    assertEquals(0, reconnect.nextDelayNs());
  }
}
