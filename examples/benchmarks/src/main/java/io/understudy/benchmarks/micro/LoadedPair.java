package io.understudy.benchmarks.micro;

import io.understudy.tables.session.SessionTable;
import io.understudy.testkit.MemoryPair;

/** Two members that both have so many sessions, and the load on the active's table. Thread: one. */
final class LoadedPair {
  /** Changes of one invocation; the window holds them. */
  static final int RECORDS = 10_000;

  private final MemoryPair pair;
  private final Sessions load;

  /** With room for one invocation's sessions more. */
  LoadedPair(int sessions) {
    pair = new MemoryPair(SessionTable.spec4(sessions + RECORDS, 1));
    load = new Sessions(pair.ipv4(1), sessions);
    for (int i = 0; i < sessions; i++) {
      load.create(load.next(), pair.nowNs());
      if (i % RECORDS == 0) {
        pair.settle();
      }
    }
    pair.settle();
  }

  MemoryPair pair() {
    return pair;
  }

  SessionTable table() {
    return pair.ipv4(1);
  }

  Sessions load() {
    return load;
  }

  long nowNs() {
    return pair.nowNs();
  }

  /** Everything that was owed is acknowledged, then one invocation's sessions change. */
  void change() {
    pair.settle();
    for (int i = 0; i < RECORDS; i++) {
      load.change(load.next(), pair.nowNs());
    }
  }
}
