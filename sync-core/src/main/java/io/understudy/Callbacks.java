package io.understudy;

import io.understudy.metrics.CounterSet;
import io.understudy.metrics.SyncCounter;
import io.understudy.replication.EntryListener;
import io.understudy.table.EntryEvent;
import io.understudy.table.HotTable;
import io.understudy.table.Partition;
import java.lang.invoke.VarHandle;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.slf4j.Logger;

/**
 * What the node tells its listener: events leave the duty cycle by value, and an executor makes the calls, so that a callback that
 * throws, blocks or calls back stops nothing.
 *
 * <p>Shape: what is told of a subject waits in order with that of others: where only the newest counts (a bulk that is complete, a table to
 * look at again) it replaces the one before, where each counts (roles, peers, faults) {@value #WAITING_OF_ONE} wait, then the oldest goes.
 * Entries wait in an {@link EntryRing}; when that is full they fold into one *look again* for their table. What is not told is counted.
 *
 * <p>Thread: {@link #tell} any; entries and {@link #run} the duty cycle; the calls the executor's, one at a time. Allocates nothing for an
 * entry.
 */
final class Callbacks implements EntryListener {
  /** So many calls are made before others of the executor get their turn. */
  private static final int CALLS_AT_ONCE = 256;

  /** Events that wait for longer than this wait for a callback that does not return. */
  private static final long BLOCKED_NS = 1_000_000_000L;

  /** A turn that comes later than this came after a pause, in which the executor may have slept as well. */
  private static final long MAX_STEP_NS = BLOCKED_NS / 4;

  /** So many events of one subject wait, where each is told; behind a listener that is slower the oldest go. */
  static final int WAITING_OF_ONE = 16;

  private record Subject(String kind, int one, int other) {}

  private record Waiting(Subject subject, Consumer<SyncListener> call) {}

  private final SyncListener listener;
  private final Executor executor;
  private final CounterSet counters;
  private final Logger log;
  private final List<HotTable> tables;
  private final boolean[] isWatched;
  private final boolean[] hasArrivals;
  private final EntryRing ring;
  private final EntryEvent event;
  private final Deque<Waiting> waiting = new ArrayDeque<>();
  private final AtomicBoolean isScheduled = new AtomicBoolean();
  private final Runnable deliver = this::deliver; // made once: it allocates nothing
  private final Consumer<SyncListener> tellArrival = this::tellArrival;
  private final Consumer<SyncListener> tellEnd = this::tellEnd;
  private long refusedInARow; // the executor's
  private volatile long calls;
  private long callsBefore;
  private boolean wasScheduled;
  private long watchedNs;
  private long waitedNs;
  private boolean isBlocked;

  /** @param watched numbers of the tables whose entries are told one by one */
  Callbacks(
      SyncListener listener,
      Executor executor,
      List<HotTable> tables,
      Set<Integer> watched,
      CounterSet counters,
      Logger log) {
    this.listener = listener;
    this.executor = executor;
    this.tables = tables;
    this.counters = counters;
    this.log = log;
    isWatched = new boolean[tables.size()];
    hasArrivals = new boolean[tables.size()];
    for (int i = 0; i < isWatched.length; i++) {
      isWatched[i] = watched.contains(tables.get(i).spec().number());
    }
    ring = new EntryRing(tables.stream().filter(t -> watched.contains(t.spec().number())).toList());
    event = ring.newEvent();
  }

  /**
   * Tells of a subject; what was to be told of it before and was not is replaced.
   *
   * @param kind with {@code one} and {@code other}: what it is told of
   */
  void tell(String kind, int one, int other, Consumer<SyncListener> call) {
    add(new Waiting(new Subject(kind, one, other), call), 1);
  }

  /** Tells of a subject after what was told of it before. Whoever makes the call leaves out what a lost one would have said. */
  void tellInOrder(String kind, int one, int other, Consumer<SyncListener> call) {
    if (add(new Waiting(new Subject(kind, one, other), call), WAITING_OF_ONE)) {
      counters.increment(SyncCounter.EVENTS_FOLDED);
    }
  }

  /** Answers whether an older one had to go. */
  private boolean add(Waiting event, int most) {
    synchronized (waiting) {
      int same = 0;
      for (Waiting other : waiting) {
        same += other.subject.equals(event.subject) ? 1 : 0;
      }
      if (same >= most) {
        waiting.removeFirstOccurrence(oldest(event.subject));
      }
      waiting.add(event); // after what was told meanwhile of others
      return same >= most;
    }
  }

