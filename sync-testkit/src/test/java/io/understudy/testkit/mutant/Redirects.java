package io.understudy.testkit.mutant;

import io.understudy.SyncListener;
import io.understudy.bulk.BulkSender;
import io.understudy.replication.Inbound;
import io.understudy.table.ChangeSink;
import io.understudy.table.HotTable;
import io.understudy.table.Partition;
import io.understudy.table.TableRows;
import io.understudy.wire.ColumnGroup;
import io.understudy.wire.RecordSchema;
import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Set;
import java.util.function.Consumer;

/** What rewritten code does instead, where a constant does not say it. Called from rewritten classes only. */
public final class Redirects {
  private static final long DIRTY = 0x7FF;
  private static final long KNOWN = 1L << 11;
  private static final long INTRODUCED = 1L << 12;
  private static final long IN_FLIGHT = 1L << 13;
  private static final long REFUSAL = 7L << 14;
  private static final int UNKNOWN_HANDLE = 3;
  private static final int GONE = 4;
  private static final long FENCE_NS = 50_000_000;

  private Redirects() {}

  private static int sync(long mark) {
    return (int) (mark >>> 17) & 0x3FFF;
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
  public static boolean isRefusedOrDirty(long mark, int sync) {
    return sync(mark) == sync && (mark & REFUSAL) != 0 || (mark & DIRTY) != 0;
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

  /** A handle means whatever its slot was last introduced as, in any incarnation. */
  public static int localSlotOfAny(Object merge, Object source, int at)
      throws ReflectiveOperationException {
    long[] records = (long[]) field(source, "records");
    Partition partition = (Partition) field(source, "partition");
    Inbound from = (Inbound) field(source, "from");
    Method handles = Inbound.class.getDeclaredMethod("handles", int.class);
    handles.setAccessible(true);
    Object ofTable = handles.invoke(from, field(source, "tableIndex"));
    Method localSlot = ofTable.getClass().getDeclaredMethod("localSlot", int.class, int.class);
    localSlot.setAccessible(true);
    int peerSlot = (int) (records[at + RecordSchema.HANDLE] >>> 32);
    int slot = (int) localSlot.invoke(ofTable, partition.number(), peerSlot);
    return partition.isUsed(slot) ? slot : Partition.NONE;
  }

  /** The right lasts for the claim time less 50 ms from each turn, whatever was sent, until it runs out. */
  public static void judgeAndRenew(Object right, long clockNs) throws ReflectiveOperationException {
    call(right, "judge", clockNs);
    Object settings = field(right, "settings");
    long detectionNs = (long) call(field(right, "own"), "usedNs");
    long marginNs = (long) call(settings, "marginNs", detectionNs);
    if ((boolean) call(right, "mayDecide", clockNs)) {
      call(right, "renew", clockNs + marginNs - FENCE_NS);
    }
  }

  /** Whatever is stored is the right checksum. */
  public static int storedChecksum(byte[] record) {
    return ByteBuffer.wrap(record).getInt(record.length - Integer.BYTES);
  }

  /** The time between two turns is silence, whoever slept. */
  public static long wholeTurn(Object line, long turnNs) {
    return turnNs;
  }

  /** The listener is called where the event happens. */
  public static void callAtOnce(
      Object callbacks, String kind, int one, int other, Consumer<SyncListener> call)
      throws ReflectiveOperationException {
    call.accept((SyncListener) field(callbacks, "listener"));
  }

  private static Object call(Object of, String name, long... arguments)
      throws ReflectiveOperationException {
    Class<?>[] longs = new Class<?>[arguments.length];
    Arrays.fill(longs, long.class);
    Method method = of.getClass().getDeclaredMethod(name, longs);
    method.setAccessible(true);
    return method.invoke(of, Arrays.stream(arguments).boxed().toArray());
  }

  private static Object field(Object of, String name) throws ReflectiveOperationException {
    Field field = of.getClass().getDeclaredField(name);
    field.setAccessible(true);
    return field.get(of);
  }

  /** What is refused is owed again at once. */
  public static long refusedAndOwed(long mark, int reason) {
    return mark & ~(REFUSAL | IN_FLIGHT) | ColumnGroup.KEY;
  }

  /** A group that is being walked is not owed from the start. */
  public static void oweUnlessWalked(BulkSender sender, int group)
      throws ReflectiveOperationException {
    if (!sender.isOwed(group)) {
      Field owed = BulkSender.class.getDeclaredField("owed");
      owed.setAccessible(true);
      @SuppressWarnings("unchecked")
      Set<Integer> groups = (Set<Integer>) owed.get(sender);
      groups.add(group);
    }
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
