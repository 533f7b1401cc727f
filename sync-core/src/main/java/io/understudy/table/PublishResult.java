package io.understudy.table;

/** What became of a change; the packet goes on in every case. */
public enum PublishResult {
  /** Written, and owed to the peers. */
  QUEUED,
  /** Written; the peers were already owed an update of this entry, which will carry this change too. */
  ABSORBED,
  /** Written here, and nothing is owed: it changed nothing, or the entry is kept back from backup. */
  STORED,
  /** Not written: no room; counted. */
  TABLE_FULL,
  /** Not written: the entry's group is held by another member, and only the holder creates and ends. */
  NOT_HOLDER,
  /** Not written: no such entry. */
  NO_ENTRY,
  /** Not written: another live entry has this NAT binding, and one packet's reply can belong to one session only; take another. */
  BINDING_TAKEN,
  /** Not written: the node is closed, or has failed. */
  CLOSED;

  /** The table has the change. */
  public boolean isWritten() {
    return ordinal() <= STORED.ordinal();
  }
}
