package io.understudy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.understudy.model.Term;
import io.understudy.runtime.StableStore;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class TermReserveTest {
  private static final long SECOND_NS = 1_000_000_000L;

  private final Counting store = new Counting();

  private TermReserve life() {
    return new TermReserve(new StoredState(store), List.of(1, 7));
  }

  private long stored(int group) {
    return new StoredState(store).termBounds().get(group);
  }

  @Test
  void theFirstNumbersOfALifeNeedNoStore() {
    TermReserve terms = life();

    assertEquals(1, store.saves);
    for (long number = 1; number <= TermReserve.AHEAD; number++) {
      terms.require(1, number);
    }
    assertEquals(1, store.saves);
  }

  @Test
  void aLifeBeginsAboveAllThatTheFormerMayHaveUsed() {
    assertEquals(Map.of(), life().ofFormerLives());
    assertEquals(Map.of(1, 16L, 7, 16L), life().ofFormerLives());
    assertEquals(Map.of(1, 32L, 7, 32L), life().ofFormerLives());
  }

  @Test
  void aNumberBeyondTheReserveIsStoredBeforeItIsUsed() {
    TermReserve terms = life();

    terms.require(1, 1_000);

    assertEquals(1_016, stored(1));
    assertEquals(16, stored(7));
    terms.require(1, 1_016);
    assertEquals(2, store.saves);
  }

  @Test
  void halfOfTheReserveStaysAboveWhatIsKnown() {
    TermReserve terms = life();
    terms.extend(group -> 8, 0);
    assertEquals(1, store.saves);

    terms.extend(group -> group == 1 ? 9 : 0, SECOND_NS);

    assertEquals(25, stored(1));
    assertEquals(16, stored(7));
    assertEquals(2, store.saves);
  }

  @Test
  void whatPeersSayMakesItStoreOnceASecondAtMost() {
    TermReserve terms = life();

    for (int i = 0; i < 1_000; i++) {
      long heard = 100L * i;
      terms.extend(group -> heard, i * SECOND_NS / 100);
    }

    assertEquals(10, store.saves);
  }

  @Test
  void aStoreThatFailsDoesNotHinderWhatIsReserved() {
    TermReserve terms = life();
    store.isFull = true;

    assertThrows(UncheckedIOException.class, () -> terms.extend(group -> 9, 0));
    assertThrows(UncheckedIOException.class, () -> terms.require(1, 17));

    terms.require(1, 16);
    store.isFull = false;
    terms.require(1, 17);
    assertEquals(33, stored(1));
  }

  @Test
  void nothingIsReservedBeyondTheLastNumber() {
    TermReserve terms = life();

    terms.require(1, Term.MAX_NUMBER - 1);

    assertEquals(Term.MAX_NUMBER, stored(1));
    assertEquals(Map.of(1, Term.MAX_NUMBER, 7, 16L), life().ofFormerLives());
    assertEquals(Term.MAX_NUMBER, stored(1));
  }

  private static final class Counting implements StableStore {
    private byte[] record = {};
    private int saves;
    private boolean isFull;

    @Override
    public byte[] load() {
      return record;
    }

    @Override
    public void save(byte[] saved) {
      if (isFull) {
        throw new UncheckedIOException(new IOException("no space left"));
      }
      record = saved;
      saves++;
    }
  }
}
