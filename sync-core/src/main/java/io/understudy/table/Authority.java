package io.understudy.table;

/**
 * What this member may do now, for the tables. Thread: any; a read of volatile state.
 */
public interface Authority {
  /** Groups are numbered from 1 to below this. */
  int GROUPS = 64;

  /** The groups that this member knows, a bit for each; fixed when it is built. */
  default long knownGroups() {
    return -2; // 1 to 63
  }

  /** The member holds this group. */
  boolean holds(int group);

  /** Nothing is published any more. */
  default boolean isClosed() {
    return false;
  }

  /** The number of the group's present term. */
  long termNumber(int group);

  /** The group's present term began without history, as far as this member knows. */
  default boolean isUnsynced(int group) {
    return false;
  }

  /** Starts the member's next generation, above all it has seen; 0: its stored bound is used up, try again. */
  long nextGeneration();

  /** This member's number, the creator of the generations it starts. */
  int nodeId();
}
