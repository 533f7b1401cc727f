package io.understudy.transport.netty;

import static io.understudy.transport.netty.TurnedNode.FIRST;
import static io.understudy.transport.netty.TurnedNode.SECOND;
import static io.understudy.transport.netty.TurnedNode.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.understudy.SyncListener;
import io.understudy.metrics.SyncCounter;
import io.understudy.model.Role;
import io.understudy.model.Term;
import io.understudy.runtime.DutyCycle;
import io.understudy.table.EntryEvent;
import io.understudy.table.PublishResult;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Two members over real sockets with listeners that do what they should not: replication, takeover and end go on. */
@Timeout(120)
class ListenerMisuseTest {
  private static final int SESSIONS = 4_000;

  private final int firstPort = FreePorts.next();
  private final int secondPort = FreePorts.next();
  private final List<TurnedNode> members = new ArrayList<>();

  @AfterEach
  void close() {
    members.forEach(TurnedNode::close);
  }

  private TurnedNode first(SyncListener listener, Executor callbacks) {
    return member(new TurnedNode(1, firstPort, secondPort, listener, callbacks));
  }

  private TurnedNode second(SyncListener listener, Executor callbacks) {
    return member(new TurnedNode(2, secondPort, firstPort, listener, callbacks));
  }

  private TurnedNode member(TurnedNode member) {
    members.add(member);
    return member;
  }

  private static void awaitRoles(TurnedNode first, TurnedNode second) {
    await("roles", () -> first.is(FIRST, Role.ACTIVE) && second.is(FIRST, Role.STANDBY));
    await("roles", () -> first.is(SECOND, Role.STANDBY) && second.is(SECOND, Role.ACTIVE));
  }

  /** The active ends in order, and the standby goes on with what it had. */
  private static void assertTakeover(TurnedNode active, TurnedNode standby) {
    active.node.close();
    assertTrue(active.node.isClosed());
    assertFalse(active.decides(FIRST));
    await("the takeover", () -> standby.decides(FIRST));
    assertEquals(SESSIONS, standby.sessions.liveCount());
    assertEquals(PublishResult.QUEUED, standby.publish(FIRST, SESSIONS));
  }

  private static void publishAll(TurnedNode active) {
    for (int i = 0; i < SESSIONS; i++) {
      assertEquals(PublishResult.QUEUED, active.publish(FIRST, i));
    }
  }

  /** A change is written and owed before the waker is called, under the partition's lock. */
  @Test
  void wakerThatThrowsCostsNothing() {
    TurnedNode first = first(new SyncListener() {}, null);
    TurnedNode second = second(new SyncListener() {}, null);
    awaitRoles(first, second);
    first.node.setWaker(
        () -> {
          throw new IllegalStateException("the embedder's");
        });

    publishAll(first);

    await("the sessions", () -> second.sessions.liveCount() == SESSIONS);
  }

  @Test
  void exceptionsOfListenersStopNothing() {
    assertStopsNothing(
        () -> {
          throw new IllegalStateException("the listener's own mistake (this test wants it)");
        });
  }

  @Test
  void errorsOfListenersStopNothing() {
    assertStopsNothing(
        () -> {
          throw new StackOverflowError("the listener's own mistake (this test wants it)");
        });
  }

  private void assertStopsNothing(Supplier<Object> whatEachCallbackDoes) {
    TurnedNode active = first(listener(whatEachCallbackDoes), null);
    TurnedNode standby = second(listener(whatEachCallbackDoes), null);
    awaitRoles(active, standby);

    publishAll(active);

    await("sessions", () -> standby.sessions.liveCount() == SESSIONS);
    await("what fails", () -> active.count(SyncCounter.CALLBACKS_FAILED) >= 3);
    long told = SESSIONS - standby.count(SyncCounter.EVENTS_FOLDED);
    await("what fails", () -> standby.count(SyncCounter.CALLBACKS_FAILED) >= told);
    assertTakeover(active, standby);
  }

