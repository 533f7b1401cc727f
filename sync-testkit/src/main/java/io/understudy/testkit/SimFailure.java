package io.understudy.testkit;

/** A promise that a simulation saw broken. */
public final class SimFailure extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final String promise;

  /**
   * Names the promise and the first difference seen.
   *
   * @param promise the checker's name
   */
  public SimFailure(String promise, String difference) {
    super(promise + ": " + difference);
    this.promise = promise;
  }

  public String promise() {
    return promise;
  }
}
