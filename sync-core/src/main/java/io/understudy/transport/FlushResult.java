package io.understudy.transport;

/** What became of everything that was queued on a connection, as {@link Link#flush} found it. */
public enum FlushResult {
  /** All of it is in the kernel: it arrives or the connection closes, whatever becomes of this process. */
  TAKEN,
  /**
   * The kernel, asked after the call began, had no room: bytes that it took before have not arrived yet. The rest follows
   * when there is room, without another call.
   */
  FULL,
  /** The connection is closed or finishing. */
  CLOSED
}
