package io.understudy.testkit.gen;

import io.understudy.SyncNode;
import io.understudy.model.Direction;
import io.understudy.table.HotTable;
import io.understudy.table.PublishResult;
import io.understudy.tables.session.SessionRecord;
import io.understudy.tables.session.SessionTable;
import io.understudy.testkit.SimCluster;
import io.understudy.testkit.SimFailure;
import io.understudy.testkit.SimNode;
import java.util.SplittableRandom;

/**
 * Mistakes of a dataplane, a function of a seed: each is refused in the call that makes it, and no table changes.
 *
 * <p>Errors: a {@link SimFailure} when one is not refused, or something changed.
 */
public final class WrongCalls {
  private static final int UNKNOWN_GROUP = 60;
  private static final int UNKNOWN_TABLE = 999;
  private static final int UNKNOWN_OPTION = 1 << 10;

  private enum Mistake {
    OTHER_FAMILY,
    EXCLUSION,
    GROUP,
    OPTIONS,
    COUNT,
    START_AGAIN,
    ROLE_OF_UNKNOWN_GROUP,
    UNKNOWN_TABLE,
    PEER_IS_ITSELF
  }

  private final SessionGen sessions;
  private final SplittableRandom random;
  private long count;

  public WrongCalls(long seed, SessionGen sessions) {
    this.sessions = sessions;
    random = new SplittableRandom(seed);
  }

  /** How many were made. */
  public long count() {
    return count;
  }

  /** One dataplane makes one mistake, or publishes into a node that is over. */
  public void step(SimCluster sim) {
    SimNode node = sim.node(1 + random.nextInt(sim.settings().members()));
    if (!node.isDataplaneAlive()) {
      return;
    }
    count++;
    long before = writes(node);
    String what;
    if (node.isEnding()) {
      what = "a change of a node that is over";
      requireClosed(node, what);
    } else {
      Mistake mistake = Mistake.values()[random.nextInt(Mistake.values().length)];
      what = mistake.toString();
      requireRefused(node, mistake);
    }
    if (writes(node) != before) {
      throw new SimFailure("Refused", what + " changed a table of node " + node.id());
    }
  }

  private void requireRefused(SimNode node, Mistake mistake) {
    try {
      make(node, mistake);
    } catch (IllegalArgumentException | IllegalStateException e) {
      return;
    }
    throw new SimFailure("Refused", mistake + " was not refused by node " + node.id());
  }

  private void make(SimNode node, Mistake mistake) {
    SyncNode own = node.node();
    SessionRecord record = anyRecord(node);
    SessionTable table = record.isIpv6() ? node.sessions6() : node.sessions4();
    SessionTable other = record.isIpv6() ? node.sessions4() : node.sessions6();
    long nowNs = node.nowNs();
    switch (mistake) {
      case OTHER_FAMILY -> other.publish(record, 1, 0, 0, nowNs);
      case EXCLUSION -> table.publish(record, 1, random.nextBoolean() ? 256 : -1, 0, nowNs);
      case GROUP ->
          table.publish(record, random.nextBoolean() ? HotTable.PARTITIONS : -1, 0, 0, nowNs);
      case OPTIONS -> table.publish(record, 1, 0, UNKNOWN_OPTION, nowNs);
      case COUNT -> table.touch(record, Direction.FORWARD, -1, 60, nowNs);
      case START_AGAIN -> own.start(nowNs);
      case ROLE_OF_UNKNOWN_GROUP -> own.role(UNKNOWN_GROUP);
      case UNKNOWN_TABLE -> own.table(UNKNOWN_TABLE);
      case PEER_IS_ITSELF -> own.isConnected(node.ownNumber());
      default -> throw new AssertionError(mistake);
    }
  }

  private void requireClosed(SimNode node, String what) {
    SessionRecord record = anyRecord(node);
    SessionTable table = record.isIpv6() ? node.sessions6() : node.sessions4();
    boolean isRemoval = random.nextBoolean() && table.lookup(record);
    PublishResult result =
        isRemoval
            ? table.remove(record, 0, node.nowNs())
            : table.publish(record, 1, 0, 0, node.nowNs());
    if (result != PublishResult.CLOSED) {
      throw new SimFailure("Refused", what + " was answered " + result + " by node " + node.id());
    }
    if (node.mayDecide(1)) {
      throw new SimFailure("Refused", "node " + node.id() + " is over and may decide");
    }
  }

  private SessionRecord anyRecord(SimNode node) {
    int key = random.nextInt(sessions.count());
    SessionTable table = sessions.isIpv6(key) ? node.sessions6() : node.sessions4();
    SessionRecord record = table.newRecord();
    sessions.set(record, key, false);
    return record;
  }

  private static long writes(SimNode node) {
    long sum = 0;
    for (HotTable table : node.tables()) {
      for (int i = 0; i < HotTable.PARTITIONS; i++) {
        sum += table.partition(i).writes();
      }
    }
    return sum;
  }
}
