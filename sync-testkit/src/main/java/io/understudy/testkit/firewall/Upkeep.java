package io.understudy.testkit.firewall;

import io.understudy.SyncNode;
import io.understudy.backup.BackupReason;
import io.understudy.table.PublishResult;
import io.understudy.table.Row;
import io.understudy.tables.session.NatKind;
import io.understudy.tables.session.SessionRecord;
import io.understudy.tables.session.SessionTable;

/**
 * A walk through the table, some slots at a time: sessions that were idle too long end, and those that are kept back for a while,
 * or all that are kept back after new settings, are asked about again. Only sessions of groups for which this member may decide.
 *
 * <p>Thread: the dataplane's. Allocates nothing.
 */
final class Upkeep {
  private static final long SEEN_GRAIN_NS = 1L << Row.LAST_SEEN_SHIFT;

  private final SyncNode node;
  private final SessionTable table;
  private final FirewallConfig config;
  private final BackupDesk desk;
  private final FirewallCounters counters;
  private final SessionRecord record;
  private final SessionTable.Visitor visitor = this::visit;
  private final long[] heldSinceNs = new long[64];
  private final boolean[] held = new boolean[64];
  private boolean noted;

  /** When the present walk began, and when the first of the sessions that it saw may be idle for too long. */
  private long walkNs;

  private long earliestNs;

  /** Before this no session's time is over: none that the last walk saw, and none that began or changed since. */
  private long nextWalkNs = Long.MIN_VALUE;

  private boolean isScanning;
  private long cursor;
  private long nowNs;

  Upkeep(
      SyncNode node,
      SessionTable table,
      FirewallConfig config,
      BackupDesk desk,
      FirewallCounters counters) {
    this.node = node;
    this.table = table;
    this.config = config;
    this.desk = desk;
    this.counters = counters;
    record = table.newRecord();
  }

  /** Settings are new: a walk from the beginning asks about every session that is kept back. */
  void beginScan() {
    isScanning = true;
    cursor = 0;
  }

  /** Goes on by so many slots. Answers whether the walk came to its end. */
  boolean run(int slots, long now) {
    boolean waits =
        desk.keptBack().keptBack(BackupReason.PICKUP_DELAY) > 0
            || desk.keptBack().keptBack(BackupReason.OVERLOAD) > 0;
    if (!config.ageing() && !waits && !isScanning) {
      return true;
    }
    nowNs = now;
    noteGroups();
    if (cursor == 0) {
      if (!waits && !isScanning && now < nextWalkNs) {
        return true;
      }
      walkNs = now;
      earliestNs = Long.MAX_VALUE;
    }
    cursor = table.scan(cursor, slots, record, visitor);
    isScanning &= cursor != 0;
    if (cursor == 0) {
      nextWalkNs = Math.min(earliestNs, walkNs + config.timeouts().shortestNanos());
    }
    return cursor == 0;
  }

  /** After a takeover every session starts a full timeout at the takeover's time; groups held from the first look on had none. */
  private void noteGroups() {
    for (int group = 1; group < held.length; group++) {
      boolean holds = node.mayDecide(group, nowNs);
      if (holds && !held[group]) {
        heldSinceNs[group] = noted ? nowNs : Long.MIN_VALUE;
      }
      held[group] = holds;
    }
    noted = true;
  }

  private void visit(SessionRecord session) {
    int group = session.group();
    if (!held[group]) {
      return;
    }
    if (config.ageing()) {
      long overNs = overNs(session, heldSinceNs[group]);
      if (nowNs >= overNs) {
        end(session);
        return;
      }
      earliestNs = Math.min(earliestNs, overNs);
    }
    if (BackupDesk.isByTime(session.exclusion()) || isScanning && session.exclusion() != 0) {
      desk.lookAgain(table, session, nowNs);
    }
  }

  /**
   * A packet found a session whose time is over, and the walk has not come by yet: it ends now.
   *
   * @return whether it did
   */
  boolean endIfIdle(SessionRecord session, long now) {
    nowNs = now;
    if (!config.ageing() || !isIdle(session, Long.MIN_VALUE)) {
      return false;
    }
    noteGroups();
    int group = session.group();
    return held[group] && isIdle(session, heldSinceNs[group]) && end(session);
  }

  private boolean end(SessionRecord session) {
    PublishResult result = desk.owed(table.remove(session, 0, nowNs));
    boolean ended = result == PublishResult.QUEUED || result == PublishResult.STORED;
    if (ended) {
      desk.ended(session);
      counters.add(FirewallCounters.Total.AGED_OUT);
    }
    return ended;
  }

  private boolean isIdle(SessionRecord session, long sinceNs) {
    return nowNs >= overNs(session, sinceNs);
  }

  /** From then on it is certainly idle for the whole timeout: when the session was last seen is known to {@link #SEEN_GRAIN_NS}. */
  private long overNs(SessionRecord session, long sinceNs) {
    long timeoutNs =
        config
            .timeouts()
            .nanos(session.timeoutClass(), session.state(), session.natKind() != NatKind.NONE);
    long seenNs = session.lastSeenNs(nowNs) + SEEN_GRAIN_NS;
    return Math.max(seenNs, sinceNs) + timeoutNs;
  }
}
