package io.understudy.replication;

import io.understudy.table.Authority;
import io.understudy.wire.WireFormatException;

/** What the streams must know of groups and terms. Thread: the duty cycle, beside what {@link Authority} says. */
public interface Groups extends Authority {
  /** The node that holds the group in its present term, as far as this member knows; 0: nobody. */
  int holder(int group);

  /**
   * A batch came in a higher term than the one known.
   *
   * @param unsynced it says that the term began without history
   */
  void learnTerm(int group, long number, int node, boolean unsynced);

  /** Records of the group's holder were applied. */
  void applied(int group, int records);

  /** Of the generations that this member gave: this one in its present life, so that it knows whether that has ended. */
  boolean isGenerationOfThisLife(long generation);

  /** A peer speaks of this term; refuses a number that no term has yet. */
  void checkTerm(int group, long number) throws WireFormatException;

  /** A peer's clock of generations at least stands here; refuses what no clock says. */
  void observeGeneration(long generation) throws WireFormatException;
}