  private Waiting oldest(Subject subject) {
    return waiting.stream()
        .filter(other -> other.subject.equals(subject))
        .findFirst()
        .orElseThrow();
  }

  @Override
  public void onArrived(HotTable table, Partition partition, int slot) {
    int index = tables.indexOf(table);
    hasArrivals[index] = true;
    if (isWatched[index]) {
      put(table, partition, slot, false);
    }
  }

  @Override
  public void onEnded(HotTable table, Partition partition, int slot) {
    if (isWatched[tables.indexOf(table)]) {
      put(table, partition, slot, true);
    }
  }

  private void put(HotTable table, Partition partition, int slot, boolean isEnd) {
    if (!ring.put(table, partition, slot, isEnd)) {
      counters.increment(SyncCounter.EVENTS_FOLDED);
      lookAgain(table.spec().number());
    }
  }

  private void lookAgain(int table) {
    tell("look again", table, 0, to -> to.onLookAgain(table));
  }

  /** The end of a turn: whoever waits for entries is told that some came, and the executor gets to work. */
  void run(long now) {
    for (int i = 0; i < hasArrivals.length; i++) {
      if (hasArrivals[i]) {
        hasArrivals[i] = false;
        VarHandle
            .fullFence(); // who begins to wait from here on finds the rows; who waits already is
        // seen
        if (tables.get(i).hasWaiters()) {
          lookAgain(tables.get(i).spec().number());
        }
      }
    }
    schedule();
    watch(now);
  }

  private boolean hasMore() {
    synchronized (waiting) {
      return !waiting.isEmpty() || !ring.isEmpty();
    }
  }

  /** Gets the executor to work, if there is something to tell. Thread: any. */
  void schedule() {
    if (!hasMore() || !isScheduled.compareAndSet(false, true)) {
      return;
    }
    try {
      executor.execute(deliver);
    } catch (RuntimeException | Error e) { // an Error too: no thread could be made for it
      isScheduled.set(false); // tried again with the next turn
      failed("the executor of callbacks", e);
    }
  }

  /**
   * Says once that callbacks stand, and once that they go on. Only time counts that this member saw pass while the executor had
   * something to do.
   */
  private void watch(long now) {
    long made = calls;
    boolean isAtWork = isScheduled.get();
    if (!isAtWork || !wasScheduled || made != callsBefore) {
      waitedNs = 0;
      if (isBlocked && made != callsBefore) {
        isBlocked = false;
        log.info("callbacks go on");
      }
    } else {
      waitedNs += Math.min(now - watchedNs, MAX_STEP_NS);
    }
    callsBefore = made;
    wasScheduled = isAtWork;
    watchedNs = now;
    if (!isBlocked && waitedNs > BLOCKED_NS) {
      isBlocked = true;
      log.warn(
          "no callback returned for {} ms; the node goes on, entries to tell of fold into \"look again\"",
          waitedNs / 1_000_000);
    }
  }

  // ---- on the executor

  private void deliver() {
    for (int i = 0; i < CALLS_AT_ONCE; i++) {
      Consumer<SyncListener> call = next();
      if (call != null) {
        call(call);
      } else if (!ring.isEmpty()) {
        boolean isEnd = ring.isNextEnd();
        ring.take(event);
        call(isEnd ? tellEnd : tellArrival);
      } else {
        break;
      }
    }
    isScheduled.set(false);
    schedule(); // what came meanwhile, and what is left
  }

  private void tellArrival(SyncListener to) {
    to.onArrived(event);
  }

  private void tellEnd(SyncListener to) {
    to.onEnded(event);
  }

  private Consumer<SyncListener> next() {
    synchronized (waiting) {
      return waiting.isEmpty() ? null : waiting.remove().call;
    }
  }

  private void call(Consumer<SyncListener> call) {
    try {
      call.accept(listener);
      succeeded();
    } catch (Throwable e) { // also what the compiler would not let through
      counters.increment(SyncCounter.CALLBACKS_FAILED);
      failed("a callback", e);
    }
    calls++;
  }

  private void failed(String what, Throwable e) {
    synchronized (waiting) {
      if (refusedInARow++ == 0) {
        log.warn("{} failed; the node goes on, further ones are counted", what, e);
      }
    }
  }

  private void succeeded() {
    synchronized (waiting) {
      if (refusedInARow > 0) {
        log.info("callbacks succeed again after {} that failed", refusedInARow);
        refusedInARow = 0;
      }
    }
  }
}
