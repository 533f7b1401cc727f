package io.understudy.delta;

import io.understudy.table.Authority;
import io.understudy.table.ChangeSink;
import io.understudy.table.HotTable;
import io.understudy.table.Partition;
import io.understudy.table.Row;

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
  private volatile boolean asleep;

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

  /** The duty cycle goes to sleep, or is awake. */
  public void setAsleep(boolean asleep) {
    this.asleep = asleep;
  }

  @Override
  public boolean onChange(
      HotTable table, Partition partition, int slot, int groups, boolean urgent, long nowNs) {
    boolean holds = authority.holds(Row.group(partition.slab(slot), partition.row(slot)));
    boolean newly = false;
    for (PeerDelta peer : peers) {
      newly |=
          peer.ofTable(table.spec().number())
              .changed(partition, slot, groups, holds, urgent ? nowNs : nowNs + batchingNs);
    }
    wake();
    return newly;
  }

  @Override
  public boolean onEnd(HotTable table, Partition partition, int slot, boolean urgent, long nowNs) {
    boolean told = false;
    for (PeerDelta peer : peers) {
      told |=
          peer.ofTable(table.spec().number())
              .ended(partition, slot, urgent ? nowNs : nowNs + batchingNs);
    }
    wake();
    return told;
  }

  @Override
  public void onNewSlot(HotTable table, Partition partition, int slot, boolean fresh) {
    for (PeerDelta peer : peers) {
      peer.ofTable(table.spec().number()).newSlot(partition, slot, fresh);
    }
  }

  private void wake() {
    if (asleep) {
      asleep = false;
      waker.run();
    }
  }
}
