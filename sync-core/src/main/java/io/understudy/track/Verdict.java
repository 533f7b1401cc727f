package io.understudy.track;

/** What a packet means for the session on its key. */
public enum Verdict {
  /** There was no session, and the packet begins one; the facts are those of its first packet. */
  CREATE,
  /** The packet belongs to the session; its facts may have grown. */
  ACCEPT,
  /**
   * The packet ends the session on its key and begins another there; the facts are those of the new
   * one.
   */
  NEW_GENERATION,
  /**
   * The packet counts for nothing: it creates, refreshes and changes no session. Whether it passes
   * is not decided here.
   */
  IGNORE,
  /** The packet contradicts the session; {@link TrackResult#invalidReason()} says how. */
  INVALID,
  /**
   * There is no session, and this packet cannot begin one: it may be parked, or picked up where
   * that is allowed.
   */
  NO_SESSION
}
