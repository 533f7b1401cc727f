package io.understudy.replication;

import io.understudy.model.GroupId;
import io.understudy.proto.v1.BulkMark;
import io.understudy.table.HotTable;
import io.understudy.wire.InputLimit;
import io.understudy.wire.WireFormatException;
import java.util.BitSet;

/**
 * Which marks of a peer's bulk syncs came already. At a mark this member looks at all rows of a partition, so a peer that repeats marks
 * would stall it: a walk marks each partition once, and walks begin at a bounded rate.
 *
 * <p>Shape: one bit for each table and partition, for each group that the peer walked. Thread: the duty cycle.
 */
final class WalkMarks {
  private static final long SECOND_NS = 1_000_000_000L;

  private final BitSet[] marked = new BitSet[GroupId.MAX + 1];
  private final long[] bulkIds = new long[GroupId.MAX + 1];
  private final long[] incarnations = new long[GroupId.MAX + 1];
  private final long[] epochs = new long[GroupId.MAX + 1];
  private long walks;
  private long walksNs = Long.MIN_VALUE;

  /** Notes a mark whose fields are in their ranges, or refuses it. */
  void check(BulkMark mark, int tableIndex, long nowNs) throws WireFormatException {
    int group = mark.getGroup();
    boolean begins =
        marked[group] == null
            || incarnations[group]
                != mark.getIncarnation() // a new life counts its bulks from 1 again
            || bulkIds[group] != mark.getBulkId()
            || epochs[group] != mark.getEpoch();
    if (begins) {
      begin(group, mark, nowNs);
    }
    int position = tableIndex * HotTable.PARTITIONS + mark.getPartition();
    if (marked[group].get(position)) {
      throw new WireFormatException(
          "mark of partition "
              + mark.getPartition()
              + " of group "
              + group
              + " comes twice in bulk "
              + Long.toUnsignedString(mark.getBulkId())
              + ", the limit is 1");
    }
    marked[group].set(position);
  }

  private void begin(int group, BulkMark mark, long nowNs) throws WireFormatException {
    recover(nowNs);
    InputLimit.BULK_WALKS.check(walks + 1);
    walks++;
    if (marked[group] == null) {
      marked[group] = new BitSet();
    }
    marked[group].clear();
    incarnations[group] = mark.getIncarnation();
    bulkIds[group] = mark.getBulkId();
    epochs[group] = mark.getEpoch();
  }

  private void recover(long nowNs) {
    if (walksNs == Long.MIN_VALUE) {
      walksNs = nowNs;
    }
    long seconds = (nowNs - walksNs) / SECOND_NS;
    walksNs += seconds * SECOND_NS;
    long perSecond = InputLimit.BULK_WALKS_A_SECOND.high();
    walks = seconds > walks / perSecond ? 0 : walks - seconds * perSecond;
  }
}
