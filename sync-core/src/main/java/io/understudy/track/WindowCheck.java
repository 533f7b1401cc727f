package io.understudy.track;

/** How the numbers of a TCP segment lie to the windows of its session. */
public enum WindowCheck {
  /** Inside, or nothing is known yet to compare it with. */
  INSIDE,
  /**
   * The first segment of its direction after a takeover, near enough to the hint: its numbers are
   * taken over.
   */
  LEARNT,
  /**
   * A reset inside the window, but not at the number that its receiver expects: that one answers
   * with an acknowledgement and lives on (RFC 5961, 3.2).
   */
  UNPROVEN,
  /** It begins beyond what the other end has allowed. */
  DATA_BEYOND,
  /** All of it is older than a window. */
  DATA_BEFORE,
  /** It acknowledges what the other end has not sent. */
  ACK_BEYOND,
  /** It acknowledges what is older than a window. */
  ACK_BEFORE;

  /** The segment may pass, as far as its numbers go. */
  public boolean isGood() {
    return this == INSIDE || this == LEARNT || this == UNPROVEN;
  }
}
