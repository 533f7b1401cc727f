package io.understudy.track;

import static io.understudy.model.Direction.FORWARD;
import static io.understudy.model.Direction.REVERSE;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.understudy.model.Direction;
import org.junit.jupiter.api.Test;

class TcpWindowTest {
  private static final int F = 1_000;
  private static final int R = 5_000;
  private static final int WINDOW = 10_000;
  private static final long SECOND = 1_000_000_000L;

  private final TcpWindow window = new TcpWindow();
  private final PacketView packet = new PacketView();
  private final SessionFacts facts = new SessionFacts();

  @Test
  void dataInsideTheWindowPasses() {
    open();

    assertEquals(WindowCheck.INSIDE, data(FORWARD, F + 1, R + 1, 1_000));
    assertEquals(WindowCheck.INSIDE, data(FORWARD, F + 1_001, R + 1, 1_000));
    assertEquals(WindowCheck.INSIDE, data(REVERSE, R + 1, F + 2_001, 500));
    assertEquals(WindowCheck.INSIDE, data(FORWARD, F + 1, R + 1, 1_000)); // again
    assertEquals(F + 2_001, window.hint(FORWARD));
  }

  @Test
  void dataBeyondWhatTheOtherEndAllowedIsRefused() {
    open();

    assertEquals(WindowCheck.DATA_BEYOND, data(FORWARD, F + 2 + WINDOW, R + 1, 1));
    assertEquals(WindowCheck.INSIDE, data(FORWARD, F + 1 + WINDOW, R + 1, 1)); // a probe
    assertFalse(WindowCheck.DATA_BEYOND.isGood());
  }

  @Test
  void dataOlderThanAWindowIsRefused() {
    open();
    for (int sent = 0; sent < 1_000_000; sent += WINDOW) {
      data(FORWARD, F + 1 + sent, R + 1, WINDOW);
      ack(REVERSE, R + 1, F + 1 + sent + WINDOW);
    }

    assertEquals(WindowCheck.DATA_BEFORE, data(FORWARD, F + 1, R + 1, 100));
  }

  @Test
  void acknowledgementOfWhatWasNotSentIsRefused() {
    open();

    assertEquals(WindowCheck.ACK_BEYOND, ack(REVERSE, R + 1, F + 2));
    assertEquals(WindowCheck.INSIDE, ack(REVERSE, R + 1, F + 1));
  }

  @Test
  void acknowledgementFarBehindIsRefused() {
    open();
    for (int sent = 0; sent < 1_000_000; sent += WINDOW) {
      data(FORWARD, F + 1 + sent, R + 1, WINDOW);
      ack(REVERSE, R + 1, F + 1 + sent + WINDOW);
    }

    assertEquals(WindowCheck.ACK_BEFORE, ack(REVERSE, R + 1, F + 1));
  }

  @Test
  void refusedSegmentMovesNothing() {
    open();
    int before = window.hint(FORWARD);

    data(FORWARD, F + 500_000, R + 1, 1_000);

    assertEquals(before, window.hint(FORWARD));
    assertEquals(WindowCheck.INSIDE, data(FORWARD, F + 1, R + 1, 1_000));
  }

  @Test
  void windowsAreScaledOnlyWhenBothEndsOfferedIt() {
    facts.options(FORWARD, FactWords.options(1460, 7, true, true));
    facts.options(REVERSE, FactWords.options(1460, 7, true, true));
    open();
    ack(REVERSE, R + 1, F + 1); // the window of a SYN is never scaled, this one is
    assertEquals(WindowCheck.INSIDE, data(FORWARD, F + 1 + (WINDOW << 7), R + 1, 1));

    facts.options(REVERSE, FactWords.options(1460, 15, true, true));
    window.clear();
    open();
    ack(REVERSE, R + 1, F + 1);
    assertEquals(WindowCheck.DATA_BEYOND, data(FORWARD, F + 2 + WINDOW, R + 1, 1));
  }

