package io.understudy.backup;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Map;
import org.junit.jupiter.api.Test;

class BackupCountersTest {
  private static final int ICMP = BackupReason.MODE_NORMAL_ICMP.code();
  private static final int HANDSHAKE = BackupReason.HANDSHAKE_INCOMPLETE.code();

  private final BackupCounters counters = new BackupCounters();

  @Test
  void keptBackIsAGauge() {
    counters.begin(HANDSHAKE);
    counters.begin(HANDSHAKE);
    counters.begin(ICMP);
    counters.change(HANDSHAKE, 0);

    assertEquals(1, counters.keptBack(BackupReason.HANDSHAKE_INCOMPLETE));
    assertEquals(1, counters.backedUp());

    counters.end(HANDSHAKE);
    counters.end(0);

    assertEquals(Map.of(BackupReason.MODE_NORMAL_ICMP, 1L), counters.keptBack());
    assertEquals(Map.of(BackupReason.HANDSHAKE_INCOMPLETE, 1L), counters.ended());
    assertEquals(1, counters.ended(BackupReason.HANDSHAKE_INCOMPLETE));
    assertEquals(0, counters.backedUp());
  }

  @Test
  void sameAnswerAgainChangesNothing() {
    counters.begin(ICMP);

    counters.change(ICMP, ICMP);

    assertEquals(1, counters.keptBack(BackupReason.MODE_NORMAL_ICMP));
  }

  @Test
  void sumOfAllIsTheNumberOfSessions() {
    for (int code = 0; code <= BackupReason.values().length; code++) {
      counters.begin(code);
    }

    long kept = counters.keptBack().values().stream().mapToLong(Long::longValue).sum();

    assertEquals(BackupReason.values().length + 1, kept + counters.backedUp());
  }
}
