package io.understudy.track;

import static io.understudy.track.TcpState.AHEAD;
import static io.understudy.track.TcpState.FIN;
import static io.understudy.track.TcpState.FIN_ACKNOWLEDGED;
import static io.understudy.track.TcpState.LATE;
import static io.understudy.track.TcpState.PICKED_UP;
import static io.understudy.track.TcpState.RST;
import static io.understudy.track.TcpState.SYN;
import static io.understudy.track.TcpState.SYN_ACKNOWLEDGED;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.understudy.model.IpProtocol;
import org.junit.jupiter.api.Test;

/**
 * Walks all combinations of bits: what holds for each of them, and which state the meaningful ones
 * have.
 */
class SessionStateTest {
  private static final int OPEN = SYN | SYN_ACKNOWLEDGED;

  @Test
  void tcpStatesOfTheFactsThatOccur() {
    assertTcp(TcpState.NONE, 0, 0);
    assertTcp(TcpState.SYN_SENT, SYN, 0);
    assertTcp(TcpState.SYN_SENT, SYN | AHEAD, 0);
    assertTcp(TcpState.SYN_SENT, OPEN, 0);
    assertTcp(TcpState.SYN_SENT2, SYN, SYN);
    assertTcp(TcpState.SYN_RECV, OPEN, SYN);
    assertTcp(TcpState.SYN_RECV, SYN | AHEAD, SYN);
    assertTcp(TcpState.SYN_RECV, OPEN | AHEAD | LATE, SYN);
    assertTcp(TcpState.ESTABLISHED, OPEN, OPEN);
    assertTcp(TcpState.ESTABLISHED, OPEN | AHEAD, SYN);
    assertTcp(TcpState.ESTABLISHED, SYN | AHEAD, SYN | AHEAD);
    assertTcp(TcpState.ESTABLISHED, OPEN | AHEAD | LATE, OPEN);
    assertTcp(TcpState.FIN_WAIT, OPEN | FIN, OPEN);
    assertTcp(TcpState.CLOSE_WAIT, OPEN | FIN | FIN_ACKNOWLEDGED, OPEN);
    assertTcp(TcpState.LAST_ACK, OPEN | FIN | FIN_ACKNOWLEDGED, OPEN | FIN);
    assertTcp(TcpState.LAST_ACK, OPEN | FIN, OPEN | FIN);
    assertTcp(TcpState.TIME_WAIT, OPEN | FIN | FIN_ACKNOWLEDGED, OPEN | FIN | FIN_ACKNOWLEDGED);
    assertTcp(TcpState.CLOSE, SYN, RST);
    assertTcp(TcpState.SYN_RECV, PICKED_UP, 0);
    assertTcp(TcpState.ESTABLISHED, PICKED_UP, PICKED_UP);
    assertTcp(TcpState.FIN_WAIT, PICKED_UP, PICKED_UP | FIN);
  }

  @Test
  void everyTcpBitButLateOnlyMovesForward() {
    for (int forward = 0; forward <= TcpState.ALL; forward++) {
      for (int reverse = 0; reverse <= TcpState.ALL; reverse++) {
        int state = TcpState.of(forward, reverse).ordinal();
        for (int bit = SYN; bit <= PICKED_UP; bit <<= 1) {
          int next = TcpState.of(forward | bit, reverse).ordinal();
          assertTrue(bit == LATE || next >= state, name(forward, reverse, bit));
        }
      }
    }
  }

  @Test
  void tcpStateDoesNotDependOnWhoBegan() {
    for (int forward = 0; forward <= TcpState.ALL; forward++) {
      for (int reverse = 0; reverse <= TcpState.ALL; reverse++) {
        assertEquals(TcpState.of(forward, reverse), TcpState.of(reverse, forward));
      }
    }
  }

  @Test
  void tcpIsNeverEstablishedWithoutBothEnds() {
    for (int forward = 0; forward <= TcpState.ALL; forward++) {
      for (int reverse = 0; reverse <= TcpState.ALL; reverse++) {
        boolean established = TcpState.of(forward, reverse).isEstablished();
        boolean bothSyns = (forward & reverse & SYN) != 0;
        boolean bothPickedUp = (forward & reverse & PICKED_UP) != 0;
        boolean reset = ((forward | reverse) & RST) != 0;
        assertFalse(established && !bothSyns && !bothPickedUp, name(forward, reverse, 0));
        assertFalse(established && reset, name(forward, reverse, 0));
        assertEquals(reset, TcpState.of(forward, reverse) == TcpState.CLOSE);
      }
    }
  }

