package io.understudy;

import io.understudy.model.Term;

/**
 * Whoever forwards must hear now that this member is the holder: its addresses and its virtual MAC are to be announced again.
 *
 * @param cause in one word: the right began or came back, a split healed, or there may have been one
 */
public record Announcement(int group, Term term, Cause cause) {
  /** Why it is announced. */
  public enum Cause {
    /** The member became the holder, or its right came back after it had run out: others may have spoken in between. */
    RIGHT_BEGAN,
    /** Another member had held the group at the same time, and now follows this one. */
    SPLIT_HEALED,
    /** A peer is met in another life, heard again, or found to be gone after it was not heard: it may have held the group meanwhile. */
    PEER_UNHEARD
  }
}
