package io.understudy.ha;

/** Leaves every field as it is. */
class Unchanged implements RightFields {
  @Override
  public long time(String name, long value) {
    return value;
  }

  @Override
  public long length(String name, long value) {
    return value;
  }

  @Override
  public long number(String name, long value) {
    return value;
  }

  @Override
  public boolean flag(String name, boolean value) {
    return value;
  }
}
