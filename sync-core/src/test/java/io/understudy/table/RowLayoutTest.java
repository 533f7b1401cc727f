package io.understudy.table;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.understudy.metrics.CounterSet;
import io.understudy.tables.session.SessionTable;
import io.understudy.wire.ColumnGroup;
import java.util.Arrays;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What lies where in a row of a session with as many peers as there can be, and what leaves it there. */
class RowLayoutTest {
  private static final int PEERS = 7;
  private static final long NOW = 9_000_000_000L;

  /** Stamp, meta, generation and times. */
  private static final Set<Integer> HEAD = Set.of(Row.STAMP, Row.META, Row.GENERATION, Row.TIMES);

  private static final int HOLDER_GROUPS =
      ColumnGroup.HOLDER | ColumnGroup.NAT | ColumnGroup.OFFSETS;

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void everyWordOfARowBelongsToOnePeerOrOneField(boolean ipv6) {
    Session s = new Session(ipv6);
    Set<Integer> taken = new TreeSet<>(HEAD);
    IntStream.range(0, s.spec.payloadWords()).forEach(i -> taken.add(Row.PAYLOAD + i));

    for (int peer = 0; peer < PEERS; peer++) {
      int of = peer;
      takes(taken, 1, s.changedBy(() -> s.partition.setMark(of, s.slot, -1L)));
      long[] record = s.record();
      Arrays.fill(record, Row.COUNTERS, Row.COUNTERS + Row.COUNTER_WORDS, 11 + peer);
      takes(
          taken,
          Row.COUNTER_WORDS,
          s.changedBy(() -> s.rows.mergeShare(s.partition, s.slot, of, record, 0)));
    }
    takes(taken, 1, s.changedBy(() -> s.rows.setHolderHandle(s.partition, s.slot, -1L)));
    takes(taken, 1, s.changedBy(() -> s.rows.setVersion(s.partition, s.slot, -1L)));
    long[] own = s.record();
    Arrays.fill(own, s.yourShares(), own.length, 5);
    takes(
        taken,
        Row.COUNTER_WORDS,
        s.changedBy(() -> s.rows.mergeOwnShare(s.partition, s.slot, own, 0)));
    long[] hints = s.record();
    hints[Row.HINTS] = 3;
    takes(taken, 1, s.changedBy(() -> s.rows.mergeShare(s.partition, s.slot, 0, hints, 0)));

    assertEquals(IntStream.range(0, s.spec.rowWords()).boxed().collect(Collectors.toSet()), taken);
  }

