package io.understudy.track;

import static io.understudy.model.Direction.FORWARD;
import static io.understudy.model.Direction.REVERSE;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.understudy.model.Direction;
import io.understudy.model.IpProtocol;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Facts and windows together: resets, challenges, ports that are used again. */
class TcpNumbersTest {
  private static final int SYN = PacketView.SYN;
  private static final int ACK = PacketView.ACK;
  private static final int RST = PacketView.RST;
  private static final int FIN = PacketView.FIN;
  private static final int F = 1_000;
  private static final int R = 5_000;
  private static final int WINDOW = 10_000;
  private static final long SECOND = 1_000_000_000L;

  private final PacketView packet = new PacketView();
  private final SessionFacts facts = new SessionFacts();
  private final TcpWindow window = new TcpWindow();
  private final TrackResult result = new TrackResult();
  private ConnectionTracker tracker = new ConnectionTracker(false);

  private Verdict tcp(Direction direction, int flags, int seq, int ack, int length) {
    packet.begin(IpProtocol.TCP).tcp(flags, seq, ack, WINDOW, length);
    return tracker.track(packet, direction, facts, window, result);
  }

  private SessionState state() {
    return SessionState.of(IpProtocol.TCP, facts);
  }

  private void establish() {
    tcp(FORWARD, SYN, F, 0, 0);
    tcp(REVERSE, SYN | ACK, R, F + 1, 0);
    tcp(FORWARD, ACK, F + 1, R + 1, 0);
    assertEquals(TcpState.ESTABLISHED, state());
  }

  @ParameterizedTest
  @EnumSource(Direction.class)
  void resetWhereItsReceiverExpectsTheNextNumberCloses(Direction from) {
    establish();
    int next = (from == FORWARD ? F : R) + 1;

    assertEquals(Verdict.ACCEPT, tcp(from, RST, next, 0, 0));

    assertEquals(TcpState.CLOSE, state());
  }

