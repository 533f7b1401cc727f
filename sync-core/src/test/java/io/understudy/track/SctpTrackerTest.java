package io.understudy.track;

import static io.understudy.model.Direction.FORWARD;
import static io.understudy.model.Direction.REVERSE;
import static io.understudy.track.SctpTracker.ABORT;
import static io.understudy.track.SctpTracker.COOKIE_ACK;
import static io.understudy.track.SctpTracker.COOKIE_ECHO;
import static io.understudy.track.SctpTracker.INIT;
import static io.understudy.track.SctpTracker.SHUTDOWN;
import static io.understudy.track.SctpTracker.SHUTDOWN_ACK;
import static io.understudy.track.SctpTracker.SHUTDOWN_COMPLETE;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class SctpTrackerTest {
  private static final int F = 0x1001A;
  private static final int R = 0x2002B;
  private static final int DATA = 0;
  private static final int SACK = 3;
  private static final int AUTH = 15;
  private static final int HEARTBEAT = 4;
  private static final int HEARTBEAT_ACK = 5;

  private final Watcher member = Watcher.strict();

  @Test
  void onlyAnInitCreatesAnAssociation() {
    assertEquals(Verdict.NO_SESSION, member.initAck(REVERSE, F, R));
    assertEquals(Verdict.NO_SESSION, member.chunks(FORWARD, R, COOKIE_ECHO));
    assertEquals(Verdict.NO_SESSION, member.chunks(FORWARD, R, DATA));

    assertEquals(Verdict.CREATE, member.init(FORWARD, F));
    assertEquals(SessionEvent.INIT, member.result().event());
    assertEquals(SctpState.COOKIE_WAIT, member.sctpState());
  }

  @Test
  void fourWayHandshakeIsCompleteWithTheCookieAck() {
    member.init(FORWARD, F);

    member.initAck(REVERSE, F, R);
    assertEquals(SessionEvent.INIT_ACK, member.result().event());
    assertEquals(SctpState.COOKIE_WAIT, member.sctpState());

    member.chunks(FORWARD, R, COOKIE_ECHO, DATA);
    assertEquals(SessionEvent.COOKIE_ECHO, member.result().event());
    assertEquals(SctpState.COOKIE_ECHOED, member.sctpState());

    member.chunks(REVERSE, F, COOKIE_ACK, SACK);
    assertEquals(SessionEvent.HANDSHAKE_COMPLETE, member.result().event());
    assertEquals(SctpState.ESTABLISHED, member.sctpState());
  }

  @Test
  void wrongTagsAreInvalid() {
    member.init(FORWARD, F);
    assertInvalid(InvalidReason.SCTP_TAG, member.initAck(REVERSE, F + 1, R));
    assertInvalid(InvalidReason.SCTP_TAG, member.initAck(REVERSE, F, 0));
    assertInvalid(InvalidReason.SCTP_TAG, member.initAck(REVERSE, 0, R));
    member.initAck(REVERSE, F, R);
    assertInvalid(InvalidReason.SCTP_TAG, member.chunks(FORWARD, F, COOKIE_ECHO));
    member.chunks(FORWARD, R, COOKIE_ECHO);
    assertInvalid(InvalidReason.SCTP_TAG, member.chunks(REVERSE, R, COOKIE_ACK));
    assertInvalid(InvalidReason.SCTP_TAG, member.chunks(REVERSE, 0, COOKIE_ACK));

    assertEquals(SctpState.COOKIE_ECHOED, member.sctpState());
  }

  @Test
  void initNeedsTagZeroToChangeAnAssociation() {
    PacketView packet = new PacketView();
    packet.begin(132).sctp(0x12345678).chunk(INIT, 0, F);

    assertEquals(Verdict.CREATE, member.track(packet, FORWARD)); // mixed/synthetic-services
    packet.begin(132).sctp(0x12345678).chunk(INIT, 0, F + 1);
    assertInvalid(InvalidReason.SCTP_TAG, member.track(packet, FORWARD));
    packet.begin(132).sctp(0).chunk(INIT, 0, 0);
    assertInvalid(InvalidReason.SCTP_TAG, member.track(packet, FORWARD));
  }

  @Test
  void initComesAlone() {
    PacketView packet = new PacketView();
    packet.begin(132).sctp(0).chunk(INIT, 0, F).chunk(DATA, 0, 0);
    assertInvalid(InvalidReason.SCTP_BUNDLE, member.track(packet, FORWARD));
    packet.begin(132).sctp(R).chunk(DATA, 0, 0).chunk(INIT, 0, F);
    assertInvalid(InvalidReason.SCTP_BUNDLE, member.track(packet, FORWARD));
    assertTrue(member.facts().isEmpty());
  }

  @Test
  void packetThatWasCutBeforeItsFirstChunkBelongsToAnAssociationByItsTag() {
    PacketView packet = new PacketView();
    packet.begin(132).sctp(R);
    assertEquals(Verdict.NO_SESSION, member.track(packet, FORWARD));

    establish();
    SessionState before = member.sctpState();
    assertEquals(Verdict.ACCEPT, member.track(packet, FORWARD));
    packet.begin(132).sctp(R + 1);
    assertInvalid(InvalidReason.SCTP_TAG, member.track(packet, FORWARD));
    assertEquals(before, member.sctpState());
  }

  @Test
  void retransmissionsOfTheHandshakeChangeNothing() { // sctp/lost-init-and-cookie-ack
    member.init(FORWARD, F);
    assertUnchanged(member.init(FORWARD, F));
    member.initAck(REVERSE, F, R);
    assertUnchanged(member.initAck(REVERSE, F, R));
    member.chunks(FORWARD, R, COOKIE_ECHO);
    member.chunks(REVERSE, F, COOKIE_ACK);
    assertUnchanged(member.chunks(FORWARD, R, COOKIE_ECHO));
    assertUnchanged(member.chunks(REVERSE, F, COOKIE_ACK));
    assertUnchanged(member.init(FORWARD, F));
    assertEquals(SctpState.ESTABLISHED, member.sctpState());
  }

  @Test
  void initWithANewTagRestartsTheHandshake() {
    member.init(FORWARD, F);
    member.initAck(REVERSE, F, R);

    assertEquals(Verdict.NEW_GENERATION, member.init(FORWARD, F + 9));

    assertEquals(SessionEvent.INIT, member.result().event());
    assertEquals(SctpState.COOKIE_WAIT, member.sctpState());
    assertInvalid(InvalidReason.SCTP_TAG, member.initAck(REVERSE, F, R));
    handshake(F + 9, R + 9);
    assertEquals(SctpState.ESTABLISHED, member.sctpState());
  }

  @Test
  void responderMayAnswerARepeatedInitWithANewTag() {
    member.init(FORWARD, F);
    member.initAck(REVERSE, F, R);
    member.init(FORWARD, F);

    assertEquals(Verdict.NEW_GENERATION, member.initAck(REVERSE, F, R + 9));
    assertFalse(member.result().isTurned());

    member.chunks(FORWARD, R + 9, COOKIE_ECHO);
    member.chunks(REVERSE, F, COOKIE_ACK);
    assertEquals(SctpState.ESTABLISHED, member.sctpState());
  }

  /** RFC 9260, 5.2.2: it answers a late copy of the INIT, and 5.2.3: its receiver drops it. */
  @Test
  void initAckWithANewTagAfterTheCookieWasAcknowledgedPassesAndChangesNothing() {
    establish();

    assertEquals(Verdict.IGNORE, member.initAck(REVERSE, F, R + 9));
    assertEquals(SctpState.ESTABLISHED, member.sctpState());
  }

  @Test
  void staleCookieIsFollowedByANewInitAckAndItsTag() { // RFC 9260, 5.2.6
    member.init(FORWARD, F);
    member.initAck(REVERSE, F, R);
    member.chunks(FORWARD, R, COOKIE_ECHO);
    assertUnchanged(member.chunks(REVERSE, F, SctpTracker.ERROR));
    assertUnchanged(member.init(FORWARD, F));

    assertEquals(Verdict.NEW_GENERATION, member.initAck(REVERSE, F, R + 9));
    assertEquals(SctpState.COOKIE_WAIT, member.sctpState());

    assertEquals(Verdict.ACCEPT, member.chunks(FORWARD, R + 9, COOKIE_ECHO));
    assertEquals(Verdict.ACCEPT, member.chunks(REVERSE, F, COOKIE_ACK));
    assertEquals(SctpState.ESTABLISHED, member.sctpState());
    assertUnchanged(member.chunks(FORWARD, R + 9, DATA));
    assertInvalid(InvalidReason.SCTP_TAG, member.chunks(FORWARD, R, DATA));
  }

  /** One INIT, and two answers of which the initiator may use either. */
  private void answerTwice() {
    member.init(FORWARD, F);
    member.initAck(REVERSE, F, R);
    member.initAck(REVERSE, F, R + 9);
  }

  /** It takes the first that it gets, whatever was lost or late (RFC 9260, 5.2.3). */
  @Test
  void initiatorMayUseTheFirstOfThreeInitAcks() {
    answerTwice();
    member.initAck(REVERSE, F, R + 18);

    assertEquals(Verdict.NEW_GENERATION, member.chunks(FORWARD, R, COOKIE_ECHO, DATA));
    member.chunks(REVERSE, F, COOKIE_ACK);
    assertEquals(SctpState.ESTABLISHED, member.sctpState());
    assertUnchanged(member.chunks(FORWARD, R, DATA));
  }

  @Test
  void answerThatWasEchoedStaysBesideALaterOne() {
    answerTwice();
    member.chunks(FORWARD, R, COOKIE_ECHO);
    member.initAck(REVERSE, F, R + 18);

    member.chunks(FORWARD, R, COOKIE_ECHO);
    member.chunks(REVERSE, F, COOKIE_ACK);
    assertEquals(SctpState.ESTABLISHED, member.sctpState());
    assertUnchanged(member.chunks(FORWARD, R, DATA));
  }

  /** RFC 4895, 6.3. */
  @Test
  void cookieEchoMayStandBehindAnAuthChunk() {
    answerTwice();

    assertEquals(Verdict.NEW_GENERATION, member.chunks(FORWARD, R, AUTH, COOKIE_ECHO));
    member.chunks(REVERSE, F, AUTH, COOKIE_ACK);
    assertEquals(SctpState.ESTABLISHED, member.sctpState());
    assertUnchanged(member.chunks(FORWARD, R, DATA));
  }

  @Test
  void initiatorMayUseTheEarlierOfTwoInitAcks() {
    member.init(FORWARD, F);
    member.initAck(REVERSE, F, R);
    member.init(FORWARD, F);
    member.initAck(REVERSE, F, R + 9);

    assertEquals(Verdict.NEW_GENERATION, member.chunks(FORWARD, R, COOKIE_ECHO, DATA));
    assertEquals(SessionEvent.COOKIE_ECHO, member.result().event());
    assertEquals(SctpState.COOKIE_ECHOED, member.sctpState());
    member.chunks(REVERSE, F, COOKIE_ACK);
    assertEquals(SctpState.ESTABLISHED, member.sctpState());
    assertUnchanged(member.chunks(FORWARD, R, DATA));
    assertInvalid(InvalidReason.SCTP_TAG, member.chunks(FORWARD, R + 9, DATA));
  }

  @Test
  void cookieAckOfTheOtherEndReplacesNoCookieEcho() {
    member.init(FORWARD, F);
    member.init(REVERSE, R);
    member.chunks(REVERSE, F, COOKIE_ACK);
    member.initAck(REVERSE, F, R);
    member.chunks(FORWARD, R, COOKIE_ACK);
    assertEquals(SctpState.COOKIE_WAIT, member.sctpState());

    member.chunks(FORWARD, R, COOKIE_ECHO);
    assertEquals(SctpState.COOKIE_ECHOED, member.sctpState());
    member.chunks(REVERSE, F, COOKIE_ACK);
    assertEquals(SctpState.ESTABLISHED, member.sctpState());
  }

  @Test
  void noStepOfTheHandshakeMayBeMissing() {
    int[] steps = {0, 1, 2, 3};
    for (int missing : steps) {
      for (boolean crossed : new boolean[] {false, true}) {
        Watcher ends = Watcher.strict();
        ends.init(FORWARD, F);
        if (crossed) {
          ends.init(REVERSE, R);
        }
        for (int step : steps) {
          if (step != missing) {
            handshake(ends, step);
          }
        }
        assertEquals(missing == 0, ends.sctpState() == SctpState.ESTABLISHED, "without " + missing);
      }
    }
  }

  /** Step 0 is the INIT again. */
  private static void handshake(Watcher ends, int step) {
    switch (step) {
      case 0 -> ends.init(FORWARD, F);
      case 1 -> ends.initAck(REVERSE, F, R);
      case 2 -> ends.chunks(FORWARD, R, COOKIE_ECHO);
      default -> ends.chunks(REVERSE, F, COOKIE_ACK);
    }
  }

  @Test
  void abortOfARefusedRestartDoesNotEndTheAssociation() { // RFC 9260, 5.2.2
    establish();
    member.init(FORWARD, F + 9);

    assertUnchanged(member.chunks(REVERSE, F + 9, ABORT));
    assertEquals(SctpState.ESTABLISHED, member.sctpState());
    assertUnchanged(member.chunks(FORWARD, R, DATA));

    member.chunks(FORWARD, R, ABORT);
    assertEquals(SctpState.CLOSED, member.sctpState());
  }

  @Test
  void collisionOfInitsJoins() {
    member.init(FORWARD, F);
    assertEquals(Verdict.ACCEPT, member.init(REVERSE, R));
    assertEquals(SessionEvent.INIT_CROSSED, member.result().event());

    member.initAck(FORWARD, R, F);
    member.initAck(REVERSE, F, R);
    member.chunks(FORWARD, R, COOKIE_ECHO);
    member.chunks(REVERSE, F, COOKIE_ECHO);
    assertEquals(SctpState.COOKIE_ECHOED, member.sctpState());
    member.chunks(FORWARD, R, COOKIE_ACK);

    assertEquals(SctpState.ESTABLISHED, member.sctpState());
  }

  @Test
  void initOfTheResponderJoinsOnlyWithTheTagItAnsweredWith() {
    member.init(FORWARD, F);
    member.initAck(REVERSE, F, R);
    assertEquals(Verdict.ACCEPT, member.init(REVERSE, R));

    Watcher other = Watcher.strict();
    other.init(FORWARD, F);
    other.initAck(REVERSE, F, R);
    assertEquals(Verdict.NEW_GENERATION, other.init(REVERSE, R + 1));
    assertTrue(other.result().isTurned());
  }

  @Test
  void stepsOutOfOrderDoNotCount() {
    member.init(FORWARD, F);
    member.chunks(FORWARD, R, COOKIE_ECHO); // before the INIT-ACK
    member.initAck(REVERSE, F, R);
    member.chunks(REVERSE, F, COOKIE_ACK);
    assertEquals(SctpState.COOKIE_WAIT, member.sctpState());

    member.chunks(FORWARD, R, COOKIE_ECHO);
    assertEquals(SctpState.COOKIE_ECHOED, member.sctpState());
    member.chunks(REVERSE, F, COOKIE_ACK);
    assertEquals(SctpState.ESTABLISHED, member.sctpState());
  }

  @Test
  void stepsOfTheWrongEndAreInvalid() {
    member.init(FORWARD, F);
    assertInvalid(InvalidReason.SCTP_ORDER, member.initAck(FORWARD, 77, F));
    assertInvalid(InvalidReason.SCTP_ORDER, member.chunks(REVERSE, F, COOKIE_ECHO));
    assertInvalid(InvalidReason.SCTP_ORDER, member.chunks(FORWARD, R, COOKIE_ACK));
  }

  @Test
  void orderlyEndGoesThroughAllStates() {
    establish();

    member.chunks(FORWARD, R, SHUTDOWN);
    assertEquals(SctpState.SHUTDOWN_SENT, member.sctpState());
    member.chunks(REVERSE, F, SHUTDOWN_ACK);
    assertEquals(SctpState.SHUTDOWN_ACK_SENT, member.sctpState());
    member.chunks(FORWARD, R, SHUTDOWN_COMPLETE);
    assertEquals(SctpState.CLOSED, member.sctpState());
    assertEquals(SessionEvent.SHUTDOWN_COMPLETE, member.result().event());

    assertUnchanged(member.chunks(REVERSE, F, SHUTDOWN_ACK)); // the COMPLETE was lost
    assertUnchanged(member.reflected(FORWARD, F, SHUTDOWN_COMPLETE));
    assertInvalid(InvalidReason.SESSION_CLOSED, member.chunks(FORWARD, R, DATA));
  }

  @Test
  void shutdownOfTheResponderIsNamedApart() {
    establish();

    member.chunks(REVERSE, F, SHUTDOWN);

    assertEquals(SctpState.SHUTDOWN_RECD, member.sctpState());
  }

  @Test
  void abortCloses() {
    member.init(FORWARD, F);
    member.chunks(REVERSE, F, ABORT); // in answer to the INIT
    assertEquals(SctpState.CLOSED, member.sctpState());
    assertEquals(SessionEvent.ABORT, member.result().event());
    assertEquals(Verdict.NEW_GENERATION, member.init(FORWARD, F));
  }

  @Test
  void abortOfAnEndThatKnowsNothingReturnsTheTagItWasSent() {
    establish();

    assertInvalid(InvalidReason.SCTP_TAG, member.reflected(REVERSE, F, ABORT));
    assertEquals(Verdict.ACCEPT, member.reflected(REVERSE, R, ABORT));
    assertEquals(SctpState.CLOSED, member.sctpState());
  }

  @Test
  void nothingEndsAnAssociationWithATagThatIsNotKnown() {
    member.init(FORWARD, F);

    assertInvalid(InvalidReason.SCTP_TAG, member.chunks(FORWARD, 12, ABORT));
    assertInvalid(InvalidReason.SCTP_TAG, member.reflected(REVERSE, 12, ABORT));
    assertInvalid(InvalidReason.SCTP_TAG, member.chunks(FORWARD, 12, SHUTDOWN_COMPLETE));
    assertUnchanged(member.chunks(FORWARD, 12, SHUTDOWN));
    assertEquals(SessionEvent.AHEAD, member.result().event());
    assertEquals(SctpState.COOKIE_WAIT, member.sctpState());
  }

  @Test
  void chunksOfOnePacketAreAppliedInOrderAndCauseOneEvent() {
    establish();

    member.chunks(FORWARD, R, DATA, SHUTDOWN, ABORT);

    assertEquals(SessionEvent.ABORT, member.result().event());
    assertEquals(SctpState.ESTABLISHED, member.result().oldState());
    assertEquals(SctpState.CLOSED, member.result().newState());
  }

  @Test
  void dataAndHeartbeatsAreNoChange() {
    establish();

    assertUnchanged(member.chunks(FORWARD, R, DATA, DATA, SACK));
    assertUnchanged(member.chunks(REVERSE, F, HEARTBEAT));
    assertUnchanged(member.chunks(FORWARD, R, HEARTBEAT_ACK));
    assertInvalid(InvalidReason.SCTP_TAG, member.chunks(FORWARD, F, DATA));
  }

  @Test
  void restartOnAnEstablishedAssociationIsANewGeneration() {
    establish();

    assertEquals(Verdict.NEW_GENERATION, member.init(FORWARD, F + 9));
    assertEquals(SessionEvent.RESTART, member.result().event());
    assertEquals(SctpState.ESTABLISHED, member.sctpState());

    member.initAck(REVERSE, F + 9, R + 9);
    assertEquals(SctpState.ESTABLISHED, member.sctpState());
    member.chunks(FORWARD, R + 9, COOKIE_ECHO);
    assertEquals(SctpState.ESTABLISHED, member.sctpState());
    assertUnchanged(member.chunks(REVERSE, F, SACK)); // nothing is proven yet
    member.chunks(REVERSE, F + 9, COOKIE_ACK);
    assertEquals(SctpState.ESTABLISHED, member.sctpState());
    assertInvalid(InvalidReason.SCTP_TAG, member.chunks(FORWARD, R, DATA));
  }

  @Test
  void restartOfTheResponderTurnsTheAssociationRound() {
    establish();

    assertEquals(Verdict.NEW_GENERATION, member.init(REVERSE, R + 9));

    assertTrue(member.result().isTurned());
    assertEquals(R, member.facts().fin(FORWARD)); // the old tag of what is forward now
    assertEquals(F, member.facts().fin(REVERSE));
  }

  @Test
  void forgedInitDoesNotEndTheAssociation() {
    establish();

    for (int forged = 0; forged < 5; forged++) {
      member.init(forged % 2 == 0 ? FORWARD : REVERSE, 0x666 + forged);
      boolean turned = member.result().isTurned();
      member.initAck(REVERSE, 0x666 + forged, 0x777 + forged); // the other end always answers
      // whoever is forward now, the packets with the old tags still belong
      int tagToReverse = member.facts().fin(REVERSE);
      int tagToForward = member.facts().fin(FORWARD);
      assertEquals(turned, forged % 2 == 1);
      assertUnchanged(member.chunks(FORWARD, tagToReverse, DATA));
      assertUnchanged(member.chunks(REVERSE, tagToForward, SACK));
      assertEquals(SctpState.ESTABLISHED, member.sctpState());
    }
    assertEquals(F + R, member.facts().fin(FORWARD) + member.facts().fin(REVERSE));
  }

  @Test
  void cookieOfTheFormerAssociationDoesNotProveTheNewOne() {
    establish();
    member.init(FORWARD, F + 9);
    member.initAck(REVERSE, F + 9, R + 9);

    assertUnchanged(member.chunks(FORWARD, R, COOKIE_ECHO));
    assertUnchanged(member.chunks(REVERSE, F, COOKIE_ACK));

    assertEquals(SctpState.ESTABLISHED, member.sctpState());
    assertEquals(F + 9, member.facts().isn(FORWARD));
    assertEquals(Verdict.ACCEPT, member.chunks(FORWARD, R + 9, COOKIE_ECHO));
    assertUnchanged(member.chunks(REVERSE, F, COOKIE_ACK));
    assertUnchanged(member.chunks(FORWARD, R, DATA));
    assertEquals(SctpState.ESTABLISHED, member.sctpState());
  }

  @Test
  void formerAssociationCanStillEndInOrder() {
    establish();
    member.init(FORWARD, F + 9);

    member.chunks(FORWARD, R, SHUTDOWN);
    assertEquals(Verdict.ACCEPT, member.chunks(REVERSE, F, ABORT));

    assertEquals(SctpState.CLOSED, member.sctpState());
  }

  @Test
  void membersThatSeeOneDirectionEachMergeToAnAssociation() {
    Watcher forward = Watcher.strict();
    Watcher reverse = Watcher.strict();
    forward.init(FORWARD, F);
    reverse.mergeFrom(forward);
    reverse.initAck(REVERSE, F, R);
    forward.chunks(FORWARD, R, COOKIE_ECHO, DATA);
    assertEquals(SessionEvent.AHEAD, forward.result().event());
    reverse.chunks(REVERSE, F, COOKIE_ACK);
    assertEquals(SctpState.COOKIE_WAIT, forward.sctpState());
    assertEquals(SctpState.COOKIE_WAIT, reverse.sctpState());

    forward.mergeFrom(reverse);
    reverse.mergeFrom(forward);

    assertEquals(SctpState.ESTABLISHED, forward.sctpState());
    assertEquals(forward.facts(), reverse.facts());
  }

  @Test
  void restartOnAsymmetricPathsIsAnOrdinaryHandshake() {
    Watcher forward = Watcher.strict();
    Watcher reverse = Watcher.strict();
    establish();
    forward.mergeFrom(member);
    forward.init(FORWARD, F + 9);
    reverse.mergeFrom(forward); // the new generation
    reverse.initAck(REVERSE, F + 9, R + 9);
    forward.chunks(FORWARD, R + 9, COOKIE_ECHO);
    reverse.chunks(REVERSE, F + 9, COOKIE_ACK);

    forward.mergeFrom(reverse);

    assertEquals(SctpState.ESTABLISHED, forward.sctpState());
    assertInvalid(forward, InvalidReason.SCTP_TAG, forward.chunks(FORWARD, R, DATA));
  }

  @Test
  void associationPickedUpInMidstreamLearnsItsTags() {
    Watcher picker = Watcher.thatPicksUp();
    assertEquals(Verdict.NO_SESSION, picker.chunks(FORWARD, R, COOKIE_ECHO));
    assertEquals(Verdict.NO_SESSION, picker.chunks(FORWARD, R, SHUTDOWN));

    assertEquals(Verdict.CREATE, picker.chunks(FORWARD, R, DATA));
    assertEquals(SctpState.COOKIE_WAIT, picker.sctpState());
    picker.chunks(REVERSE, F, SACK);

    assertEquals(SctpState.ESTABLISHED, picker.sctpState());
    assertInvalid(picker, InvalidReason.SCTP_TAG, picker.chunks(FORWARD, F, DATA));
    picker.chunks(FORWARD, R, SHUTDOWN);
    assertEquals(SctpState.SHUTDOWN_SENT, picker.sctpState());
  }

  @Test
  void chunksBeyondTheLimitAreLeftOut() {
    establish();
    int[] many = new int[PacketView.MAX_CHUNKS + 5];

    assertUnchanged(member.chunks(FORWARD, R, many));
  }

  private void establish() {
    member.init(FORWARD, F);
    handshake(F, R);
  }

  private void handshake(int forwardTag, int reverseTag) {
    member.initAck(REVERSE, forwardTag, reverseTag);
    member.chunks(FORWARD, reverseTag, COOKIE_ECHO);
    member.chunks(REVERSE, forwardTag, COOKIE_ACK);
  }

  private void assertInvalid(InvalidReason reason, Verdict verdict) {
    assertInvalid(member, reason, verdict);
  }

  private static void assertInvalid(Watcher watcher, InvalidReason reason, Verdict verdict) {
    assertEquals(Verdict.INVALID, verdict);
    assertEquals(reason, watcher.result().invalidReason());
    assertFalse(watcher.result().isChanged());
  }

  private void assertUnchanged(Verdict verdict) {
    assertEquals(Verdict.ACCEPT, verdict);
    assertFalse(member.result().isChanged());
  }
}
