package io.understudy.demos.replay;

import io.understudy.SyncNode;
import io.understudy.config.HeartbeatConfig;
import io.understudy.config.StreamConfig;
import io.understudy.demos.DemoFailure;
import io.understudy.metrics.Accounting;
import io.understudy.testkit.sim.Death;
import io.understudy.testkit.sim.DialSettings;
import io.understudy.testkit.sim.PathSettings;
import io.understudy.testkit.sim.SimClock;
import io.understudy.testkit.sim.SimEntropy;
import io.understudy.testkit.sim.SimNetwork;
import io.understudy.testkit.sim.SimTransport;
import java.time.Duration;
import java.util.List;
import java.util.function.BooleanSupplier;

/**
 * A pair on the simulator's network and clock, which follows the capture's: what is published at capture time t reaches the other
 * member at t + delay, and parked packets and idle sessions run out on that clock.
 *
 * <p>A gap in the capture is lived through, up to a limit after which nothing is left that could still change: recordings of
 * different years were put in one file.
 */
final class SimPair implements Pair {
  private static final long NS_PER_MS = 1_000_000;
  private static final long NS_PER_SECOND = 1_000 * NS_PER_MS;

  /** Every idle timeout of sessions without a translation is shorter. */
  private static final long MAX_GAP_AGEING_NS = 7_200 * NS_PER_SECOND;

  /** Every delay, and the time a packet is parked, is shorter. */
  private static final long MAX_GAP_NS = 30 * NS_PER_SECOND;

  private static final long START_LIMIT_NS = 60 * NS_PER_SECOND;
  private static final int MAX_TURNS = 10_000;

  private static final HeartbeatConfig HEARTBEAT = HeartbeatConfig.of(Duration.ofSeconds(1), 4);

  /** A change that waits for company would not be on its way at once; usage is asked for at the end. */
  private static final StreamConfig STREAM =
      new StreamConfig(
          1 << 20, 1 << 16, Duration.ZERO, Duration.ofSeconds(60), Duration.ofSeconds(60));

  /** Who ends idle sessions has to know soon what the other member saw of them. */
  private static final StreamConfig STREAM_AGEING =
      new StreamConfig(
          1 << 20, 1 << 16, Duration.ZERO, Duration.ofSeconds(1), Duration.ofSeconds(60));

  private final SimClock clock = new SimClock();
  private final SimNetwork network = new SimNetwork(clock, 1);
  private final Turned a;
  private final Turned b;
  private final ReplayOptions options;
  private long captureNs = Long.MIN_VALUE;
  private long targetNs;

  /** A member and the timer that turns it next. */
  private final class Turned {
    private final Member member;
    private final SimTransport transport;
    private SimClock.Timer timer;
    private boolean isTurning;
    private boolean isCutOff;

    Turned(int id, int capacity) {
      transport = network.transport(id, List.of(3 - id), List.of(0));
      member =
          new Member(
              id,
              capacity,
              options,
              HEARTBEAT,
              options.ageing() ? STREAM_AGEING : STREAM,
              transport,
              new SimEntropy(id));
      member.node().setWaker(this::turnSoon);
      transport.afterPoll(this::turn);
    }

    void start() {
      member.node().start(clock.nanoTime());
      turn();
    }

    void turnSoon() {
      clock.after(0, this::turn);
    }

    void turn() {
      if (isTurning || isCutOff) {
        return;
      }
      isTurning = true;
      long now = clock.nanoTime();
      int turns = 0;
      while (member.node().run(now) + member.firewall().run(now) > 0) {
        if (++turns > MAX_TURNS) {
          throw new IllegalStateException("member " + member.id() + " finds no rest at " + now);
        }
      }
      isTurning = false;
      if (timer != null) {
        timer.cancel();
      }
      long due = Math.min(member.node().nextDueNs(), member.firewall().nextDueNs());
      timer = clock.at(Math.max(due, now + 1_000), this::turn);
    }

    boolean isEmpty() {
      return isCutOff
          || member.firewall().sessions4().liveCount() + member.firewall().sessions6().liveCount()
              == 0;
    }

    Accounting accounting() {
      return member.node().accounting(3 - member.id());
    }

    boolean isQuiet() {
      if (!member.node().isFlushed(3 - member.id())) {
        return false; // the accounting walks the tables, and this is asked after each turn
      }
      Accounting accounting = accounting();
      return accounting.unacknowledged() == 0
          && accounting.foreignOwed() == 0
          && accounting.tombstones() == 0;
    }
  }

  SimPair(ReplayOptions options) {
    this(options, Member.MIN_CAPACITY);
  }