  @ParameterizedTest
  @EnumSource(Direction.class)
  void resetBehindWhatWasSentCloses(Direction from) {
    establish();
    int next = (from == FORWARD ? F : R) + 1;
    int other = (from == FORWARD ? R : F) + 1;
    tcp(from, ACK, next, other, 500); // its receiver has not acknowledged that

    assertEquals(Verdict.ACCEPT, tcp(from, RST | ACK, next + 500, other, 0));

    assertEquals(TcpState.CLOSE, state());
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 100, WINDOW - 1})
  void resetInsideTheWindowPassesAndClosesNothing(int above) { // RFC 5961, 3.2
    establish();

    assertEquals(Verdict.IGNORE, tcp(FORWARD, RST, F + 1 + above, 0, 0));
    assertEquals(Verdict.IGNORE, tcp(REVERSE, RST, R + 1 + above, 0, 0));

    assertEquals(TcpState.ESTABLISHED, state());
    assertFalse(result.isChanged());
  }

  @ParameterizedTest
  @ValueSource(ints = {-1, -100, WINDOW + 2, 1 << 30, Integer.MIN_VALUE})
  void resetOutsideTheWindowIsInvalid(int above) {
    for (boolean strict : new boolean[] {false, true}) {
      tracker = new ConnectionTracker(false, strict);
      facts.clear();
      establish();

      assertEquals(Verdict.INVALID, tcp(FORWARD, RST, F + 1 + above, 0, 0));
      assertEquals(InvalidReason.TCP_WINDOW, result.invalidReason());
      assertEquals(Verdict.INVALID, tcp(REVERSE, RST, R + 1 + above, 0, 0));

      assertEquals(TcpState.ESTABLISHED, state());
    }
  }

  /** Where numbers refuse nothing: a FIN of an older connection on these ports, or a forged one (RFC 9293, 3.10.7.4). */
  @ParameterizedTest
  @ValueSource(ints = {-200_000, 200_000, 1 << 30, Integer.MIN_VALUE})
  void finOutsideTheWindowEndsNothing(int above) {
    tracker = new ConnectionTracker(false, false);
    establish();

    assertEquals(Verdict.IGNORE, tcp(FORWARD, FIN | ACK, F + 1 + above, R + 1, 0));
    assertEquals(Verdict.IGNORE, tcp(REVERSE, FIN | ACK, R + 1 + above, F + 1, 0));
    assertEquals(Verdict.ACCEPT, tcp(FORWARD, ACK, F + 1, R + 1, 10));

    assertEquals(TcpState.ESTABLISHED, state());
  }

  /** A segment outside the window moves none, so that the next one does not stand behind it. */
  @Test
  void resetBehindASegmentOutsideTheWindowIsInvalid() {
    tracker = new ConnectionTracker(false, false);
    establish();
    int far = F + 900_000_000;

    assertEquals(Verdict.ACCEPT, tcp(FORWARD, ACK, far, R + 1, 10));
    assertEquals(Verdict.INVALID, tcp(FORWARD, RST, far + 10, 0, 0));

    assertEquals(TcpState.ESTABLISHED, state());
  }

  /** What it acknowledges is no proof either. */
  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void segmentOutsideTheWindowProvesNoResetOfTheOtherEnd(boolean strict) {
    tracker = new ConnectionTracker(false, strict);
    establish();

    tcp(FORWARD, ACK, F + 900_000_000, R + 700_000, 10);
    assertEquals(Verdict.INVALID, tcp(REVERSE, RST, R + 900_000, 0, 0));
    assertNotEquals(Verdict.ACCEPT, tcp(REVERSE, RST, R + 700_000, 0, 0));

    assertEquals(TcpState.ESTABLISHED, state());
  }

  /** One end's path has moved to another member: nobody moves the limit of the other any more. */
  @Test
  void directionThatIsSeenAloneIsFollowedToItsFin() {
    tracker = new ConnectionTracker(false, false);
    establish();
    int next = F + 1;
    for (int i = 0; i < 50; i++, next += 1_000) {
      assertEquals(Verdict.ACCEPT, tcp(FORWARD, ACK, next, R + 1, 1_000));
    }
    assertEquals(next, window.hint(FORWARD));

    assertEquals(Verdict.ACCEPT, tcp(FORWARD, FIN | ACK, next, R + 1, 0));
    assertEquals(TcpState.FIN_WAIT, state());
  }

  /** A capture lacks segments: what the other end acknowledges moves the window on. */
  @Test
  void windowIsFoundAgainAfterAGapByWhatTheOtherEndAcknowledges() {
    tracker = new ConnectionTracker(false, false);
    establish();
    int far = F + 50 * WINDOW;

    tcp(FORWARD, ACK, far, R + 1, 10);
    tcp(REVERSE, ACK, R + 1, far + 10, 0);
    assertEquals(Verdict.ACCEPT, tcp(FORWARD, ACK, far + 10, R + 1, 10));
    assertEquals(Verdict.ACCEPT, tcp(FORWARD, RST, far + 20, 0, 0));

    assertEquals(TcpState.CLOSE, state());
  }

  /** Only its first fragment has a header, and the packet's length is in none. */
  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void endOfASegmentInFragmentsIsNotKnown(boolean strict) {
    tracker = new ConnectionTracker(false, strict);
    establish();

    tcp(FORWARD, ACK, F + 1, R + 1, PacketView.UNKNOWN_LENGTH);
    assertEquals(Verdict.ACCEPT, tcp(REVERSE, ACK, R + 1, F + 4_001, 0));
    assertEquals(Verdict.ACCEPT, tcp(REVERSE, RST | ACK, R + 1, F + 4_001, 0));

    assertEquals(TcpState.CLOSE, state());
  }

  @Test
  void resetThatAcknowledgesWhatWasNotSentIsInvalid() {
    establish();

    assertEquals(Verdict.INVALID, tcp(REVERSE, RST | ACK, R + 1, F + 5_000, 0));
    assertEquals(TcpState.ESTABLISHED, state());

    tcp(FORWARD, FIN | ACK, F + 1, R + 1, 10);
    assertEquals(Verdict.ACCEPT, tcp(REVERSE, RST | ACK, R + 1, F + 12, 0));
    assertEquals(TcpState.CLOSE, state());
  }

  @Test
  void resetOfADirectionOfWhichNothingIsKnownCloses() { // a member that sees the other one only
    establish();
    window.clear();
    tcp(FORWARD, ACK, F + 1, R + 1, 100);
    window.forget(REVERSE);

    assertEquals(Verdict.ACCEPT, tcp(REVERSE, RST, 77, 0, 0));
    assertEquals(TcpState.CLOSE, state());
  }

  /** The SYN-ACK was lost behind this member, and the server has gone since: RFC 9293, 3.10.7.3 proves it by what it acknowledges. */
  @Test
  void resetThatAcknowledgesTheSynEndsTheAttemptThoughTheServersSynWasSeen() {
    tcp(FORWARD, SYN, F, 0, 0);
    tcp(REVERSE, SYN | ACK, R, F + 1, 0);

    assertEquals(Verdict.INVALID, tcp(REVERSE, RST | ACK, 0, F + 500_000, 0));
    assertEquals(Verdict.ACCEPT, tcp(REVERSE, RST | ACK, 0, F + 1, 0));

    assertEquals(TcpState.CLOSE, state());
  }

  @Test
  void resetOfARefusedSynHasToAcknowledgeExactlyIt() {
    tcp(FORWARD, SYN, F, 0, 20); // with data

    assertEquals(Verdict.INVALID, tcp(REVERSE, RST | ACK, 0, F + 22, 0));
    assertEquals(Verdict.INVALID, tcp(REVERSE, RST | ACK, 0, F, 0));
    assertEquals(Verdict.INVALID, tcp(REVERSE, RST, F + 21, 0, 0));
    assertEquals(TcpState.SYN_SENT, state());

    assertEquals(Verdict.ACCEPT, tcp(REVERSE, RST | ACK, 0, F + 21, 0));
    assertEquals(TcpState.CLOSE, state());
  }

  @ParameterizedTest
  @ValueSource(ints = {-300, 0, 2, 5_000, 70_000, 1 << 30, Integer.MIN_VALUE})
  void challengeOfAFormerConnectionPassesWhateverItsNumber(int above) {
    tcp(FORWARD, SYN, F, 0, 0);

    assertEquals(Verdict.IGNORE, tcp(REVERSE, ACK, R - 200, F + above, 0));
    assertEquals(Verdict.IGNORE, tcp(FORWARD, RST, F + above, 0, 0));
    assertEquals(TcpState.SYN_SENT, state());

    tcp(FORWARD, SYN, F, 0, 0);
    tcp(REVERSE, SYN | ACK, R, F + 1, 0);
    tcp(FORWARD, ACK, F + 1, R + 1, 0);
    assertEquals(TcpState.ESTABLISHED, state());
  }

  @Test
  void hostThatForgotResetsTheSessionWithTheNumberOfTheChallenge() { // RFC 9293, figure 9
    establish();

    assertEquals(Verdict.IGNORE, tcp(FORWARD, SYN, 900_000, 0, 0));
    assertEquals(Verdict.ACCEPT, tcp(REVERSE, ACK, R + 1, F + 1, 0));
    assertEquals(TcpState.ESTABLISHED, state());
    assertEquals(Verdict.ACCEPT, tcp(FORWARD, RST, F + 1, 0, 0));
    assertEquals(TcpState.CLOSE, state());
    assertEquals(Verdict.NEW_GENERATION, tcp(FORWARD, SYN, 900_000, 0, 0));
    assertEquals(TcpState.SYN_SENT, state());
  }

  @ParameterizedTest
  @ValueSource(ints = {500, F, F + 1, 900_000, Integer.MIN_VALUE + 5})
  void synAckProvesASynThatWasLetThroughOnAnOpenSession(int isn) {
    establish();
    assertEquals(isn == F ? Verdict.ACCEPT : Verdict.IGNORE, tcp(FORWARD, SYN, isn, 0, 0));
    if (isn == F) {
      return; // the old one once more
    }

    assertEquals(Verdict.NEW_GENERATION, tcp(REVERSE, SYN | ACK, 70_000, isn + 1, 0));

    assertFalse(result.isTurned());
    assertEquals(isn, facts.isn(FORWARD));
    assertEquals(70_000, facts.isn(REVERSE));
    assertEquals(TcpState.SYN_RECV, state());
    assertEquals(Verdict.ACCEPT, tcp(FORWARD, ACK, isn + 1, 70_001, 0));
    assertEquals(SessionEvent.HANDSHAKE_COMPLETE, result.event());
    assertEquals(TcpState.ESTABLISHED, state());
    assertEquals(Verdict.ACCEPT, tcp(REVERSE, ACK, 70_001, isn + 1, 100));
    assertEquals(Verdict.INVALID, tcp(FORWARD, RST, F + 1 + 2_000_000, 0, 0));
    assertEquals(Verdict.ACCEPT, tcp(FORWARD, RST, isn + 1, 0, 0));
  }

  @Test
  void responderMayBeTheOneThatOpensAnew() {
    establish();
    tcp(REVERSE, SYN, 900_000, 0, 0);

    assertEquals(Verdict.NEW_GENERATION, tcp(FORWARD, SYN | ACK, 70_000, 900_001, 0));

    assertTrue(result.isTurned());
    assertEquals(900_000, facts.isn(FORWARD));
    assertEquals(70_000, facts.isn(REVERSE));
  }

  @Test
  void synAckThatAnswersNoSynOnAnOpenSessionIsInvalid() {
    establish();

    assertEquals(Verdict.INVALID, tcp(REVERSE, SYN | ACK, 70_000, F + 1, 0));
    tcp(FORWARD, SYN, 900_000, 0, 0);
    assertEquals(Verdict.INVALID, tcp(REVERSE, SYN | ACK, 70_000, 900_000, 0));
    assertEquals(Verdict.INVALID, tcp(FORWARD, SYN | ACK, 70_000, 900_001, 0));
    assertEquals(InvalidReason.TCP_OTHER_ISN, result.invalidReason());
    assertEquals(TcpState.ESTABLISHED, state());
    assertEquals(F, facts.isn(FORWARD));
  }

  /** The server is a new machine, or its process has gone: it refuses the SYN that was let through (RFC 9293, 3.10.7.1). */
  @ParameterizedTest
  @ValueSource(ints = {900_000, -1_294_967_296})
  void refusalOfASynOnTheOpenSessionClosesIt(int isn) {
    establish();
    assertEquals(Verdict.IGNORE, tcp(FORWARD, SYN, isn, 0, 0));

    assertEquals(Verdict.INVALID, tcp(REVERSE, RST | ACK, 0, isn, 0), "it refuses another one");
    assertEquals(Verdict.INVALID, tcp(FORWARD, RST | ACK, 0, isn + 1, 0), "from the wrong side");
    assertEquals(TcpState.ESTABLISHED, state());

    assertEquals(Verdict.ACCEPT, tcp(REVERSE, RST | ACK, 0, isn + 1, 0));
    assertEquals(TcpState.CLOSE, state());
  }

  /** Of a former connection on these ports, or forged. */
  @Test
  void finThatDoesNotFollowItsOwnSynCountsForNothing() {
    tcp(FORWARD, SYN, F, 0, 0);

    assertEquals(Verdict.IGNORE, tcp(FORWARD, FIN | ACK, 700_000, 1, 0));

    tcp(REVERSE, SYN | ACK, R, F + 1, 0);
    tcp(FORWARD, ACK, F + 1, R + 1, 0);
    assertEquals(TcpState.ESTABLISHED, state());
  }

  @Test
  void strictTrackerRefusesDataOutsideTheWindowAndALenientOneFollowsIt() {
    establish();
    assertEquals(Verdict.INVALID, tcp(FORWARD, ACK, F + 1 + 2 * WINDOW, R + 1, 100));
    assertEquals(InvalidReason.TCP_WINDOW, result.invalidReason());
    assertEquals(F + 1, window.hint(FORWARD));

    tracker = new ConnectionTracker(false, false);
    assertEquals(Verdict.ACCEPT, tcp(FORWARD, ACK, F + 1 + 2 * WINDOW, R + 1, 100));
    assertEquals(F + 101 + 2 * WINDOW, window.hint(FORWARD));
  }

  @Test
  void refusedFinIsNoFact() {
    establish();

    assertEquals(Verdict.INVALID, tcp(REVERSE, FIN | ACK, R + 1 + 2 * WINDOW, F + 1, 0));

    assertEquals(TcpState.ESTABLISHED, state());
  }

  @Test
  void afterATakeoverTheHintAloneProvesAReset() {
    establish();
    window.relearn(F + 1, R + 1, SECOND, 1_000_000);

    assertEquals(Verdict.IGNORE, tcp(FORWARD, RST, F + 400_000, 0, 0));
    assertEquals(Verdict.INVALID, tcp(FORWARD, RST, F + 4_000_000, 0, 0));
    assertEquals(TcpState.ESTABLISHED, state());

    assertEquals(Verdict.ACCEPT, tcp(FORWARD, ACK, F + 300_000, R + 1, 0));
    assertEquals(Verdict.INVALID, tcp(FORWARD, ACK, F + 300_000 - 200_000, R + 1, 0));
    assertEquals(Verdict.ACCEPT, tcp(FORWARD, RST, F + 300_000, 0, 0));
  }

  @Test
  void afterATakeoverWithoutHintsWhateverComesIsLearnt() {
    establish();
    window.relearn(0, 0, SECOND, 1_000_000);

    assertEquals(Verdict.ACCEPT, tcp(FORWARD, ACK, F + 50_000_000, R + 1, 10));
    assertEquals(F + 50_000_010, window.hint(FORWARD));
    assertEquals(Verdict.ACCEPT, tcp(REVERSE, ACK, R + 1, F + 50_000_010, 0));
    assertEquals(Verdict.INVALID, tcp(FORWARD, ACK, F + 60_000_000, R + 1, 10));
  }
}
