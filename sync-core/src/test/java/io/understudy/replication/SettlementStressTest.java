package io.understudy.replication;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.ByteString;
import io.understudy.delta.Drain;
import io.understudy.delta.Drained;
import io.understudy.delta.Settlement;
import io.understudy.metrics.Accounting;
import io.understudy.metrics.SyncCounter;
import io.understudy.proto.v1.Ack;
import io.understudy.proto.v1.RefusedRecords;
import io.understudy.table.HotTable;
import io.understudy.table.Partition;
import io.understudy.table.Row;
import io.understudy.tables.session.SessionTable;
import io.understudy.wire.ColumnGroup;
import io.understudy.wire.RecordSchema;
import io.understudy.wire.WireFormatException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

/**
 * Dataplane threads change entries, end them and move them between groups, all in one partition, while the duty cycle sends frames,
 * settles them and loses connections. However they interleave, in the end the peer has what the table has and nothing is owed.
 */
class SettlementStressTest {
  private static final int PUBLISHERS = 2;
  private static final int KEYS_EACH = 6;
  private static final int CHANGES = 100;
  private static final int ROUNDS = 40;
  private static final int MAX_IN_FLIGHT = 8;
  private static final int MAX_RECORDS = 64;
  private static final int LAST_TURNS = 100;
  private static final long NOW = SendingMember.NOW;

  private final SendingMember member =
      new SendingMember(new HeldGroups(), 1, PUBLISHERS * KEYS_EACH);
  private final SendingMember.Peer peer = member.peers[0];
  private final SessionTable sessions = member.sessions;
  private final Partition partition = member.partition;

  /** Frames on their way, and the number of the first of them. */
  private final Deque<List<Sent>> onTheWay = new ArrayDeque<>();

  private long nextToApply = 1;
  private final ModelPeer model = new ModelPeer();

  @Test
  void howeverThreadsInterleaveThePeerHasEverythingInTheEnd() throws Exception {
    SplittableRandom random = new SplittableRandom(5_201);
    ExecutorService threads = Executors.newFixedThreadPool(PUBLISHERS);
    try {
      for (int round = 0; round < ROUNDS; round++) {
        List<Future<?>> publishers = new ArrayList<>();
        for (int i = 0; i < PUBLISHERS; i++) {
          int number = i;
          long seed = random.nextLong();
          publishers.add(threads.submit(() -> publish(number, new SplittableRandom(seed))));
        }
        while (!publishers.stream().allMatch(Future::isDone)) {
          turn(random);
        }
        for (Future<?> publisher : publishers) {
          publisher.get();
        }
        finish(random);
        checkThatThePeerHasEverything(round);
      }
    } finally {
      threads.shutdown();
    }

    assertTrue(member.counters.get(SyncCounter.RECORDS_RESENT) > 0, "connections were lost");
  }

  /** Nothing changes any more: everything is sent and acknowledged. */
  private void finish(SplittableRandom random) throws WireFormatException {
    for (int i = 0; i < LAST_TURNS && (send() || !onTheWay.isEmpty()); i++) {
      acknowledge(onTheWay.size(), random);
    }
  }

  private void checkThatThePeerHasEverything(int round) {
    Accounting accounting = peer.accounting();
    assertEquals(
        accounting.live(), accounting.acknowledged(), () -> "round " + round + " " + accounting);
    assertEquals(0, accounting.tombstones(), () -> "round " + round + ": ends not acknowledged");
    assertEquals(0, peer.delta.stateDirty());
    for (int slot = 0; slot < partition.highWater(); slot++) {
      int at = slot;
      assertEquals(inTable(slot), model.entries.get(slot), () -> "round " + round + " slot " + at);
    }
    assertEquals(accounting.live(), model.entries.size());
  }

  /** A dataplane thread with entries of its own. */
  private void publish(int number, SplittableRandom random) {
    for (int n = 0; n < CHANGES; n++) {
      int key = number * KEYS_EACH + random.nextInt(KEYS_EACH);
      int group = 1 + random.nextInt(2);
      int choice = random.nextInt(24);
      if (choice < 2) {
        sessions.remove(member.record(key), 0, NOW);
      } else if (choice == 2) {
        sessions.publish(member.record(key).policy(n), group, 0, HotTable.NEW_GENERATION, NOW);
      } else if (choice < 6) {
        renew(key);
      } else {
        sessions.publish(member.record(key).policy(n), group, 0, 0, NOW);
      }
      if (random.nextInt(8) == 0) {
        Thread.yield(); // or all changes of an entry would travel as one
      }
    }
  }

  /** As where a member's higher generation meets one that is held: it goes on under a new one, and is introduced again. */
  private void renew(int key) {
    partition.lock();
    try {
      int slot = member.slot(key);
      if (slot == Partition.NONE || !Row.isLive(partition.slab(slot), partition.row(slot))) {
        return;
      }
      HeldGroups groups = member.groups;
      member.table.rows().renew(partition, slot, groups.nextGeneration(), groups.nodeId());
      peer.marks.renewed(partition, slot, NOW);
    } finally {
      partition.unlock();
    }
  }

