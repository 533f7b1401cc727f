package io.understudy.ha;

import java.util.Arrays;
import java.util.Set;

/**
 * A state in bytes, relative to now, so that a walk has no end of time. What is older than anything that a rule asks for is as old as
 * that.
 */
final class Ages implements RightFields {
  /** The walk's clock reading in every state. */
  static final long NOW = 1_000;

  private static final byte NEVER = Byte.MIN_VALUE;

  private final int oldest;
  private final byte[] bytes = new byte[512];
  private int at;
  private boolean saving;
  private Set<String> blank = Set.of();

  Ages(int oldest) {
    this.oldest = oldest;
  }

  /** What no rule asks for in this state. */
  void blank(Set<String> names) {
    blank = names;
  }

  void beginSave() {
    saving = true;
    at = 0;
  }

  byte[] saved() {
    return Arrays.copyOf(bytes, at);
  }

  void beginLoad(byte[] from) {
    saving = false;
    at = 0;
    System.arraycopy(from, 0, bytes, 0, from.length);
  }

  @Override
  public long time(String name, long value) {
    if (saving && !blank.isEmpty() && blank.contains(name)) {
      bytes[at++] = NEVER;
      return value;
    }
    if (saving) {
      long age = Math.max(-100, NOW - value);
      bytes[at++] = value == DecisionRight.NEVER ? NEVER : (byte) Math.min(age, oldest);
      return value;
    }
    byte age = bytes[at++];
    return age == NEVER ? DecisionRight.NEVER : NOW - age;
  }

  @Override
  public long length(String name, long value) {
    if (saving && !blank.isEmpty() && blank.contains(name)) {
      bytes[at++] = 0;
      return value;
    }
    return number(name, Math.min(value, oldest));
  }

  @Override
  public long number(String name, long value) {
    if (saving) {
      bytes[at++] = (byte) value;
      return value;
    }
    return bytes[at++];
  }

  @Override
  public boolean flag(String name, boolean value) {
    if (saving && !blank.isEmpty() && blank.contains(name)) {
      bytes[at++] = 0;
      return value;
    }
    return number(name, value ? 1 : 0) == 1;
  }

  /** Makes every time one tick older. */
  static final RightFields TICK =
      new Unchanged() {
        @Override
        public long time(String name, long value) {
          return value == DecisionRight.NEVER ? value : value - 1;
        }
      };
}
