package io.understudy.replication;

import io.understudy.table.HoldsAll;

/** The groups of member 1, which holds all of them, or else member 2 does. Learns nothing. */
class HeldGroups extends HoldsAll implements Groups {
  @Override
  public int holder(int group) {
    return holds(group) ? 1 : 2;
  }

  @Override
  public final void learnTerm(int group, long number, int node, boolean unsynced) {}

  @Override
  public final void applied(int group, int records) {}

  @Override
  public final void checkTerm(int group, long number) {}

  @Override
  public boolean isGenerationOfThisLife(long generation) {
    return false;
  }

  @Override
  public final void observeGeneration(long generation) {}
}
