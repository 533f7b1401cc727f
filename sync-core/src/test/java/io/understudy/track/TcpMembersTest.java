package io.understudy.track;

import static io.understudy.model.Direction.FORWARD;
import static io.understudy.model.Direction.REVERSE;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import org.junit.jupiter.api.Test;

/**
 * Asymmetric paths: the packets forward go through one member, those in reverse through another.
 */
class TcpMembersTest {
  private static final int F = 1_000;
  private static final int R = 5_000;

  private final Watcher forward = Watcher.strict();
  private final Watcher reverse = Watcher.strict();

  @Test
  void forwardDirectionAloneIsNeverEstablished() { // tcp/one-direction-client
    forward.syn(FORWARD, F);

    for (int i = 0; i < 5; i++) {
      assertEquals(Verdict.ACCEPT, forward.tcp(FORWARD, Watcher.ACK, F + 1 + i, R + 1 + i, 1));
      assertEquals(SessionEvent.AHEAD, forward.result().event());
      assertEquals(i == 0, forward.result().isChanged());
    }
    forward.fin(FORWARD, F + 6, R + 6);

    assertEquals(TcpState.SYN_SENT, forward.tcpState());
  }

  @Test
  void reverseDirectionAloneCreatesNothing() { // tcp/one-direction-server
    assertEquals(Verdict.NO_SESSION, reverse.synAck(REVERSE, R, F + 1));
    assertEquals(Verdict.NO_SESSION, reverse.ack(REVERSE, R + 1, F + 5));
  }

  @Test
  void factsOfBothAreEstablishedWhicheverArrivesFirst() {
    forward.syn(FORWARD, F);
    reverse.mergeFrom(forward); // the create, in quick mode
    reverse.synAck(REVERSE, R, F + 1);
    forward.ack(FORWARD, F + 1, R + 1);
    assertEquals(TcpState.SYN_SENT, forward.tcpState());
    assertEquals(TcpState.SYN_RECV, reverse.tcpState());
    Watcher third = Watcher.strict();
    third.mergeFrom(reverse);
    third.mergeFrom(forward);

    forward.mergeFrom(reverse);
    reverse.mergeFrom(forward);

    assertEquals(TcpState.ESTABLISHED, forward.tcpState());
    assertEquals(TcpState.ESTABLISHED, reverse.tcpState());
    assertEquals(forward.facts(), reverse.facts());
    assertEquals(forward.facts(), third.facts());
  }

  @Test
  void onceMergedEachMemberChecksNumbersAgain() {
    forward.syn(FORWARD, F);
    reverse.mergeFrom(forward);
    reverse.synAck(REVERSE, R, F + 1);
    forward.mergeFrom(reverse);

    assertEquals(Verdict.INVALID, forward.ack(FORWARD, F + 1, R - 100));
    assertEquals(Verdict.ACCEPT, forward.ack(FORWARD, F + 1, R + 1));
    assertEquals(TcpState.ESTABLISHED, forward.tcpState());
    assertFalse(forward.facts().has(FORWARD, TcpState.AHEAD));
  }

  @Test
  void acknowledgementThatCameBeforeTheSynItMeansIsVoidOnOneMember() {
    forward.syn(FORWARD, F);
    forward.ack(FORWARD, F + 1, 123); // what it acknowledges is not known
    forward.synAck(REVERSE, R, F + 1);
    assertEquals(TcpState.SYN_RECV, forward.tcpState());

    forward.ack(FORWARD, F + 1, R + 1);

    assertEquals(TcpState.ESTABLISHED, forward.tcpState());
  }

