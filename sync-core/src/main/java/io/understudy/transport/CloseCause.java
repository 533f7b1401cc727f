package io.understudy.transport;

/** Why a connection ended. */
public enum CloseCause {
  /** This side closed or finished it. */
  LOCAL,
  /** The peer closed it in order (its process may have ended). */
  PEER_CLOSED,
  /** It broke: reset, unreachable, timed out. */
  BROKEN,
  /** Its bytes were no frames: wrong length prefix or a frame above the limit. */
  BAD_FRAME
}
