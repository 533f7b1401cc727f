package io.understudy.testkit.firewall;

import io.understudy.SyncNode;
import io.understudy.backup.BackupAnswer;
import io.understudy.backup.BackupConfig;
import io.understudy.backup.BackupCounters;
import io.understudy.backup.BackupDecision;
import io.understudy.backup.BackupGate;
import io.understudy.backup.BackupQuestion;
import io.understudy.backup.BackupReason;
import io.understudy.backup.NodeAddresses;
import io.understudy.model.Direction;
import io.understudy.table.HotTable;
import io.understudy.table.PublishResult;
import io.understudy.tables.session.SessionRecord;
import io.understudy.tables.session.SessionTable;
import io.understudy.track.SessionEvent;
import io.understudy.track.TrackResult;

/**
 * Asks the gate about a session and publishes it accordingly.
 *
 * <p>Thread: the dataplane's. Allocates nothing.
 */
final class BackupDesk {
  private static final long NS_PER_SECOND = 1_000_000_000;

  private final int node;
  private BackupGate gate;
  private final BackupCounters keptBack = new BackupCounters();
  private final BackupQuestion question = new BackupQuestion();
  private final FirewallCounters counters;
  private final FirewallListener listener;

  BackupDesk(
      SyncNode node, FirewallConfig config, FirewallCounters counters, FirewallListener listener) {
    this.node = node.config().node().value();
    gate = new BackupGate(config.backup());
    this.counters = counters;
    this.listener = listener;
  }

  BackupCounters keptBack() {
    return keptBack;
  }

  /** From now on these settings; answers whether sessions that were kept back may be eligible now. */
  boolean settings(BackupConfig settings) {
    BackupGate former = gate;
    gate = new BackupGate(settings);
    return gate.isScanNeededAfter(former);
  }

  /** Publishes a session that begins, on a free key or in place of another generation. */
  PublishResult begin(
      SessionTable table,
      SessionRecord session,
      int group,
      TrackResult change,
      boolean again,
      long nowNs) {
    boolean wasOurs = again && session.creator() == node;
    int formerCode = again ? session.exclusion() : 0;
    long decision = gate.decide(ask(session, group, 0).change(change).usage(1, 0));
    int code = BackupDecision.reasonCode(decision);
    int options = (again ? HotTable.NEW_GENERATION : 0) | urgency(decision);
    PublishResult result = owed(table.publish(session, group, code, options, nowNs));
    if (!result.isWritten()) {
      return result;
    }
    if (wasOurs) {
      keptBack.end(formerCode);
    }
    keptBack.begin(code);
    if (code == 0) {
      listener.onBackedUp(session);
    }
    return result;
  }

  /** Publishes what a packet changed in a session of a group that this member holds. */
  PublishResult change(
      SessionTable table,
      SessionRecord session,
      TrackResult change,
      Direction direction,
      long nowNs) {
    int forward = direction == Direction.FORWARD ? 1 : 0;
    question(session).change(change);
    question.usage(session.ownPackets(Direction.FORWARD) + forward, ageNs(session, nowNs));
    return decideAndPublish(table, session, nowNs);
  }

  /** Asks again about a session to which nothing has happened. */
  void lookAgain(SessionTable table, SessionRecord session, long nowNs) {
    question(session)
        .unchanged(session.state())
        .usage(session.ownPackets(Direction.FORWARD), ageNs(session, nowNs));
    decideAndPublish(table, session, nowNs);
  }

  /** Publishes facts about a session of another member's group; whether it is backed up is not ours to say. */
  PublishResult tell(SessionTable table, SessionRecord session, TrackResult change, long nowNs) {
    long decision = gate.decide(question(session).flags(BackupQuestion.BACKED_UP).change(change));
    return owed(
        table.publish(session, session.group(), session.exclusion(), urgency(decision), nowNs));
  }

  /** A session has ended here. */
  void ended(SessionRecord session) {
    if (session.creator() == node) {
      keptBack.end(session.exclusion());
    }
  }

  /** Something else than backup was asked of the table. */
  PublishResult owed(PublishResult result) {
    if (result == PublishResult.QUEUED || result == PublishResult.ABSORBED) {
      counters.add(FirewallCounters.Total.OWED);
    }
    return result;
  }

  /** Whether the gate may want to be asked again about a session kept back for this reason, by time alone. */
  static boolean isByTime(int reasonCode) {
    return reasonCode == BackupReason.PICKUP_DELAY.code()
        || reasonCode == BackupReason.OVERLOAD.code();
  }

  private PublishResult decideAndPublish(SessionTable table, SessionRecord session, long nowNs) {
    int formerCode = session.exclusion();
    long decision = gate.decide(question);
    int code = BackupDecision.reasonCode(decision);
    int options = urgency(decision);
    if (BackupDecision.answer(decision) == BackupAnswer.WITHDRAW) {
      options |= HotTable.WITHDRAW;
    }
    PublishResult result = owed(table.publish(session, session.group(), code, options, nowNs));
    if (session.creator() == node) {
      keptBack.change(formerCode, code);
    }
    if (formerCode != 0 && code == 0) {
      listener.onBackedUp(session);
    }
    return result;
  }

  private BackupQuestion question(SessionRecord session) {
    int backedUp = session.exclusion() == 0 ? BackupQuestion.BACKED_UP : 0;
    return ask(session, session.group(), backedUp);
  }

  private BackupQuestion ask(SessionRecord session, int group, int flags) {
    boolean multicast =
        session.isIpv6()
            ? NodeAddresses.isMulticast6(session.responderHigh())
            : NodeAddresses.isMulticast4((int) session.responderLow());
    boolean local = (session.flags() & SessionRecord.LOCAL_ORIGIN) != 0;
    return question
        .session(session.protocol(), group, session.vsys(), session.responderPort())
        .zones(session.ingressZone(), session.egressZone())
        .change(session.state(), SessionEvent.NONE, session.state())
        .flags(
            flags
                | (multicast ? BackupQuestion.MULTICAST : 0)
                | (local ? BackupQuestion.LOCAL : 0));
  }

  private static int urgency(long decision) {
    return BackupDecision.isUrgent(decision) ? HotTable.URGENT : 0;
  }

  private static long ageNs(SessionRecord session, long nowNs) {
    return session.ageSeconds(nowNs) * NS_PER_SECOND;
  }
}
