package io.understudy.benchmarks.micro;

import io.understudy.model.Direction;
import io.understudy.model.IpProtocol;
import io.understudy.table.PublishResult;
import io.understudy.tables.session.SessionRecord;
import io.understudy.tables.session.SessionTable;
import io.understudy.testkit.MemoryPair;
import io.understudy.track.TimeoutClass;
import java.util.SplittableRandom;

/** TCP sessions over IPv4 that are functions of their number, in random order. Thread: one. */
final class Sessions {
  private final SessionTable table;
  private final SessionRecord record;
  private final int[] order;
  private int at;
  private int policy;

  Sessions(SessionTable table, int count) {
    this.table = table;
    record = table.newRecord();
    order = new int[count];
    SplittableRandom random = new SplittableRandom(7);
    for (int i = 0; i < count; i++) {
      int j = random.nextInt(i + 1);
      order[i] = order[j];
      order[j] = i;
    }
  }

  int count() {
    return order.length;
  }

  /** The number of the next session in the order; begins again at its end. */
  int next() {
    int number = order[at];
    at = at + 1 == order.length ? 0 : at + 1;
    return number;
  }

  SessionRecord key(int number) {
    return record.key4(
        0, IpProtocol.TCP, 0x0A000000 + number, 1_024 + number % 60_000, 0x0B000001, 443);
  }

  PublishResult create(int number, long nowNs) {
    key(number).policy(number % 40).zones(1, 3).timeoutClass(TimeoutClass.TCP_SYN_RECV.code());
    record.count(Direction.FORWARD, 1, 60);
    return table.publish(record, MemoryPair.GROUP, 0, 0, nowNs);
  }

  /** Another value each time, so that every publish changes something. */
  PublishResult change(int number, long nowNs) {
    key(number).policy(++policy & 0xFFFF).zones(1, 3);
    record.timeoutClass(TimeoutClass.TCP_ESTABLISHED.code());
    return table.publish(record, MemoryPair.GROUP, 0, 0, nowNs);
  }

  PublishResult remove(int number, long nowNs) {
    return table.remove(key(number), 0, nowNs);
  }
}