  private static void takes(Set<Integer> taken, int words, Set<Integer> changed) {
    assertEquals(words, changed.size(), () -> "changed " + changed);
    for (int word : changed) {
      assertTrue(taken.add(word), () -> "word " + word + " is another's");
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void mergesKeepMarksHandleAndSharesOfAllPeers(boolean ipv6) {
    Session s = new Session(ipv6);
    s.fill();
    long[] before = s.ofPeers();
    long[] record = s.record();
    for (int i = s.spec.keyWords(); i < s.spec.payloadWords(); i++) {
      record[Row.PAYLOAD + i] = 0x0101_0101_0101_0101L * i & ~s.turned();
    }
    record[Row.TIMES] = 0;

    Set<Integer> changed = new TreeSet<>();
    changed.addAll(s.changedBy(() -> s.rows.mergeFacts(s.partition, s.slot, record, 0)));
    changed.addAll(
        s.changedBy(
            () ->
                s.rows.replaceHolderValues(s.partition, s.slot, record, 0, HOLDER_GROUPS, 1 << 9)));
    changed.addAll(s.changedBy(() -> s.rows.setExclusion(s.partition, s.slot, 9)));
    changed.addAll(s.changedBy(() -> s.rows.mergeTimes(s.partition, s.slot, record, 0, 2 * NOW)));
    changed.addAll(s.changedBy(() -> s.rows.seen(s.partition, s.slot, 3 * NOW)));
    s.rows.setExclusion(s.partition, s.slot, 0);
    s.table.publish(record, 1, 0, 0, 4 * NOW);
    s.table.touch(record, true, 1, 100, 5 * NOW);
    s.rows.end(s.partition, s.slot);

    assertArrayEquals(before, s.ofPeers());
    assertTrue(changed.containsAll(Set.of(Row.META, Row.TIMES)), () -> "changed " + changed);
    assertEquals(0, s.partition.slab(0)[s.partition.row(0) + s.spec.marksAt()], "the row before");
    assertEquals(0, s.partition.slab(2)[s.partition.row(2) + Row.COUNTERS], "the row after");
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void aTurnedSessionTurnsTheSharesOfAllPeersAndNothingElseOfTheirs(boolean ipv6) {
    Session s = new Session(ipv6);
    s.fill();
    long[] expected = s.ofPeers();
    for (int at = PEERS + 1; at < expected.length; at += Row.COUNTER_WORDS) {
      long[] share = Arrays.copyOfRange(expected, at, at + Row.COUNTER_WORDS);
      System.arraycopy(share, 2, expected, at, 2);
      System.arraycopy(share, 0, expected, at + 2, 2);
    }
    long[] record = s.record();
    record[s.valuesWord()] ^= s.turned();

    s.rows.replaceHolderValues(s.partition, s.slot, record, 0, ColumnGroup.KEY, 7);

    assertArrayEquals(expected, s.ofPeers());
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void aNewGenerationKeepsTheMarksAndNoHandleOrShare(boolean ipv6) {
    Session s = new Session(ipv6);
    s.fill();
    long[] expected = s.ofPeers();
    Arrays.fill(expected, PEERS, expected.length, 0);
    long[] record = s.record();

    s.rows.begin(s.partition, s.slot, record, 0, TableRows.meta(0, 1, 3), 1L << 32, NOW);

    assertArrayEquals(expected, s.ofPeers());
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void aPeerIsToldItsOwnShareAndTheTotalCountsAll(boolean ipv6) {
    Session s = new Session(ipv6);
    s.fill();
    long[] ofPeers = s.ofPeers();
    long sum = 0;

    for (int peer = 0; peer < PEERS; peer++) {
      long[] staged = s.record();
      int groups = ColumnGroup.USAGE | ColumnGroup.YOUR_USAGE;
      s.rows.stage(s.partition, s.slot, staged, 0, groups, peer, NOW);
      int share = PEERS + 1 + peer * Row.COUNTER_WORDS;
      assertArrayEquals(
          Arrays.copyOfRange(ofPeers, share, share + Row.COUNTER_WORDS),
          Arrays.copyOfRange(staged, s.yourShares(), staged.length));
      sum += ofPeers[share + 3];
    }

    long[] row = new long[s.spec.rowWords()];
    assertTrue(s.table.copyLive(s.partition, s.slot, row));
    assertEquals(sum, s.table.totalCounter(row, 3));
  }

  /** A session between two others, in the second row of a slab. */
  private static final class Session {
    final boolean ipv6;
    final TableSpec spec;
    final HotTable table;
    final TableRows rows;
    final Partition partition;
    final int slot = 1;

    Session(boolean ipv6) {
      this.ipv6 = ipv6;
      spec = ipv6 ? SessionTable.spec6(1_024, PEERS) : SessionTable.spec4(1_024, PEERS);
      table =
          new HotTable(
              spec, 1, 2, new TestTable.Authorities(), new TestTable.Debts(), new CounterSet());
      rows = table.rows();
      partition = table.partition(HotTable.partitionOf(table.hash(record(), Row.PAYLOAD)));
      for (int i = 0; i < 3; i++) {
        long[] record = record();
        record[Row.PAYLOAD] += i - slot;
        long hash = table.hash(record, Row.PAYLOAD);
        long meta = TableRows.meta(0, 1, TestTable.NODE);
        assertEquals(i, rows.claim(partition, Partition.NONE, hash));
        rows.begin(partition, i, record, 0, meta, 1, NOW);
      }
    }

    long[] record() {
      long[] record = new long[spec.schema().words()];
      for (int i = 0; i < spec.keyWords(); i++) {
        record[Row.PAYLOAD + i] = 50 + i;
      }
      return record;
    }

    /** As {@code SessionLayout} says. */
    int valuesWord() {
      return ipv6 ? 18 : 15;
    }

    /** The bit there that says which end is the originator. */
    long turned() {
      return 1L << 40;
    }

    int yourShares() {
      return Row.PAYLOAD + spec.payloadWords();
    }

    /** Gives every peer a mark and a share, and the entry a handle, all different. */
    void fill() {
      for (int peer = 0; peer < PEERS; peer++) {
        partition.setMark(peer, slot, 1_000 + peer);
        long[] record = record();
        for (int i = 0; i < Row.COUNTER_WORDS; i++) {
          record[Row.COUNTERS + i] = 100 * (peer + 1) + i;
        }
        rows.mergeShare(partition, slot, peer, record, 0);
      }
      rows.setHolderHandle(partition, slot, 2_000);
    }

    /** All marks, the handle, all shares. */
    long[] ofPeers() {
      long[] found = new long[PEERS + 1 + PEERS * Row.COUNTER_WORDS];
      for (int peer = 0; peer < PEERS; peer++) {
        found[peer] = partition.mark(peer, slot);
      }
      found[PEERS] = rows.holderHandle(partition, slot);
      int shares = partition.row(slot) + spec.marksAt() + PEERS + 1;
      System.arraycopy(partition.slab(slot), shares, found, PEERS + 1, PEERS * Row.COUNTER_WORDS);
      return found;
    }

    /** The words of the slab that differ afterwards, counted from the beginning of the session's row. */
    Set<Integer> changedBy(Runnable change) {
      long[] slab = partition.slab(slot);
      long[] before = slab.clone();
      change.run();
      return IntStream.range(0, slab.length)
          .filter(i -> slab[i] != before[i])
          .map(i -> i - partition.row(slot))
          .filter(i -> i != Row.STAMP)
          .boxed()
          .collect(Collectors.toCollection(TreeSet::new));
    }
  }
}
