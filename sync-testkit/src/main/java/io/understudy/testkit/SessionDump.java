package io.understudy.testkit;

import io.understudy.model.Direction;
import io.understudy.tables.session.SessionRecord;
import io.understudy.tables.session.SessionTable;
import io.understudy.tables.session.SessionView;
import io.understudy.track.SessionFacts;
import java.util.List;

/** Lists the backed-up sessions of a member, line by line, without what may differ: ages and sequence hints. */
public final class SessionDump {
  private SessionDump() {}

  /** What is said of counters. */
  private enum Counters {
    LEFT_OUT,
    SUMS,
    /** The shares of two members, this one's first. */
    SHARES_OWN_FIRST,
    /** The shares of two members, the other's first. */
    SHARES_OWN_LAST
  }

  /** Adds a line for each session that is backed up, with the sums of its counters. */
  public static void lines(SessionTable table, List<String> into) {
    lines(table, into, Counters.SUMS);
  }

  /** The same without the counters. */
  static void linesWithoutCounters(SessionTable table, List<String> into) {
    lines(table, into, Counters.LEFT_OUT);
  }

  /**
   * The same with each member's share of the counters, for two members to compare.
   *
   * @param first whether this member's share stands first; for one of the two it does, for the other not
   */
  public static void linesWithShares(SessionTable table, boolean first, List<String> into) {
    lines(table, into, first ? Counters.SHARES_OWN_FIRST : Counters.SHARES_OWN_LAST);
  }

  private static void lines(SessionTable table, List<String> into, Counters counters) {
    SessionRecord record = table.newRecord();
    SessionFacts facts = new SessionFacts();
    long cursor = 0;
    do {
      cursor =
          table.scan(
              cursor,
              4096,
              record,
              session -> {
                if (session.exclusion() == 0) {
                  into.add(line(session, facts) + counters(table, session, counters));
                }
              });
    } while (cursor != 0);
  }

  private static String line(SessionView s, SessionFacts facts) {
    s.loadFacts(facts);
    return s.protocol()
        + " "
        + Long.toHexString(s.originatorHigh())
        + ":"
        + Long.toHexString(s.originatorLow())
        + "/"
        + s.originatorPort()
        + " > "
        + Long.toHexString(s.responderHigh())
        + ":"
        + Long.toHexString(s.responderLow())
        + "/"
        + s.responderPort()
        + " vsys="
        + s.vsys()
        + " group="
        + s.group()
        + " generation="
        + s.generation()
        + "@"
        + s.creator()
        + " facts="
        + facts(facts, Direction.FORWARD)
        + '/'
        + facts(facts, Direction.REVERSE)
        + " policy="
        + s.policy()
        + " zones="
        + s.ingressZone()
        + ">"
        + s.egressZone()
        + " flags="
        + s.flags()
        + " timeout="
        + s.timeoutClass()
        + " offsets="
        + s.sequenceOffset(Direction.FORWARD)
        + ","
        + s.sequenceOffset(Direction.REVERSE)
        + " nat="
        + s.natKind()
        + ":"
        + Long.toHexString(s.natSourceHigh())
        + ":"
        + Long.toHexString(s.natSourceLow())
        + "/"
        + s.natSourcePort()
        + ">"
        + Long.toHexString(s.natDestinationHigh())
        + ":"
        + Long.toHexString(s.natDestinationLow())
        + "/"
        + s.natDestinationPort();
  }

  /** Plain concatenation: a dump of 100,000 sessions is compared in tests. */
  private static String facts(SessionFacts facts, Direction of) {
    return Integer.toHexString(facts.bits(of))
        + ","
        + facts.isn(of)
        + ","
        + facts.fin(of)
        + ","
        + facts.options(of);
  }

  private static String counters(SessionTable table, SessionView s, Counters what) {
    long[] own = {
      s.ownPackets(Direction.FORWARD), s.ownPackets(Direction.REVERSE),
      s.ownBytes(Direction.FORWARD), s.ownBytes(Direction.REVERSE)
    };
    long[] others = {
      table.packets(s, Direction.FORWARD) - own[0], table.packets(s, Direction.REVERSE) - own[1],
      table.bytes(s, Direction.FORWARD) - own[2], table.bytes(s, Direction.REVERSE) - own[3]
    };
    return switch (what) {
      case LEFT_OUT -> "";
      case SUMS -> {
        for (int i = 0; i < own.length; i++) {
          own[i] += others[i];
        }
        yield counters("", own);
      }
      case SHARES_OWN_FIRST -> counters(" first", own) + counters(" second", others);
      case SHARES_OWN_LAST -> counters(" first", others) + counters(" second", own);
    };
  }

  private static String counters(String whose, long[] c) {
    return whose + " packets=" + c[0] + "," + c[1] + " bytes=" + c[2] + "," + c[3];
  }
}
