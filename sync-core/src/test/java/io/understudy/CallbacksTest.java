package io.understudy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.understudy.metrics.CounterSet;
import io.understudy.metrics.SyncCounter;
import io.understudy.model.IpProtocol;
import io.understudy.table.Authority;
import io.understudy.table.ChangeSink;
import io.understudy.table.EntryEvent;
import io.understudy.table.HotTable;
import io.understudy.table.Partition;
import io.understudy.table.TableId;
import io.understudy.tables.session.SessionRecord;
import io.understudy.tables.session.SessionTable;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import org.junit.jupiter.api.Test;

/** What the listener does, it does beside the duty cycle: nothing of the node waits for it or falls with it. */
class CallbacksTest {
  private static final long SECOND = 1_000_000_000L;

  private final CounterSet counters = new CounterSet();
  private final HotTable table =
      new HotTable(SessionTable.spec4(1_024, 1), 1, 2, new Holder(), new NoChanges(), counters);
  private final SessionTable sessions = new SessionTable(table);
  private final ArrayDeque<Runnable> tasks = new ArrayDeque<>();
  private final List<String> heard = new ArrayList<>();
  private final NotedLog log = new NotedLog();
  private long nowNs;

  @Test
  void nothingIsCalledBeforeTheExecutorDoes() {
    Callbacks callbacks = callbacks(tasks::add, true);

    callbacks.tell("peer", 2, 0, to -> to.onPeer(2, true));
    turn(callbacks);

    assertEquals(List.of(), heard);
    runTasks();
    assertEquals(List.of("peer 2 true"), heard);
  }

  @Test
  void ofEachSubjectTheNewestIsTold() {
    Callbacks callbacks = callbacks(tasks::add, true);

    for (int i = 0; i < 10_000; i++) {
      boolean connected = i % 2 == 1;
      callbacks.tell("peer", 2, 0, to -> to.onPeer(2, connected));
      callbacks.tell("peer", 3, 0, to -> to.onPeer(3, !connected));
      turn(callbacks);
    }

    assertEquals(1, tasks.size());
    runTasks();
    assertEquals(List.of("peer 2 true", "peer 3 false"), heard);
  }

  @Test
  void ofWhatIsToldInOrderTheLastAreKept() {
    Callbacks callbacks = callbacks(tasks::add, true);
    callbacks.tell("a", 0, 0, to -> heard.add("newest 1"));

    int most = Callbacks.WAITING_OF_ONE;
    for (int i = 0; i < 100 + most; i++) {
      int node = i;
      callbacks.tellInOrder("peer", 2, 0, to -> to.onPeer(node, true));
      turn(callbacks);
    }
    callbacks.tell("a", 0, 0, to -> heard.add("newest 2"));
    runTasks();

    assertEquals(most + 1, heard.size());
    assertEquals("peer 100 true", heard.get(0));
    assertEquals("peer " + (99 + most) + " true", heard.get(most - 1));
    assertEquals("newest 2", heard.get(most));
    assertEquals(100, counters.get(SyncCounter.EVENTS_FOLDED));
  }

  @Test
  void aCallbackThatThrowsIsCountedAndTheOthersAreMade() {
    Callbacks callbacks = callbacks(tasks::add, true);
    callbacks.tell(
        "a",
        0,
        0,
        to -> {
          throw new IllegalStateException("the listener's own mistake (this test wants it)");
        });
    callbacks.tell(
        "b",
        0,
        0,
        to -> {
          throw new StackOverflowError("an error too (this test wants it)");
        });
    callbacks.tell("peer", 2, 0, to -> to.onPeer(2, true));

    turn(callbacks);
    runTasks();

    assertEquals(List.of("peer 2 true"), heard);
    assertEquals(2, counters.get(SyncCounter.CALLBACKS_FAILED));
  }