  @Test
  void lateVoidsOnlyWhatWasAhead() {
    for (int forward = 0; forward <= TcpState.ALL; forward++) {
      for (int reverse = 0; reverse <= TcpState.ALL; reverse++) {
        TcpState late = TcpState.of(forward | LATE, reverse | LATE);
        TcpState without = TcpState.of(forward & ~(AHEAD | LATE), reverse & ~(AHEAD | LATE));
        boolean nothing = ((forward | reverse) & ~(AHEAD | LATE)) == 0;
        assertTrue(late == without || nothing, name(forward, reverse, 0));
      }
    }
  }

  @Test
  void sctpStatesOfTheFactsThatOccur() {
    int init = SctpState.INIT;
    int answer = SctpState.INIT_ACK;
    int echo = init | SctpState.COOKIE_ECHO;
    int done = answer | SctpState.COOKIE_ACK;
    int ahead = SctpState.AHEAD;
    int late = SctpState.LATE;
    assertSctp(SctpState.NONE, 0, 0);
    assertSctp(SctpState.COOKIE_WAIT, init, 0);
    assertSctp(SctpState.COOKIE_WAIT, init, init);
    assertSctp(SctpState.COOKIE_WAIT, init | ahead, 0);
    assertSctp(SctpState.COOKIE_WAIT, init, answer);
    assertSctp(SctpState.COOKIE_WAIT, init, answer | ahead);
    assertSctp(SctpState.COOKIE_WAIT, init | ahead | late, answer);
    assertSctp(SctpState.COOKIE_ECHOED, echo, answer);
    assertSctp(SctpState.COOKIE_ECHOED, init | ahead, answer);
    assertSctp(SctpState.COOKIE_ECHOED, echo, answer | ahead | late);
    assertSctp(SctpState.ESTABLISHED, echo, done);
    assertSctp(SctpState.ESTABLISHED, done, echo);
    assertSctp(SctpState.ESTABLISHED, init | ahead, answer | ahead);
    assertSctp(SctpState.ESTABLISHED, init | SctpState.REPLACES, 0);
    assertSctp(SctpState.ESTABLISHED, init | SctpState.REPLACES, answer);
    assertSctp(SctpState.ESTABLISHED, echo | SctpState.REPLACES, answer);
    assertSctp(SctpState.COOKIE_ECHOED, echo, answer | init | ahead); // its own echo was ahead
    assertSctp(SctpState.ESTABLISHED, ahead, ahead);
    assertSctp(SctpState.COOKIE_WAIT, ahead, 0);
    assertSctp(SctpState.SHUTDOWN_SENT, echo | SctpState.SHUTDOWN, done);
    assertSctp(SctpState.SHUTDOWN_RECD, echo, done | SctpState.SHUTDOWN);
    assertSctp(
        SctpState.SHUTDOWN_ACK_SENT, echo | SctpState.SHUTDOWN, done | SctpState.SHUTDOWN_ACK);
    assertSctp(SctpState.CLOSED, echo | SctpState.CLOSE, done);
    assertSctp(SctpState.CLOSED, init, SctpState.CLOSE);
  }

  @Test
  void everySctpBitButLateMovesForwardUnlessItReplacesAnother() {
    int[] rank = {0, 1, 2, 3, 5, 4, 6, 7}; // a SHUTDOWN forward is named before one in reverse
    for (int forward = SctpState.INIT; forward <= SctpState.ALL; forward += 2) {
      for (int reverse = 0; reverse <= SctpState.ALL; reverse++) {
        if (((forward | reverse) & SctpState.REPLACES) != 0) {
          continue;
        }
        int state = rank[SctpState.of(forward, reverse).ordinal()];
        for (int bit = SctpState.INIT; bit <= SctpState.AHEAD; bit <<= 1) {
          if (!isExplained(forward, bit)) {
            assertTrue(rank[SctpState.of(forward | bit, reverse).ordinal()] >= state);
          }
          if (!isExplained(reverse, bit)) {
            assertTrue(rank[SctpState.of(forward, reverse | bit).ordinal()] >= state);
          }
        }
      }
    }
  }

  /** With its INIT known, what an end sent ahead was a COOKIE-ECHO and no COOKIE-ACK. */
  private static boolean isExplained(int bits, int added) {
    return added == SctpState.INIT && (bits & SctpState.AHEAD) != 0;
  }

