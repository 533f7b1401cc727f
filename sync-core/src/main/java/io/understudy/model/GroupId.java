package io.understudy.model;

/**
 * An HA group: the unit that is active somewhere.
 *
 * @param value 1 to 63
 */
public record GroupId(int value) implements Comparable<GroupId> {
  /** Groups are bits of one word in many places. */
  public static final int MAX = 63;

  public GroupId {
    if (value < 1 || value > MAX) {
      throw new IllegalArgumentException("group id " + value + " is outside 1.." + MAX);
    }
  }

  @Override
  public int compareTo(GroupId other) {
    return Integer.compare(value, other.value);
  }

  @Override
  public String toString() {
    return Integer.toString(value);
  }
}