  @Test
  void anExecutorThatRefusesIsAskedAgain() {
    boolean[] refuses = {true};
    Callbacks callbacks =
        callbacks(
            task -> {
              if (refuses[0]) {
                throw new RejectedExecutionException("busy (this test wants it)");
              }
              tasks.add(task);
            },
            true);
    callbacks.tell("peer", 2, 0, to -> to.onPeer(2, true));
    turn(callbacks);

    refuses[0] = false;
    turn(callbacks);
    runTasks();

    assertEquals(List.of("peer 2 true"), heard);
  }

  @Test
  void anExecutorThatFailsIsAskedAgain() {
    boolean[] fails = {true};
    Callbacks callbacks =
        callbacks(
            task -> {
              if (fails[0]) {
                throw new OutOfMemoryError("no thread can be made (this test wants it)");
              }
              tasks.add(task);
            },
            true);
    callbacks.tell("peer", 2, 0, to -> to.onPeer(2, true));
    for (int i = 0; i < 100; i++) {
      turn(callbacks);
    }

    fails[0] = false;
    turn(callbacks);
    runTasks();

    assertEquals(List.of("peer 2 true"), heard);
    assertEquals(1, log.lines("warn").size(), log.lines().toString());
    assertEquals(List.of("callbacks succeed again after 100 that failed"), log.lines("info"));
  }

  @Test
  void aCallbackThatThrowsWhatItDoesNotDeclareIsCountedToo() {
    Callbacks callbacks = callbacks(tasks::add, true);
    callbacks.tell("a", 0, 0, to -> CallbacksTest.<RuntimeException>throwUndeclared());
    turn(callbacks);
    runTasks();
    callbacks.tell("peer", 2, 0, to -> to.onPeer(2, true));
    turn(callbacks);
    runTasks();

    assertEquals(List.of("peer 2 true"), heard);
    assertEquals(1, counters.get(SyncCounter.CALLBACKS_FAILED));
  }

  @SuppressWarnings("unchecked")
  private static <T extends Throwable> void throwUndeclared() throws T {
    throw (T) new IOException("not declared (this test wants it)");
  }

  @Test
  void callbacksDoNotStandWhenTheyHaveJustBegun() {
    Callbacks callbacks = callbacks(tasks::add, true);
    nowNs = 400_000 * SECOND; // a clock begins anywhere
    callbacks.tell("peer", 2, 0, to -> to.onPeer(2, true));
    turn(callbacks);
    runTasks();

    nowNs += 3_600 * SECOND; // it was idle, and its process slept
    callbacks.tell("peer", 2, 0, to -> to.onPeer(2, false));
    turn(callbacks);
    nowNs += 30 * SECOND; // a pause, in which no callback could have returned
    turn(callbacks);
    runTasks();

    assertEquals(List.of(), log.lines());
  }

  @Test
  void callbacksThatStandAreNamedOnceAndOnceWhenTheyGoOn() {
    Callbacks callbacks = callbacks(tasks::add, true);
    callbacks.tell("peer", 2, 0, to -> to.onPeer(2, true));
    for (int i = 0; i < 100; i++) {
      nowNs += SECOND / 10;
      turn(callbacks);
    }
    assertEquals(1, log.lines("warn").size(), log.lines().toString());

    runTasks();
    turn(callbacks);
    turn(callbacks);

    assertEquals(1, log.lines("warn").size(), log.lines().toString());
    assertEquals(List.of("callbacks go on"), log.lines("info"));
  }

  @Test
  void anEventIsTheEntryAsItWas() {
    Callbacks callbacks = callbacks(tasks::add, true);
    int slot = arrive(7);
    callbacks.onArrived(table, partition(7), slot);
    callbacks.onEnded(table, partition(7), slot);
    table.rows().end(partition(7), slot); // nobody finds it any more

    turn(callbacks);
    runTasks();

    assertEquals(List.of("arrived 7", "ended 7"), heard);
  }

