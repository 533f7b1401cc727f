package io.understudy.metrics;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.understudy.Pages;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class SyncCounterTest {
  /** Ids that were given once and what they mean; a counter that goes leaves its id here. */
  private static final Map<Integer, String> GIVEN =
      Map.ofEntries(
          Map.entry(0, "TABLE_FULL"),
          Map.entry(1, "STALE_TERM_BATCHES"),
          Map.entry(2, "STALE_EPOCH_BATCHES"),
          Map.entry(3, "UNKNOWN_HANDLES"),
          Map.entry(4, "RECORDS_SENT"),
          Map.entry(5, "RECORDS_APPLIED"),
          Map.entry(6, "CREATES_SENT"),
          Map.entry(7, "UPDATES_SENT"),
          Map.entry(8, "DELETES_SENT"),
          Map.entry(9, "PAYLOAD_BYTES_SENT"),
          Map.entry(10, "PAYLOAD_BYTES_RECEIVED"),
          Map.entry(11, "RECORDS_RESENT"),
          Map.entry(12, "FRAMES_REJECTED"),
          Map.entry(13, "UNKNOWN_FIELDS"),
          Map.entry(14, "SWEPT"),
          Map.entry(15, "CANDIDATES_ACCEPTED"),
          Map.entry(16, "CANDIDATES_REFUSED"),
          Map.entry(17, "BINDINGS_RELEASED"),
          Map.entry(18, "DEBTS_DROPPED"),
          Map.entry(19, "HELLO_REFUSED"),
          Map.entry(20, "TAKEOVERS"),
          Map.entry(21, "NEEDS_SENT"),
          Map.entry(22, "ENTRIES_ENDED_BY_PEER"),
          Map.entry(23, "CROWDED_KEYS"),
          Map.entry(24, "STORE_FAILURES"));

  @Test
  void idsAreUniqueAndAscend() {
    Set<Integer> ids = new HashSet<>();
    int last = -1;
    for (SyncCounter counter : SyncCounter.values()) {
      assertTrue(ids.add(counter.id()), counter + " has the id of another counter");
      assertTrue(counter.id() > last, counter + " is out of order");
      last = counter.id();
    }
  }

  @Test
  void anIdNeverMeansSomethingElse() {
    for (SyncCounter counter : SyncCounter.values()) {
      String given = GIVEN.getOrDefault(counter.id(), counter.name());
      assertEquals(given, counter.name(), "id " + counter.id());
    }
  }

  @Test
  void theReferencePageIsTheListOfCounters() {
    List<List<String>> expected = new ArrayList<>();
    for (SyncCounter counter : SyncCounter.values()) {
      expected.add(
          List.of(
              Integer.toString(counter.id()), counter.name(), counter.unit(), counter.sentence()));
    }

    assertEquals(expected, Pages.rows("reference/counters.md"));
  }

  @Test
  void sentencesAreSentences() {
    for (SyncCounter counter : SyncCounter.values()) {
      assertTrue(counter.sentence().matches("[A-Z].*\\."), counter + ": " + counter.sentence());
    }
  }

  @Test
  void aSetCountsEachCounterByItself() {
    CounterSet counters = new CounterSet();
    for (SyncCounter counter : SyncCounter.values()) {
      counters.add(counter, 10L * counter.id());
      counters.increment(counter);
    }

    Map<SyncCounter, Long> snapshot = counters.snapshot();

    assertEquals(SyncCounter.values().length, snapshot.size());
    for (SyncCounter counter : SyncCounter.values()) {
      assertEquals(10L * counter.id() + 1, counters.get(counter));
      assertEquals(10L * counter.id() + 1, snapshot.get(counter));
    }
  }
}
