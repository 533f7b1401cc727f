package io.understudy.testkit;

import io.understudy.table.HotTable;
import io.understudy.testkit.check.Bounded;
import io.understudy.testkit.check.Convergence;
import io.understudy.testkit.check.FaultNews;
import io.understudy.testkit.check.LearningSwitch;
import io.understudy.testkit.check.NoResurrection;
import io.understudy.testkit.check.NoUnsyncedClaim;
import io.understudy.testkit.check.NoWrongHandle;
import io.understudy.testkit.check.NothingLost;
import io.understudy.testkit.check.Quiet;
import io.understudy.testkit.check.Rest;
import io.understudy.testkit.check.RowWatch;
import io.understudy.testkit.check.SingleHolder;
import io.understudy.testkit.check.Standing;
import io.understudy.testkit.check.Steady;
import io.understudy.testkit.check.StepCheck;
import io.understudy.testkit.check.StepCost;
import io.understudy.testkit.check.Talks;
import io.understudy.testkit.gen.FaultLimits;
import io.understudy.testkit.gen.Flood;
import io.understudy.testkit.gen.Life;
import io.understudy.testkit.gen.PlannedFault;
import io.understudy.testkit.gen.SessionGen;
import io.understudy.testkit.gen.TrafficGen;
import io.understudy.testkit.gen.WildCallbacks;
import io.understudy.testkit.gen.WrongCalls;
import io.understudy.testkit.sim.Death;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/**
 * One short life of a cluster under faults, checked at every step: a function of its seed.
 *
 * <p>Phases: the members start; traffic and faults; everything heals and every member is back; the holders end some sessions, so
 * that there is room everywhere; quiet, in which the members must come to the same tables and then say nothing but heartbeats.
 */
public final class SimRun {
  private static final long MS = 1_000_000L;

  private static final long SETTLE_NS = 40_000 * MS;

  /** Within so much time whoever was refused hears of room and tries again. */
  private static final long ROOM_TOLD_NS = 300 * MS;

  private static final int GAP_SHARE = 6;
  private static final long GAP_SEED = 0x6a09e667f3bcc908L;
  private static final long WIDE_SEED = 0x3c6ef372fe94f82bL;

  /** In one life of so many the callbacks throw and call back. */
  private static final int WILD_SHARE = 4;

  /** Once in so many changes a dataplane makes a mistake too. */
  private static final int WRONG_SHARE = 10;

  /** Rows are looked at so much less often where there are tens of thousands. */
  private static final int FLOOD_LOOKS = 256;

  /** A life lasts so many times the time in which its slowest member finds another dead. */
  private static final int DETECTIONS = 8;

  private final Life life;
  private final int walkEvery;
  private final SplittableRandom random;
  private final SimSettings settings;
  private final SimCluster sim;
  private final TrafficGen traffic;

  /** {@code null}: there is none. */
  private final Flood flood;

  private final WrongCalls wrongCalls;

  /** Chance of its own for what was drawn later. */
  private final SplittableRandom wide;

  private final LearningSwitch learning;
  private final FaultNews faultNews;
  private final Talks talks;
  private final SingleHolder singleHolder;
  private final StepCost cost;
  private final List<StepCheck> everyStep = new ArrayList<>();
  private final RowWatch rows;
  private long looks;
  private final List<String> done = new ArrayList<>();

  private SimRun(long seed, int walkEvery) {
    this.walkEvery = walkEvery;
    life = Life.of(seed);
    random = life.random();
    settings = life.settings();
    sim = new SimCluster(life.clusterSeed(), settings);
    wide = new SplittableRandom(seed ^ WIDE_SEED);
    boolean isWild = wide.nextInt(WILD_SHARE) == 0;
    if (isWild && wide.nextBoolean()) {
      sim.nodes().forEach(SimNode::watchEntries);
    }
    sim.start();
    int natPercent = random.nextInt(3) == 0 ? 30 : 0;
    long trafficSeed = random.nextLong();
    SessionGen sessions = sessions();
    traffic = new TrafficGen(trafficSeed, sessions, natPercent);
    flood = life.hasFlood() ? new Flood(seed, traffic) : null;
    wrongCalls = new WrongCalls(wide.nextLong(), sessions);
    if (isWild) {
      WildCallbacks.on(sim, wide.nextLong(), sessions);
    }
    if (new SplittableRandom(seed ^ GAP_SEED).nextInt(GAP_SHARE) == 0) {
      traffic.worksInGaps(sim);
    }
    cost = new StepCost(flood == null ? StepCost.MOST_BYTES : StepCost.MOST_FLOOD_BYTES);
    talks = new Talks(sim);
    singleHolder = new SingleHolder(talks);
    everyStep.add(singleHolder);
    everyStep.add(new NoUnsyncedClaim(talks::sinceNs, settings.longestIntervalNs()));
    everyStep.add(new Bounded(settings));
    learning = new LearningSwitch(sim);
    faultNews = new FaultNews(sim);
    everyStep.add(faultNews);
    everyStep.add(new Rest(sim));
    everyStep.add(new Standing(sim, talks));
    NoResurrection noResurrection = new NoResurrection(sim);
    traffic.onEnded(noResurrection);
    rows = new RowWatch(sim, new NothingLost(sim), new NoWrongHandle(), noResurrection);
  }

  private SessionGen sessions() {
    SimNode any = sim.nodes().stream().filter(SimNode::isAlive).findFirst().orElseThrow();
    int few = 20 + random.nextInt(180);
    int count = life.hasFlood() ? Flood.SESSIONS : few;
    return life.isCrowded()
        ? SessionGen.crowded(random.nextLong(), 60 + count / 2, 2, any.sessions4(), any.sessions6())
        : new SessionGen(random.nextLong(), count);
  }