  @Test
  void whatTheListenerCannotKeepUpWithFoldsIntoOneLook() {
    Callbacks callbacks = callbacks(tasks::add, true);
    int slot = arrive(7);
    for (int i = 0; i < EntryRing.CAPACITY + 500; i++) {
      callbacks.onArrived(table, partition(7), slot);
    }
    callbacks.tell("peer", 2, 0, to -> to.onPeer(2, true));

    turn(callbacks);
    runTasks();

    assertEquals(500, counters.get(SyncCounter.EVENTS_FOLDED));
    assertEquals(EntryRing.CAPACITY + 2, heard.size());
    assertEquals(1, heard.stream().filter("look again 1"::equals).count());
    assertTrue(heard.contains("peer 2 true"), "what is told of peers never folds");
  }

  @Test
  void whoWaitsIsToldOnceATurnAndNobodyElse() {
    Callbacks callbacks = callbacks(tasks::add, false);
    int slot = arrive(7);
    callbacks.onArrived(table, partition(7), slot);
    turn(callbacks);
    assertEquals(0, tasks.size(), "nobody waits");

    table.addWaiters(1);
    callbacks.onArrived(table, partition(7), slot);
    callbacks.onArrived(table, partition(7), slot);
    turn(callbacks);
    runTasks();
    table.addWaiters(-1);
    callbacks.onArrived(table, partition(7), slot);
    turn(callbacks);

    runTasks();
    assertEquals(List.of("look again 1"), heard);
  }

  private Callbacks callbacks(Executor executor, boolean watched) {
    Set<Integer> tables = watched ? Set.of(TableId.SESSION4) : Set.of();
    return new Callbacks(new Told(), executor, List.of(table), tables, counters, log.logger());
  }

  private void turn(Callbacks callbacks) {
    callbacks.run(nowNs += 1_000);
  }

  private void runTasks() {
    while (!tasks.isEmpty()) {
      tasks.remove().run();
    }
  }

  private SessionRecord key(int source) {
    return sessions.newRecord().key4(0, IpProtocol.UDP, source, 1, 0x0A000001, 2);
  }

  private Partition partition(int source) {
    return table.partition(sessions.partition(key(source)));
  }

  private int arrive(int source) {
    sessions.publish(key(source), 1, 0, 0, nowNs);
    return 0; // the first of its partition
  }

  private static final class Holder implements Authority {
    @Override
    public boolean holds(int group) {
      return true;
    }

    @Override
    public long termNumber(int group) {
      return 1;
    }

    @Override
    public long nextGeneration() {
      return 1;
    }

    @Override
    public int nodeId() {
      return 1;
    }
  }

  private static final class NoChanges implements ChangeSink {
    @Override
    public boolean onChange(
        HotTable table, Partition partition, int slot, int groups, boolean urgent, long nowNs) {
      return false;
    }

    @Override
    public boolean onEnd(
        HotTable table, Partition partition, int slot, boolean urgent, long nowNs) {
      return false;
    }

    @Override
    public boolean wasSpokenOf(HotTable table, Partition partition, int slot) {
      return false;
    }

    @Override
    public boolean mayBeElsewhere(HotTable table, Partition partition, int slot) {
      return false;
    }

    @Override
    public void onNewSlot(HotTable table, Partition partition, int slot, boolean fresh) {}
  }

  private final class Told implements SyncListener {
    @Override
    public void onPeer(int node, boolean connected) {
      heard.add("peer " + node + " " + connected);
    }

    @Override
    public void onArrived(EntryEvent entry) {
      heard.add("arrived " + source(entry));
    }

    @Override
    public void onEnded(EntryEvent entry) {
      heard.add("ended " + source(entry));
    }

    @Override
    public void onLookAgain(int number) {
      heard.add("look again " + number);
    }

    private long source(EntryEvent entry) {
      SessionRecord record = sessions.newRecord();
      sessions.read(entry, record);
      return Math.min(record.originatorLow(), record.responderLow());
    }
  }
}
