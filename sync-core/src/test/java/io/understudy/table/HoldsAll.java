package io.understudy.table;

import java.util.concurrent.atomic.AtomicLong;

/** Member 1, which holds every group in term 1. Thread: any. */
public class HoldsAll implements Authority {
  private final AtomicLong generation = new AtomicLong();

  @Override
  public boolean holds(int group) {
    return true;
  }

  @Override
  public final long termNumber(int group) {
    return 1;
  }

  @Override
  public final long nextGeneration() {
    return generation.incrementAndGet();
  }

  @Override
  public final int nodeId() {
    return 1;
  }
}
