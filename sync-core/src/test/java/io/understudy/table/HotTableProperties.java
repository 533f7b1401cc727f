package io.understudy.table;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/** Any history of changes, against a map that does the same in the plainest way. */
class HotTableProperties {
  private static final int KEYS = 12;
  private static final int BINDINGS = 5;

  /** What the model knows of one key. */
  private static final class Entry {
    boolean live;
    int group;
    int exclusion;
    long facts;
    long value;
    long binding;
    long packets;
    long generation;
    int slot;
    boolean known;
    boolean dirty;
  }

  private final Map<Long, Entry> model = new TreeMap<>();
  private TestTable t;
  private Random random;

  /** Of entries whose key one of another group took. */
  private int tombstones;

  @Property(seed = "4401", tries = 100)
  void theTableIsWhatTheModelIs(@ForAll long seed) {
    random = new Random(seed);
    t = new TestTable(1_024);
    model.clear();
    tombstones = 0;
    for (int step = 0; step < 250; step++) {
      long key = 1 + random.nextInt(KEYS);
      switch (random.nextInt(12)) {
        case 0, 1 -> remove(key);
        case 2 -> touch(key);
        case 3 -> deliver();
        case 4 -> turnAuthority();
        default -> publish(key);
      }
      agrees("seed " + seed + " step " + step);
    }
    assertEquals(
        model.values().stream().filter(entry -> entry.live && entry.binding != 0).count(),
        t.indexed(),
        "references left behind");
  }

  private void turnAuthority() {
    int group = 1 + random.nextInt(2);
    if (!t.authority.held.remove(group)) {
      t.authority.held.add(group);
    }
  }

  private void publish(long key) {
    int group = 1 + random.nextInt(2);
    int exclusion = random.nextInt(3) == 0 ? 1 + random.nextInt(200) : 0;
    int options =
        (random.nextInt(6) == 0 ? HotTable.NEW_GENERATION : 0)
            | (random.nextInt(4) == 0 ? HotTable.WITHDRAW : 0)
            | (random.nextBoolean() ? HotTable.URGENT : 0);
    long[] record = t.record(key, 1L << random.nextInt(5), random.nextInt(3), binding());
    record[Row.COUNTERS] = random.nextInt(3);
    t.authority.exhausted = random.nextInt(20) == 0;

    PublishResult expected = expectedPublish(key, record, group, exclusion, options);

    assertEquals(expected, t.table.publish(record, group, exclusion, options, 1_000));
    Entry entry = model.get(key);
    if (entry != null && entry.generation < 0 && entry.live) { // began just now
      entry.generation = Row.generation(t.lookup(key), 0);
      if (entry.slot >= 0) {
        assertEquals(entry.slot, t.slot(key), "a slot never moves");
      }
      entry.slot = t.slot(key);
    }
    t.authority.exhausted = false;
  }

  private PublishResult expectedPublish(
      long key, long[] record, int group, int exclusion, int options) {
    Entry entry = model.get(key);
    boolean lives = entry != null && entry.live;
    boolean anew = (options & HotTable.NEW_GENERATION) != 0;
    if (takesAnothersBinding(entry, record[TestTable.BINDING], group, anew)) {
      return PublishResult.BINDING_TAKEN;
    }
    if (lives && !anew) {
      return expectedUpdate(entry, record, exclusion, options);
    }
    if (lives && !t.authority.holds(entry.group) || !t.authority.holds(group)) {
      return PublishResult.NOT_HOLDER;
    }
    if (t.authority.exhausted) {
      return PublishResult.TABLE_FULL;
    }
    Entry begun = new Entry();
    begun.live = true;
    begun.group = group;
    begun.exclusion = exclusion;
    begun.facts = record[TestTable.FACTS];
    begun.value = record[TestTable.VALUE];
    begun.binding = record[TestTable.BINDING];
    begun.packets = record[Row.COUNTERS];
    begun.generation = -1;
    boolean inPlace = entry != null && entry.group == group;
    if (entry != null && !inPlace && t.authority.holds(entry.group) && entry.known) {
      tombstones++; // in its slot, which its own group keeps until its end is acknowledged
    }
    begun.slot = inPlace ? entry.slot : -1;
    begun.known = inPlace && entry.known;
    begun.dirty = exclusion == 0 || begun.known;
    model.put(key, begun);
    return begun.dirty ? PublishResult.QUEUED : PublishResult.STORED;
  }

  private boolean takesAnothersBinding(Entry entry, long binding, int group, boolean anew) {
    boolean lives = entry != null && entry.live;
    boolean writes = t.authority.holds(lives ? entry.group : group);
    boolean changes = !lives || anew || entry.binding != binding;
    return binding != 0
        && writes
        && changes
        && model.values().stream()
            .anyMatch(other -> other != entry && other.live && other.binding == binding);
  }

