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

  static void lines(SimNode node, List<String> into) {
    lines(node.sessions4(), into);
    lines(node.sessions6(), into);
    Collections.sort(into);
  }

  /** Adds a line for each session that is backed up. */
  public static void lines(SessionTable table, List<String> into) {
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
                  into.add(line(table, session, facts));
                }
              });
    } while (cursor != 0);
  }

  private static String line(SessionTable table, SessionRecord s, SessionFacts facts) {
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
        + facts
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
        + s.natDestinationPort()
        + " packets="
        + table.packets(s, Direction.FORWARD)
        + ","
        + table.packets(s, Direction.REVERSE)
        + " bytes="
        + table.bytes(s, Direction.FORWARD)
        + ","
        + table.bytes(s, Direction.REVERSE);
  }
}
