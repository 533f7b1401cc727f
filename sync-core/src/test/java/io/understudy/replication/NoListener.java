package io.understudy.replication;

import io.understudy.table.HotTable;
import io.understudy.table.Partition;

/** Nobody wants to know. */
final class NoListener implements EntryListener {
  @Override
  public void onArrived(HotTable table, Partition partition, int slot) {}

  @Override
  public void onEnded(HotTable table, Partition partition, int slot) {}
}
