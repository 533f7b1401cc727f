package io.understudy.testkit.gen;

import io.understudy.tables.session.SessionRecord;
import io.understudy.tables.session.SessionTable;
import io.understudy.testkit.SimCluster;
import io.understudy.testkit.SimNode;
import java.util.SplittableRandom;

/** Callbacks that throw, or that call back into their node: a function of a seed. */
public final class WildCallbacks {
  /** One callback in so many throws; of the others one in so many calls back. */
  private static final int SHARE = 3;

  private final SessionGen sessions;
  private final SplittableRandom random;

  private WildCallbacks(long seed, SessionGen sessions) {
    this.sessions = sessions;
    random = new SplittableRandom(seed);
  }

  /** From now on the listeners of all members are wild. */
  public static void on(SimCluster sim, long seed, SessionGen sessions) {
    WildCallbacks wild = new WildCallbacks(seed, sessions);
    sim.nodes().forEach(node -> node.callbacksBehave(() -> wild.behave(node)));
  }

  private void behave(SimNode node) {
    if (random.nextInt(SHARE) == 0) {
      throw new IllegalStateException("simulated");
    }
    if (random.nextInt(SHARE) == 0) {
      callBack(node);
    }
  }

  private void callBack(SimNode node) {
    int key = random.nextInt(sessions.count());
    SessionTable table = sessions.isIpv6(key) ? node.sessions6() : node.sessions4();
    SessionRecord record = table.newRecord();
    sessions.set(record, key, false);
    node.worked();
    node.node().status();
    if (table.lookup(record)) {
      table.publish(record, record.group(), record.exclusion(), 0, node.nowNs());
    }
  }
}