  /** Runs the simulation of this seed to its end or to the first broken promise. */
  public static SimReport of(long seed) {
    return of(seed, 1);
  }

  /**
   * The same with less looking.
   *
   * @param walkEvery the checks of rows look once in so many steps, and after each change of the traffic
   */
  public static SimReport of(long seed, int walkEvery) {
    return new SimRun(seed, walkEvery).run();
  }

  private SimReport run() {
    String failure = "";
    try {
      phases();
    } catch (RuntimeException | AssertionError e) {
      failure = failure(e);
    }
    return new SimReport(
        life.seed(),
        settings,
        done,
        overlapping(),
        excuses(),
        sim.clock().eventsRun(),
        sim.nowNs(),
        traffic.publishes(),
        failure);
  }

  private SimReport.Excuses excuses() {
    return new SimReport.Excuses(
        singleHolder.splits(),
        singleHolder.resets(),
        FaultLimits.resetsEveryPath(settings, life.faults()),
        FaultLimits.isSlow(settings, life.faults()));
  }

  private int overlapping() {
    int count = 0;
    long latestEndNs = Long.MIN_VALUE;
    for (PlannedFault fault : life.faults()) {
      count += fault.atNs() < latestEndNs ? 1 : 0;
      latestEndNs = Math.max(latestEndNs, fault.endNs());
    }
    return count;
  }

  private String failure(Throwable e) {
    StringBuilder text =
        new StringBuilder()
            .append("step ")
            .append(sim.clock().eventsRun())
            .append(" at ")
            .append(sim.nowNs() / 1_000)
            .append(" us: ")
            .append(e instanceof SimFailure ? e.getMessage() : e.toString());
    if (!(e instanceof SimFailure)) {
      for (StackTraceElement frame : e.getStackTrace()) {
        text.append("\n    at ").append(frame);
      }
    }
    return text.toString();
  }

  private void phases() {
    long startNs = sim.nowNs();
    for (PlannedFault fault : life.faults()) {
      sim.clock()
          .at(
              startNs + fault.atNs(),
              () -> {
                done.add(fault.toString());
                fault.begin(sim);
              });
    }
    long durationNs = life.durationNs();
    trafficUntil(startNs + durationNs);
    long endNs = life.faults().stream().mapToLong(PlannedFault::endNs).max().orElse(durationNs);
    stepUntil(startNs + Math.max(endNs, durationNs) + settings.paced(300 * MS));
    heal();
    settle();
    long publishedNs;
    do {
      publishedNs = sim.nowNs();
      for (SimNode node : sim.nodes()) {
        traffic.endSome(node, 60);
      }
      stepUntil(sim.nowNs() + ROOM_TOLD_NS);
      settle();
    } while (isFullSomewhere()); // what had been refused came in and filled it again
    Quiet quiet = new Quiet(sim, publishedNs);
    everyStep.add(new Steady(sim));
    stepUntil(Math.max(sim.nowNs(), quiet.sinceNs()) + 1_000 * MS);
    stepUntil(startNs + DETECTIONS * settings.longestClaimNs());
    quiet.check(sim);
    learning.check(sim);
    faultNews.check(sim);
    Convergence.check(sim);
  }

  private boolean isFullSomewhere() {
    for (SimNode node : sim.nodes()) {
      for (HotTable table : node.node().tables()) {
        for (int i = 0; i < HotTable.PARTITIONS; i++) {
          if (!table.partition(i).hasRoom()) {
            return true;
          }
        }
      }
    }
    return false;
  }

  /** The dataplanes work until then. */
  private void trafficUntil(long endNs) {
    traffic.begin();
    while (sim.nowNs() < endNs) {
      traffic.step(sim);
      if (flood != null) {
        flood.step(sim);
      }
      sim.nodes().forEach(learning::frames);
      if (wide.nextInt(WRONG_SHARE) == 0) {
        wrongCalls.step(sim);
      }
      checkWalks();
      stepUntil(sim.nowNs() + random.nextLong(2 * life.pauseNs()));
    }
    traffic.end();
  }

  private void heal() {
    sim.network().faults().healAll();
    for (SimNode node : sim.nodes()) {
      if (node.isAlive() && node.isRefused()) {
        node.kill(Death.CLOSED);
      }
      if (node.isPaused()) {
        node.resume();
      }
      if (node.isAlive() && node.isEnding()) {
        node.kill(Death.CLOSED); // whoever watches the process has waited long enough
      }
      if (!node.isAlive()) {
        node.start();
      }
    }
  }

  private void settle() {
    long limitNs = sim.nowNs() + settings.paced(SETTLE_NS);
    String unsettled = Settled.difference(sim);
    while (!unsettled.isEmpty()) {
      if (sim.nowNs() > limitNs) {
        throw new SimFailure(
            "Settled",
            "after " + settings.paced(SETTLE_NS) / MS + " ms without faults " + unsettled);
      }
      stepUntil(sim.nowNs() + 20 * MS);
      unsettled = Settled.difference(sim);
    }
  }

  private void stepUntil(long endNs) {
    while (sim.clock().nextEventNs() <= endNs) {
      cost.begin(sim);
      sim.clock().runNext();
      cost.end(sim);
      talks.afterStep();
      for (StepCheck check : everyStep) {
        check.afterStep(sim);
      }
      if (sim.clock().eventsRun() % walkEvery == 0) {
        checkWalks();
      }
    }
    sim.clock().runUntil(endNs);
  }

  private void checkWalks() {
    if (flood == null || ++looks % FLOOD_LOOKS == 0) {
      rows.afterStep(sim);
    }
  }
}
