package io.understudy.transport.netty;

import io.netty.channel.IoHandlerContext;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.SingleThreadIoEventLoop;
import io.netty.util.concurrent.FastThreadLocalThread;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * An event loop that turns a node between its polls: poll all sockets, run tasks, take a step, and again.
 *
 * <h2>Waiting</h2>
 *
 * A poll waits until a socket is ready, a task or {@link #wake} comes, or the step is due; it does not wait when the step
 * said that there is more to do. So the duty cycle needs no task and no timer object of its own.
 *
 * <h2>What has been read</h2>
 *
 * A process may stop at any instruction, for as long as its machine likes, and cannot see where. What it knows: a poll
 * reports everything that had arrived when it began. {@link #polledSinceNs} is the beginning of the last poll that is
 * over; all that arrived earlier was delivered, except on sockets with a backlog ({@link ReadBursts}). So
 * who judges silence by the clock of that beginning is right wherever the process slept.
 */
final class DutyCycleLoop extends SingleThreadIoEventLoop implements ReadBursts.PollTimes {
  private static final long TASK_QUANTUM_NS = TimeUnit.MILLISECONDS.toNanos(1);

  private final Step step;
  private final Context context = new Context();
  private final AtomicBoolean isWoken = new AtomicBoolean();
  private boolean hasMoreToDo;
  private long dueNs = Long.MAX_VALUE;
  private long pollBeganNs;
  private long polledSinceNs;

  /** What is done between two polls. */
  interface Step {
    /** Answers whether there is more to do at once. */
    boolean run();

    /** When it must run again, if nothing happens before. */
    long nextDueNs();

    /** There are no more steps; the sockets are closed next. */
    void end(Throwable cause);
  }

  DutyCycleLoop(String threadName, IoHandlerFactory factory, Step step) {
    super(null, (ThreadFactory) work -> daemon(work, threadName), factory);
    this.step = step;
    pollBeganNs = System.nanoTime();
    polledSinceNs = pollBeganNs;
  }

  private static Thread daemon(Runnable work, String name) {
    Thread thread = new FastThreadLocalThread(work, name);
    thread.setDaemon(true);
    return thread;
  }

  /** Lets a step run soon. Thread: any; costs one read when it was woken before. */
  void wake() {
    if (!isWoken.get() && isWoken.compareAndSet(false, true)) {
      ioHandler().wakeup();
    }
  }

  @Override
  public long pollBeganNs() {
    return pollBeganNs;
  }

  @Override
  public long polledSinceNs() {
    return polledSinceNs;
  }

  @Override
  protected void run() {
    Throwable cause = new IllegalStateException("the thread of the transport has ended");
    try {
      turn();
    } catch (RuntimeException | Error e) {
      cause = e;
      throw e;
    } finally {
      step.end(cause);
    }
  }

  private void turn() {
    ioHandler().initialize();
    do {
      poll();
      if (isShuttingDown()) {
        ioHandler().prepareToDestroy();
      }
      runAllTasks(TASK_QUANTUM_NS);
      isWoken.set(false); // before the step looks at what it was woken for
      hasMoreToDo = step.run();
      dueNs = step.nextDueNs();
    } while (!confirmShutdown());
  }

  private void poll() {
    context.questions = 0;
    pollBeganNs = System.nanoTime();
    ioHandler().run(context);
    if (context.hasPolled()) {
      polledSinceNs = pollBeganNs;
    }
  }

  /** How the I/O handler learns whether and how long it may wait. */
  private final class Context implements IoHandlerContext {
    private int questions;
    private boolean mayWait;

    /**
     * With epoll a handler that may wait asks again just before, and if it then may not, does not poll at all. (With NIO
     * it does; taking it for none costs one more turn.)
     */
    boolean hasPolled() {
      return questions < 2 || mayWait;
    }

    @Override
    public boolean canBlock() {
      questions++;
      mayWait =
          !hasMoreToDo
              && !isWoken.get()
              && !hasTasks()
              && !hasScheduledTasks()
              && dueNs > System.nanoTime();
      return mayWait;
    }

    @Override
    public long delayNanos(long nowNs) {
      long delayNs = DutyCycleLoop.this.delayNanos(nowNs);
      return dueNs == Long.MAX_VALUE ? delayNs : Math.max(0, Math.min(delayNs, dueNs - nowNs));
    }

    /** On the clock of Netty's timers, which starts with the process. */
    @Override
    public long deadlineNanos() {
      long deadlineNs = DutyCycleLoop.this.deadlineNanos();
      return dueNs == Long.MAX_VALUE
          ? deadlineNs
          : Math.min(deadlineNs, dueNs - ticker().initialNanoTime());
    }
  }
}
