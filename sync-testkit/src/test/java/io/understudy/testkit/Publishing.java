package io.understudy.testkit;

import io.understudy.model.IpProtocol;
import io.understudy.table.HotTable;
import io.understudy.table.PublishResult;
import io.understudy.tables.session.SessionRecord;
import io.understudy.tables.session.SessionTable;
import io.understudy.track.SessionFacts;

/** Sessions with numbers, published and ended at whoever holds group 1. */
final class Publishing {
  private Publishing() {}

  /** IPv4; answers false if nobody may decide. */
  static boolean publish(SimCluster sim, int i, int policy) {
    SimNode holder = sim.holder(1);
    return holder != null
        && publish(holder.sessions4(), record4(holder.sessions4(), i), policy, sim.nowNs())
            != PublishResult.NOT_HOLDER;
  }

  static PublishResult publish(SessionTable table, SessionRecord record, int policy, long nowNs) {
    record.facts(new SessionFacts()).policy(policy).zones(1, 2);
    return table.publish(record, 1, 0, HotTable.URGENT, nowNs);
  }

  static SessionRecord record4(SessionTable table, int i) {
    return table
        .newRecord()
        .key4(0, IpProtocol.UDP, 0x0A000001 + i, 1_000 + i % 60_000, 0xC0A80001, 53);
  }

  static SessionRecord record6(SessionTable table, int i) {
    return table
        .newRecord()
        .key6(0, IpProtocol.UDP, 0x20010DB8L << 32, i, 1_000 + i % 60_000, 0xFD00L << 48, 1, 53);
  }
}