  @Test
  void memberThatSeesOneDirectionComparesOnlyThat() {
    segment(FORWARD, Watcher.SYN, F, 0, 0);
    ack(FORWARD, F + 1, R + 1);

    for (int i = 0; i < 100; i++) {
      assertEquals(WindowCheck.INSIDE, data(FORWARD, F + 1 + i * WINDOW, R + 1 + i, WINDOW));
    }
  }

  @Test
  void windowSurvivesStorage() {
    open();
    data(FORWARD, F + 1, R + 1, 1_000);
    long[] words = new long[3 + TcpWindow.WORDS];

    window.store(words, 3);
    window.clear();
    window.load(words, 3);

    assertEquals(F + 1_001, window.hint(FORWARD));
    assertEquals(R + 1, window.hint(REVERSE));
    assertEquals(WindowCheck.DATA_BEYOND, data(FORWARD, F + 2 + WINDOW, R + 1, 1));
    assertEquals(WindowCheck.ACK_BEYOND, ack(REVERSE, R + 1, F + 1_002));
  }

  @Test
  void takeoverLearnsEachDirectionFromItsFirstSegmentAndIsStrictAgain() {
    facts.options(FORWARD, FactWords.options(1460, 15, false, false));
    facts.options(REVERSE, FactWords.options(1460, 15, false, false));
    window.relearn(F, R, 2 * SECOND, 1_000_000);

    assertEquals(WindowCheck.LEARNT, data(FORWARD, F + 1_900_000, R + 50_000, 100));
    assertEquals(WindowCheck.INSIDE, data(FORWARD, F + 1_900_100, R + 50_000, 100));
    assertEquals(WindowCheck.LEARNT, data(REVERSE, R + 60_000, F + 1_900_200, 10));
    assertTrue(WindowCheck.LEARNT.isGood());

    assertEquals(WindowCheck.DATA_BEYOND, data(FORWARD, F + 1_900_201 + WINDOW, R + 60_010, 1));
    assertEquals(WindowCheck.ACK_BEYOND, ack(REVERSE, R + 60_010, F + 3_000_000));
  }

  @Test
  void takeoverRefusesWhatTheRateDoesNotAllow() {
    window.relearn(F, R, SECOND, 1_000_000);

    assertEquals(WindowCheck.DATA_BEYOND, data(FORWARD, F + 1_200_000, R, 100));
    assertEquals(WindowCheck.DATA_BEFORE, data(FORWARD, F - 200_000, R, 100));
    assertEquals(WindowCheck.ACK_BEYOND, data(FORWARD, F, R + 1_200_000, 100));
    assertEquals(WindowCheck.LEARNT, data(FORWARD, F - 1_000, R, 100));
  }

  @Test
  void takeoverWithAVeryOldHintStillComparesSomething() {
    window.relearn(F, R, 1_000_000 * SECOND, Long.MAX_VALUE);

    assertEquals(WindowCheck.DATA_BEYOND, data(FORWARD, F + 0x7000_0000, R, 1));
    assertEquals(WindowCheck.LEARNT, data(FORWARD, F + 0x3000_0000, R, 1));
  }

  private void open() {
    assertEquals(WindowCheck.INSIDE, segment(FORWARD, Watcher.SYN, F, 0, 0));
    assertEquals(WindowCheck.INSIDE, segment(REVERSE, Watcher.SYN | Watcher.ACK, R, F + 1, 0));
    if (facts.options(FORWARD) == 0) {
      facts.options(FORWARD, FactWords.options(1460, 15, false, false));
      facts.options(REVERSE, FactWords.options(1460, 15, false, false));
    }
    assertEquals(WindowCheck.INSIDE, ack(FORWARD, F + 1, R + 1));
  }

  private WindowCheck data(Direction direction, int seq, int ack, int length) {
    return segment(direction, Watcher.ACK, seq, ack, length);
  }

  private WindowCheck ack(Direction direction, int seq, int ack) {
    return segment(direction, Watcher.ACK, seq, ack, 0);
  }

  private WindowCheck segment(Direction direction, int flags, int seq, int ack, int length) {
    packet.begin(6).tcp(flags, seq, ack, WINDOW, length);
    return window.check(packet, direction, facts);
  }
}
