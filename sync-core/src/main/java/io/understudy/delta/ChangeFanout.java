package io.understudy.delta;

import io.understudy.table.Authority;
import io.understudy.table.ChangeSink;
import io.understudy.table.HotTable;
import io.understudy.table.Partition;
import io.understudy.table.Row;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Owes each local change to every peer, and wakes the duty cycle if it sleeps.
 *
 * <p>Thread: any, under the partition's lock.
 */
public final class ChangeFanout implements ChangeSink {
  private final Authority authority;
  private final long batchingNs;
  private PeerDelta[] peers = new PeerDelta[0];
  private volatile Runnable waker = () -> {};
  private final AtomicLong sleepUntilNs = new AtomicLong(Long.MIN_VALUE);

  /**
   * Without peers yet.
   *
   * @param batchingNs how long a change that is not urgent may wait for company
   */
  public ChangeFanout(Authority authority, long batchingNs) {
    this.authority = authority;
    this.batchingNs = batchingNs;
  }

  /** Set-up: the peers in the order of their slots. */
  public void setPeers(PeerDelta[] peers) {
    this.peers = peers.clone();
  }

  /** Set-up: called from any thread when something is owed and the duty cycle had gone to sleep. */
  public void setWaker(Runnable waker) {
    this.waker = waker;
  }

  /** The duty cycle is awake: it looks at everything before it sleeps again. */
  public void awake() {
    sleepUntilNs.set(Long.MIN_VALUE);
  }

  /** The duty cycle is about to look when it must run again: whatever is owed from here on wakes it. */
  public void drowsy() {
    sleepUntilNs.set(Long.MAX_VALUE);
  }

  /** The duty cycle sleeps until then; only what is due sooner wakes it. */
  public void asleep(long untilNs) {
    sleepUntilNs.compareAndSet(Long.MAX_VALUE, untilNs);
  }

  @Override
  public boolean onChange(
      HotTable table, Partition partition, int slot, int groups, boolean urgent, long nowNs) {
    boolean holds = authority.holds(Row.group(partition.slab(slot), partition.row(slot)));
    long dueNs = urgent ? nowNs : nowNs + batchingNs;
    boolean newly = false;
    for (PeerDelta peer : peers) {
      newly |= peer.ofTable(table.spec().number()).changed(partition, slot, groups, holds, dueNs);
    }
    wake(dueNs);
    return newly;
  }

  @Override
  public boolean onEnd(HotTable table, Partition partition, int slot, boolean urgent, long nowNs) {
    long dueNs = urgent ? nowNs : nowNs + batchingNs;
    boolean told = false;
    for (PeerDelta peer : peers) {
      told |= peer.ofTable(table.spec().number()).ended(partition, slot, dueNs);
    }
    if (told) {
      wake(dueNs);
    }
    return told;
  }

  @Override
  public boolean wasSpokenOf(HotTable table, Partition partition, int slot) {
    boolean spoken = false;
    for (PeerDelta peer : peers) {
      spoken |= peer.ofTable(table.spec().number()).wasSpokenOf(partition, slot);
    }
    return spoken;
  }

  @Override
  public boolean mayBeElsewhere(HotTable table, Partition partition, int slot) {
    boolean isElsewhere = false;
    for (PeerDelta peer : peers) {
      isElsewhere |= peer.ofTable(table.spec().number()).mayBeThere(partition, slot);
    }
    return isElsewhere;
  }

  @Override
  public void onNewSlot(HotTable table, Partition partition, int slot, boolean fresh) {
    for (PeerDelta peer : peers) {
      peer.ofTable(table.spec().number()).newSlot(partition, slot, fresh);
    }
  }

  /** Whoever turns the node should do it soon. Thread: any. */
  public void wake() {
    waker.run();
  }

  private void wake(long dueNs) {
    long until = sleepUntilNs.get();
    if (dueNs < until && sleepUntilNs.compareAndSet(until, Long.MIN_VALUE)) {
      waker.run();
    }
  }
}
