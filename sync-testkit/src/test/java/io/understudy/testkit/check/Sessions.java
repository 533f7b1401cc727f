package io.understudy.testkit.check;

import io.understudy.model.Direction;
import io.understudy.model.IpProtocol;
import io.understudy.table.HotTable;
import io.understudy.tables.session.SessionRecord;
import io.understudy.tables.session.SessionTable;
import io.understudy.testkit.SimCluster;
import io.understudy.testkit.gen.SessionGen;
import io.understudy.track.SessionFacts;

/** Sessions of member 1, by number, for the tests of checkers. */
final class Sessions {
  private final SimCluster sim;

  Sessions(SimCluster sim) {
    this.sim = sim;
  }

  void publish(int number) {
    SessionRecord record = key(number);
    publish(number, SessionGen.signature(record) << 16);
  }

  void publish(int number, int policy) {
    SessionRecord record = key(number);
    record.facts(new SessionFacts()).policy(policy).zones(1, 2).timeoutClass(9);
    table().publish(record, 1, 0, HotTable.URGENT, sim.nowNs());
    sim.node(1).worked();
  }

  void touch(int number) {
    table().touch(key(number), Direction.FORWARD, 1, 60, sim.nowNs());
    sim.node(1).worked();
  }

  void end(int number) {
    SessionRecord record = key(number);
    table().lookup(record);
    table().remove(record, HotTable.URGENT, sim.nowNs());
    sim.node(1).worked();
  }

  private SessionTable table() {
    return sim.node(1).sessions4();
  }

  private SessionRecord key(int number) {
    SessionRecord record = table().newRecord();
    record.key4(0, IpProtocol.UDP, 0x0a000001 + number, 1_000, 0xc0a80001, 53);
    return record;
  }
}