  /** One turn of the duty cycle. */
  private void turn(SplittableRandom random) throws WireFormatException {
    int choice = random.nextInt(64);
    if (choice == 0 && !onTheWay.isEmpty()) {
      lose(random.nextInt(onTheWay.size() + 1), random);
    } else if (choice < 24 && !onTheWay.isEmpty()) {
      acknowledge(1 + random.nextInt(onTheWay.size()), random);
    } else if (onTheWay.size() < MAX_IN_FLIGHT) {
      send();
    } else {
      acknowledge(onTheWay.size(), random);
    }
  }

  private boolean send() {
    List<Sent> batches = new ArrayList<>();
    int words = member.table.spec().schema().words();
    int records = 0;
    int count;
    peer.beginFrame();
    do {
      count = peer.collect();
      if (count > 0) {
        Drained taken = peer.drained();
        long[] copy = Arrays.copyOf(taken.records(), count * words);
        batches.add(new Sent(taken.kind(), taken.group(), copy));
        peer.addBatch();
      }
      records += count;
    } while (count > 0 && records < MAX_RECORDS);
    if (records > 0) {
      peer.endFrame();
      onTheWay.add(batches);
    }
    return records > 0;
  }

  /** The peer applies the next frames; it refuses some updates as if it had lost their entry. */
  private void acknowledge(int frames, SplittableRandom random) throws WireFormatException {
    Ack.Builder ack = Ack.newBuilder();
    apply(frames, random, ack);
    peer.acknowledge(ack.setFrame(nextToApply - 1).build(), true);
  }

  /** Some frames arrived, but nobody hears of that. */
  private void lose(int arrived, SplittableRandom random) {
    apply(arrived, random, Ack.newBuilder());
    peer.lose();
    onTheWay.clear();
    nextToApply = 1;
  }

  private void apply(int frames, SplittableRandom random, Ack.Builder ack) {
    int words = member.table.spec().schema().words();
    for (int i = 0; i < frames; i++) {
      List<Sent> batches = onTheWay.remove();
      for (int batch = 0; batch < batches.size(); batch++) {
        Sent sent = batches.get(batch);
        for (int record = 0; record < sent.records.length / words; record++) {
          boolean forgets = random.nextInt(16) == 0;
          if (!model.apply(sent, record * words, forgets)) {
            ack.addRefused(
                RefusedRecords.newBuilder()
                    .setFrame(nextToApply)
                    .setBatch(batch)
                    .addRecord(record)
                    .setReason(ByteString.copyFrom(new byte[] {Settlement.UNKNOWN_HANDLE})));
          }
        }
      }
      nextToApply++;
    }
  }

  private Entry inTable(int slot) {
    long[] slab = partition.slab(slot);
    int row = partition.row(slot);
    if (!Row.isLive(slab, row)) {
      return null;
    }
    return new Entry(
        slab[row + Row.PAYLOAD],
        slab[row + Row.PAYLOAD + 1],
        (long) slot << 32 | Row.slotIncarnation(slab, row) & 0xFFFFFFFFL,
        Row.generation(slab, row),
        (int) member.table.rows().version(partition, slot),
        Row.group(slab, row));
  }

  /** One batch as it left. */
  private record Sent(int kind, int group, long[] records) {}

  /** What the peer has of one entry. */
  private record Entry(
      long key0, long key1, long handle, long generation, int version, int group) {}

  /** A peer that applies what it gets, by the slots that handles name. */
  private static final class ModelPeer {
    final Map<Integer, Entry> entries = new HashMap<>();

    /** Answers false: it has no entry of this handle. */
    boolean apply(Sent sent, int at, boolean forgets) {
      long[] records = sent.records;
      long handle = records[at + RecordSchema.HANDLE];
      int slot = (int) (handle >>> 32);
      Entry here = entries.get(slot);
      long head = records[at + RecordSchema.HEAD];
      boolean whole = (head & ColumnGroup.KEY) != 0;
      long generation = records[at + Row.GENERATION];
      if (sent.kind == Drain.DELETE) {
        if (here != null && (whole ? here.generation <= generation : here.handle == handle)) {
          entries.remove(slot);
        }
        return true;
      }
      if (whole) {
        long key0 = records[at + Row.PAYLOAD];
        long key1 = records[at + Row.PAYLOAD + 1];
        if (here != null && (here.key0 != key0 || here.key1 != key1)) {
          assertNull(here, "its end was never told, and the slot has another entry");
        }
        entries.put(
            slot, new Entry(key0, key1, handle, generation, (int) (head >>> 32), sent.group));
        return true;
      }
      if (here != null && forgets) {
        entries.remove(slot);
        return false;
      }
      if (here == null || here.handle != handle) {
        return false;
      }
      int version = (head & ColumnGroup.HOLDER) != 0 ? (int) (head >>> 32) : here.version;
      entries.put(slot, new Entry(here.key0, here.key1, handle, generation, version, sent.group));
      return true;
    }
  }
}
