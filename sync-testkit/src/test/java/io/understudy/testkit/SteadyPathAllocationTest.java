package io.understudy.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import io.understudy.model.Direction;
import io.understudy.model.IpProtocol;
import io.understudy.table.PublishResult;
import io.understudy.tables.session.SessionRecord;
import io.understudy.tables.session.SessionTable;
import java.lang.management.ManagementFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * From publish over drain, frame, merge and acknowledgement nothing is allocated for a record, on either side: this thread
 * turns both, and the JVM's counter of its allocations is read.
 */
class SteadyPathAllocationTest {
  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();
  private static final int SESSIONS = 50_000;

  /**
   * What turns (about 200 bytes each while their code is still interpreted) and heartbeats may claim for 1,000 records; one
   * object a record would be 16,000.
   */
  private static final long BYTES_PER_1000 = 64;

  private static MemoryPair pair;
  private static SessionRecord session;
  private static int policy;

  @BeforeAll
  static void warmPair() {
    pair = new MemoryPair(SessionTable.spec4(1 << 16, 1), SessionTable.spec6(1 << 16, 1));
    session = pair.ipv4(1).newRecord();
    for (int i = 0; i < 8; i++) {
      create();
      change();
      use();
      remove();
    }
  }

  @AfterEach
  void removeAll() {
    if (pair.ipv4(1).liveCount() > 0) {
      remove();
    }
  }

  @Test
  void newSessionsAndTheirEndsAllocateNothing() {
    assertBelowLimit(
        () -> {
          create();
          remove();
        });
  }

  @Test
  void stateUpdatesAllocateNothing() {
    create();

    assertBelowLimit(SteadyPathAllocationTest::change);
    assertEquals(SESSIONS, pair.ipv4(2).liveCount());
  }

  @Test
  void usageAllocatesNothing() {
    create();

    assertBelowLimit(SteadyPathAllocationTest::use);
  }

  private static void assertBelowLimit(Runnable records) {
    long thread = Thread.currentThread().getId();
    long before = THREADS.getThreadAllocatedBytes(thread);
    records.run();
    long allocated = THREADS.getThreadAllocatedBytes(thread) - before;
    assertTrue(
        allocated <= SESSIONS / 1_000 * BYTES_PER_1000,
        () -> allocated + " bytes were allocated for " + SESSIONS + " records");
  }

  private static void create() {
    for (int i = 0; i < SESSIONS; i++) {
      key(i).policy(i).zones(1, 2).timeoutClass(3).count(Direction.FORWARD, 1, 60);
      check(PublishResult.QUEUED, pair.ipv4(1).publish(session, MemoryPair.GROUP, 0, 0, now()));
    }
    pair.settle();
  }

  private static void change() {
    policy++;
    for (int i = 0; i < SESSIONS; i++) {
      key(i).policy(i + policy).zones(1, 2).timeoutClass(3);
      check(PublishResult.QUEUED, pair.ipv4(1).publish(session, MemoryPair.GROUP, 0, 0, now()));
    }
    pair.settle();
  }

  private static void use() {
    for (int i = 0; i < SESSIONS; i++) {
      key(i);
      if (!pair.ipv4(1).touch(session, Direction.REVERSE, 1, 1_400, now())) {
        throw new AssertionError("session " + i + " is gone");
      }
    }
    pair.settleUsage();
  }

  private static void remove() {
    for (int i = 0; i < SESSIONS; i++) {
      key(i);
      check(PublishResult.QUEUED, pair.ipv4(1).remove(session, 0, now()));
    }
    pair.settle();
  }

  private static void check(PublishResult expected, PublishResult actual) {
    if (actual != expected) {
      throw new AssertionError(actual + " instead of " + expected);
    }
  }

  private static SessionRecord key(int i) {
    return session.key4(0, IpProtocol.TCP, 0x0A000001 + i, 1_024 + i, 0x0B000001, 443);
  }

  private static long now() {
    return pair.nowNs();
  }
}
