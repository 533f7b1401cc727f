package io.understudy.wire;

import java.io.IOException;

/**
 * Bytes from a peer that are not what the wire allows.
 *
 * <p>The message names what was read, its value and the limit. Whoever catches it adds what
 * follows: the link is closed and opened again.
 */
public final class WireFormatException extends IOException {
  private static final long serialVersionUID = 1L;

  /** With a message that names what was read, its value and the limit. */
  public WireFormatException(String message) {
    super(message);
  }

  /** For what a generated class refused. */
  public WireFormatException(String message, Throwable cause) {
    super(message, cause);
  }
}
