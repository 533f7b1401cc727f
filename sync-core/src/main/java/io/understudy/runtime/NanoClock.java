package io.understudy.runtime;

/** Monotonic time in nanoseconds. Only runners read a clock; everyone else is given {@code nowNs}. */
@FunctionalInterface
public interface NanoClock {
  long nanoTime();

  /** The process's own. */
  static NanoClock system() {
    return System::nanoTime;
  }
}
