package io.understudy.table;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Neighbouring partitions share arrays of bits, of slabs and of places in an index, and none of their words. */
class PartitionArraysTest {
  private static final int PEERS = 2;
  private static final int NUMBER = 77;
  private static final int ROUNDS = 20_000;

  /** Partitions of few rows, and such whose bits fill their cache lines to the last. */
  static List<Integer> capacities() {
    int full =
        IntStream.iterate(1_024, i -> i + 1)
            .filter(i -> TestTable.spec(i).partitionCapacity() == 512)
            .findFirst()
            .orElseThrow();
    return List.of(1_024, full);
  }

  @ParameterizedTest
  @MethodSource("capacities")
  void allBitsOfOnePartitionLeaveThoseOfItsNeighboursAsTheyAre(int capacity) {
    HotTable table = new TestTable(capacity).table;
    List<Part> parts = filled(table);
    Part middle = parts.get(1);

    middle.setAllBits();

    assertTrue(middle.hasAllBits());
    assertTrue(parts.get(0).hasNoBits());
    assertTrue(parts.get(2).hasNoBits());

    parts.get(0).setAllBits();
    parts.get(2).setAllBits();
    middle.clearAllBits();

    assertTrue(middle.hasNoBits());
    assertTrue(parts.get(0).hasAllBits());
    assertTrue(parts.get(2).hasAllBits());
  }

  @ParameterizedTest
  @MethodSource("capacities")
  void rowsOfOnePartitionLeaveThoseOfItsNeighboursAsTheyAre(int capacity) {
    HotTable table = new TestTable(capacity).table;
    List<Part> parts = filled(table);

    for (Part part : parts) {
      part.writeRows(part.partition.number());
    }
    parts.get(1).writeRows(1_000);

    assertEquals(NUMBER - 1, parts.get(0).valueOfRows());
    assertEquals(1_000, parts.get(1).valueOfRows());
    assertEquals(NUMBER + 1, parts.get(2).valueOfRows());
    assertNotSame(parts.get(0).partition.slab(parts.get(0).last), parts.get(1).partition.slab(0));
  }

  @ParameterizedTest
  @MethodSource("capacities")
  void freedSlotsOfOnePartitionAreNotItsNeighbours(int capacity) {
    HotTable table = new TestTable(capacity).table;
    List<Part> parts = filled(table);
    Part middle = parts.get(1);

    for (int slot = 0; slot <= middle.last; slot++) {
      middle.partition.release(slot, slot);
    }

    for (Part neighbour : List.of(parts.get(0), parts.get(2))) {
      assertTrue(neighbour.hasNoBits());
      assertEquals(Partition.NONE, neighbour.partition.claim(1_234_567));
    }
    for (int slot = 0; slot <= middle.last; slot++) {
      assertEquals(slot, middle.partition.claim(slot));
    }
    assertEquals(Partition.NONE, middle.partition.claim(1_234_567));
  }

  @ParameterizedTest
  @MethodSource("capacities")
  void aSlotIsFreeForNoBitOfItsNeighbours(int capacity) {
    HotTable table = new TestTable(capacity).table;
    List<Part> parts = filled(table);
    Partition middle = parts.get(1).partition;
    int last = parts.get(1).last;
    middle.release(last, last);

    parts.get(0).setAllBits();
    parts.get(2).setAllBits();

    assertEquals(last, middle.claim(last));
    assertTrue(parts.get(0).hasAllBits());
    assertTrue(parts.get(2).hasAllBits());
  }

  @ParameterizedTest
  @MethodSource("capacities")
  void bitsOfOneKindLeaveTheOtherKindsAsTheyAre(int capacity) {
    HotTable table = new TestTable(capacity).table;
    Part part = filled(table).get(1);
    Partition partition = part.partition;

    for (int peer = 0; peer < PEERS; peer++) {
      for (int slot = 0; slot <= part.last; slot++) {
        partition.setDirty(peer, slot);
        assertEquals(slot, DirtySlots.next(partition, peer, 0));
        assertEquals(Partition.NONE, DirtySlots.next(partition, 1 - peer, 0));
        partition.clearDirty(peer, slot);
        assertTrue(part.hasNoBits());
      }
    }
    for (int slot = 0; slot <= part.last; slot++) {
      partition.setState(slot, Row.DEAD);
      assertEquals(slot, partition.nextDead(0));
      partition.setState(slot, Row.LIVE);
      assertTrue(part.hasNoBits());
      partition.setTouched(slot);
      assertEquals(1L << slot, partition.takeTouched(slot & ~63));
      assertTrue(part.hasNoBits());
      partition.release(slot, slot);
      assertTrue(part.hasNoBits());
      assertEquals(slot, partition.claim(slot));
      partition.setState(slot, Row.LIVE);
    }
  }

  /** All keys have their place at the end of their partition's part of the index, and go on at its beginning. */
  @ParameterizedTest
  @MethodSource("capacities")
  void aChainGoesOnInItsOwnPartOfTheIndex(int capacity) {
    HotTable table = new TestTable(capacity).table;
    int count = 20;
    for (int number = NUMBER - 1; number <= NUMBER + 1; number++) {
      for (int i = 0; i < count; i++) {
        Partition partition = table.partition(number);
        assertEquals(i, partition.claim(atTheEnd(i)));
        partition.slab(i)[partition.row(i) + TestTable.KEY] = i;
        partition.setState(i, Row.LIVE);
      }
    }

    Partition middle = table.partition(NUMBER);
    for (int i = 0; i < count; i++) {
      middle.release(i, atTheEnd(i));
      assertEquals(Partition.NONE, middle.find(new long[] {i}, 0, atTheEnd(i)));
    }

    for (int i = 0; i < count; i++) {
      assertEquals(i, table.partition(NUMBER - 1).find(new long[] {i}, 0, atTheEnd(i)));
      assertEquals(i, table.partition(NUMBER + 1).find(new long[] {i}, 0, atTheEnd(i)));
    }
  }

