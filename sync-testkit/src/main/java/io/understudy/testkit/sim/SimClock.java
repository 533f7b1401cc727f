package io.understudy.testkit.sim;

import io.understudy.runtime.NanoClock;
import java.util.PriorityQueue;
import java.util.function.BooleanSupplier;

/**
 * Simulated time and the queue of what is to happen in it: events run in the order of their time, those of one moment in
 * the order in which they were entered.
 *
 * <p>Units: nanoseconds. Thread: one for the whole simulation.
 */
public final class SimClock implements NanoClock {
  private final PriorityQueue<Timer> queue = new PriorityQueue<>();
  private long nowNs;
  private long sequence;
  private long eventsRun;

  /** Starts at one second, so that a forgotten zero is noticed as a time long past. */
  public SimClock() {
    this(1_000_000_000L);
  }

  public SimClock(long startNs) {
    nowNs = startNs;
  }

  @Override
  public long nanoTime() {
    return nowNs;
  }

  /** Enters an event; a time that has passed means now, after everything already entered for now. */
  public Timer at(long timeNs, Runnable action) {
    Timer timer = new Timer(Math.max(timeNs, nowNs), sequence++, action);
    queue.add(timer);
    return timer;
  }

  public Timer after(long delayNs, Runnable action) {
    return at(nowNs + delayNs, action);
  }

  /** Time of the next event, {@link Long#MAX_VALUE} if there is none. */
  public long nextEventNs() {
    dropCancelled();
    return queue.isEmpty() ? Long.MAX_VALUE : queue.peek().timeNs;
  }

  /** Goes to the next event and runs it; false if there is none. */
  public boolean runNext() {
    dropCancelled();
    Timer next = queue.poll();
    if (next == null) {
      return false;
    }
    nowNs = next.timeNs;
    eventsRun++;
    next.run();
    return true;
  }

  /** Runs all events up to and including this time, which then is now. */
  public void runUntil(long timeNs) {
    while (nextEventNs() <= timeNs) {
      runNext();
    }
    nowNs = Math.max(nowNs, timeNs);
  }

  public void runFor(long durationNs) {
    runUntil(nowNs + durationNs);
  }

  /** Runs events until the condition holds, at most for this time; answers whether it holds. */
  public boolean runUntil(BooleanSupplier condition, long atMostNs) {
    long endNs = nowNs + atMostNs;
    while (!condition.getAsBoolean()) {
      if (nextEventNs() > endNs) {
        nowNs = endNs;
        return condition.getAsBoolean();
      }
      runNext();
    }
    return true;
  }

  /** Number of events run so far: the step that a failure names. */
  public long eventsRun() {
    return eventsRun;
  }

  private void dropCancelled() {
    while (!queue.isEmpty() && queue.peek().isCancelled()) {
      queue.poll();
    }
  }

  /** An event entered into the queue. */
  public static final class Timer implements Comparable<Timer> {
    private static final Runnable CANCELLED = () -> {};

    private final long timeNs;
    private final long sequence;
    private Runnable action;

    private Timer(long timeNs, long sequence, Runnable action) {
      this.timeNs = timeNs;
      this.sequence = sequence;
      this.action = action;
    }

    public long timeNs() {
      return timeNs;
    }

    /** Takes the event out, unless it has run. */
    public void cancel() {
      action = CANCELLED;
    }

    private boolean isCancelled() {
      return action == CANCELLED;
    }

    private void run() {
      Runnable due = action;
      action = CANCELLED;
      due.run();
    }

    @Override
    public int compareTo(Timer other) {
      int byTime = Long.compare(timeNs, other.timeNs);
      return byTime != 0 ? byTime : Long.compare(sequence, other.sequence);
    }
  }
}
