package io.understudy.tables.session;

/** What became of a packet given to {@link ParkedPackets#park}. */
public enum ParkResult {
  /** Kept: one of the callbacks follows. */
  PARKED,
  /** Not kept: all places are taken; counted, and the packet stays the caller's. */
  FULL
}
