package io.understudy;

/**
 * Something that is not as it should be and that a person may have to mend. It begins once and ends once, however often it is met
 * between.
 *
 * <p>Shape: a fault is one of its kind, member and index; there is never a second one of the same beside it.
 *
 * <p>Units: times are on the node's clock, in nanoseconds.
 *
 * @param node the peer that it is about; this member's own number for faults of its own
 * @param index of {@link Kind#UNREACHABLE} the link, of {@link Kind#TABLE_FULL} the table's number, otherwise 0
 * @param cause how it began, in one sentence; a peer's own words are quoted cut short
 * @param count how often it was met so far: failed dials, refusals, connections renewed, records
 */
public record Fault(Kind kind, int node, int index, String cause, long sinceNs, long count) {
  /** What is wrong. */
  public enum Kind {
    /** A peer cannot be connected with on one of the links. */
    UNREACHABLE,
    /** A peer and this member refuse each other: cluster, hash key, version, tables, or a second process with its number. */
    REFUSED,
    /** A peer is heard, and acknowledges nothing of what is sent to it. */
    STALLED,
    /** A peer does not take all records: it has no room, or they cannot be of its table. */
    RECORDS_REFUSED,
    /** A table here has no room for all records of peers. */
    TABLE_FULL,
    /** The store cannot be written: no claim, and no new session beyond what was reserved. */
    STORE,
    /** This node is not turned any more, and decides nothing. It does not end: a node has one life. */
    FAILED
  }

  /** The same fault, whatever became of it. */
  public boolean isSame(Fault other) {
    return kind == other.kind && node == other.node && index == other.index;
  }
}