  /** A listener of which every method does the same. */
  private static SyncListener listener(Supplier<Object> action) {
    return (SyncListener)
        Proxy.newProxyInstance(
            SyncListener.class.getClassLoader(),
            new Class<?>[] {SyncListener.class},
            (proxy, method, arguments) -> action.get());
  }

  @Test
  void listenersThatBlockStopNothingAndHearTheOutcomeLater() {
    CountDownLatch unblocked = new CountDownLatch(1);
    Blocking first = new Blocking(unblocked);
    Blocking second = new Blocking(unblocked);
    try {
      TurnedNode active = first(first, null);
      TurnedNode standby = second(second, null);
      awaitRoles(active, standby);
      publishAll(active);
      await("sessions", () -> standby.sessions.liveCount() == SESSIONS);
      assertTrue(standby.count(SyncCounter.EVENTS_FOLDED) > 0);
      assertTakeover(active, standby);
      assertEquals(1, first.calls() + second.calls() - 1, "each is in its first call");
    } finally {
      unblocked.countDown();
    }

    await("the active's end", () -> first.role == Role.CLOSED);
    await("the standby's role", () -> second.role == Role.STANDALONE);
    await("the table's turn", () -> second.looksAgain);
  }

  /** Waits in each call until it may go on, then notes what it was told. */
  private static final class Blocking implements SyncListener {
    private final CountDownLatch unblocked;
    private final List<String> called = new CopyOnWriteArrayList<>();
    private volatile Role role;
    private volatile boolean looksAgain;

    Blocking(CountDownLatch unblocked) {
      this.unblocked = unblocked;
    }

    int calls() {
      return called.size();
    }

    private void block(String call) {
      called.add(call);
      try {
        unblocked.await();
      } catch (InterruptedException e) {
        throw new AssertionError(e);
      }
    }

    @Override
    public void onRole(int group, Role before, Role now, Term term, String cause) {
      block("role");
      role = group == FIRST ? now : role;
    }

    @Override
    public void onPeerInSync(int node, int group) {
      block("in sync");
    }

    @Override
    public void onArrived(EntryEvent entry) {
      block("arrived");
    }

    @Override
    public void onLookAgain(int table) {
      block("look again");
      looksAgain = true;
    }
  }

  @Test
  void listenersMayPublishWhenEntriesArrive() {
    AtomicReference<TurnedNode> standby = new AtomicReference<>();
    CountDownLatch isThere = new CountDownLatch(1);
    SyncListener publishing =
        new SyncListener() {
          private int next = SESSIONS;

          @Override
          public void onArrived(EntryEvent entry) {
            join(isThere);
            standby.get().publish(SECOND, next++);
          }
        };
    TurnedNode active = first(new SyncListener() {}, null);
    standby.set(second(publishing, null));
    isThere.countDown();
    awaitRoles(active, standby.get());

    publishAll(active);

    await(
        "both ways",
        () -> {
          long folded = standby.get().count(SyncCounter.EVENTS_FOLDED);
          return active.sessions.liveCount() == 2 * SESSIONS - folded
              && standby.get().sessions.liveCount() == 2 * SESSIONS - folded;
        });
    assertEquals(0, standby.get().count(SyncCounter.CALLBACKS_FAILED));
  }

