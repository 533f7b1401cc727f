package io.understudy.benchmarks.run;

/** A measurement that could not be made; the message is one line for the user. */
final class BenchmarkFailure extends RuntimeException {
  private static final long serialVersionUID = 1L;

  BenchmarkFailure(String message) {
    super(message);
  }
}
