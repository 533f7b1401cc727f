package io.understudy.testkit.gen;

import io.understudy.testkit.Mistake;
import io.understudy.testkit.SimCluster;
import io.understudy.testkit.SimNode;
import io.understudy.testkit.SimSettings;
import io.understudy.testkit.sim.Death;
import io.understudy.testkit.sim.LinkFault;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/**
 * What goes wrong with a member while its process lives on and its dataplane goes on asking and publishing: its loop stands, its loop
 * dies, it is closed; and a sleep behind sockets that are full. A function of a seed.
 */
final class MemberFaultGen {
  private static final long MS = 1_000_000L;

  /** In so many of five lives there is one, or there are two. */
  private static final int LIVES_OF_FIVE = 2;

  private static final int MOST = 2;

  /** How soon it is looked again whether an orderly end is over. */
  private static final long AGAIN_NS = 10 * MS;

  private enum Kind {
    LOOP_STANDS,
    LOOP_DIES,
    CLOSED,
    DIES_AND_ITS_STORE_IS_DAMAGED,
    SLEEPS_BEHIND_FULL_SOCKETS,
    COMES_BACK_AS_ANOTHER_CLUSTER,
    COMES_BACK_WITH_ANOTHER_HASH_KEY,
    COMES_BACK_WITH_ANOTHERS_NODE_ID
  }

  private final SplittableRandom random;
  private final SimSettings settings;
  private final long durationNs;

  private MemberFaultGen(long seed, SimSettings settings, long durationNs) {
    random = new SplittableRandom(seed);
    this.settings = settings;
    this.durationNs = durationNs;
  }

  static List<PlannedFault> plan(long seed, SimSettings settings, long durationNs) {
    MemberFaultGen gen = new MemberFaultGen(seed, settings, durationNs);
    List<PlannedFault> plan = new ArrayList<>();
    if (gen.random.nextInt(5) < LIVES_OF_FIVE) {
      int count = 1 + gen.random.nextInt(MOST);
      for (int i = 0; i < count; i++) {
        plan.add(gen.any());
      }
    }
    return plan;
  }

  private PlannedFault any() {
    long atNs = settings.paced(300 * MS) + random.nextLong(durationNs);
    long forNs = anyDurationNs();
    int member = 1 + random.nextInt(settings.members());
    Kind kind = Kind.values()[random.nextInt(Kind.values().length)];
    String words = "node " + member + ": " + kind + " for " + forNs / MS + " ms";
    long endNs = atNs + forNs;
    return switch (kind) {
      case LOOP_STANDS ->
          new PlannedFault(atNs, endNs, words, sim -> stand(sim.node(member), sim, forNs));
      case LOOP_DIES ->
          new PlannedFault(atNs, endNs, words, sim -> die(sim.node(member), sim, forNs));
      case CLOSED -> {
        long secondNs = random.nextBoolean() ? random.nextLong(2 * forNs) : Long.MAX_VALUE;
        yield new PlannedFault(
            atNs, endNs, words, sim -> close(sim.node(member), sim, forNs, secondNs));
      }
      case DIES_AND_ITS_STORE_IS_DAMAGED -> {
        long bit = random.nextLong();
        yield new PlannedFault(
            atNs, endNs, words, sim -> damage(sim.node(member), sim, forNs, bit));
      }
      case COMES_BACK_AS_ANOTHER_CLUSTER -> refused(atNs, member, forNs, words, Mistake.CLUSTER);
      case COMES_BACK_WITH_ANOTHER_HASH_KEY ->
          refused(atNs, member, forNs, words, Mistake.HASH_KEY);
      case COMES_BACK_WITH_ANOTHERS_NODE_ID -> refused(atNs, member, forNs, words, Mistake.NODE_ID);
      case SLEEPS_BEHIND_FULL_SOCKETS ->
          new PlannedFault(
              atNs,
              endNs,
              words,
              fromAll(LinkFault::fullSockets, member, forNs),
              sim -> sleep(sim.node(member), sim, forNs));
    };
  }

