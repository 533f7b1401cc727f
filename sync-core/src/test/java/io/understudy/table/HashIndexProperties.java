package io.understudy.table;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeSet;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

class HashIndexProperties {
  /** Few hashes, so that they collide; at both ends of the array, so that chains wrap around. */
  @Property(seed = "4201", tries = 300)
  void holdsExactlyWhatWasInsertedAndNotRemoved(@ForAll long seed) {
    Random random = new Random(seed);
    int capacity = 16 << random.nextInt(4);
    HashIndex index = new HashIndex(capacity);
    Map<Integer, TreeSet<Integer>> model = new HashMap<>();
    int size = 0;
    int spread = 1 + random.nextInt(40);
    for (int step = 0; step < 600; step++) {
      int hash = -spread / 2 + random.nextInt(spread) + (random.nextInt(3) << 20);
      TreeSet<Integer> held = model.computeIfAbsent(hash, h -> new TreeSet<>());
      int reference = random.nextInt(200);
      if (random.nextInt(5) < 3 && size < capacity) {
        if (held.size() < HashIndex.MAX_SAME && held.add(reference)) {
          assertTrue(index.insert(hash, reference));
          size++;
        }
      } else {
        boolean wasThere = held.remove(reference);
        assertEquals(wasThere, index.remove(hash, reference));
        size -= wasThere ? 1 : 0;
      }
      if (index.isHalfFull() && random.nextInt(20) == 0) {
        index.grow();
      }
      assertEquals(held, found(index, hash), "step " + step);
    }
    model.forEach((hash, held) -> assertEquals(held, found(index, hash)));
  }

  @Property(seed = "4202", tries = 100)
  void removingAllLeavesEveryPlaceEmpty(@ForAll long seed) {
    Random random = new Random(seed);
    HashIndex index = new HashIndex(64);
    List<int[]> pairs = new ArrayList<>();
    for (int i = 0; i < 64; i++) {
      int[] pair = {random.nextInt(12) - 6, i};
      pairs.add(pair);
      assertTrue(index.insert(pair[0], pair[1]));
    }
    java.util.Collections.shuffle(pairs, random);
    for (int[] pair : pairs) {
      assertTrue(index.remove(pair[0], pair[1]));
    }

    for (long place : index.places()) {
      assertEquals(0, place);
    }
  }

  @Example
  void theSameHashIsTakenSoManyTimesAndNoMore() {
    HashIndex index = new HashIndex(1_000);
    for (int i = 0; i < HashIndex.MAX_SAME; i++) {
      assertTrue(index.insert(7, i));
    }

    assertFalse(index.insert(7, 1_000));
    assertFalse(index.remove(7, 1_000));
    assertTrue(index.insert(8, 1_000), "another hash finds its place behind the chain");
    assertTrue(index.remove(7, 3));
    assertTrue(index.insert(7, 1_000), "room again");
  }

  @Example
  void theStampChangesWithEveryMoveAndOnlyThen() {
    HashIndex index = new HashIndex(16);
    int empty = index.stamp();
    assertTrue(index.isUnchanged(empty));

    index.insert(1, 1);

    assertFalse(index.isUnchanged(empty));
    int one = index.stamp();
    assertFalse(index.remove(1, 2));
    assertTrue(index.isUnchanged(one));
    index.remove(1, 1);
    assertFalse(index.isUnchanged(one));
    int removed = index.stamp();
    index.grow();
    assertFalse(index.isUnchanged(removed));
  }

  @Example
  void aReaderOfTheOldArrayFindsWhatItHeld() {
    HashIndex index = new HashIndex(16);
    index.insert(5, 55);
    long[] old = index.places();

    index.grow();

    assertEquals(55, HashIndex.reference(old, HashIndex.next(old, 0, old.length - 1, 5, 5)));
    assertEquals(List.of(55), List.copyOf(found(index, 5)));
  }

  /** Its neighbours in the array are as they were, whatever is inserted and removed. */
  @Property(seed = "4203", tries = 100)
  void anIndexInAPartOfAnArrayKeepsToIt(@ForAll long seed) {
    Random random = new Random(seed);
    long[] places = new long[3 * 64];
    Arrays.fill(places, -1);
    Arrays.fill(places, 64, 128, 0);
    HashIndex index = new HashIndex(places, 64, 63);
    Map<Integer, Integer> model = new HashMap<>();
    for (int step = 0; step < 400; step++) {
      int hash = random.nextInt();
      if (model.size() < 36 && random.nextInt(3) > 0) {
        assertTrue(model.containsKey(hash) || index.insert(hash, step));
        model.putIfAbsent(hash, step);
      } else if (!model.isEmpty()) {
        int gone = List.copyOf(model.keySet()).get(random.nextInt(model.size()));
        assertTrue(index.remove(gone, model.remove(gone)));
      }
      model.forEach(
          (held, reference) -> {
            int place = HashIndex.next(places, 64, 63, held, held);
            assertEquals(reference, HashIndex.reference(places, place));
          });
    }
    for (int i = 0; i < 64; i++) {
      assertEquals(-1, places[i]);
      assertEquals(-1, places[128 + i]);
    }
  }

  private static TreeSet<Integer> found(HashIndex index, int hash) {
    TreeSet<Integer> found = new TreeSet<>();
    long[] places = index.places();
    int mask = places.length - 1;
    int place = HashIndex.next(places, 0, mask, hash, hash);
    while (place != HashIndex.NONE) {
      assertTrue(found.add(HashIndex.reference(places, place)), "twice in the chain");
      place = HashIndex.next(places, 0, mask, hash, place + 1);
    }
    return found;
  }
}
