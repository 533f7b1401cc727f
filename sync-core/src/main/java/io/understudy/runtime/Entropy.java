package io.understudy.runtime;

import java.security.SecureRandom;

/** Chance: the only source of it for a node (its incarnation, its waits). */
@FunctionalInterface
public interface Entropy {
  /** 64 random bits. */
  long nextLong();

  /** The machine's own, unpredictable. */
  static Entropy secure() {
    SecureRandom random = new SecureRandom();
    return random::nextLong;
  }
}