  @Test
  void sctpIsNeverEstablishedWithoutBothEnds() {
    int opening = SctpState.INIT | SctpState.INIT_ACK;
    for (int forward = 0; forward <= SctpState.ALL; forward++) {
      for (int reverse = 0; reverse <= SctpState.ALL; reverse++) {
        boolean replaces = ((forward | reverse) & SctpState.REPLACES) != 0;
        if (replaces || !SctpState.of(forward, reverse).isEstablished()) {
          continue;
        }
        boolean bothOpened = (forward & opening) != 0 && (reverse & opening) != 0;
        boolean pickedUp = ((forward | reverse) & opening) == 0;
        assertTrue(bothOpened || pickedUp, name(forward, reverse, 0));
        assertTrue(forward != 0 && reverse != 0, name(forward, reverse, 0));
      }
    }
  }

  @Test
  void onlyClosedSctpFactsCloseAnAssociation() {
    for (int forward = 0; forward <= SctpState.ALL; forward++) {
      for (int reverse = 0; reverse <= SctpState.ALL; reverse++) {
        boolean closed = ((forward | reverse) & SctpState.CLOSE) != 0;
        assertEquals(closed, SctpState.of(forward, reverse).isClosed());
      }
    }
  }

  @Test
  void udpStates() {
    assertEquals(FlowState.NONE, SessionState.of(IpProtocol.UDP, 0, 0));
    assertEquals(FlowState.UNREPLIED, SessionState.of(IpProtocol.UDP, 1, 0));
    assertEquals(FlowState.UNREPLIED, SessionState.of(IpProtocol.UDP, 3, 0));
    assertEquals(FlowState.REPLIED, SessionState.of(IpProtocol.UDP, 1, 1));
    assertEquals(FlowState.REPLIED, SessionState.of(IpProtocol.UDP, 1, 3));
    assertEquals(FlowState.REPLIED, SessionState.of(IpProtocol.UDP, 3, 1));
    assertEquals(FlowState.STREAM, SessionState.of(IpProtocol.UDP, 7, 1));
    assertEquals(FlowState.STREAM, SessionState.of(IpProtocol.UDP, 7, 3));
  }

  @Test
  void icmpStates() {
    assertEquals(IcmpState.NONE, SessionState.of(IpProtocol.ICMP, 0, 0));
    assertEquals(IcmpState.QUERIED, SessionState.of(IpProtocol.ICMP, 1, 0));
    assertEquals(IcmpState.QUERY_REPLIED, SessionState.of(IpProtocol.ICMP, 1, 1));
    assertEquals(IcmpState.ECHO_REQUESTED, SessionState.of(IpProtocol.ICMPV6, 3, 0));
    assertEquals(IcmpState.ECHO_REPLIED, SessionState.of(IpProtocol.ICMPV6, 3, 1));
  }

  @Test
  void statesOfOtherProtocols() {
    assertEquals(FlowState.NONE, SessionState.of(IpProtocol.GRE, 0, 0));
    assertEquals(FlowState.OTHER_FIRST, SessionState.of(IpProtocol.GRE, 1, 0));
    assertEquals(FlowState.OTHER_CONFIRMED, SessionState.of(IpProtocol.ESP, 3, 0));
    assertEquals(FlowState.OTHER_CONFIRMED, SessionState.of(IpProtocol.AH, 1, 1));
  }

  @Test
  void everyCombinationOfFewBitsHasANameOnlyWhenSomethingWasSeen() {
    int[] protocols = {IpProtocol.UDP, IpProtocol.ICMP, IpProtocol.GRE};
    for (int protocol : protocols) {
      for (int bits = 0; bits < 16; bits++) {
        SessionState state = SessionState.of(protocol, bits & 3, bits >>> 2);
        boolean none = state == FlowState.NONE || state == IcmpState.NONE;
        assertEquals(bits == 0, none);
        assertEquals(bits != 0, state.isEstablished());
        assertFalse(state.isClosed());
      }
    }
  }

  private static void assertTcp(TcpState expected, int forward, int reverse) {
    assertEquals(expected, SessionState.of(IpProtocol.TCP, forward, reverse));
  }

  private static void assertSctp(SctpState expected, int forward, int reverse) {
    assertEquals(expected, SessionState.of(IpProtocol.SCTP, forward, reverse));
  }

  private static String name(int forward, int reverse, int bit) {
    return "forward " + forward + " reverse " + reverse + " bit " + bit;
  }
}
