package io.understudy.transport;

/** Why a connection ended. */
public enum CloseCause {
  /** This side closed or finished it. */
  LOCAL,
  /** The peer closed it in order (its process may have ended). */
  PEER_CLOSED,
  /** The peer's host reset it (its process may have ended), or something on this side or in between broke it. */
  BROKEN,
  /** The peer's host did not answer, or cannot be reached: nothing is known of its process. */
  TIMED_OUT,
  /** Its bytes were no frames: wrong length prefix or a frame above the limit. */
  BAD_FRAME
}
