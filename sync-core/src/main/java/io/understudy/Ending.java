package io.understudy;

import io.understudy.model.Role;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The orderly end of a node: the right to decide ends first and the sockets close last.
 *
 * <h2>Steps</h2>
 *
 * Nothing is decided and nothing published any more; the batch that began before is waited for; what is owed is sent until every
 * connected peer acknowledged it, or the limit is over; heartbeats say which terms ended, so that a peer claims at once; when every
 * connected peer echoed that, or the limit is over, all sockets close, the listening ones too.
 *
 * <p>Thread: {@link #ask} and {@link #await} from any; the rest the duty cycle.
 */
final class Ending {
  private static final Logger LOG = LoggerFactory.getLogger(Ending.class);

  private enum Step {
    OPEN,
    BATCH,
    OWED,
    TOLD,
    OVER
  }

  private final NodeParts parts;
  private final long batchNs;
  private final long limitNs;
  private final CountDownLatch over = new CountDownLatch(1);
  private volatile boolean asked;
  private Step step = Step.OPEN;
  private long dueNs;
  private long endNs;

  Ending(NodeParts parts) {
    this.parts = parts;
    batchNs = parts.config.heartbeat().batch().toNanos();
    limitNs = parts.config.closeLimit().toNanos();
  }

  /** From here on nothing is decided; the duty cycle does the rest. */
  void ask() {
    parts.roles.stopDeciding();
    parts.groups.close();
    asked = true;
  }

  /** The node is closed, or will soon be, or has failed. */
  boolean isAsked() {
    return asked;
  }

  boolean isOver() {
    return over.getCount() == 0;
  }

  /** Waits for the duty cycle, which may itself be dead: a little longer than the limit. */
  boolean await() {
    boolean isInterrupted = Thread.interrupted();
    try {
      while (true) {
        try {
          return over.await(limitNs + 500_000_000, TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
          // it ends the caller, not the node; the wait begins anew
          isInterrupted = true;
        }
      }
    } finally {
      if (isInterrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  /** One turn. Answers whether it did something. */
  boolean run(long nowNs) {
    if (!asked || step == Step.OVER) {
      return false;
    }
    Step before = step;
    switch (step) {
      case OPEN -> {
        dueNs = nowNs + batchNs;
        endNs = nowNs + limitNs;
        step = Step.BATCH;
      }
      case BATCH -> {
        if (nowNs >= dueNs) {
          parts.usage.runAll(nowNs);
          if (!parts.roles.holdsAny()) {
            parts.heartbeats.leave(nowNs); // what it owes may take long, and others may claim
          }
          step = Step.OWED;
        }
      }
      case OWED -> {
        if (sendOwed() || nowNs >= endNs) {
          parts.roles.end(Role.CLOSED, "CLOSED", nowNs);
          parts.heartbeats.leave(nowNs);
          step = Step.TOLD;
        }
      }
      case TOLD -> {
        if (parts.heartbeats.isFarewellHeard() || nowNs >= endNs) {
          step = Step.OVER; // the transport says that it was closed: that is no failure
          parts.transport.close();
          over(nowNs);
        }
      }
      case OVER -> {}
    }
    return step != before;
  }

  /** Answers true when no connected peer is owed anything. */
  private boolean sendOwed() {
    boolean isSettled = true;
    parts.debts.settle();
    for (Peer peer : parts.peers.values()) {
      if (peer.isConnected() && (!peer.stream.isFlushed() || peer.isOwedEverything())) {
        peer.stream.flush();
        isSettled = false;
      } else if (!peer.isConnected() && peer.isHeardDirectly() && peer.delta.stateDirty() > 0) {
        isSettled = false; // its data connection is dialled again
      }
    }
    return isSettled;
  }

  /** When it must be turned again. */
  long nextDueNs(long nowNs) {
    return !asked || step == Step.OVER
        ? Long.MAX_VALUE
        : step == Step.BATCH ? dueNs : step == Step.OPEN ? nowNs : Math.min(endNs, nowNs + batchNs);
  }

  /** The duty cycle is not turned any more. Returns when the last packet batch is over. */
  void fail(Throwable cause, long nowNs) {
    if (step == Step.OVER) {
      return;
    }
    ask();
    LOG.error(
        "node {} has failed: nothing is decided, sent or received any more",
        parts.config.node(),
        cause);
    parts.faults.met(
        Fault.Kind.FAILED,
        parts.config.node().value(),
        0,
        "node " + parts.config.node() + " has failed: " + cause,
        nowNs);
    try {
      parts.roles.end(Role.FAILED, "FAILED", nowNs);
    } catch (RuntimeException e) {
      LOG.error("node {}: not all of its groups could be ended", parts.config.node(), e);
    }
    waitForBatch();
    over(nowNs);
  }

  private void waitForBatch() {
    try {
      over.await(batchNs, TimeUnit.NANOSECONDS); // nobody counts it down
    } catch (InterruptedException e) {
      waitForBatch(); // whoever interrupts this thread ends it, and the batch is not over
      Thread.currentThread().interrupt();
    }
  }

  /** It was never turned, so nobody knows of it. */
  void closeUnstarted(long nowNs) {
    step = Step.OVER;
    parts.transport.close();
    over(nowNs);
  }

  private void over(long nowNs) {
    step = Step.OVER;
    parts.status.publishEnd(nowNs);
    over.countDown();
    parts.callbacks.schedule(); // no turn follows that would
  }
}
