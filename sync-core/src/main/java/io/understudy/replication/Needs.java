package io.understudy.replication;

import io.understudy.metrics.CounterSet;
import io.understudy.metrics.SyncCounter;
import io.understudy.proto.v1.Need;
import io.understudy.table.HotTable;
import io.understudy.table.Partition;
import io.understudy.table.Row;
import io.understudy.wire.WireFormatException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Entries that another member spoke of and that this one does not know: asked of their holder, again until they are there or
 * the holder says that they are gone (protocol, rule 7).
 *
 * <p>Shape: at most {@value #LIMIT}; beyond that nothing is asked, and the speaker's facts, which it keeps sending, ask again.
 *
 * <p>Thread: the duty cycle.
 */
final class Needs {
  private static final int LIMIT = 1_024;
  private static final int PER_FRAME = 64;
  private static final long RETRY_NS = 1_000_000_000;

  private final CounterSet counters;
  private final Map<Long, Asked> asked = new LinkedHashMap<>();

  Needs(CounterSet counters) {
    this.counters = counters;
  }

  private static final class Asked {
    final int tableIndex;
    final Need need;
    long nextNs = Long.MIN_VALUE;

    Asked(int tableIndex, Need need) {
      this.tableIndex = tableIndex;
      this.need = need;
    }
  }

  void ask(int tableIndex, int partition, int group, HotTable table, long[] records, int at) {
    long hash = table.hash(records, at + Row.PAYLOAD);
    if (asked.size() >= LIMIT || asked.containsKey(hash)) {
      return;
    }
    Need.Builder need =
        Need.newBuilder().setTable(table.spec().number()).setPartition(partition).setGroup(group);
    for (int i = 0; i < table.spec().keyWords(); i++) {
      need.addKey(records[at + Row.PAYLOAD + i]);
    }
    asked.put(hash, new Asked(tableIndex, need.build()));
  }

  /** Those that this holder is to be asked now. */
  List<Need> due(Groups groups, int holder, List<HotTable> tables, long nowNs) {
    List<Need> due = new ArrayList<>();
    for (Iterator<Map.Entry<Long, Asked>> i = asked.entrySet().iterator();
        i.hasNext() && due.size() < PER_FRAME; ) {
      Map.Entry<Long, Asked> entry = i.next();
      Asked one = entry.getValue();
      if (groups.holder(one.need.getGroup()) == 0 || groups.holds(one.need.getGroup())) {
        i.remove(); // nobody else can be asked; whoever spoke of it does so again
        continue;
      }
      if (groups.holder(one.need.getGroup()) != holder || one.nextNs > nowNs) {
        continue;
      }
      if (isThere(tables.get(one.tableIndex), one.need, entry.getKey())) {
        i.remove();
        continue;
      }
      one.nextNs = nowNs + RETRY_NS;
      counters.increment(SyncCounter.NEEDS_SENT);
      due.add(one.need);
    }
    return due;
  }

  private static boolean isThere(HotTable table, Need need, long hash) {
    long[] record = record(table, need.getKeyList());
    Partition partition = table.partition(need.getPartition());
    partition.lock();
    try {
      return table.find(partition, record, 0, hash) != Partition.NONE;
    } finally {
      partition.unlock();
    }
  }

  void gone(HotTable table, List<Long> key) {
    asked.remove(table.hash(record(table, key), Row.PAYLOAD));
  }

  /** A record that holds nothing but this key. */
  static long[] record(HotTable table, List<Long> key) {
    long[] record = new long[table.spec().schema().words()];
    for (int i = 0; i < Math.min(key.size(), table.spec().keyWords()); i++) {
      record[Row.PAYLOAD + i] = key.get(i);
    }
    return record;
  }

  /** Whatever is asked or answered is kept, looked up and echoed: it has a key of the table, no more. */
  static void checkKey(HotTable table, int words) throws WireFormatException {
    if (words != table.spec().keyWords()) {
      throw new WireFormatException(
          "key of "
              + words
              + " words, table "
              + table.spec().name()
              + " has keys of "
              + table.spec().keyWords());
    }
  }

  boolean isEmpty() {
    return asked.isEmpty();
  }

  static long retryNs() {
    return RETRY_NS;
  }
}