  @Test
  void halvesOfASimultaneousOpenAtTwoMembersJoin() {
    Watcher other = Watcher.strict();
    forward.syn(FORWARD, F);
    other.syn(FORWARD, R);
    long[] words = new long[FactWords.WORDS];
    other.facts().store(words, 0);
    FactWords.swapDirections(words, 0);
    SessionFacts turned = new SessionFacts();
    turned.load(words, 0);
    forward.facts().merge(turned);
    reverse.mergeFrom(forward);
    assertEquals(TcpState.SYN_SENT2, forward.tcpState());

    forward.synAck(FORWARD, F, R + 1);
    reverse.synAck(REVERSE, R, F + 1);
    forward.mergeFrom(reverse);

    assertEquals(TcpState.ESTABLISHED, forward.tcpState());
  }

  @Test
  void resetOfOneDirectionClosesForBoth() {
    forward.syn(FORWARD, F);
    reverse.mergeFrom(forward);
    reverse.rstAck(REVERSE, 0, F + 1);

    forward.mergeFrom(reverse);

    assertEquals(TcpState.CLOSE, forward.tcpState());
    assertEquals(Verdict.NEW_GENERATION, forward.syn(FORWARD, F + 500));
  }

  @Test
  void lastAcknowledgementIsOneStepBehindWhenItOvertakesTheFinItMeans() {
    establishOnBoth();
    forward.fin(FORWARD, F + 1, R + 1);
    reverse.mergeFrom(forward);
    reverse.fin(REVERSE, R + 1, F + 2);
    forward.ack(FORWARD, F + 2, R + 2); // the reverse FIN is not known here yet

    forward.mergeFrom(reverse);

    assertEquals(TcpState.LAST_ACK, forward.tcpState());
    assertEquals(Verdict.NEW_GENERATION, forward.syn(FORWARD, F + 500));
  }

  @Test
  void orderlyCloseWithFactsInTimeEndsInTimeWait() {
    establishOnBoth();
    forward.fin(FORWARD, F + 1, R + 1);
    reverse.mergeFrom(forward);
    reverse.fin(REVERSE, R + 1, F + 2);
    forward.mergeFrom(reverse);
    forward.ack(FORWARD, F + 2, R + 2);

    assertEquals(TcpState.TIME_WAIT, forward.tcpState());
  }

  @Test
  void sessionPickedUpInMidstreamIsEstablishedOnceBothDirectionsWereSeen() {
    Watcher member = Watcher.thatPicksUp();

    assertEquals(Verdict.NO_SESSION, member.synAck(REVERSE, R, F + 1));
    assertEquals(Verdict.NO_SESSION, member.rst(FORWARD, F));
    assertEquals(Verdict.CREATE, member.ack(FORWARD, F, R));
    assertEquals(SessionEvent.PICKED_UP, member.result().event());
    assertEquals(TcpState.SYN_RECV, member.tcpState());
    member.ack(REVERSE, R, F);
    assertEquals(SessionEvent.PICKED_UP, member.result().event());
    assertEquals(TcpState.ESTABLISHED, member.tcpState());

    member.fin(FORWARD, F, R);
    assertEquals(TcpState.FIN_WAIT, member.tcpState());
  }

  @Test
  void sessionPickedUpByOneMemberIsCompletedByTheOther() {
    Watcher first = Watcher.thatPicksUp();
    Watcher second = Watcher.thatPicksUp();
    first.ack(FORWARD, F, R);
    second.mergeFrom(first);
    second.ack(REVERSE, R, F);

    first.mergeFrom(second);

    assertEquals(TcpState.ESTABLISHED, first.tcpState());
  }

  @Test
  void synOnAHalfSeenPickedUpSessionIsANewSession() {
    Watcher member = Watcher.thatPicksUp();
    member.ack(FORWARD, F, R);

    assertEquals(Verdict.NEW_GENERATION, member.syn(FORWARD, 99));
    assertEquals(TcpState.SYN_SENT, member.tcpState());
  }

  private void establishOnBoth() {
    forward.syn(FORWARD, F);
    reverse.mergeFrom(forward);
    reverse.synAck(REVERSE, R, F + 1);
    forward.mergeFrom(reverse);
    forward.ack(FORWARD, F + 1, R + 1);
    reverse.mergeFrom(forward);
  }
}
