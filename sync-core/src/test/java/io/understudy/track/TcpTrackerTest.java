package io.understudy.track;

import static io.understudy.model.Direction.FORWARD;
import static io.understudy.model.Direction.REVERSE;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TcpTrackerTest {
  private static final int F = 1_000;
  private static final int R = 5_000;

  private final Watcher member = Watcher.strict();

  @Test
  void onlyASynCreatesASession() {
    assertEquals(Verdict.NO_SESSION, member.synAck(REVERSE, R, F + 1));
    assertEquals(Verdict.NO_SESSION, member.ack(FORWARD, F + 1, R + 1));
    assertEquals(Verdict.NO_SESSION, member.fin(FORWARD, F + 1, R + 1));
    assertEquals(Verdict.NO_SESSION, member.rst(FORWARD, F + 1));
    assertTrue(member.facts().isEmpty());

    assertEquals(Verdict.CREATE, member.syn(FORWARD, F));
    assertEquals(SessionEvent.SYN_FORWARD, member.result().event());
    assertEquals(TcpState.SYN_SENT, member.tcpState());
  }

  @Test
  void threeWayHandshakeIsCompleteWithTheThirdSegment() {
    member.syn(FORWARD, F);

    member.synAck(REVERSE, R, F + 1);
    assertEquals(SessionEvent.SYN_ACK, member.result().event());
    assertEquals(TcpState.SYN_RECV, member.tcpState());

    member.ack(FORWARD, F + 1, R + 1);
    assertEquals(SessionEvent.HANDSHAKE_COMPLETE, member.result().event());
    assertEquals(TcpState.SYN_RECV, member.result().oldState());
    assertEquals(TcpState.ESTABLISHED, member.result().newState());
  }

  @Test
  void dataCompletesTheHandshakeLikeAnAck() {
    member.syn(FORWARD, F);
    member.synAck(REVERSE, R, F + 1);

    member.tcp(FORWARD, Watcher.ACK, F + 1, R + 1, 500);

    assertEquals(TcpState.ESTABLISHED, member.tcpState());
  }

  @Test
  void synWithDataIsASyn() {
    assertEquals(Verdict.CREATE, member.tcp(FORWARD, Watcher.SYN, F, 0, 300));

    member.synAck(REVERSE, R, F + 301);
    member.ack(FORWARD, F + 301, R + 1);

    assertEquals(TcpState.ESTABLISHED, member.tcpState());
  }

  @Test
  void acknowledgementBelowTheOtherEndsFirstNumberDoesNotCompleteTheHandshake() {
    member.syn(FORWARD, F);
    member.synAck(REVERSE, R, F + 1);

    assertEquals(Verdict.INVALID, member.ack(FORWARD, F + 1, R));
    assertEquals(InvalidReason.TCP_ACKNOWLEDGEMENT, member.result().invalidReason());
    assertEquals(Verdict.INVALID, member.ack(FORWARD, F + 1, R - 500_000));
    assertEquals(TcpState.SYN_RECV, member.tcpState());

    assertEquals(Verdict.ACCEPT, member.ack(FORWARD, F + 1, R + 1));
    assertEquals(TcpState.ESTABLISHED, member.tcpState());
  }

  @Test
  void numbersWrap() {
    member.syn(FORWARD, -1);
    member.synAck(REVERSE, -1, 0);
    member.ack(FORWARD, 0, 0);

    assertEquals(TcpState.ESTABLISHED, member.tcpState());
  }

  @Test
  void retransmissionsOfTheHandshakeChangeNothing() {
    member.syn(FORWARD, F);
    assertUnchanged(Verdict.ACCEPT, member.syn(FORWARD, F));
    member.synAck(REVERSE, R, F + 1);
    assertUnchanged(Verdict.ACCEPT, member.synAck(REVERSE, R, F + 1));
    assertUnchanged(Verdict.ACCEPT, member.syn(FORWARD, F));
    member.ack(FORWARD, F + 1, R + 1);
    assertUnchanged(Verdict.ACCEPT, member.ack(FORWARD, F + 1, R + 1));
    assertUnchanged(Verdict.ACCEPT, member.synAck(REVERSE, R, F + 1));
    assertUnchanged(Verdict.ACCEPT, member.syn(FORWARD, F));
  }

  @Test
  void synWithANewIsnOnAHalfOpenSessionStartsOver() {
    member.syn(FORWARD, F);
    member.synAck(REVERSE, R, F + 1);

    assertEquals(Verdict.NEW_GENERATION, member.syn(FORWARD, F + 7_000_000));
    assertEquals(TcpState.SYN_RECV, member.result().oldState());
    assertEquals(TcpState.SYN_SENT, member.tcpState());
    assertFalse(member.result().isTurned());

    assertUnchanged(Verdict.IGNORE, member.ack(REVERSE, R + 1, F + 1)); // of the former one
    member.synAck(REVERSE, R, F + 7_000_001);
    member.ack(FORWARD, F + 7_000_001, R + 1);
    assertEquals(TcpState.ESTABLISHED, member.tcpState());
  }

  @Test
  void synAckWithAnotherIsnStartsOverAndKeepsTheSynItAnswers() {
    member.syn(FORWARD, F);
    member.synAck(REVERSE, R, F + 1);

    assertEquals(Verdict.NEW_GENERATION, member.synAck(REVERSE, R + 9_999, F + 1));
    assertFalse(member.result().isTurned());
    assertEquals(TcpState.SYN_RECV, member.tcpState());

    assertEquals(Verdict.INVALID, member.ack(FORWARD, F + 1, R + 1));
    member.ack(FORWARD, F + 1, R + 10_000);
    assertEquals(TcpState.ESTABLISHED, member.tcpState());
  }

  @Test
  void clientThatAnswersWithASynAckOfItsOwnStartsOver() { // 40005 in tcp/handshake-variants
    member.syn(FORWARD, F);
    member.synAck(REVERSE, R, F + 1);

    member.synAck(FORWARD, 424_242, F + 1);
    member.ack(FORWARD, F + 1, 424_243);

    assertEquals(TcpState.SYN_RECV, member.tcpState());
  }

  /** RFC 9293, figure 8, with the server's timer between: it has a half-open connection of the client's former life. */
  @Test
  void challengesPassAlsoOnceTheServersSynWasSeen() {
    member.syn(FORWARD, F);
    member.synAck(REVERSE, R, F + 1);
    member.syn(FORWARD, F + 7_000_000);
    member.synAck(REVERSE, R, F + 1);
    assertEquals(TcpState.SYN_SENT2, member.tcpState());

    assertEquals(Verdict.IGNORE, member.synAck(REVERSE, R, F + 1));
    assertEquals(Verdict.IGNORE, member.ack(REVERSE, R + 1, F + 1));
    assertEquals(TcpState.SYN_SENT2, member.tcpState());
  }

  @Test
  void synAckWhoseNumberDoesNotFitIsTheSynAlone() { // 53132 in malformed/fuzzed-tcp
    member.syn(FORWARD, F);

    assertEquals(Verdict.ACCEPT, member.synAck(REVERSE, R, F - 5_000_000));
    assertEquals(TcpState.SYN_SENT2, member.tcpState());

    member.ack(FORWARD, F + 1, R + 1);
    assertEquals(TcpState.SYN_RECV, member.tcpState());
    member.ack(REVERSE, R + 1, F + 1);
    assertEquals(TcpState.ESTABLISHED, member.tcpState());
  }

  @Test
  void synAckBeforeTheSynCreatesNothingAndCountsForNothing() { // tcp/handshake-reordered
    assertEquals(Verdict.NO_SESSION, member.synAck(REVERSE, R, F + 1));
    member.syn(FORWARD, F);

    member.ack(FORWARD, F + 1, R + 1);
    member.ack(REVERSE, R + 1, F + 1);
    member.ack(FORWARD, F + 1, R + 1);

    assertEquals(TcpState.SYN_SENT, member.tcpState());
  }

  @Test
  void simultaneousOpenBecomesOneSession() {
    member.syn(FORWARD, F);

    assertEquals(Verdict.ACCEPT, member.syn(REVERSE, R));
    assertEquals(SessionEvent.SYN_CROSSED, member.result().event());
    assertEquals(TcpState.SYN_SENT2, member.tcpState());

    member.synAck(REVERSE, R, F + 1);
    assertEquals(TcpState.SYN_RECV, member.tcpState());
    member.synAck(FORWARD, F, R + 1);
    assertEquals(TcpState.ESTABLISHED, member.tcpState());
    assertEquals(SessionEvent.HANDSHAKE_COMPLETE, member.result().event());
  }

  @Test
  void splitHandshakeBecomesOneSession() { // tcp/split-handshake
    member.syn(FORWARD, F);
    member.syn(REVERSE, R);
    member.synAck(FORWARD, F, R + 1);
    assertEquals(TcpState.SYN_RECV, member.tcpState());

    member.ack(REVERSE, R + 1, F + 1);

    assertEquals(TcpState.ESTABLISHED, member.tcpState());
  }

  @Test
  void fiveStepSplitHandshakeBecomesOneSession() {
    member.syn(FORWARD, F);
    member.ack(REVERSE, R, F + 1); // first only the acknowledgement, then a SYN of its own
    assertEquals(SessionEvent.SYN_ACKNOWLEDGED, member.result().event());
    member.syn(REVERSE, R);
    assertEquals(TcpState.SYN_RECV, member.tcpState());
    member.synAck(FORWARD, F, R + 1);

    assertEquals(TcpState.ESTABLISHED, member.tcpState());
  }

  @Test
  void rstInAnswerToASynCloses() {
    member.syn(FORWARD, F);

    assertEquals(Verdict.ACCEPT, member.rstAck(REVERSE, 0, F + 1));

    assertEquals(SessionEvent.RST, member.result().event());
    assertEquals(TcpState.CLOSE, member.tcpState());
  }

  @Test
  void rstThatProvesNothingDoesNotEndAHandshake() {
    member.syn(FORWARD, F);

    assertEquals(Verdict.INVALID, member.rstAck(REVERSE, 0, F - 10));
    assertEquals(InvalidReason.TCP_ACKNOWLEDGEMENT, member.result().invalidReason());
    assertEquals(Verdict.INVALID, member.rst(REVERSE, 77));
    assertEquals(InvalidReason.TCP_SEQUENCE, member.result().invalidReason());
    assertEquals(Verdict.INVALID, member.rstAck(REVERSE, 0, F + 70_000)); // no SYN is as long
    assertEquals(InvalidReason.TCP_ACKNOWLEDGEMENT, member.result().invalidReason());
    assertUnchanged(Verdict.IGNORE, member.rst(FORWARD, F - 1)); // it may answer a challenge
    assertUnchanged(Verdict.IGNORE, member.rst(FORWARD, F + 70_000));
    assertEquals(TcpState.SYN_SENT, member.tcpState());

    assertEquals(Verdict.ACCEPT, member.rst(FORWARD, F + 1));
    assertEquals(TcpState.CLOSE, member.tcpState());
  }

  @ParameterizedTest
  @ValueSource(ints = {-300, 0, 70_000, 1 << 30, Integer.MIN_VALUE})
  void challengeAndTheRstThatAnswersItPassAndChangeNothing(int former) { // RFC 9293, figure 9
    member.syn(FORWARD, F);

    assertUnchanged(Verdict.IGNORE, member.ack(REVERSE, R, F + former));
    assertUnchanged(Verdict.IGNORE, member.rst(FORWARD, F + former));
    assertEquals(TcpState.SYN_SENT, member.tcpState());

    assertUnchanged(Verdict.ACCEPT, member.syn(FORWARD, F));
    member.synAck(REVERSE, R + 5_000, F + 1);
    member.ack(FORWARD, F + 1, R + 5_001);
    assertEquals(TcpState.ESTABLISHED, member.tcpState());
  }

  @Test
  void oldSynIsAnsweredWithARstThatPasses() { // RFC 9293, figure 8
    member.syn(FORWARD, F - 10);
    member.syn(FORWARD, F);
    member.synAck(REVERSE, R, F - 9); // the old one arrived first

    assertUnchanged(Verdict.IGNORE, member.rst(FORWARD, F - 9));
    assertEquals(Verdict.NEW_GENERATION, member.synAck(REVERSE, R + 100, F + 1));
    member.ack(FORWARD, F + 1, R + 101);
    assertEquals(TcpState.ESTABLISHED, member.tcpState());
  }

  @Test
  void synAfterARstIsANewSessionEvenWithTheSameIsn() {
    member.syn(FORWARD, F);
    member.rstAck(REVERSE, 0, F + 1);

    assertEquals(Verdict.NEW_GENERATION, member.syn(FORWARD, F));
    assertEquals(TcpState.CLOSE, member.result().oldState());
    assertEquals(TcpState.SYN_SENT, member.tcpState());
  }

  @Test
  void resetSessionTakesNothingButItsRstAgainAndASyn() {
    establish();
    member.rst(FORWARD, F + 1);

    assertUnchanged(Verdict.ACCEPT, member.rst(FORWARD, F + 1));
    assertEquals(Verdict.INVALID, member.ack(REVERSE, R + 1, F + 1));
    assertEquals(InvalidReason.SESSION_CLOSED, member.result().invalidReason());
    assertEquals(Verdict.INVALID, member.synAck(REVERSE, R, F + 1));
    assertEquals(Verdict.NEW_GENERATION, member.syn(FORWARD, F + 99));
  }

  @Test
  void orderlyCloseGoesThroughAllStates() {
    establish();

    member.fin(FORWARD, F + 1, R + 1);
    assertEquals(SessionEvent.FIN, member.result().event());
    assertEquals(TcpState.FIN_WAIT, member.tcpState());
    member.ack(REVERSE, R + 1, F + 2);
    assertEquals(SessionEvent.FIN_ACKNOWLEDGED, member.result().event());
    assertEquals(TcpState.CLOSE_WAIT, member.tcpState());
    member.fin(REVERSE, R + 1, F + 2);
    assertEquals(TcpState.LAST_ACK, member.tcpState());
    member.ack(FORWARD, F + 2, R + 2);
    assertEquals(TcpState.TIME_WAIT, member.tcpState());
  }

  @Test
  void finIsBehindTheDataOfItsSegment() {
    establish();

    member.tcp(FORWARD, Watcher.FIN | Watcher.ACK, F + 1, R + 1, 10);
    assertEquals(F + 12, member.facts().fin(FORWARD));

    member.ack(REVERSE, R + 1, F + 11); // the data, not the FIN
    assertEquals(TcpState.FIN_WAIT, member.tcpState());
    member.ack(REVERSE, R + 1, F + 12);
    assertEquals(TcpState.CLOSE_WAIT, member.tcpState());
  }

  @Test
  void halfClosedSessionLivesOn() { // tcp/half-close
    establish();
    member.fin(FORWARD, F + 1, R + 1);
    member.ack(REVERSE, R + 1, F + 2);

    for (int sent = 0; sent < 10_000; sent += 1_000) {
      assertUnchanged(Verdict.ACCEPT, member.tcp(REVERSE, Watcher.ACK, R + 1 + sent, F + 2, 1_000));
      assertUnchanged(Verdict.ACCEPT, member.ack(FORWARD, F + 2, R + 1_001 + sent));
    }

    assertEquals(TcpState.CLOSE_WAIT, member.tcpState());
  }

  @Test
  void finsThatCrossEndInTimeWait() {
    establish();
    member.fin(FORWARD, F + 1, R + 1);
    member.fin(REVERSE, R + 1, F + 1);
    assertEquals(TcpState.LAST_ACK, member.tcpState());

    member.ack(FORWARD, F + 2, R + 2);
    member.ack(REVERSE, R + 2, F + 2);

    assertEquals(TcpState.TIME_WAIT, member.tcpState());
  }

  @Test
  void finCanCompleteTheHandshake() {
    member.syn(FORWARD, F);
    member.synAck(REVERSE, R, F + 1);

    member.fin(FORWARD, F + 1, R + 1);

    assertEquals(TcpState.FIN_WAIT, member.tcpState());
    assertEquals(SessionEvent.HANDSHAKE_COMPLETE, member.result().event());
  }

  @Test
  void synOnAnEndedSessionIsANewSession() {
    establish();
    end();
    assertUnchanged(Verdict.ACCEPT, member.syn(FORWARD, F)); // a late duplicate

    assertEquals(Verdict.NEW_GENERATION, member.syn(FORWARD, F + 100_000));
    assertEquals(TcpState.TIME_WAIT, member.result().oldState());
    assertEquals(TcpState.SYN_SENT, member.tcpState());
    assertEquals(F + 100_000, member.facts().isn(FORWARD));
    assertEquals(0, member.facts().fin(FORWARD));
  }

  @Test
  void synFromTheOtherEndOnAnEndedSessionTurnsItRound() {
    establish();
    end();

    assertEquals(Verdict.NEW_GENERATION, member.syn(REVERSE, 77));

    assertTrue(member.result().isTurned());
    assertEquals(77, member.facts().isn(FORWARD));
    assertFalse(member.facts().has(REVERSE, TcpState.SYN));
  }

  @Test
  void synOnAnOpenSessionCountsForNothing() {
    establish();

    assertUnchanged(Verdict.IGNORE, member.syn(FORWARD, F + 100_000));
    assertUnchanged(Verdict.IGNORE, member.syn(REVERSE, R + 100_000));
    assertEquals(Verdict.INVALID, member.synAck(REVERSE, R + 100_000, F + 1));
    assertEquals(InvalidReason.TCP_OTHER_ISN, member.result().invalidReason());
    assertEquals(TcpState.ESTABLISHED, member.tcpState());
  }

  @Test
  void flagsThatNoEndSendsAreInvalid() {
    int[] insane = {
      0,
      Watcher.FIN,
      Watcher.SYN | Watcher.FIN,
      Watcher.SYN | Watcher.RST,
      Watcher.SYN | Watcher.ACK | Watcher.FIN,
      Watcher.RST | Watcher.FIN
    };
    for (int flags : insane) {
      assertEquals(Verdict.INVALID, member.tcp(FORWARD, flags, F, 0, 0));
      assertEquals(InvalidReason.TCP_FLAGS, member.result().invalidReason());
    }
    establish();
    for (int flags : insane) {
      assertUnchanged(Verdict.INVALID, member.tcp(FORWARD, flags, F, 0, 0));
    }
  }

  @Test
  void urgentAndCongestionFlagsDoNotMatter() {
    int psh = 0x08;
    int urg = 0x20;
    int ecn = 0xC0;

    assertEquals(Verdict.CREATE, member.tcp(FORWARD, Watcher.SYN | urg | ecn, F, 0, 0));
    member.tcp(REVERSE, Watcher.SYN | Watcher.ACK | 0x40, R, F + 1, 0);
    member.tcp(FORWARD, Watcher.ACK | psh | urg, F + 1, R + 1, 3);

    assertEquals(TcpState.ESTABLISHED, member.tcpState());
  }

  @Test
  void dataAloneIsNeverAChange() {
    establish();

    for (int i = 0; i < 100; i++) {
      assertUnchanged(Verdict.ACCEPT, member.tcp(FORWARD, Watcher.ACK, F + 1 + i, R + 1, 1));
      assertUnchanged(Verdict.ACCEPT, member.tcp(REVERSE, Watcher.ACK, R + 1 + i, F + 2 + i, 1));
    }
  }

  @Test
  void numbersFarBehindTheFirstAreNoObstacleOnAnOpenSession() {
    establish();

    int far = F + Integer.MIN_VALUE + 5; // more than half the sequence space has been sent
    assertUnchanged(Verdict.ACCEPT, member.tcp(FORWARD, Watcher.ACK, far, R + 1, 1));
    assertUnchanged(Verdict.ACCEPT, member.ack(REVERSE, R + 1, far + 1));
  }

  @Test
  void laterFragmentsAndMalformedPacketsCountForNothing() {
    assertEquals(Verdict.IGNORE, member.laterFragment(6, FORWARD));
    establish();
    assertUnchanged(Verdict.IGNORE, member.laterFragment(6, REVERSE));
  }

  private void establish() {
    member.syn(FORWARD, F);
    member.synAck(REVERSE, R, F + 1);
    member.ack(FORWARD, F + 1, R + 1);
  }

  private void end() {
    member.fin(FORWARD, F + 1, R + 1);
    member.fin(REVERSE, R + 1, F + 2);
    member.ack(FORWARD, F + 2, R + 2);
  }

  private void assertUnchanged(Verdict expected, Verdict actual) {
    assertEquals(expected, actual);
    assertFalse(member.result().isChanged());
    assertEquals(member.result().oldState(), member.result().newState());
  }
}