  /** In half of the cases behind a cut, so long that it may claim, and refused after that. */
  private PlannedFault refused(long atNs, int member, long forNs, String words, Mistake mistake) {
    boolean isCut = random.nextBoolean();
    long cutNs = isCut ? settings.bootHold().toNanos() + forNs : 0;
    long allNs = cutNs + forNs;
    return new PlannedFault(
        atNs,
        atNs + allNs,
        words + (isCut ? ", behind a cut for " + cutNs / MS + " ms before that" : ""),
        isCut ? fromAll(LinkFault::cut, member, cutNs) : List.of(),
        sim -> refuse(sim.node(member), sim, allNs, mistake));
  }

  /** A fault of each link to the member, from each other one. */
  private interface Towards {
    LinkFault fault(int from, int to, int link, long forNs);
  }

  private List<LinkFault> fromAll(Towards towards, int member, long forNs) {
    List<LinkFault> faults = new ArrayList<>();
    for (int other = 1; other <= settings.members(); other++) {
      for (int link = 0; other != member && link < settings.links(); link++) {
        faults.add(towards.fault(other, member, link, forNs));
      }
    }
    return faults;
  }

  private long anyDurationNs() {
    return switch (random.nextInt(3)) {
      case 0 -> MS + random.nextLong(50 * MS);
      case 1 -> settings.paced(50 * MS) + random.nextLong(settings.paced(500 * MS));
      default -> settings.paced(500 * MS) + random.nextLong(settings.paced(2_000 * MS));
    };
  }

  private static void stand(SimNode node, SimCluster sim, long forNs) {
    if (node.isAlive() && !node.isPaused()) {
      node.stall();
      resumeAfter(node, sim, forNs);
    }
  }

  private static void sleep(SimNode node, SimCluster sim, long forNs) {
    if (node.isAlive() && !node.isPaused()) {
      node.pause();
      resumeAfter(node, sim, forNs);
    }
  }

  private static void resumeAfter(SimNode node, SimCluster sim, long forNs) {
    int life = node.life();
    sim.clock()
        .after(
            forNs,
            () -> {
              if (node.life() == life && node.isAlive()) {
                node.resume();
              }
            });
  }

  private static void die(SimNode node, SimCluster sim, long forNs) {
    if (node.isAlive() && !node.isPaused() && !node.isEnding()) {
      node.failLoop();
      startAfter(node, sim, forNs);
    }
  }

  private static void close(SimNode node, SimCluster sim, long forNs, long secondNs) {
    if (!node.isAlive() || node.isPaused()) {
      return;
    }
    int life = node.life();
    node.close();
    if (secondNs != Long.MAX_VALUE) {
      sim.clock()
          .after(
              secondNs,
              () -> {
                if (node.life() == life && node.isProcessAlive()) {
                  node.close();
                }
              });
    }
    startAfter(node, sim, forNs);
  }

  private static void damage(SimNode node, SimCluster sim, long forNs, long bit) {
    if (node.isAlive()) {
      node.kill(Death.RESET);
      node.store().flip(bit);
      startAfter(node, sim, forNs);
    }
  }

  /** It dies, its next life is refused by every peer, and the one after that is as it should be. */
  private static void refuse(SimNode node, SimCluster sim, long forNs, Mistake mistake) {
    if (!node.isAlive()) {
      return;
    }
    node.kill(Death.CLOSED);
    node.startWith(mistake);
    int life = node.life();
    sim.clock()
        .after(
            forNs,
            () -> {
              if (node.life() == life && node.isAlive()) {
                node.kill(Death.CLOSED);
              }
              if (!node.isAlive()) {
                node.start();
              }
            });
  }

  /** The process ends once its sockets are closed, and another begins. */
  private static void startAfter(SimNode node, SimCluster sim, long forNs) {
    int life = node.life();
    sim.clock()
        .after(
            forNs,
            () -> {
              if (node.life() != life) {
                return;
              }
              if (node.isAlive()) {
                startAfter(node, sim, AGAIN_NS);
              } else {
                node.start();
              }
            });
  }
}
