package io.understudy.ha;

/** Visits every field of the right to decide: gives each and takes it back, changed or not. For tests that walk all states. */
interface RightFields {
  /** A reading of the clock, or {@link DecisionRight#NEVER}. */
  long time(String name, long value);

  /** A length of time. */
  long length(String name, long value);

  long number(String name, long value);

  boolean flag(String name, boolean value);
}