  private static void join(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void listenersMayCloseTheirNode() {
    AtomicReference<TurnedNode> active = new AtomicReference<>();
    CountDownLatch returned = new CountDownLatch(1);
    AtomicBoolean mayClose = new AtomicBoolean();
    SyncListener closing =
        new SyncListener() {
          @Override
          public void onEnded(EntryEvent entry) {}

          @Override
          public void onArrived(EntryEvent entry) {
            if (mayClose.get()) {
              active.get().node.close();
              returned.countDown();
            }
          }
        };
    active.set(first(closing, null));
    TurnedNode standby = second(new SyncListener() {}, null);
    awaitRoles(active.get(), standby);
    publishAll(active.get());
    await("sessions", () -> standby.sessions.liveCount() == SESSIONS);

    mayClose.set(true);
    standby.publish(SECOND, SESSIONS);

    join(returned);
    assertTrue(active.get().node.isClosed());
    await("the takeover", () -> standby.decides(FIRST));
  }

  /** As of a pool that was shut down: what was published is owed all the same, and the caller learns that it was interrupted. */
  @Test
  void interruptedThreadEndsTheNodeInOrder() {
    AtomicReference<Role> told = new AtomicReference<>();
    TurnedNode active = first(noting(told), null);
    TurnedNode standby = second(new SyncListener() {}, null);
    awaitRoles(active, standby);
    publishAll(active);

    Thread.currentThread().interrupt();
    active.node.close();
    assertTrue(Thread.interrupted());

    assertEquals(SESSIONS, standby.sessions.liveCount());
    await("the takeover", () -> standby.decides(FIRST));
    await("the end", () -> told.get() == Role.CLOSED);
  }

  /** The thread that turns the node makes the calls itself: close begins the end, and the turns that follow do the rest. */
  @Test
  void listenersThatAreCalledByTheNodesOwnThreadMayCloseIt() {
    AtomicReference<TurnedNode> active = new AtomicReference<>();
    AtomicBoolean mayClose = new AtomicBoolean();
    SyncListener closing =
        new SyncListener() {
          @Override
          public void onArrived(EntryEvent entry) {
            if (mayClose.get()) {
              active.get().node.close();
            }
          }
        };
    active.set(first(closing, Runnable::run));
    TurnedNode standby = second(new SyncListener() {}, null);
    awaitRoles(active.get(), standby);

    mayClose.set(true);
    standby.publish(SECOND, 0);

    await("the end", () -> active.get().node.isClosed());
    await("the takeover", () -> standby.decides(FIRST));
  }

  @Test
  void executorsThatRejectStopNothingAndAreAskedAgain() {
    AtomicBoolean rejects = new AtomicBoolean(true);
    Executor rejecting =
        task -> {
          if (rejects.get()) {
            throw new RejectedExecutionException("no room (this test wants it)");
          }
          task.run();
        };
    AtomicReference<Role> told = new AtomicReference<>();
    TurnedNode active = first(new SyncListener() {}, rejecting);
    TurnedNode standby = second(noting(told), rejecting);
    awaitRoles(active, standby);
    publishAll(active);
    await("sessions", () -> standby.sessions.liveCount() == SESSIONS);
    assertTakeover(active, standby);
    assertEquals(null, told.get());

    rejects.set(false);

    await("the role", () -> told.get() == Role.STANDALONE);
  }

  /** Notes the role of {@link TurnedNode#FIRST} that it was told last. */
  private static SyncListener noting(AtomicReference<Role> told) {
    return new SyncListener() {
      @Override
      public void onRole(int group, Role before, Role now, Term term, String cause) {
        if (group == FIRST) {
          told.set(now);
        }
      }
    };
  }

  @Test
  void aNodeWhoseLoopDiesTellsItsListener() {
    AtomicBoolean dies = new AtomicBoolean();
    AtomicReference<Role> told = new AtomicReference<>();
    TurnedNode active =
        member(
            new TurnedNode(
                1, firstPort, secondPort, noting(told), null, node -> new Dying(node, dies)));
    TurnedNode standby = second(new SyncListener() {}, null);
    awaitRoles(active, standby);
    publishAll(active);
    await("sessions", () -> standby.sessions.liveCount() == SESSIONS);

    dies.set(true);
    active.transport.wake();

    await("the failure", () -> told.get() == Role.FAILED);
    assertFalse(active.decides(FIRST));
    assertEquals(Role.FAILED, active.node.status().group(FIRST).role());
    assertFalse(active.node.isConnected(2));
    await("the takeover", () -> standby.decides(FIRST));
    assertEquals(SESSIONS, standby.sessions.liveCount());
  }

  /** Turns a node until it dies itself; of the node it knows no more than that. */
  private record Dying(DutyCycle node, AtomicBoolean dies) implements DutyCycle {
    @Override
    public int run(long nowNs) {
      if (dies.get()) {
        throw new IllegalStateException("the loop dies (this test wants it)");
      }
      return node.run(nowNs);
    }

    @Override
    public long nextDueNs() {
      return node.nextDueNs();
    }
  }
}
