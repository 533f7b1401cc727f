package io.understudy.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.understudy.metrics.Accounting;
import io.understudy.model.Direction;
import io.understudy.model.IpProtocol;
import io.understudy.table.HotTable;
import io.understudy.tables.session.SessionRecord;
import io.understudy.tables.session.SessionTable;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;

/** Every entry is in one state towards a peer, also while threads publish (promise P2). */
class AccountingTest {
  private static final int THREADS = 8;
  private static final int CALLS = 300;
  private static final int SESSIONS_EACH = 2_500;

  private final MemoryPair pair = new MemoryPair(SessionTable.spec4(1 << 15, 1));
  private final SessionTable table = pair.ipv4(1);
  private final AtomicBoolean isOver = new AtomicBoolean();
  private final AtomicLong operations = new AtomicLong();

  @Test
  void itClosesBesidePublishingThreadsToWithinWhatIsUnderWay() throws InterruptedException {
    Thread[] threads = new Thread[THREADS];
    for (int i = 0; i < THREADS; i++) {
      int first = i * SESSIONS_EACH;
      for (int session = 0; session < SESSIONS_EACH; session += 2) {
        publish(table.newRecord(), first + session);
      }
      threads[i] = new Thread(() -> publishAndEnd(first));
      threads[i].start();
    }

    int closed = 0;
    int beside = 0;
    for (int call = 0; call < CALLS; call++) {
      pair.turnActive();
      pair.turnStandby();
      long before = operations.get();
      Accounting accounting = pair.node(1).accounting(2);
      long during = operations.get() - before;
      beside += during > 0 ? 1 : 0;
      closed += accounting.isClosed() ? 1 : 0;
      assertTrue(
          accounting.underWay() <= during + THREADS,
          accounting.underWay() + " of " + during + " operations are under way");
    }
    isOver.set(true);
    for (Thread thread : threads) {
      thread.join();
    }

    assertEquals(CALLS, closed);
    assertTrue(beside > CALLS / 2, "only " + beside + " of the calls had operations beside them");
    Accounting quiet = pair.node(1).accounting(2);
    assertEquals(0, quiet.underWay());
    assertTrue(quiet.isClosed());
    assertEquals(table.liveCount(), quiet.live());
  }

  private void publishAndEnd(int first) {
    SessionRecord record = table.newRecord();
    for (int i = 0; !isOver.get(); i = (i + 7) % SESSIONS_EACH) {
      key(record, first + i);
      if (table.lookup(record)) {
        table.remove(record, 0, pair.nowNs());
      } else {
        publish(record, first + i);
      }
      if (operations.incrementAndGet() % THREADS == 0) {
        LockSupport.parkNanos(10_000); // or the walk waits for a processor most of the time
      }
    }
  }

  private void publish(SessionRecord record, int session) {
    key(record, session).count(Direction.FORWARD, 1, 60);
    table.publish(record, MemoryPair.GROUP, 0, HotTable.URGENT, pair.nowNs());
  }

  private static SessionRecord key(SessionRecord record, int session) {
    return record.key4(0, IpProtocol.UDP, 0x0A000000 + session, 1_024, 0xC0A80001, 53);
  }
}