  SimPair(ReplayOptions options, int capacity) {
    this.options = options;
    long delayNs = options.hasLinkDelay() ? options.linkDelayMs() * NS_PER_MS : 0;
    network.settings(PathSettings.DEFAULT.withDelay(delayNs, 0));
    network.dialSettings(
        DialSettings.DEFAULT.withConnectTimeout(
            Math.max(DialSettings.DEFAULT.connectTimeoutNs(), 4 * delayNs)));
    a = new Turned(1, capacity);
    b = new Turned(2, capacity);
    b.start();
    a.start();
    boolean ready =
        clock.runUntil(
            () -> a.member.isReady(options.paths()) && b.member.isReady(options.paths()),
            START_LIMIT_NS);
    if (!ready) {
      throw new DemoFailure(
          "with a link delay of "
              + options.linkDelayMs()
              + " ms the pair was not in sync within 60 s; giving up");
    }
  }

  /** The link, for tests that break it. */
  SimNetwork network() {
    return network;
  }

  @Override
  public Member a() {
    return a.member;
  }

  @Override
  public Member b() {
    return b.member;
  }

  @Override
  public long nowNs() {
    return clock.nanoTime();
  }

  /** A packet may be stamped a little before the one that it follows; more than this is another recording, or another clock. */
  private static final long STEP_BACK_NS = NS_PER_SECOND;

  @Override
  public void advanceTo(long nextCaptureNs) {
    if (captureNs == Long.MIN_VALUE) {
      targetNs = clock.nanoTime();
    } else if (nextCaptureNs > captureNs) {
      long limitNs = options.ageing() ? MAX_GAP_AGEING_NS : MAX_GAP_NS;
      long gapNs = Math.min(nextCaptureNs - captureNs, limitNs);
      boolean isSilence = options.ageing() && gapNs > NS_PER_SECOND;
      targetNs += isSilence ? liveThrough(gapNs) : gapNs;
    }
    boolean isStepBack = nextCaptureNs < captureNs - STEP_BACK_NS;
    captureNs = isStepBack ? nextCaptureNs : Math.max(captureNs, nextCaptureNs);
    clock.runUntil(targetNs); // what settling took is not added again
  }

  /** A long silence: sessions end in it, second by second, until there are none. Answers how much of it was lived through. */
  private long liveThrough(long gapNs) {
    for (long passedNs = NS_PER_SECOND; passedNs < gapNs; passedNs += NS_PER_SECOND) {
      clock.runUntil(targetNs + passedNs);
      a.member.firewall().runAll(clock.nanoTime());
      b.member.firewall().runAll(clock.nanoTime());
      if (a.isEmpty() && b.isEmpty()) {
        return passedNs;
      }
    }
    return gapNs;
  }

  @Override
  public void handled(Member member) {
    Turned turned = member == a.member ? a : b;
    if (member.firewall().parkedCount() > 0) {
      turned.turnSoon(); // its limit runs from now on
    }
    clock.runUntil(clock.nanoTime());
  }

  @Override
  public boolean settle(Member from) {
    Turned turned = from == a.member ? a : b;
    if (options.hasLinkDelay()) {
      return true; // the link is what is looked at
    }
    SyncNode node = from.node();
    return flush(turned, false, () -> node.isFlushed(3 - from.id()));
  }

  private boolean flush(Turned turned, boolean withUsage, BooleanSupplier until) {
    turned.member.node().flush(withUsage);
    turned.turn();
    return clock.runUntil(
        until, SETTLE_LIMIT_NS + 4L * Math.max(0, options.linkDelayMs()) * NS_PER_MS);
  }

  @Override
  public boolean finish() {
    clock.runUntil(
        () -> a.member.firewall().parkedCount() + b.member.firewall().parkedCount() == 0,
        SETTLE_LIMIT_NS);
    boolean quiet = flush(a, true, a::isQuiet);
    quiet &= flush(b, true, b::isQuiet);
    return quiet & flush(a, true, a::isQuiet);
  }

  @Override
  public long cutOff(boolean settle) {
    if (settle) {
      a.member.firewall().tellHints(clock.nanoTime());
      flush(a, true, a::isQuiet);
    }
    long unacknowledged = a.accounting().unacknowledged();
    a.isCutOff = true;
    a.transport.kill(Death.CLOSED);
    a.member.node().close();
    return unacknowledged;
  }

  @Override
  public boolean awaitTakeover() {
    return clock.runUntil(() -> b.member.node().mayDecide(1, clock.nanoTime()), START_LIMIT_NS);
  }

  @Override
  public void close() {
    if (!a.isCutOff) {
      a.member.node().close();
    }
    b.member.node().close();
  }
}
