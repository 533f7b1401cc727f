package io.understudy.replication;

/**
 * What a peer's HELLO says of the most that it will have under way and name.
 *
 * @param windowBytes bytes of frames that it has in flight at most
 * @param slotsByTable for each table of this member, in its order, how many slots a partition has there; 0: the peer does not have the table
 */
public record PeerBounds(long windowBytes, java.util.List<Integer> slotsByTable) {
  public PeerBounds {
    slotsByTable = java.util.List.copyOf(slotsByTable);
  }

  int slots(int tableIndex) {
    return slotsByTable.get(tableIndex);
  }
}