  private static int atTheEnd(int i) {
    return i << 16 | 0xFFFF;
  }

  /** Each thread owns one partition, as its lock has it, and finds after each round what it wrote. */
  @ParameterizedTest
  @MethodSource("capacities")
  void writersAtTheEndOfOneAndTheStartOfTheNextDisturbEachOtherInNothing(int capacity)
      throws Exception {
    HotTable table = new TestTable(capacity).table;
    List<Part> parts = filled(table);
    Part one = parts.get(0);
    Part next = parts.get(1);
    CyclicBarrier start = new CyclicBarrier(2);

    runBoth(
        () -> write(one, Math.max(0, one.last - 3), one.last, start),
        () -> write(next, 0, 3, start));

    assertTrue(parts.get(2).hasNoBits());
  }

  private static void write(Part part, int first, int last, CyclicBarrier start)
      throws InterruptedException, BrokenBarrierException {
    start.await();
    for (int round = 0; round < ROUNDS; round++) {
      int slot = first + round % (last - first + 1);
      part.setBits(slot);
      part.writeRow(slot, round);
      assertTrue(part.hasBits(slot), "bits of slot " + slot + " are lost");
      assertEquals(round, part.valueOfRow(slot));
      part.clearBits(slot);
      assertTrue(part.hasNoBits(), "slot " + slot + " has bits that nobody set");
      part.partition.release(slot, slot);
      assertEquals(slot, part.partition.claim(slot));
      part.partition.setState(slot, Row.LIVE);
    }
  }

  /** Three neighbours without a free slot. */
  private static List<Part> filled(HotTable table) {
    List<Part> parts = new ArrayList<>();
    for (int number = NUMBER - 1; number <= NUMBER + 1; number++) {
      Partition partition = table.partition(number);
      int last = table.spec().partitionCapacity() - 1;
      for (int slot = 0; slot <= last; slot++) {
        assertEquals(slot, partition.claim(slot));
        partition.setState(slot, Row.LIVE);
      }
      parts.add(new Part(partition, last, table.spec().rowWords()));
    }
    return parts;
  }

  private static void runBoth(Work one, Work other) throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(2);
    try {
      List<Future<?>> running = new ArrayList<>();
      for (Work work : List.of(one, other)) {
        running.add(
            threads.submit(
                () -> {
                  work.run();
                  return null;
                }));
      }
      for (Future<?> done : running) {
        try {
          done.get();
        } catch (ExecutionException e) {
          throw new AssertionError(e.getCause().getMessage(), e.getCause());
        }
      }
    } finally {
      threads.shutdownNow();
    }
  }

  private interface Work {
    void run() throws Exception;
  }

  /** One partition, all of it in use. */
  private record Part(Partition partition, int last, int rowWords) {
    void setAllBits() {
      IntStream.rangeClosed(0, last).forEach(this::setBits);
    }

    void clearAllBits() {
      IntStream.rangeClosed(0, last).forEach(this::clearBits);
    }

    boolean hasAllBits() {
      return IntStream.rangeClosed(0, last).allMatch(this::hasBits);
    }

    void setBits(int slot) {
      for (int peer = 0; peer < PEERS; peer++) {
        partition.setDirty(peer, slot);
      }
      partition.setTouched(slot);
      partition.setState(slot, Row.DEAD);
    }

    /** The touched bit too, by setting it again. */
    boolean hasBits(int slot) {
      boolean has = partition.nextDead(slot) == slot;
      for (int peer = 0; peer < PEERS; peer++) {
        has &= DirtySlots.next(partition, peer, slot) == slot;
      }
      long touched = partition.takeTouched(slot & ~63);
      for (int bit = 0; bit < 64; bit++) {
        if ((touched >>> bit & 1) != 0) {
          partition.setTouched((slot & ~63) + bit);
        }
      }
      return has && (touched >>> slot & 1) != 0;
    }

    void clearBits(int slot) {
      for (int peer = 0; peer < PEERS; peer++) {
        partition.clearDirty(peer, slot);
      }
      partition.takeTouched(slot & ~63);
      partition.setState(slot, Row.LIVE);
    }

    boolean hasNoBits() {
      boolean none = partition.nextDead(0) == Partition.NONE;
      for (int peer = 0; peer < PEERS; peer++) {
        none &= DirtySlots.next(partition, peer, 0) == Partition.NONE;
      }
      for (int slot = 0; slot <= last; slot += 64) {
        none &= partition.takeTouched(slot) == 0;
      }
      return none;
    }

    void writeRows(long value) {
      IntStream.rangeClosed(0, last).forEach(slot -> writeRow(slot, value));
    }

    /** The value that all words of all rows have, or -1. */
    long valueOfRows() {
      long value = valueOfRow(0);
      return IntStream.rangeClosed(0, last).allMatch(slot -> valueOfRow(slot) == value)
          ? value
          : -1;
    }

    /** All of it but what tells that the row is in use. */
    void writeRow(int slot, long value) {
      for (int i = Row.GENERATION; i < rowWords; i++) {
        partition.slab(slot)[partition.row(slot) + i] = value;
      }
    }

    long valueOfRow(int slot) {
      long value = partition.slab(slot)[partition.row(slot) + Row.GENERATION];
      for (int i = Row.GENERATION; i < rowWords; i++) {
        value = partition.slab(slot)[partition.row(slot) + i] == value ? value : -1;
      }
      return value;
    }
  }
}
