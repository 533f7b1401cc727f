package io.understudy.transport.netty;

/** The bytes of a connection are no frames. */
final class BadFrameException extends Exception {
  private static final long serialVersionUID = 1L;

  BadFrameException(String message) {
    super(message);
  }
}