  private PublishResult expectedUpdate(Entry entry, long[] record, int exclusion, int options) {
    boolean changed = (entry.facts | record[TestTable.FACTS]) != entry.facts;
    entry.facts |= record[TestTable.FACTS];
    entry.packets += record[Row.COUNTERS];
    if (t.authority.holds(entry.group)) {
      changed |= entry.value != record[TestTable.VALUE];
      changed |= entry.binding != record[TestTable.BINDING];
      entry.value = record[TestTable.VALUE];
      entry.binding = record[TestTable.BINDING];
      if ((options & HotTable.WITHDRAW) != 0 && exclusion != 0 && entry.exclusion == 0) {
        entry.exclusion = exclusion;
        entry.dirty = entry.known;
        return entry.known ? PublishResult.QUEUED : PublishResult.STORED;
      }
      if (entry.exclusion != 0) {
        changed = exclusion == 0;
        boolean isReturning = changed && wasTold(entry, record);
        if (isReturning && t.authority.exhausted) {
          return PublishResult.STORED;
        }
        entry.exclusion = exclusion;
        entry.dirty &= !isReturning;
        entry.generation = isReturning ? -1 : entry.generation;
      }
    }
    if (!changed || entry.exclusion != 0) {
      return PublishResult.STORED;
    }
    boolean absorbed = entry.dirty;
    entry.dirty = true;
    return absorbed ? PublishResult.ABSORBED : PublishResult.QUEUED;
  }

  private boolean wasTold(Entry entry, long[] record) {
    return t.debts.wasSpokenOf(t.table, t.partition(record[TestTable.KEY]), entry.slot);
  }

  private void remove(long key) {
    Entry entry = model.get(key);
    PublishResult expected;
    if (entry == null || !entry.live) {
      expected = PublishResult.NO_ENTRY;
    } else if (!t.authority.holds(entry.group) && (entry.exclusion == 0 || entry.known)) {
      expected = PublishResult.NOT_HOLDER;
    } else if (entry.known) {
      entry.live = false;
      entry.dirty = true;
      expected = PublishResult.QUEUED;
    } else {
      model.remove(key);
      expected = PublishResult.STORED;
    }

    assertEquals(expected, t.table.remove(t.record(key), 0, 2_000));
  }

  private void touch(long key) {
    Entry entry = model.get(key);
    boolean lives = entry != null && entry.live;
    if (lives) {
      entry.packets += 2;
    }

    assertEquals(lives, t.table.touch(t.record(key), false, 2, 100, 3_000));
  }

  private void deliver() {
    t.debts.deliver(t.table);
    tombstones = 0;
    model.values().removeIf(entry -> !entry.live && entry.dirty);
    for (Entry entry : model.values()) {
      entry.known = entry.dirty ? entry.exclusion == 0 : entry.known;
      entry.dirty = false;
    }
  }

  private void agrees(String where) {
    long live = 0;
    long dead = tombstones;
    for (long key = 1; key <= KEYS; key++) {
      Entry entry = model.get(key);
      long[] row = t.lookup(key);
      if (entry == null || !entry.live) {
        assertNull(row, where);
        dead += entry == null ? 0 : 1;
        continue;
      }
      live++;
      assertNotNull(row, where);
      assertEquals(entry.facts, row[TestTable.FACTS], where);
      assertEquals(entry.value, row[TestTable.VALUE], where);
      assertEquals(entry.binding, row[TestTable.BINDING], where);
      assertEquals(entry.group, Row.group(row, 0), where);
      assertEquals(entry.exclusion, Row.exclusion(row, 0), where);
      assertEquals(entry.packets, t.table.totalCounter(row, 0), where);
      assertEquals(entry.generation, Row.generation(row, 0), where);
      assertEquals(entry.slot, t.slot(key), where);
      assertEquals(entry.dirty, t.debts.isDirty(t.partition(key), entry.slot), where);
      assertEquals(entry.known, t.debts.isKnown(t.partition(key), entry.slot), where);
    }
    assertEquals(live, t.table.liveCount(), where);
    assertEquals(dead, t.table.deadCount(), where);
    bindingsAgree(where);
  }

  private void bindingsAgree(String where) {
    for (long binding = 1; binding <= BINDINGS; binding++) {
      long sought = binding;
      boolean expected = model.values().stream().anyMatch(e -> e.live && e.binding == sought);
      long[] row = t.lookupBinding(binding);
      assertEquals(expected, row != null, where + " binding " + binding);
      assertTrue(row == null || model.get(row[TestTable.KEY]).binding == binding, where);
    }
  }

  private long binding() {
    return random.nextBoolean() ? 0 : 1 + random.nextInt(BINDINGS);
  }
}
