package io.understudy.table;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

class GenerationClockTest {
  private final List<Long> stored = new ArrayList<>();

  @Test
  void noGenerationIsGivenBeforeABoundIsStored() {
    GenerationClock clock = new GenerationClock(0, 0, stored::add);

    assertEquals(0, clock.next());
    assertEquals(0, clock.last());
    assertEquals(List.of(), stored);
  }

  @Test
  void theBoundIsStoredAWholeBlockAhead() {
    GenerationClock clock = new GenerationClock(0, 0, stored::add);

    clock.extend();

    assertEquals(List.of(GenerationClock.BLOCK), stored);
    assertEquals(1, clock.next());
    assertEquals(2, clock.next());
    clock.extend();
    assertEquals(1, stored.size(), "half a block is still ahead");
  }

  /** Each peer's frame would have written to the disk that is full, and its clock been refused as one that makes this member store. */
  @Test
  void aStoreThatFailedIsAskedAgainByItsOwnerAlone() {
    int[] asked = {0};
    boolean[] isFull = {true};
    GenerationClock clock =
        new GenerationClock(
            0,
            bound -> {
              asked[0]++;
              return !isFull[0];
            },
            100);
    assertTrue(clock.wouldStore(70));
    clock.observe(70);
    assertEquals(1, asked[0]);

    assertFalse(clock.wouldStore(80));
    clock.observe(80);
    assertEquals(1, asked[0]);
    assertEquals(80, clock.last());
    assertEquals(0, clock.next(), "nothing is stored above it");

    isFull[0] = false;
    clock.extend();
    assertEquals(81, clock.next());
    assertTrue(clock.wouldStore(1_000));
  }

  /** Its peer began another life, far above: what is stored ahead here lasts for half a block of new sessions. */
  @Test
  void whatWasStoredAheadIsGivenThoughAnotherMemberIsBeyondAndTheStoreTakesNothing() {
    boolean[] isFull = {false};
    GenerationClock clock = new GenerationClock(0, bound -> !isFull[0], 100);
    clock.extend();
    isFull[0] = true;

    clock.hear(1_000);
    clock.extend();
    clock.hear(2_000);
    clock.extend();
    assertTrue(clock.next() > 0);
    assertEquals(2_000, clock.lastHeard());

    isFull[0] = false;
    clock.extend();
    assertEquals(2_001, clock.next());
  }

  @Test
  void aRestartBeginsAboveEverythingTheFormerLifeCouldHaveGiven() {
    GenerationClock before = new GenerationClock(0, 0, stored::add);
    before.extend();
    long given = before.next();

    GenerationClock after = new GenerationClock(stored.get(0), 0, stored::add);
    after.extend();

    assertTrue(after.next() > given);
    assertTrue(after.last() > GenerationClock.BLOCK);
  }

  @Test
  void observingMovesTheClockAboveWhatWasSeen() {
    GenerationClock clock = new GenerationClock(0, 0, stored::add);
    clock.extend();

    clock.observe(1_000);
    clock.observe(10);

    assertEquals(1_001, clock.next());
    assertEquals(1, stored.size());
  }

  @Test
  void aFarGenerationIsStoredBeforeItIsUsed() {
    List<Long> lastWhenStored = new ArrayList<>();
    GenerationClock[] clock = new GenerationClock[1];
    clock[0] =
        new GenerationClock(
            0,
            0,
            bound -> {
              stored.add(bound);
              lastWhenStored.add(clock[0].last());
              return true;
            });

    clock[0].observe(5 * GenerationClock.BLOCK);

    assertEquals(List.of(6 * GenerationClock.BLOCK), stored);
    assertEquals(List.of(0L), lastWhenStored);
    assertEquals(5 * GenerationClock.BLOCK + 1, clock[0].next());
  }

  @Test
  void aBoundThatCannotBeStoredIsNotUsedAndAskedForAgain() {
    boolean[] disk = {false};
    GenerationClock clock = new GenerationClock(0, 0, bound -> disk[0] && stored.add(bound));

    clock.extend();
    clock.observe(77);
    assertEquals(0, clock.next());

    disk[0] = true;
    clock.extend();
    assertEquals(78, clock.next());
    assertEquals(1, stored.size());
  }

