package io.understudy.model;

/**
 * A member of a cluster, by its number.
 *
 * @param value 1 to 65535, unique in the cluster
 */
public record NodeId(int value) implements Comparable<NodeId> {
  /** The largest. */
  public static final int MAX = 0xFFFF;

  public NodeId {
    if (value < 1 || value > MAX) {
      throw new IllegalArgumentException("node id " + value + " is outside 1..65535");
    }
  }

  @Override
  public int compareTo(NodeId other) {
    return Integer.compare(value, other.value);
  }

  @Override
  public String toString() {
    return Integer.toString(value);
  }
}
