package io.understudy.track;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.understudy.model.IpProtocol;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TimeoutsTest {
  private final Timeouts timeouts = Timeouts.defaults();

  @Test
  void defaultsAreTheContract() {
    assertSeconds(30, TcpState.SYN_SENT);
    assertSeconds(30, TcpState.SYN_RECV);
    assertSeconds(3600, TcpState.ESTABLISHED);
    assertSeconds(120, TcpState.FIN_WAIT);
    assertSeconds(60, TcpState.CLOSE_WAIT);
    assertSeconds(30, TcpState.LAST_ACK);
    assertSeconds(120, TcpState.TIME_WAIT);
    assertSeconds(10, TcpState.CLOSE);
    assertSeconds(60, FlowState.UNREPLIED);
    assertSeconds(120, FlowState.STREAM);
    assertSeconds(20, IcmpState.ECHO_REQUESTED);
    assertSeconds(10, SctpState.COOKIE_ECHOED);
    assertSeconds(3600, SctpState.ESTABLISHED);
    assertSeconds(10, SctpState.SHUTDOWN_SENT);
    assertSeconds(60, FlowState.OTHER_FIRST);
  }

  @Test
  void everyStateHasAClass() {
    for (int protocol : new int[] {IpProtocol.TCP, IpProtocol.SCTP, IpProtocol.UDP, 1, 47}) {
      for (int bits = 0; bits < 1 << 10; bits++) {
        SessionState state = SessionState.of(protocol, bits, bits);
        assertTrue(timeouts.isKnown(state.timeoutClass().code()));
      }
    }
  }

  @Test
  void codesAreStableAndDistinct() {
    int[] codes = Arrays.stream(TimeoutClass.values()).mapToInt(TimeoutClass::code).toArray();

    assertEquals(codes.length, Arrays.stream(codes).distinct().count());
    assertTrue(Arrays.stream(codes).allMatch(code -> code > 0 && code < Timeouts.FIRST_OWN_CODE));
    assertEquals(3, TimeoutClass.TCP_ESTABLISHED.code());
    assertEquals(16, TimeoutClass.OTHER.code());
  }

  @Test
  void changedTimeoutLeavesTheOthersAlone() {
    Timeouts changed = timeouts.with(TimeoutClass.TCP_ESTABLISHED, 7_440).withOwn(200, 5);

    assertEquals(7_440, changed.seconds(TimeoutClass.TCP_ESTABLISHED));
    assertEquals(5, changed.seconds(200, TcpState.ESTABLISHED));
    assertEquals(30, changed.seconds(TimeoutClass.TCP_SYN_SENT));
    assertEquals(3_600, timeouts.seconds(TimeoutClass.TCP_ESTABLISHED));
    assertFalse(changed.equals(timeouts));
    assertEquals(changed, timeouts.withOwn(200, 5).with(TimeoutClass.TCP_ESTABLISHED, 7_440));
  }

  @Test
  void codeOfAPeerThatMeansNothingHereGetsTheTimeoutOfTheState() {
    assertFalse(timeouts.isKnown(0));
    assertFalse(timeouts.isKnown(201));
    assertFalse(timeouts.isKnown(-1));
    assertFalse(timeouts.isKnown(256));
    assertEquals(3_600_000_000_000L, timeouts.nanos(201, TcpState.ESTABLISHED, false));
    assertEquals(10_000_000_000L, timeouts.nanos(-1, SctpState.COOKIE_WAIT, false));
  }

  @Test
  void valuesOutOfRangeAreRefusedWhereTheyAreWritten() {
    assertThrows(
        IllegalArgumentException.class, () -> timeouts.with(TimeoutClass.TCP_ESTABLISHED, 0));
    assertThrows(
        IllegalArgumentException.class,
        () -> timeouts.with(TimeoutClass.TCP_ESTABLISHED, Timeouts.MAX_SECONDS + 1));
    assertThrows(IllegalArgumentException.class, () -> timeouts.withOwn(127, 5));
    assertThrows(IllegalArgumentException.class, () -> timeouts.withOwn(256, 5));
  }

  @Test
  void aRecordThatNamesNoClassHasThatOfItsState() {
    Timeouts own = Timeouts.defaults().withOwn(200, 77);

    assertEquals(3_600, own.seconds(0, TcpState.ESTABLISHED));
    assertEquals(10, own.seconds(0, TcpState.CLOSE));
    assertEquals(77, own.seconds(200, TcpState.ESTABLISHED));
  }

  @ParameterizedTest
  @CsvSource({
    "SYN_SENT, 240",
    "SYN_RECV, 240",
    "ESTABLISHED, 7440",
    "FIN_WAIT, 240",
    "CLOSE_WAIT, 240",
    "LAST_ACK, 240",
    "TIME_WAIT, 240",
    "CLOSE, 240"
  })
  void translatedTcpLivesAsLongAsItsBindingHasTo(TcpState state, int seconds) {
    assertEquals(seconds, timeouts.seconds(0, state, true));
    assertEquals(timeouts.seconds(0, state), timeouts.seconds(0, state, false));
  }

  @Test
  void translatedOthersTooAndWhatIsLongerOrNamedStaysSo() {
    assertEquals(60, timeouts.seconds(0, IcmpState.ECHO_REQUESTED, true));
    assertEquals(120, timeouts.seconds(0, FlowState.UNREPLIED, true));
    assertEquals(120, timeouts.seconds(0, FlowState.REPLIED, true));
    assertEquals(3_600, timeouts.seconds(0, SctpState.ESTABLISHED, true));
    assertEquals(60, timeouts.seconds(0, FlowState.OTHER_FIRST, true));
    Timeouts longer =
        timeouts.with(TimeoutClass.UDP_STREAM, 500).withOwn(200, 7).with(TimeoutClass.ICMP, 5);
    assertEquals(500, longer.seconds(0, FlowState.STREAM, true));
    assertEquals(7, longer.seconds(200, FlowState.STREAM, true));
    assertEquals(60, longer.seconds(0, IcmpState.ECHO_REPLIED, true));
  }

  private void assertSeconds(int expected, SessionState state) {
    assertEquals(expected, timeouts.seconds(0, state));
  }
}
