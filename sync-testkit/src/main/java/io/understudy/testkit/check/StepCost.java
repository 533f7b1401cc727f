package io.understudy.testkit.check;

import io.understudy.testkit.SimCluster;
import io.understudy.testkit.SimFailure;
import io.understudy.testkit.SimNode;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;

/**
 * What a step of the simulation may cost: a turn that walks, copies or logs without a bound is found by what it allocates, one that computes
 * without an end by its processor time.
 *
 * <p>A step in which a process starts is left out: it makes its tables. On a virtual machine that does not tell what a thread allocates, nothing
 * is said of that.
 *
 * <p>Thread: the simulation's.
 */
public final class StepCost {
  /** Ten times as much as any of 60 lives took in one step. */
  public static final long MOST_BYTES = 16L << 20;

  /** A table of 65,536 is filled, and refused, at once. */
  public static final long MOST_FLOOD_BYTES = 64L << 20;

  /** Whoever wakes reads what came meanwhile: peers that dialled all the time left a HELLO in each connection. */
  private static final int WAKING_SHARE = 8;

  private static final long WAKING_NS = 1_000_000_000;

  /** Steps between two looks at the processor time. */
  private static final int LOOK_EVERY = 1_024;

  /** A few milliseconds are usual, a second where a large table is compared row by row. */
  private static final long MOST_CPU_NS = 30_000_000_000L;

  private final ThreadMXBean threads = ManagementFactory.getThreadMXBean();
  private final long mostBytes;
  private final long mostCpuNs;
  private long steps;
  private long cpuNs;
  private long bytes;
  private int lives;
  private int wakes;
  private long wokeNs = -WAKING_NS;

  public StepCost(long mostBytes) {
    this(mostBytes, MOST_CPU_NS);
  }

  StepCost(long mostBytes, long mostCpuNs) {
    this.mostBytes = mostBytes;
    this.mostCpuNs = mostCpuNs;
    cpuNs = cpuNs();
  }

  /** The next step begins. */
  public void begin(SimCluster sim) {
    lives = lives(sim);
    bytes = allocated();
  }

  /** The step is over; checkers have not looked yet. */
  public void end(SimCluster sim) {
    long took = allocated() - bytes;
    noteWakes(sim);
    long most = sim.nowNs() - wokeNs < WAKING_NS ? WAKING_SHARE * mostBytes : mostBytes;
    if (took > most && lives == lives(sim)) {
      throw new SimFailure("StepCost", "a step allocated " + took + " bytes, the limit is " + most);
    }
    if (++steps % LOOK_EVERY == 0) {
      long now = cpuNs();
      if (now - cpuNs > mostCpuNs) {
        throw new SimFailure(
            "StepCost",
            LOOK_EVERY
                + " steps took "
                + (now - cpuNs) / 1_000_000
                + " ms of processor time, the limit is "
                + mostCpuNs / 1_000_000
                + " ms");
      }
      cpuNs = now;
    }
  }

  private void noteWakes(SimCluster sim) {
    int now = 0;
    for (SimNode node : sim.nodes()) {
      now += node.wakes();
    }
    wokeNs = now == wakes ? wokeNs : sim.nowNs();
    wakes = now;
  }

  private long allocated() {
    return threads instanceof com.sun.management.ThreadMXBean counting
        ? counting.getCurrentThreadAllocatedBytes()
        : 0;
  }

  private long cpuNs() {
    return threads.isCurrentThreadCpuTimeSupported() ? threads.getCurrentThreadCpuTime() : 0;
  }

  private static int lives(SimCluster sim) {
    int lives = 0;
    for (SimNode node : sim.nodes()) {
      lives += node.life();
    }
    return lives;
  }
}
