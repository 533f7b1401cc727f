package io.understudy.replication;

import io.understudy.table.HotTable;
import io.understudy.table.Partition;

/** Told of entries that come and go by the streams. Thread: the duty cycle, under the partition's lock; be brief. */
public interface EntryListener {
  /** An entry came from a peer. */
  void onArrived(HotTable table, Partition partition, int slot);

  /** An entry ended by its holder's delete, by a sweep, or because another session replaced it. */
  void onEnded(HotTable table, Partition partition, int slot);
}
