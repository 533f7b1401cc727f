package io.understudy.model;

/** What a member is for one group. */
public enum Role {
  /** Not started. */
  INIT,
  /** Knows no holder, and waits for the members that may know one. */
  CONNECTING,
  /** Hears the holder and receives its bulk sync. */
  SYNCING,
  /** In sync with the holder. */
  STANDBY,
  /** Holds the group, and at least one peer is in sync. */
  ACTIVE,
  /** Holds the group without a peer in sync. */
  STANDALONE,
  /** Found the holder silent and applies what it still sent before taking over. */
  SWITCHING,
  /** Holds the group, and may not decide: its right ran out, since it or its peers were not heard. It goes on as the holder when they answer. */
  FENCED,
  /** The node failed: its duty cycle threw or was ended. Nothing is decided any more. */
  FAILED,
  /** The node was closed. */
  CLOSED;

  /** The member holds the group and decides. */
  public boolean isHolder() {
    return this == ACTIVE || this == STANDALONE;
  }
}
