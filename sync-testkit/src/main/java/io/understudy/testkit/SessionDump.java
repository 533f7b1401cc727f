package io.understudy.testkit;

import io.understudy.model.Direction;
import io.understudy.tables.session.SessionRecord;
import io.understudy.tables.session.SessionTable;
import io.understudy.track.SessionFacts;
import java.util.Collections;
import java.util.List;

/** Lists the backed-up sessions of a member, line by line, without what may differ: ages and sequence hints. */
public final class SessionDump {
  private SessionDump() {}

  static void lines(SimNode node, List<String> into, boolean counters) {
    lines(node.sessions4(), into, counters);
    lines(node.sessions6(), into, counters);
    Collections.sort(into);
  }

  /** Adds a line for each session that is backed up. */
  public static void lines(SessionTable table, List<String> into) {
    lines(table, into, true);
  }

  private static void lines(SessionTable table, List<String> into, boolean counters) {
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
                  String line = line(session, facts);
                  into.add(counters ? line + counters(table, session) : line);
                }
              });
    } while (cursor != 0);
  }

  private static String line(SessionRecord s, SessionFacts facts) {
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
        + " nat="
        + s.natKind()
        + ":"
        + Long.toHexString(s.natSourceLow())
        + "/"
        + s.natSourcePort()
        + ">"
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

  private static String counters(SessionTable table, SessionRecord s) {
    return " packets="
        + table.packets(s, Direction.FORWARD)
        + ","
        + table.packets(s, Direction.REVERSE)
        + " bytes="
        + table.bytes(s, Direction.FORWARD)
        + ","
        + table.bytes(s, Direction.REVERSE);
  }
}
