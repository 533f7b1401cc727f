package io.understudy.backup;

import io.understudy.model.IpProtocol;
import io.understudy.track.FlowState;
import io.understudy.track.IcmpState;
import io.understudy.track.TcpState;

/**
 * Decides when a session is backed up, on the member that created it.
 *
 * <p>Shape: a pure function of the question and the settings it was built with; it keeps nothing.
 * New settings are a new gate. {@link BackupDecision} reads the answers.
 *
 * <p><b>Order.</b> First what the session <i>is</i> (local, multicast, in a tunnel that does not
 * survive, inspected by a proxy): NEVER, or WITHDRAW if it is backed up. Then a session that is
 * backed up stays so, whatever mode, options and rules say by now. Then the options, the first rule
 * that matches, the protocol's row of the contract, and overload. The reason that is given is the
 * first that holds.
 *
 * <p>Thread: any. Allocates nothing.
 */
public final class BackupGate {
  /** How soon to ask again about a session that found the backup overloaded. */
  static final long OVERLOAD_RETRY_NS = 1_000_000_000L;

  private final BackupConfig config;
  private final CompiledRules rules;
  private final long[] httpPorts = new long[(0xFFFF + 1) / Long.SIZE];

  public BackupGate(BackupConfig config) {
    this.config = config;
    rules = new CompiledRules(config.rules(), config.policy());
    for (int port : config.httpPorts()) {
      httpPorts[port >>> 6] |= 1L << port;
    }
  }

  public BackupConfig config() {
    return config;
  }

  /** What is to be done with the session; {@link BackupDecision} reads the answer. */
  public long decide(BackupQuestion question) {
    boolean backedUp = question.has(BackupQuestion.BACKED_UP);
    BackupReason reason = ineligible(question);
    if (reason != null) {
      return backedUp ? BackupDecision.withdraw(reason) : BackupDecision.never(reason);
    }
    int row = rules.match(question);
    int timing = timing(row, question);
    if (backedUp) {
      return backUp(timing, question);
    }
    reason = excluded(timing, question);
    if (reason != null) {
      return BackupDecision.never(reason);
    }
    if (question.has(BackupQuestion.HELPER_PENDING)) {
      return BackupDecision.notYet(BackupReason.HELPER_STATE);
    }
    long decision =
        timing == CompiledRules.QUICK
            ? backUp(timing, question)
            : decideByProgress(timing, row, question);
    if (BackupDecision.isBackUp(decision) && question.has(BackupQuestion.OVERLOADED)) {
      return BackupDecision.notYet(BackupReason.OVERLOAD, OVERLOAD_RETRY_NS);
    }
    return decision;
  }

  /**
   * Sessions that the other gate kept back may be eligible now: a paced scan asks about them
   * without an event.
   */
  public boolean isScanNeededAfter(BackupGate former) {
    return !config.equals(former.config);
  }

  /** Never backed up for what it is; {@code null}: none of these reasons. */
  private BackupReason ineligible(BackupQuestion question) {
    if (question.has(BackupQuestion.LOCAL)) {
      return BackupReason.LOCAL_ORIGIN;
    }
    if (question.has(BackupQuestion.MULTICAST)) {
      return BackupReason.MULTICAST;
    }
    if (question.has(BackupQuestion.TUNNEL)) {
      return BackupReason.TUNNEL_REESTABLISHED;
    }
    if (question.has(BackupQuestion.SSL_VPN)) {
      return BackupReason.SSL_VPN_SERVICE;
    }
    if (question.has(BackupQuestion.INSPECTED) && config.excludeInspected()) {
      return BackupReason.INSPECTED_PROXY;
    }
    return isQueryOtherThanEcho(question) ? BackupReason.TABLE_NOT_ELIGIBLE : null;
  }

  /** Not backed up because of settings; {@code null}: none of these reasons. */
  private BackupReason excluded(int timing, BackupQuestion question) {
    if (!config.pickup()) {
      return BackupReason.PICKUP_OFF;
    }
    if (!config.connectionless() && isConnectionless(question.protocol())) {
      return BackupReason.CONNECTIONLESS_OFF;
    }
    if (!config.httpReplication() && isHttp(question)) {
      return BackupReason.HTTP_REPLICATION_OFF;
    }
    if (timing == CompiledRules.NEVER) {
      return BackupReason.RULE_EXCLUDED;
    }
    boolean icmp = IpProtocol.isIcmp(question.protocol());
    return icmp && timing != CompiledRules.QUICK ? BackupReason.MODE_NORMAL_ICMP : null;
  }

  /** In normal mode, or with a delay: what must have happened. */
  private long decideByProgress(int timing, int row, BackupQuestion question) {
    switch (question.protocol()) {
      case IpProtocol.TCP:
        return timing == CompiledRules.DELAYED
            ? decideByAge(rules.delayNs(row), question)
            : decideByHandshake(question);
      case IpProtocol.SCTP:
        return decideByHandshake(question);
      case IpProtocol.UDP:
        return decideByPackets(question.forwardPackets() >= 2, question);
      default:
        return decideByPackets(
            question.forwardPackets() >= 2 || question.newState() == FlowState.OTHER_CONFIRMED,
            question);
    }
  }

  private static long decideByHandshake(BackupQuestion question) {
    return question.newState().isEstablished()
        ? backUp(CompiledRules.NORMAL, question)
        : BackupDecision.notYet(BackupReason.HANDSHAKE_INCOMPLETE);
  }

  private static long decideByAge(long delayNs, BackupQuestion question) {
    if (question.newState() == TcpState.TIME_WAIT || hasJustClosed(question)) {
      return BackupDecision.never(BackupReason.PICKUP_DELAY); // it did not live longer
    }
    if (!question.newState().isEstablished()) {
      return BackupDecision.notYet(BackupReason.HANDSHAKE_INCOMPLETE);
    }
    long missingNs = delayNs - question.ageNs();
    return missingNs <= 0
        ? backUp(CompiledRules.DELAYED, question)
        : BackupDecision.notYet(BackupReason.PICKUP_DELAY, missingNs);
  }

  private static boolean hasJustClosed(BackupQuestion question) {
    return question.newState().isClosed() && question.oldState().isEstablished();
  }

  private static long decideByPackets(boolean enough, BackupQuestion question) {
    return enough
        ? backUp(CompiledRules.NORMAL, question)
        : BackupDecision.notYet(BackupReason.FIRST_FORWARD_PACKET);
  }

  private int timing(int row, BackupQuestion question) {
    int timing = rules.timing(row);
    boolean adapted = question.has(BackupQuestion.ADAPTIVE_QUICK);
    return timing == CompiledRules.NORMAL && adapted ? CompiledRules.QUICK : timing;
  }

  private static long backUp(int timing, BackupQuestion question) {
    return BackupDecision.backUp(
        timing == CompiledRules.QUICK || question.event().isUrgentInNormalMode());
  }

  private static boolean isQueryOtherThanEcho(BackupQuestion question) {
    return question.newState() instanceof IcmpState state
        && state != IcmpState.NONE
        && !state.isEcho();
  }

  private static boolean isConnectionless(int protocol) {
    return protocol == IpProtocol.UDP || IpProtocol.isIcmp(protocol);
  }

  private boolean isHttp(BackupQuestion question) {
    int port = question.servicePort();
    return question.protocol() == IpProtocol.TCP
        && (httpPorts[(port & 0xFFFF) >>> 6] & 1L << port) != 0;
  }
}