  @Test
  void anExhaustedBoundAnswersZeroUntilItIsMoved() {
    GenerationClock clock = new GenerationClock(0, 0, stored::add);
    clock.extend();
    clock.observe(GenerationClock.BLOCK / 2); // just not far enough to move the bound
    assertEquals(1, stored.size());
    GenerationClock restarted = new GenerationClock(GenerationClock.BLOCK, 0, stored::add);

    assertEquals(0, restarted.next());
    assertEquals(0, restarted.next());
    assertEquals(GenerationClock.BLOCK, restarted.last(), "asking does not move it");

    restarted.extend();
    assertEquals(GenerationClock.BLOCK + 1, restarted.next());
  }

  /** The duty cycle moves the bound again and again while others ask beyond it. */
  @Test
  void threadsNeverGetTheSameGeneration() throws InterruptedException {
    int threads = 3;
    int each = 10_000;
    GenerationClock clock =
        new GenerationClock(0, bound -> true, 64); // so that it is used up often
    long[][] given = new long[threads][each];
    CountDownLatch start = new CountDownLatch(1);
    List<Thread> running = new ArrayList<>();
    for (int t = 0; t < threads; t++) {
      long[] mine = given[t];
      Thread thread =
          new Thread(
              () -> {
                await(start);
                for (int i = 0; i < each; ) {
                  long generation = clock.next();
                  if (generation != 0) {
                    mine[i++] = generation;
                  }
                }
              });
      thread.start();
      running.add(thread);
    }
    start.countDown();
    while (running.get(0).isAlive() || running.get(1).isAlive() || running.get(2).isAlive()) {
      clock.observe(clock.last() + 3);
      clock.extend();
    }
    for (Thread thread : running) {
      thread.join();
    }

    long[] all = Arrays.stream(given).flatMapToLong(Arrays::stream).sorted().toArray();
    for (int i = 1; i < all.length; i++) {
      assertTrue(all[i] > all[i - 1], "generation " + all[i] + " was given twice");
    }
    for (long[] mine : given) {
      for (int i = 1; i < each; i++) {
        assertTrue(mine[i] > mine[i - 1]);
      }
    }
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  /** A store was lost, or an old copy put back: seed 23007257. */
  @Test
  void twoLivesFromOneBoundGiveNoGenerationTwice() {
    GenerationClock first =
        new GenerationClock(7 * GenerationClock.BLOCK, 0x1234_5678_9abc_def0L, stored::add);
    GenerationClock second = new GenerationClock(7 * GenerationClock.BLOCK, -1L, stored::add);
    first.extend();
    second.extend();

    long[] ofFirst = {first.next(), first.next()};
    long ofSecond = second.next();

    assertTrue(ofFirst[0] > 7 * GenerationClock.BLOCK);
    assertEquals(ofFirst[0] + 1, ofFirst[1]);
    assertTrue(Math.abs(ofSecond - ofFirst[0]) > 1L << 30);
    assertFalse(first.wouldStore(ofSecond));
  }

  @Test
  void inTheUpperHalfNothingIsSkipped() {
    long bound = 1L << 61;
    GenerationClock clock = new GenerationClock(bound, -1L, stored::add);
    clock.extend();

    assertEquals(bound + 1, clock.next());
  }

  @Test
  void whatIsOnlyHeardIsStoredWithTheNextUpkeep() {
    List<Long> stored = new ArrayList<>();
    GenerationClock clock = new GenerationClock(0, 0, stored::add);
    clock.extend();

    for (int i = 2; i <= 9; i++) {
      clock.hear(i * GenerationClock.BLOCK);
    }
    assertEquals(List.of(GenerationClock.BLOCK), stored);
    assertEquals(1, clock.next());
    assertEquals(9 * GenerationClock.BLOCK, clock.lastHeard());

    clock.extend();
    assertEquals(List.of(GenerationClock.BLOCK, 10 * GenerationClock.BLOCK), stored);
    assertEquals(9 * GenerationClock.BLOCK + 1, clock.next());
  }

  @Test
  void whatIsHeardBelowTheStoredBoundCountsAtOnce() {
    GenerationClock clock = new GenerationClock(0, 0, bound -> true);
    clock.extend();
    clock.hear(70);
    assertEquals(71, clock.next());
  }
}
