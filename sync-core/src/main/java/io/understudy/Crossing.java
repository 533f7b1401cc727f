package io.understudy;

import java.util.List;

/**
 * Which of two connections of one peer, link and kind stays.
 *
 * <p>Two members that dial each other at the same time get two connections, and both must keep the same one: the one dialled by
 * the lower node id. One whose dialler had the other up before does not cross it, but replaces it. Both ends find the
 * same, since both look at what the diallers said in HELLO, not at times.
 *
 * <p>Thread: the duty cycle. Source: RFC 4271, 6.8, connection collision detection.
 */
record Crossing(int node) {
  /** Whether one that came up just now is not to stay. */
  boolean loses(Connection connection) {
    for (Connection other : others(connection)) {
      boolean isCrossed = !connection.isAfter(other) && !other.isAfter(connection);
      boolean otherStays =
          isCrossed
              ? isDialledByLower(other) && !isDialledByLower(connection)
              : other.isAfter(connection);
      if (otherStays) {
        return true;
      }
    }
    return false;
  }

  private boolean isDialledByLower(Connection connection) {
    boolean isOwnDial = connection.link.dialledNode() != 0;
    return isOwnDial == (node < connection.peer.node);
  }

  /** The peer's others that are up: they broke at the other end, or crossed this one; what they still hold has a lower epoch. */
  static List<Connection> others(Connection connection) {
    return connection.peer.connections.stream()
        .filter(other -> connection.isBeside(other) && other.up && !other.finishing)
        .toList();
  }
}
