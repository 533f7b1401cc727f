package io.understudy.backup;

import static io.understudy.backup.BackupPolicy.NEVER;
import static io.understudy.backup.BackupPolicy.QUICK;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.understudy.model.IpProtocol;
import io.understudy.track.FlowState;
import io.understudy.track.IcmpState;
import io.understudy.track.SctpState;
import io.understudy.track.SessionEvent;
import io.understudy.track.SessionState;
import io.understudy.track.TcpState;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class BackupGateTest {
  private static final long SECOND = 1_000_000_000L;

  private final BackupQuestion question = new BackupQuestion();

  @Test
  void whatASessionIsComesFirst() {
    BackupGate gate = new BackupGate(BackupConfig.builder().policy(QUICK).pickup(false).build());

    assertNever(BackupReason.LOCAL_ORIGIN, gate, BackupQuestion.LOCAL);
    assertNever(BackupReason.MULTICAST, gate, BackupQuestion.MULTICAST);
    assertNever(BackupReason.TUNNEL_REESTABLISHED, gate, BackupQuestion.TUNNEL);
    assertNever(BackupReason.SSL_VPN_SERVICE, gate, BackupQuestion.SSL_VPN);
    assertNever(BackupReason.INSPECTED_PROXY, gate, BackupQuestion.INSPECTED);
    assertNever(BackupReason.LOCAL_ORIGIN, gate, BackupQuestion.INSPECTED | BackupQuestion.LOCAL);
    assertNever(BackupReason.PICKUP_OFF, gate, 0);
  }

  @Test
  void sessionThatTurnsOutIneligibleIsWithdrawn() {
    BackupGate gate = new BackupGate(BackupConfig.hotStandby());
    established().flags(BackupQuestion.BACKED_UP | BackupQuestion.INSPECTED);

    long decision = gate.decide(question);

    assertEquals(BackupAnswer.WITHDRAW, BackupDecision.answer(decision));
    assertEquals(BackupReason.INSPECTED_PROXY, BackupDecision.reason(decision));
    assertTrue(BackupDecision.isUrgent(decision));
  }

  @Test
  void inspectedSessionsAreBackedUpWhereTheyAreNotExcluded() {
    BackupGate gate = new BackupGate(BackupConfig.builder().excludeInspected(false).build());

    assertBackUp(gate, established().flags(BackupQuestion.INSPECTED));
  }

  @Test
  void sessionThatIsBackedUpStaysSoWhateverModeOptionsAndRulesSay() {
    BackupConfig[] configs = {
      BackupConfig.hotStandby(),
      BackupConfig.builder().pickup(false).build(),
      BackupConfig.builder().policy(NEVER).build(),
      BackupConfig.builder().policy(BackupPolicy.delayed(Duration.ofHours(1))).build(),
      BackupConfig.builder().httpReplication(false).build(),
      BackupConfig.builder().rule(BackupRule.any(NEVER).forPort(80)).build()
    };
    for (BackupConfig config : configs) {
      BackupGate gate = new BackupGate(config);
      assertBackUp(gate, halfOpen().flags(BackupQuestion.BACKED_UP));
      assertBackUp(gate, closed().flags(BackupQuestion.BACKED_UP | BackupQuestion.OVERLOADED));
      assertBackUp(gate, udp(1).flags(BackupQuestion.BACKED_UP));
    }
    BackupGate connectionless = new BackupGate(BackupConfig.sessionPickup());
    assertBackUp(connectionless, udp(2).flags(BackupQuestion.BACKED_UP));
  }

  @Test
  void echoBackedUpInQuickModeStaysWhenTheModeIsNormalAgain() {
    BackupGate gate = new BackupGate(BackupConfig.hotStandby());

    assertNever(BackupReason.MODE_NORMAL_ICMP, gate.decide(echo()));
    assertBackUp(gate, echo().flags(BackupQuestion.BACKED_UP));
  }

  @Test
  void scanAfterNormalBecameQuickFindsWhatIsEligibleNow() {
    BackupGate before = new BackupGate(BackupConfig.hotStandby());
    BackupGate after = new BackupGate(BackupConfig.builder().policy(QUICK).build());

    assertTrue(after.isScanNeededAfter(before));
    assertFalse(after.isScanNeededAfter(new BackupGate(after.config().toBuilder().build())));
    SessionState[] states = {
      TcpState.SYN_SENT, FlowState.UNREPLIED, IcmpState.ECHO_REQUESTED, SctpState.COOKIE_WAIT
    };
    int[] protocols = {IpProtocol.TCP, IpProtocol.UDP, IpProtocol.ICMP, IpProtocol.SCTP};
    for (int i = 0; i < states.length; i++) {
      question.session(protocols[i], 1, 0, 80).unchanged(states[i]).usage(1, 0);
      assertFalse(BackupDecision.isBackUp(before.decide(question)));
      assertTrue(BackupDecision.isBackUp(after.decide(question)));
    }
  }

  @Test
  void optionsExcludeWhatTheySay() {
    BackupGate pickupOff = new BackupGate(BackupConfig.builder().pickup(false).build());
    assertNever(BackupReason.PICKUP_OFF, pickupOff.decide(established()));
    assertNever(BackupReason.PICKUP_OFF, pickupOff.decide(udp(2)));

    BackupConfig quickTcp = BackupConfig.builder().policy(QUICK).connectionless(false).build();
    BackupGate connectionlessOff = new BackupGate(quickTcp);
    assertNever(BackupReason.CONNECTIONLESS_OFF, connectionlessOff.decide(udp(2)));
    assertNever(BackupReason.CONNECTIONLESS_OFF, connectionlessOff.decide(echo()));
    assertBackUp(connectionlessOff, established());

    BackupGate httpOff = new BackupGate(BackupConfig.builder().httpReplication(false).build());
    assertNever(BackupReason.HTTP_REPLICATION_OFF, httpOff.decide(established(80)));
    assertNever(BackupReason.HTTP_REPLICATION_OFF, httpOff.decide(established(8080)));
    assertBackUp(httpOff, established(443));
    assertBackUp(httpOff, question.session(IpProtocol.UDP, 1, 0, 80).usage(2, 0));
  }

  @Test
  void delayedSessionIsBackedUpWhenItLivesLongerEvenIfQuiet() {
    BackupGate gate =
        new BackupGate(
            BackupConfig.builder().policy(BackupPolicy.delayed(Duration.ofSeconds(30))).build());

    long early = gate.decide(established().usage(9, 10 * SECOND));
    assertEquals(BackupAnswer.NOT_YET, BackupDecision.answer(early));
    assertEquals(BackupReason.PICKUP_DELAY, BackupDecision.reason(early));
    assertEquals(20 * SECOND, BackupDecision.lookAgainNs(early));

    question
        .session(IpProtocol.TCP, 1, 0, 80)
        .unchanged(TcpState.ESTABLISHED)
        .usage(9, 30 * SECOND);
    assertBackUp(gate, question);
  }

  @Test
  void delayedSessionThatEndsFirstIsNeverBackedUp() {
    BackupGate gate = new BackupGate(BackupConfig.sessionPickupDelay());

    question
        .session(IpProtocol.TCP, 1, 0, 80)
        .change(TcpState.LAST_ACK, SessionEvent.FIN_ACKNOWLEDGED, TcpState.TIME_WAIT)
        .usage(9, 40 * SECOND);
    assertNever(BackupReason.PICKUP_DELAY, gate.decide(question));
    question.change(TcpState.ESTABLISHED, SessionEvent.RST, TcpState.CLOSE);
    assertNever(BackupReason.PICKUP_DELAY, gate.decide(question));
    question.change(TcpState.SYN_SENT, SessionEvent.RST, TcpState.CLOSE);
    assertEquals(BackupReason.HANDSHAKE_INCOMPLETE, BackupDecision.reason(gate.decide(question)));
  }

  @Test
  void delayWaitsForTheHandshakeAndConcernsTcpOnly() {
    BackupGate gate =
        new BackupGate(
            BackupConfig.builder().policy(BackupPolicy.delayed(Duration.ofSeconds(30))).build());

    long halfOpen = gate.decide(halfOpen().usage(1, 100 * SECOND));
    assertEquals(BackupReason.HANDSHAKE_INCOMPLETE, BackupDecision.reason(halfOpen));
    assertBackUp(gate, udp(2));
    assertBackUp(
        gate,
        question
            .session(IpProtocol.SCTP, 1, 0, 36_412)
            .change(
                SctpState.COOKIE_ECHOED, SessionEvent.HANDSHAKE_COMPLETE, SctpState.ESTABLISHED));
  }

  @Test
  void helperKeepsBackUntilItIsDone() {
    BackupGate gate = new BackupGate(BackupConfig.builder().policy(QUICK).build());

    long decision = gate.decide(udp(5).flags(BackupQuestion.HELPER_PENDING));

    assertEquals(BackupAnswer.NOT_YET, BackupDecision.answer(decision));
    assertEquals(BackupReason.HELPER_STATE, BackupDecision.reason(decision));
    assertEquals(0, BackupDecision.lookAgainNs(decision));
    assertBackUp(gate, udp(5));
  }

  @Test
  void overloadPutsOffWhatWouldBeBackedUpAndNothingElse() {
    BackupGate gate = new BackupGate(BackupConfig.hotStandby());

    long decision = gate.decide(established().flags(BackupQuestion.OVERLOADED));

    assertEquals(BackupReason.OVERLOAD, BackupDecision.reason(decision));
    assertEquals(BackupGate.OVERLOAD_RETRY_NS, BackupDecision.lookAgainNs(decision));
    assertEquals(
        BackupReason.HANDSHAKE_INCOMPLETE,
        BackupDecision.reason(gate.decide(halfOpen().flags(BackupQuestion.OVERLOADED))));
  }

  @Test
  void adaptiveQuickModeReplacesNormalModeOnly() {
    BackupConfig config =
        BackupConfig.builder()
            .adaptive(AdaptiveConfig.on())
            .rule(BackupRule.any(NEVER).forPort(22))
            .build();
    BackupGate gate = new BackupGate(config);

    assertBackUp(gate, halfOpen().flags(BackupQuestion.ADAPTIVE_QUICK));
    assertTrue(BackupDecision.isUrgent(gate.decide(question)));
    question
        .session(IpProtocol.TCP, 1, 0, 22)
        .unchanged(TcpState.ESTABLISHED)
        .flags(BackupQuestion.ADAPTIVE_QUICK);
    assertNever(BackupReason.RULE_EXCLUDED, gate.decide(question));
  }

  @Test
  void firstRuleThatMatchesWins() {
    BackupConfig config =
        BackupConfig.builder()
            .rule(BackupRule.any(NEVER).forPort(25))
            .rule(BackupRule.any(QUICK).forGroup(2))
            .rule(BackupRule.any(NEVER).forVsys(7))
            .rule(BackupRule.any(QUICK).forZones(3, 4).forProtocol(IpProtocol.TCP))
            .rule(BackupRule.any(QUICK).forPorts(5060, 5061))
            .build();
    BackupGate gate = new BackupGate(config);

    assertNever(BackupReason.RULE_EXCLUDED, gate.decide(opening(6, 2, 0, 25)));
    assertBackUp(gate, opening(6, 2, 7, 80));
    assertNever(BackupReason.RULE_EXCLUDED, gate.decide(opening(6, 1, 7, 5060)));
    assertBackUp(gate, opening(6, 1, 0, 80).zones(3, 4));
    assertNotYet(gate, opening(6, 1, 0, 80).zones(4, 3));
    assertNotYet(gate, opening(17, 1, 0, 80).zones(3, 4).usage(1, 0));
    assertBackUp(gate, opening(17, 1, 0, 5061).usage(1, 0));
    assertNotYet(gate, opening(17, 1, 0, 5062).usage(1, 0));
    assertNotYet(gate, opening(6, 1, 0, 80));
  }

  @Test
  void protocolsWithoutPortsMatchNoRuleForPorts() {
    BackupGate gate =
        new BackupGate(
            BackupConfig.builder().rule(BackupRule.any(NEVER).forPorts(0, 1_000)).build());

    assertBackUp(gate, question.session(IpProtocol.GRE, 1, 0, 0).usage(2, 0));
    assertNever(BackupReason.MODE_NORMAL_ICMP, gate.decide(echo())); // its port is a type
  }

  @Test
  void presetsDoWhatTheirNamesAreKnownFor() {
    BackupGate statefulFailover = new BackupGate(BackupConfig.statefulFailover());
    assertNever(BackupReason.HTTP_REPLICATION_OFF, statefulFailover.decide(established(80)));
    assertNever(BackupReason.HTTP_REPLICATION_OFF, statefulFailover.decide(established(8080)));
    assertBackUp(statefulFailover, established(443));
    assertBackUp(statefulFailover, udp(2));

    BackupGate pickup = new BackupGate(BackupConfig.sessionPickup());
    assertBackUp(pickup, established());
    assertNever(BackupReason.CONNECTIONLESS_OFF, pickup.decide(udp(2)));
    question.session(IpProtocol.GRE, 1, 0, 0).usage(2, 0);
    assertNever(BackupReason.RULE_EXCLUDED, pickup.decide(question));

    BackupGate connectionless = new BackupGate(BackupConfig.sessionPickupConnectionless());
    assertBackUp(connectionless, established());
    assertBackUp(connectionless, udp(2));
    assertNever(BackupReason.MODE_NORMAL_ICMP, connectionless.decide(echo()));

    BackupGate delay = new BackupGate(BackupConfig.sessionPickupDelay());
    assertBackUp(delay, established().usage(2, 30 * SECOND));
    assertNotYet(delay, established().usage(2, 29 * SECOND));
    assertNever(BackupReason.CONNECTIONLESS_OFF, delay.decide(udp(2)));

    BackupGate hotStandby = new BackupGate(BackupConfig.hotStandby());
    assertBackUp(hotStandby, established(80));
    assertBackUp(hotStandby, udp(2));
  }

  @Test
  void normalModeIsUrgentOnlyWhereAPeerWouldForwardWrongly() {
    BackupGate gate = new BackupGate(BackupConfig.hotStandby());
    for (SessionEvent event : SessionEvent.values()) {
      question
          .session(IpProtocol.TCP, 1, 0, 80)
          .change(TcpState.ESTABLISHED, event, TcpState.ESTABLISHED)
          .flags(BackupQuestion.BACKED_UP);
      boolean expected =
          switch (event) {
            case RST, ABORT, SHUTDOWN_COMPLETE, SEQUENCE_OFFSET -> true;
            default -> false;
          };
      assertEquals(expected, BackupDecision.isUrgent(gate.decide(question)), event.name());
    }
  }

  @Test
  void decisionsReadAsSentences() {
    BackupGate gate = new BackupGate(BackupConfig.sessionPickupDelay());

    assertEquals(
        "NOT_YET PICKUP_DELAY: It has not lived longer than the pick-up delay."
            + " Look again in 30000000000 ns.",
        BackupDecision.describe(gate.decide(established())));
    assertEquals(
        "BACK_UP", BackupDecision.describe(gate.decide(established().usage(1, 30 * SECOND))));
    assertEquals(0, BackupDecision.reasonCode(gate.decide(question)));
  }

  private BackupQuestion established() {
    return established(443);
  }

  private BackupQuestion established(int port) {
    return question
        .session(IpProtocol.TCP, 1, 0, port)
        .change(TcpState.SYN_RECV, SessionEvent.HANDSHAKE_COMPLETE, TcpState.ESTABLISHED);
  }

  private BackupQuestion halfOpen() {
    return opening(IpProtocol.TCP, 1, 0, 80);
  }

  private BackupQuestion opening(int protocol, int group, int vsys, int port) {
    return question
        .session(protocol, group, vsys, port)
        .change(TcpState.NONE, SessionEvent.SYN_FORWARD, TcpState.SYN_SENT);
  }

  private BackupQuestion closed() {
    return question
        .session(IpProtocol.TCP, 1, 0, 80)
        .change(TcpState.ESTABLISHED, SessionEvent.RST, TcpState.CLOSE);
  }

  private BackupQuestion udp(int packets) {
    return question
        .session(IpProtocol.UDP, 1, 0, 53)
        .change(FlowState.UNREPLIED, SessionEvent.NONE, FlowState.UNREPLIED)
        .usage(packets, 0);
  }

  private BackupQuestion echo() {
    return question
        .session(IpProtocol.ICMP, 1, 0, 8)
        .change(IcmpState.NONE, SessionEvent.ECHO_REQUEST, IcmpState.ECHO_REQUESTED);
  }

  private void assertNever(BackupReason reason, BackupGate gate, int flags) {
    assertNever(reason, gate.decide(established().flags(flags)));
  }

  private static void assertNever(BackupReason reason, long decision) {
    assertEquals(BackupAnswer.NEVER, BackupDecision.answer(decision));
    assertEquals(reason, BackupDecision.reason(decision));
  }

  private static void assertNotYet(BackupGate gate, BackupQuestion question) {
    assertEquals(BackupAnswer.NOT_YET, BackupDecision.answer(gate.decide(question)));
  }

  private static void assertBackUp(BackupGate gate, BackupQuestion question) {
    assertEquals(BackupAnswer.BACK_UP, BackupDecision.answer(gate.decide(question)));
  }
}
