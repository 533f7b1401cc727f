package io.understudy.runtime;

/** A {@link StableStore} that forgets with the process: for pairs whose restarts always find the other member. */
public final class MemoryStore implements StableStore {
  private byte[] record = new byte[0];

  @Override
  public byte[] load() {
    return record.clone();
  }

  @Override
  public void save(byte[] record) {
    this.record = record.clone();
  }
}
