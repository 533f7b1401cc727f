package io.understudy.replication;

import io.understudy.delta.Drain;
import io.understudy.delta.PeerDelta;
import io.understudy.delta.Settlement;
import io.understudy.delta.TableDelta;
import io.understudy.table.HotTable;
import io.understudy.table.Partition;

/**
 * Owes again what one peer refused as full, when it says that it has room: a few records of each partition first, then twice as many
 * each time, until the partition has nothing refused left or the peer refuses one of its records again.
 *
 * <p>Shape: for each table and partition how many records the next round tries, 0: it waits for room; and from which slot on. However often
 * the peer says that it has room, it is looked for refused records once in an interval, and only where there are any.
 *
 * <p>Thread: the duty cycle; a partition is locked for 16 records at a time. Allocates nothing.
 */
final class RefusalRetry {
  /** Between two rounds. */
  static final long INTERVAL_NS = 50_000_000;

  /** So many records of a partition show whether there is room. */
  private static final int FIRST = 4;

  private static final int MOST = 4_096;

  /** Slots looked at in one turn, and of one partition in a round. */
  private static final int SLOTS_PER_TURN = 8_192;

  private static final int SLOTS_PER_PARTITION = 4_096;

  private final PeerDelta delta;
  private final Settlement settlement;
  private final int[] tries;
  private final int[] cursors;
  private boolean hasRoom;
  private boolean isRunning;
  private int at;
  private long nextNs = Long.MIN_VALUE;
  private boolean isWaiting;

  RefusalRetry(PeerDelta delta, Settlement settlement) {
    this.delta = delta;
    this.settlement = settlement;
    tries = new int[delta.tableCount() * HotTable.PARTITIONS];
    cursors = new int[tries.length];
    at = tries.length;
  }

  /** The peer has room again, somewhere. */
  void room() {
    hasRoom = true;
    isWaiting = true;
  }

  /** The peer has none in this partition: it says so when it has. */
  void full(int tableIndex, int partition) {
    tries[tableIndex * HotTable.PARTITIONS + partition] = 0;
  }

  /** Goes on with the round, or begins one if it is time. Answers how many slots were looked at. */
  int run(long nowNs) {
    if (!isRunning && isWaiting && nowNs >= nextNs) {
      begin(nowNs);
    }
    int looked = 0;
    while (isRunning && looked < SLOTS_PER_TURN) {
      if (at == tries.length) {
        isRunning = false;
        break;
      }
      if (tries[at] > 0) {
        looked += retry(at, nowNs);
      }
      at++;
    }
    return looked;
  }

  private void begin(long nowNs) {
    nextNs = nowNs + INTERVAL_NS;
    isRunning = true;
    isWaiting = false;
    at = 0;
    if (hasRoom) {
      hasRoom = false;
      for (int i = 0; i < tries.length; i++) {
        if (delta.table(i / HotTable.PARTITIONS).full(i % HotTable.PARTITIONS) > 0) {
          tries[i] = Math.max(tries[i], FIRST);
        }
      }
    }
  }

  private int retry(int place, long nowNs) {
    TableDelta owed = delta.table(place / HotTable.PARTITIONS);
    int number = place % HotTable.PARTITIONS;
    Partition partition = owed.table().partition(number);
    int slots = Math.min(partition.highWater(), SLOTS_PER_PARTITION);
    int left = tries[place];
    int looked = 0;
    for (; looked < slots && left > 0 && owed.full(number) > 0; looked += Drain.RECORDS_PER_LOCK) {
      int from = cursors[place] < partition.highWater() ? cursors[place] : 0;
      left -= settlement.retryRefused(owed, partition, from, left, nowNs);
      cursors[place] = from + Drain.RECORDS_PER_LOCK;
    }
    if (owed.full(number) == 0) {
      tries[place] = 0;
    } else {
      tries[place] = Math.min(MOST, tries[place] * 2);
      isWaiting = true;
    }
    return looked;
  }

  /** When the next round begins; {@link Long#MAX_VALUE}: the peer said nothing of room. */
  long nextDueNs() {
    return isRunning ? Long.MIN_VALUE : isWaiting ? nextNs : Long.MAX_VALUE;
  }
}
