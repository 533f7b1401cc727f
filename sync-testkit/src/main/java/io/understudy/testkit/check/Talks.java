package io.understudy.testkit.check;

import io.understudy.testkit.SimCluster;
import io.understudy.testkit.SimNode;
import io.understudy.testkit.sim.PathSettings;
import io.understudy.transport.LinkKind;
import java.util.Arrays;
import java.util.List;

/**
 * Which members hear each other, and since when: some link carries messages both ways without a gap that could mean failure.
 *
 * <p>Thread: the simulation's; looked at after every step.
 */
public final class Talks {
  /** A gap above so much of an interval is silence for the checkers, long before it is for a node. */
  private static final double FRESH = 1.3;

  private final SimCluster sim;
  private final Talk[] talks;
  private final long freshNs;

  private static final class Talk {
    long sinceNs = Long.MAX_VALUE;
    int lives;
  }

  public Talks(SimCluster sim) {
    this.sim = sim;
    freshNs = (long) (sim.settings().longestIntervalNs() * FRESH);
    int members = sim.settings().members() + 1;
    talks = new Talk[members * members * sim.settings().links()];
    Arrays.setAll(talks, i -> new Talk());
  }

  /** Looks at every pair. */
  public void afterStep() {
    List<SimNode> nodes = sim.nodes();
    for (int i = 0; i < nodes.size(); i++) {
      for (int j = i + 1; j < nodes.size(); j++) {
        for (int link = 0; link < sim.settings().links(); link++) {
          look(nodes.get(i), nodes.get(j), link);
        }
      }
    }
  }

  private void look(SimNode a, SimNode b, int link) {
    Talk talk = talk(a.id(), b.id(), link);
    int lives = a.life() << 16 | b.life();
    boolean able = a.isAlive() && b.isAlive() && !a.isPaused() && !b.isPaused();
    boolean talks = able && isFresh(a.id(), b.id(), link);
    if (!talks || talk.lives != lives) {
      talk.sinceNs = Long.MAX_VALUE;
      talk.lives = lives;
    }
    if (!talks) {
      return;
    }
    talk.sinceNs = Math.min(talk.sinceNs, sim.nowNs());
  }

  private boolean isFresh(int a, int b, int link) {
    return isFreshOneWay(a, b, link) && isFreshOneWay(b, a, link);
  }

  private boolean isFreshOneWay(int from, int to, int link) {
    PathSettings settings = sim.network().settings(from, to, link);
    if (settings.bytesPerSecond() != 0) {
      return false; // a slow path may delay anything
    }
    long lastNs =
        Math.max(
            sim.network().traffic(from, to, link, LinkKind.HEARTBEAT).lastDeliveredNs(),
            sim.network().traffic(from, to, link, LinkKind.DATA).lastDeliveredNs());
    return lastNs != Long.MIN_VALUE && sim.nowNs() - lastNs < freshNs + settings.jitterNs();
  }

  /** Since when two members hear each other on some link; {@link Long#MAX_VALUE}: they do not. */
  public long sinceNs(int a, int b) {
    long since = Long.MAX_VALUE;
    for (int link = 0; link < sim.settings().links(); link++) {
      since = Math.min(since, talk(Math.min(a, b), Math.max(a, b), link).sinceNs);
    }
    return since;
  }

  /** The longest time a message takes there and back on any link of the two. */
  public long roundTripNs(int a, int b) {
    long most = 0;
    for (int link = 0; link < sim.settings().links(); link++) {
      PathSettings there = sim.network().settings(a, b, link);
      PathSettings back = sim.network().settings(b, a, link);
      most = Math.max(most, there.delayNs() + there.jitterNs() + back.delayNs() + back.jitterNs());
    }
    return most;
  }

  private Talk talk(int a, int b, int link) {
    int members = sim.settings().members() + 1;
    return talks[(a * members + b) * sim.settings().links() + link];
  }
}
