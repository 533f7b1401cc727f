package io.understudy;

import io.understudy.model.Term;
import java.util.Collection;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.IntToLongFunction;

/**
 * Numbers of terms that this node may begin without storing them first: a claim that waited for a disk would cost a takeover its time,
 * and everybody else the turn.
 *
 * <p>Shape: for each group that the node may hold a bound, {@value #AHEAD} above all that is known, is in the store before any number up to it is used.
 * A life begins above the bound of the former one, so that it gives no number twice.
 *
 * <p>Thread: the duty cycle. Errors: what cannot be stored throws, and is not used.
 */
final class TermReserve {
  /** Numbers reserved at once; a restart skips at most so many. */
  static final int AHEAD = 16;

  /** Peers say how high numbers are; they do not say how often this member stores. */
  private static final long CHECK_NS = 1_000_000_000L;

  private final StoredState stored;
  private final Collection<Integer> groups;
  private final Map<Integer, Long> ofFormerLives;
  private long nextNs = Long.MIN_VALUE;

  /**
   * Stores the first reserve, so that a store that cannot be written is found before anything depends on it.
   *
   * @param groups that the node may hold
   * @throws java.io.UncheckedIOException which names the store
   */
  TermReserve(StoredState stored, Collection<Integer> groups) {
    this.stored = stored;
    this.groups = groups;
    ofFormerLives = stored.termBounds();
    Map<Integer, Long> bounds = new TreeMap<>();
    groups.forEach(
        group -> bounds.put(group, Term.plus(ofFormerLives.getOrDefault(group, 0L), AHEAD)));
    stored.storeTermBounds(bounds);
  }

  /** For each group a number that no term of a former life was above. */
  Map<Integer, Long> ofFormerLives() {
    return ofFormerLives;
  }

  /** The number may be used when this returns. */
  void require(int group, long number) {
    if (number > bound(group)) {
      stored.storeTermBounds(Map.of(group, Term.plus(number, AHEAD)));
    }
  }

  /**
   * Keeps at least half of the reserve above the numbers known.
   *
   * @param known the highest number known of a group
   */
  void extend(IntToLongFunction known, long nowNs) {
    if (nowNs < nextNs) {
      return;
    }
    nextNs = nowNs + CHECK_NS;
    Map<Integer, Long> bounds = new TreeMap<>();
    for (int group : groups) {
      long wanted = Term.plus(known.applyAsLong(group), AHEAD);
      if (wanted - bound(group) > AHEAD / 2) {
        bounds.put(group, wanted);
      }
    }
    if (!bounds.isEmpty()) {
      stored.storeTermBounds(bounds);
    }
  }

  private long bound(int group) {
    return stored.termBounds().getOrDefault(group, 0L);
  }
}
