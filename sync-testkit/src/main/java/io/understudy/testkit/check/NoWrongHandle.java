package io.understudy.testkit.check;

import io.understudy.tables.session.SessionRecord;
import io.understudy.tables.session.SessionTable;
import io.understudy.tables.session.SessionView;
import io.understudy.testkit.SimFailure;
import io.understudy.testkit.SimNode;
import io.understudy.testkit.gen.SessionGen;
import java.util.HashMap;
import java.util.Map;

/**
 * Nothing is applied to another session than its sender meant: every session carries a signature of its key in its values and facts,
 * and all members know a generation of a key by the same number.
 */
public final class NoWrongHandle implements RowCheck {
  /** Odd, so that no two keys become one; generations of one moment differ in few bits. */
  private static final long SPREAD = 0x9e3779b97f4a7c15L;

  private final Map<Long, Integer> numbers = new HashMap<>();
  private final Map<String, SessionRecord> records = new HashMap<>();

  @Override
  public void onRow(RowChange change) {
    if (change.isLive() && !change.isMarksOnly()) {
      SessionTable table = change.node().sessions().get(change.table());
      SessionRecord record = record(table);
      if (table.read(change.partition(), change.slot(), record)) {
        check(change.node(), record);
      }
    }
  }

  private SessionRecord record(SessionTable table) {
    return records.computeIfAbsent(table.table().spec().name(), name -> table.newRecord());
  }

  private void check(SimNode node, SessionView session) {
    int signature = SessionGen.signature(session);
    if (session.policy() >>> 16 != signature) {
      fail(node, session, "its policy " + Integer.toHexString(session.policy()));
    }
    for (io.understudy.model.Direction of : io.understudy.model.Direction.values()) {
      int isn = session.isn(of);
      if (isn != 0 && (isn & 0xFF) != (signature & 0xFF)) {
        fail(node, session, "its " + of + " sequence number " + Integer.toHexString(isn));
      }
    }
    long generation = session.generation() * 31 + session.creator();
    Integer number =
        numbers.putIfAbsent((generation * 0x10001 + signature) * SPREAD, session.ingressZone());
    if (number != null && number != session.ingressZone()) {
      fail(node, session, "its number " + session.ingressZone() + ", elsewhere " + number + ",");
    }
  }

  private static void fail(SimNode node, SessionView session, String what) {
    throw new SimFailure(
        "NoWrongHandle",
        "node "
            + node.id()
            + " has generation "
            + session.generation()
            + "@"
            + session.creator()
            + " of key "
            + Integer.toHexString(SessionGen.signature(session))
            + "; "
            + what
            + " is another session's");
  }
}
