package io.understudy.table;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.TreeSet;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

class PartitionProperties {
  private static final int KEYS = 40;

  /** Any order of beginnings, ends and releases: an entry keeps its slot, and every count is right. */
  @Property(seed = "4301", tries = 100)
  void entriesStayInTheirSlotsAndCountsAgree(@ForAll long seed) {
    Random random = new Random(seed);
    TableSpec spec = TestTable.spec(1_024);
    Partition partition = new Partition(0, new PartitionArrays(spec, 1));
    Map<Long, Integer> slots = new TreeMap<>();
    TreeSet<Integer> dead = new TreeSet<>();
    for (int step = 0; step < 300; step++) {
      long key = random.nextInt(KEYS);
      Integer slot = slots.get(key);
      if (slot == null) {
        int claimed = partition.claim(hash(key));
        assertEquals(slots.size() == spec.partitionCapacity(), claimed == Partition.NONE);
        if (claimed != Partition.NONE) {
          assertTrue(!slots.containsValue(claimed), "slot " + claimed + " was in use");
          partition.slab(claimed)[partition.row(claimed) + Row.PAYLOAD] = key;
          partition.setState(claimed, Row.LIVE);
          slots.put(key, claimed);
        }
      } else if (random.nextBoolean() && dead.add(slot)) {
        partition.setState(slot, Row.DEAD);
      } else if (dead.contains(slot) && random.nextBoolean()) {
        partition.setState(slot, Row.LIVE);
        dead.remove(slot);
      } else {
        partition.release(slot, hash(key));
        slots.remove(key);
        dead.remove(slot);
      }
      agrees(partition, slots, dead);
    }
  }

  private static void agrees(Partition partition, Map<Long, Integer> slots, TreeSet<Integer> dead) {
    assertEquals(dead.size(), partition.deadCount());
    assertEquals(slots.size() - dead.size(), partition.liveCount());
    for (long key = 0; key < KEYS; key++) {
      int expected = slots.getOrDefault(key, Partition.NONE);
      assertEquals(expected, partition.find(new long[] {key}, 0, hash(key)));
    }
    TreeSet<Integer> walked = new TreeSet<>();
    for (int slot = partition.nextDead(0);
        slot != Partition.NONE;
        slot = partition.nextDead(slot + 1)) {
      walked.add(slot);
    }
    assertEquals(dead, walked);
  }

  /** Whatever begins in a slot, fresh or in place, gets a higher incarnation than all before it. */
  @Property(seed = "4302", tries = 40)
  void theSlotIncarnationRisesWithEveryGeneration(@ForAll long seed) {
    Random random = new Random(seed);
    TestTable t = new TestTable(1_024);
    Map<String, Integer> last = new HashMap<>();
    for (int step = 0; step < 400; step++) {
      long key = random.nextInt(30);
      int options = random.nextBoolean() ? HotTable.NEW_GENERATION : 0;
      long before = t.authority.generation;
      switch (random.nextInt(5)) {
        case 0 -> t.table.remove(t.record(key), 0, step);
        case 1 -> t.debts.deliver(t.table);
        default -> t.table.publish(t.record(key, 1, step, 0), 1, 0, options, step);
      }
      int slot = t.slot(key);
      if (t.authority.generation == before || slot == Partition.NONE) {
        continue;
      }
      Partition partition = t.partition(key);
      int incarnation = Row.slotIncarnation(partition.slab(slot), partition.row(slot));
      Integer former = last.put(partition.number() + "/" + slot, incarnation);
      assertEquals(former == null ? 1 : former + 1, incarnation, "step " + step);
    }
  }

  private static int hash(long key) {
    return (int) (key % 7) * 0x01000193; // some collide
  }
}
