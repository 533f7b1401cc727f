package io.understudy.runtime;

/**
 * One small record that outlives the process: the terms and the bound of the generation counter.
 *
 * <p>Thread: the duty cycle's. Errors: {@link #save} throws {@link java.io.UncheckedIOException} when the record is not
 * safely stored; the node then does not use the term it wanted.
 */
public interface StableStore {
  /**
   * The record as last saved, or an empty array if there is none.
   *
   * @throws java.io.UncheckedIOException if there is one and it cannot be read; that is not the same as none
   */
  byte[] load();

  /** Which one it is, for whoever must look after it: a path, where it has one. */
  default String name() {
    return "the stable store";
  }

  /** Replaces the record; returns only when it would survive a crash of the machine. */
  void save(byte[] record);
}
