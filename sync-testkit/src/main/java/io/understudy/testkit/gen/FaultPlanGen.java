package io.understudy.testkit.gen;

import io.understudy.testkit.SimCluster;
import io.understudy.testkit.SimNode;
import io.understudy.testkit.SimSettings;
import io.understudy.testkit.sim.Death;
import io.understudy.testkit.sim.LinkFault;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.SplittableRandom;

/** What goes wrong in a simulation, and when: a function of a seed. */
public final class FaultPlanGen {
  private static final long MS = 1_000_000L;
  private static final long MEMBER_SEED = 0xbb67ae8584caa73bL;

  /** How a store looks to the life that begins. */
  private enum Disk {
    KEPT,
    KEPT_TOO,
    STALE,
    WIPED
  }

  private final SplittableRandom random;
  private final SimSettings settings;
  private final long durationNs;
  private final List<PlannedFault> plan = new ArrayList<>();

  private FaultPlanGen(long seed, SimSettings settings, long durationNs) {
    random = new SplittableRandom(seed);
    this.settings = settings;
    this.durationNs = durationNs;
  }

  /**
   * Faults in the order of their times.
   *
   * @param durationNs within which they happen
   */
  public static List<PlannedFault> plan(long seed, SimSettings settings, long durationNs) {
    FaultPlanGen gen = new FaultPlanGen(seed, settings, durationNs);
    int count = gen.random.nextInt(8);
    for (int i = 0; i < count; i++) {
      gen.add();
    }
    gen.plan.addAll(MemberFaultGen.plan(seed ^ MEMBER_SEED, settings, durationNs));
    gen.plan.sort(Comparator.comparingLong(PlannedFault::atNs));
    return FaultLimits.limited(gen.plan, settings, seed);
  }

  private void add() {
    long atNs = settings.paced(300 * MS) + random.nextLong(durationNs);
    int a = 1 + random.nextInt(settings.members());
    int b = 1 + (a + random.nextInt(settings.members() - 1)) % settings.members();
    switch (random.nextInt(10)) {
      case 0, 1, 2 -> addKill(atNs, a);
      case 3 -> addPause(atNs, a);
      case 4, 5 -> addSplit(atNs, a, b);
      case 6 -> addStoreFailure(atNs, a);
      default -> addLinkFault(atNs, a, b);
    }
  }

  private long anyDurationNs() {
    return switch (random.nextInt(4)) {
      case 0 -> MS + random.nextLong(20 * MS);
      case 1 -> settings.paced(20 * MS) + random.nextLong(settings.paced(300 * MS));
      case 2 -> settings.paced(300 * MS) + random.nextLong(settings.paced(1_500 * MS));
      default -> settings.paced(1_500 * MS) + random.nextLong(Math.max(1, durationNs));
    };
  }

  private void addKill(long atNs, int member) {
    Death[] deaths = Death.values();
    Death death = deaths[random.nextInt(deaths.length)];
    Disk disk = Disk.values()[random.nextInt(Disk.values().length)];
    long restartNs = 5 * MS + anyDurationNs();
    String words =
        "node "
            + member
            + " dies "
            + death
            + ", back after "
            + restartNs / MS
            + " ms, disk "
            + disk;
    plan.add(
        new PlannedFault(
            atNs,
            atNs + restartNs,
            words,
            sim -> killAndRestart(sim, member, death, disk, restartNs)));
  }

  private static void killAndRestart(
      SimCluster sim, int member, Death death, Disk disk, long restartNs) {
    SimNode node = sim.node(member);
    if (!node.isAlive()) {
      return;
    }
    node.kill(death);
    sim.clock()
        .after(
            restartNs,
            () -> {
              if (node.isAlive()) {
                return;
              }
              if (disk == Disk.WIPED) {
                node.wipeStore();
              } else if (disk == Disk.STALE) {
                node.restoreStaleStore();
              }
              node.start();
            });
  }

  private void addPause(long atNs, int member) {
    long forNs = anyDurationNs();
    plan.add(
        new PlannedFault(
            atNs,
            atNs + forNs,
            "node " + member + " sleeps for " + forNs / MS + " ms",
            sim -> {
              SimNode node = sim.node(member);
              if (node.isAlive() && !node.isPaused()) {
                int life = node.life();
                node.pause();
                sim.clock()
                    .after(
                        forNs,
                        () -> {
                          if (node.life() == life && node.isAlive()) {
                            node.resume();
                          }
                        });
              }
            }));
  }

  private void addSplit(long atNs, int a, int b) {
    long forNs = anyDurationNs();
    boolean fromAll = settings.members() > 2 && random.nextBoolean();
    List<LinkFault> cuts = new ArrayList<>();
    for (int other = 1; other <= settings.members(); other++) {
      for (int link = 0; link < settings.links(); link++) {
        if (other != a && (fromAll || other == b)) {
          cuts.add(LinkFault.cut(a, other, link, forNs));
        }
      }
    }
    String words =
        "node "
            + a
            + " is split from "
            + (fromAll ? "all" : "node " + b)
            + " for "
            + forNs / MS
            + " ms";
    plan.add(PlannedFault.ofLinks(atNs, atNs + forNs, words, cuts));
  }

  private void addStoreFailure(long atNs, int member) {
    plan.add(
        new PlannedFault(
            atNs,
            atNs,
            "the next store of node " + member + " fails",
            sim -> sim.node(member).store().failNextSave()));
  }

  private void addLinkFault(long atNs, int a, int b) {
    int link = random.nextInt(settings.links());
    long forNs = anyDurationNs();
    SplittableRandom own = new SplittableRandom(random.nextLong());
    LinkFault fault = LinkFault.draw(own, a, b, link, forNs);
    plan.add(PlannedFault.ofLinks(atNs, atNs + forNs, fault.toString(), List.of(fault)));
  }
}
