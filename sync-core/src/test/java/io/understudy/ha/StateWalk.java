package io.understudy.ha;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Breadth-first over every state of a model; the first bad state is told with the shortest way to it. States are told apart by 64 bits
 * of hash.
 */
final class StateWalk {
  interface Out {
    void to(byte[] state, String step);
  }

  interface Model {
    byte[] start();

    /** Every state that may come next. */
    void next(byte[] state, Out out);

    /** Empty: this state is fine. */
    String bad(byte[] state);
  }

  private final Model model;
  private final int limit;
  private byte[][] states = new byte[1 << 14][];
  private int[] parents = new int[1 << 14];
  private long[] seen = new long[1 << 16];
  private int count;
  private boolean complete;

  StateWalk(Model model, int limit) {
    this.model = model;
    this.limit = limit;
  }

  int count() {
    return count;
  }

  /** Every state was looked at. */
  boolean isComplete() {
    return complete;
  }

  /** What is wrong and how it came about; empty: no bad state was found. */
  String run() {
    add(model.start(), -1);
    for (int i = 0; i < count && count < limit; i++) {
      String bad = model.bad(states[i]);
      if (!bad.isEmpty()) {
        return bad + "\n" + timeline(way(i));
      }
      int from = i;
      model.next(states[i], (state, step) -> add(state, from));
    }
    complete = count < limit;
    return "";
  }

  private void add(byte[] state, int parent) {
    long hash = hash(state);
    int mask = seen.length - 1;
    int at = (int) (hash >>> 20) & mask;
    while (seen[at] != 0) {
      if (seen[at] == hash) {
        return;
      }
      at = at + 1 & mask;
    }
    seen[at] = hash;
    if (count == states.length) {
      states = Arrays.copyOf(states, count * 2);
      parents = Arrays.copyOf(parents, count * 2);
    }
    states[count] = state.clone();
    parents[count++] = parent;
    if (count * 2 > seen.length) {
      rehash();
    }
  }

  private void rehash() {
    long[] old = seen;
    seen = new long[old.length * 2];
    int mask = seen.length - 1;
    for (long hash : old) {
      if (hash != 0) {
        int at = (int) (hash >>> 20) & mask;
        while (seen[at] != 0) {
          at = at + 1 & mask;
        }
        seen[at] = hash;
      }
    }
  }

  private static long hash(byte[] state) {
    long h = 0x9E3779B97F4A7C15L;
    for (byte b : state) {
      h = (h ^ (b & 0xFF)) * 0xFF51AFD7ED558CCDL;
      h ^= h >>> 32;
    }
    h *= 0xC4CEB9FE1A85EC53L;
    h ^= h >>> 29;
    return h == 0 ? 1 : h;
  }

  /** The steps from the start, found again from the parents. */
  private List<String> way(int last) {
    ArrayDeque<Integer> chain = new ArrayDeque<>();
    for (int i = last; i >= 0; i = parents[i]) {
      chain.push(i);
    }
    List<String> steps = new ArrayList<>();
    int before = chain.pop();
    for (int i : chain) {
      byte[] wanted = states[i];
      String[] found = {"?"};
      model.next(
          states[before],
          (state, step) -> found[0] = Arrays.equals(state, wanted) ? step : found[0]);
      steps.add(found[0]);
      before = i;
    }
    return steps;
  }

  private static String timeline(List<String> steps) {
    StringBuilder text = new StringBuilder("  t0:");
    int time = 0;
    for (String step : steps) {
      if (step.equals("tick")) {
        text.append("\n  t").append(++time).append(':');
      } else {
        text.append(' ').append(step).append(';');
      }
    }
    return text.toString();
  }
}
