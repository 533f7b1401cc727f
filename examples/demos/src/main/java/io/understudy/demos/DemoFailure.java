package io.understudy.demos;

/** A demo that could not go on, for a reason outside of the program; the message is one line for the user. */
public final class DemoFailure extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** With what happened, the limit and what follows. */
  public DemoFailure(String message) {
    super(message);
  }
}
