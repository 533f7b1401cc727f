package io.understudy.table;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** One live entry at a time has a binding, of those that are published here. */
class BindingTakenTest {
  private static final long NOW = 9_000_000_000L;
  private static final long BINDING = 0xCB00_7101_0400L;

  private final TestTable t = new TestTable(4_096);

  @Test
  void theSecondEntryWithABindingIsRefusedAndNothingChanges() {
    assertEquals(PublishResult.QUEUED, publish(1, BINDING, 0));

    assertEquals(PublishResult.BINDING_TAKEN, publish(2, BINDING, 0));

    assertNull(t.lookup(2));
    assertEquals(1, t.table.liveCount());
    assertEquals(1, t.lookupBinding(BINDING)[TestTable.KEY]);
  }

  @Test
  void anEntryThatGetsTheBindingOfAnotherIsRefusedAsItWas() {
    publish(1, BINDING, 0);
    publish(2, BINDING + 1, 0);
    long[] before = t.lookup(2);

    assertEquals(PublishResult.BINDING_TAKEN, publish(2, BINDING, 0));

    assertArrayEquals(before, t.lookup(2));
    assertEquals(PublishResult.QUEUED, publish(3, 0, 0));
    assertEquals(PublishResult.BINDING_TAKEN, publish(3, BINDING, 0));
  }

  @Test
  void itsOwnBindingIsNobodyElses() {
    publish(1, BINDING, 0);

    assertEquals(PublishResult.STORED, publish(1, BINDING, 0));
    assertEquals(PublishResult.QUEUED, publish(1, BINDING, HotTable.NEW_GENERATION));
    assertEquals(PublishResult.ABSORBED, publish(1, BINDING + 1, 0));
    assertEquals(PublishResult.QUEUED, publish(2, BINDING, 0));
  }

  @Test
  void aBindingIsFreeWhenItsEntryEnds() {
    publish(1, BINDING, 0);
    t.debts.deliver(t.table); // a tombstone stays
    t.table.remove(t.record(1), 0, NOW);

    assertEquals(PublishResult.QUEUED, publish(2, BINDING, 0));
    assertNotNull(t.lookup(2));
  }

  @Test
  void entriesWithoutABindingAreNoneOfAnothersBusiness() {
    for (int key = 0; key < 100; key++) {
      assertEquals(PublishResult.QUEUED, publish(key, 0, 0));
    }
  }

  @Test
  void ofThreadsThatTakeOneBindingAtOnceOneGetsIt() throws InterruptedException {
    int threads = 4;
    int rounds = 500;
    AtomicInteger[] queued = new AtomicInteger[rounds];
    for (int i = 0; i < rounds; i++) {
      queued[i] = new AtomicInteger();
    }
    CountDownLatch ready = new CountDownLatch(threads);
    Thread[] publishing = new Thread[threads];
    for (int i = 0; i < threads; i++) {
      int thread = i;
      publishing[i] =
          new Thread(
              () -> {
                ready.countDown();
                while (ready.getCount() > 0) {
                  Thread.onSpinWait();
                }
                for (int round = 0; round < rounds; round++) {
                  long key = 1_000L + (long) round * threads + thread;
                  boolean got = publish(key, BINDING + round, 0) == PublishResult.QUEUED;
                  queued[round].addAndGet(got ? 1 : 0);
                }
              });
      publishing[i].start();
    }
    for (Thread thread : publishing) {
      thread.join();
    }

    for (AtomicInteger got : queued) {
      assertEquals(1, got.get());
    }
  }

  private PublishResult publish(long key, long binding, int options) {
    return t.table.publish(t.record(key, 1, 0, binding), 1, 0, options, NOW);
  }
}
