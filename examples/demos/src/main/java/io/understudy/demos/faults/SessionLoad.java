package io.understudy.demos.faults;

import io.understudy.model.IpProtocol;
import io.understudy.table.HotTable;
import io.understudy.table.PublishResult;
import io.understudy.tables.session.SessionRecord;
import io.understudy.tables.session.SessionTable;
import io.understudy.track.SessionFacts;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.locks.LockSupport;

/**
 * What a member's dataplane does to its sessions: publish so many, end so many, or change, begin and end some of them at a rate.
 *
 * <p>Thread: {@link #run} is the load's own, the others that of the commands; each has its own records.
 */
final class SessionLoad {
  /** Sessions that the churn begins, changes and ends. */
  private static final int CHURNED = 20_000;

  private static final int CHURN_FROM = 10_000_000;
  private static final int CLOSE_FROM = 8_000_000;
  private static final long CLOSE_PACE_NS = 20_000;

  /** Sessions that are begun before the node is closed beside. */
  static final int BEFORE_CLOSE = 100;

  /** The session that {@link PacedChanges} changes. */
  static final int PACED = 9_999_999;

  private static final long TICK_NS = 1_000_000;

  private final SessionTable sessions;
  private volatile int rate;
  private volatile long operations;
  private volatile boolean isAtRest = true;

  SessionLoad(SessionTable sessions) {
    this.sessions = sessions;
  }

  String publish(int from, int count) {
    Map<PublishResult, Integer> results = new EnumMap<>(PublishResult.class);
    for (int n = from; n < from + count; n++) {
      results.merge(put(n, 1), 1, Integer::sum);
    }
    return "published " + results;
  }

  /** Begins a session every 20 us until the node publishes nothing any more. */
  void publishUntilClosed(int from, CountDownLatch begun) {
    int n = CLOSE_FROM + from;
    while (put(n++, 1) != PublishResult.CLOSED) {
      begun.countDown();
      LockSupport.parkNanos(CLOSE_PACE_NS);
    }
  }

  String end(int from, int count) {
    Map<PublishResult, Integer> results = new EnumMap<>(PublishResult.class);
    for (int n = from; n < from + count; n++) {
      results.merge(remove(n), 1, Integer::sum);
    }
    return "ended " + results;
  }

  /** So many operations a second from now on; at 0 it answers when the last is done. */
  String churn(int perSecond) {
    rate = perSecond;
    while (perSecond == 0 && !isAtRest) {
      LockSupport.parkNanos(TICK_NS);
    }
    return "churn " + operations;
  }

  long count() {
    return sessions.liveCount();
  }

  PublishResult put(int n, int version) {
    SessionRecord session = key(n);
    session.facts(new SessionFacts()).policy(version).zones(1, 2).timeoutClass(9);
    return sessions.publish(session, MemberProcess.GROUP, 0, HotTable.URGENT, System.nanoTime());
  }

  private PublishResult remove(int n) {
    return sessions.remove(key(n), HotTable.URGENT, System.nanoTime());
  }

  private SessionRecord key(int n) {
    return sessions
        .newRecord()
        .key4(0, IpProtocol.UDP, 0x0a000000 + n, 1_024 + n % 60_000, 0xc0000235, 53);
  }

  /** Works off the churn's rate, for ever. */
  void run() {
    long seed = 1;
    long doneNs = System.nanoTime();
    double due = 0;
    while (true) {
      LockSupport.parkNanos(TICK_NS);
      long nowNs = System.nanoTime();
      int now = rate;
      isAtRest = now == 0;
      due =
          now == 0
              ? 0
              : Math.min(
                  due + (nowNs - doneNs) * 1e-9 * now,
                  now / 5.0); // a stopped process does not catch up
      doneNs = nowNs;
      for (; due >= 1 && rate > 0; due--) {
        seed = seed * 6364136223846793005L + 1442695040888963407L;
        int n = CHURN_FROM + (int) Long.remainderUnsigned(seed >>> 20, CHURNED);
        if ((seed >>> 60 & 3) == 0) {
          remove(n);
        } else {
          put(n, (int) (seed >>> 40 & 0xFFFF) + 1);
        }
        operations++;
      }
    }
  }

  /** The number of sessions and a hash over what they are, whatever their order. */
  String hash() {
    long[] sum = new long[2];
    long cursor = 0;
    do {
      cursor =
          sessions.scan(
              cursor,
              4_096,
              sessions.newRecord(),
              session -> {
                long hash = session.originatorLow() * 31 + session.originatorPort();
                hash = mix(hash * 31 + session.policy());
                hash = mix(hash * 31 + session.generation());
                sum[0]++;
                sum[1] += mix(hash * 31 + session.creator());
              });
    } while (cursor != 0);
    return "hash " + sum[0] + " " + Long.toHexString(sum[1]);
  }

  private static long mix(long value) {
    long z = (value ^ value >>> 30) * 0xBF58476D1CE4E5B9L;
    z = (z ^ z >>> 27) * 0x94D049BB133111EBL;
    return z ^ z >>> 31;
  }
}
