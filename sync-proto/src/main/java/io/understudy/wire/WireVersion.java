package io.understudy.wire;

/**
 * The version of the wire, named by both sides in HELLO. Peers of different versions do not talk.
 */
public final class WireVersion {
  /** Version 0: may change until engine and roles are complete; 1 is frozen with golden files. */
  public static final int CURRENT = 0;

  private WireVersion() {}
}
