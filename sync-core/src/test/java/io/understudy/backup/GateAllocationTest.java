package io.understudy.backup;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.sun.management.ThreadMXBean;
import io.understudy.track.SessionEvent;
import io.understudy.track.TcpState;
import java.lang.management.ManagementFactory;
import org.junit.jupiter.api.Test;

class GateAllocationTest {
  private static final int ROUNDS = 20_000;

  private final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
  private final BackupGate gate =
      new BackupGate(
          BackupConfig.builder()
              .rule(BackupRule.any(BackupPolicy.NEVER).forPort(25))
              .rule(BackupRule.any(BackupPolicy.QUICK).forVsys(3))
              .build());
  private final BackupQuestion question = new BackupQuestion();
  private final BackupCounters counters = new BackupCounters();
  private long sum;

  @Test
  void decidingAllocatesNothing() {
    run();

    long before = threads.getCurrentThreadAllocatedBytes();
    run();
    long allocated = threads.getCurrentThreadAllocatedBytes() - before;

    assertEquals(0, allocated / ROUNDS, "bytes per decision: " + allocated + " in all, " + sum);
  }

  private void run() {
    for (int i = 0; i < ROUNDS; i++) {
      question
          .session(6, 1, i & 3, i & 63)
          .change(TcpState.SYN_RECV, SessionEvent.HANDSHAKE_COMPLETE, TcpState.ESTABLISHED)
          .usage(i, i)
          .flags(i & 0x1FF);
      long decision = gate.decide(question);
      counters.begin(BackupDecision.reasonCode(decision));
      counters.end(BackupDecision.reasonCode(decision));
      sum += BackupDecision.answer(decision).ordinal() + BackupDecision.lookAgainNs(decision);
    }
  }
}
