package io.understudy.testkit.mutant;

import io.understudy.bulk.BulkReceiver;
import io.understudy.delta.PeerDelta;
import io.understudy.delta.SeenMarks;
import io.understudy.proto.v1.BulkMark;
import io.understudy.table.ChangeSink;
import io.understudy.table.HotTable;
import io.understudy.table.Partition;
import io.understudy.table.TableRows;
import io.understudy.wire.ColumnGroup;
import java.lang.reflect.Field;
import java.lang.reflect.Method;

/** What rewritten code does instead, where a constant does not say it. Called from rewritten classes only. */
public final class Redirects {
  private static final long DIRTY = 0x7FF;
  private static final long KNOWN = 1L << 11;
  private static final long INTRODUCED = 1L << 12;
  private static final long REFUSAL = 7L << 14;
  private static final int UNKNOWN_HANDLE = 3;
  private static final int GONE = 4;

  private Redirects() {}

  private static int sync(long mark) {
    return (int) (mark >>> 17) & 0x7FFF;
  }

  /** Known only once it was acknowledged. */
  public static boolean isIntroducedOrStale(long mark, int sync) {
    return sync(mark) != sync || (mark & INTRODUCED) != 0;
  }

  /** Introduced as soon as it was sent. */
  public static boolean isIntroducedOnceSent(long mark, int sync) {
    return sync(mark) == sync && (mark & (KNOWN | INTRODUCED)) != 0;
  }

  /** The acknowledgement of a delete settles the record, whatever happened to it since. */
  public static long deletedForGood(Object peer, Object partition, int slot, long mark) {
    return mark & ~(KNOWN | INTRODUCED);
  }

  /** An unknown handle is taken for an entry that is gone. */
  public static int unknownIsGone(int refusal) {
    int reason = refusal & 0x7F;
    return reason == UNKNOWN_HANDLE ? GONE : reason;
  }

  /** The walk leaves dirty records to the live stream. */
  public static boolean isRefusedOrDirty(long mark) {
    return (mark & (REFUSAL | DIRTY)) != 0;
  }

  /** What is merged is owed again, as if it had changed here. */
  public static int mergeAndEcho(
      TableRows rows, Partition partition, int slot, long[] record, int at)
      throws ReflectiveOperationException {
    int changed = rows.mergeFacts(partition, slot, record, at);
    Field field = TableRows.class.getDeclaredField("table");
    field.setAccessible(true);
    HotTable table = (HotTable) field.get(rows);
    Method sink = HotTable.class.getDeclaredMethod("sink");
    sink.setAccessible(true);
    ((ChangeSink) sink.invoke(table)).onChange(table, partition, slot, ColumnGroup.FACTS, true, 0);
    return changed;
  }

  /** Every mark sweeps. */
  public static void onAnyMark(
      BulkReceiver receiver,
      BulkMark mark,
      PeerDelta from,
      int tableIndex,
      SeenMarks seen,
      boolean isHolder) {
    receiver.onMark(mark, from, tableIndex, seen, true);
  }

  /** Each message counts, also the one that was sent twice. */
  public static long sum(long mine, long theirs) {
    return mine + theirs;
  }

  /** What came last counts. */
  public static long last(long mine, long theirs) {
    return theirs;
  }
}
