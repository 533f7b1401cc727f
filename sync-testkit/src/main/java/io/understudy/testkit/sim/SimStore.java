package io.understudy.testkit.sim;

import io.understudy.runtime.StableStore;
import java.io.IOException;
import java.io.UncheckedIOException;

/**
 * A simulated disk with the one record of a node. It outlives the node's processes; before a restart a test may wipe it
 * or put an older copy back.
 */
public final class SimStore implements StableStore {
  private byte[] record = new byte[0];
  private byte[] undamaged = new byte[0];
  private boolean failsNextSave;
  private boolean isFull;
  private int saveCount;

  @Override
  public byte[] load() {
    return record.clone();
  }

  @Override
  public void save(byte[] record) {
    if (failsNextSave || isFull) {
      failsNextSave = false;
      throw new UncheckedIOException(
          new IOException("simulated disk refused to store " + record.length + " bytes"));
    }
    this.record = record.clone();
    undamaged = new byte[0];
    saveCount++;
  }

  /** A copy of the content as it was stored, for {@link #restore}. */
  public byte[] snapshot() {
    return (isDamaged() ? undamaged : record).clone();
  }

  /** Puts an older content back, as a machine restored from a backup finds it. */
  public void restore(byte[] snapshot) {
    record = snapshot.clone();
    undamaged = new byte[0];
  }

  /** Empties it, as a new disk. */
  public void wipe() {
    record = new byte[0];
    undamaged = new byte[0];
  }

  /** Flips one bit of what there is; one that is empty stays so. */
  public void flip(long bit) {
    if (record.length > 0) {
      undamaged = record.clone();
      int at = (int) Math.floorMod(bit, record.length * 8L);
      record[at / 8] ^= (byte) (1 << at % 8);
    }
  }

  /** A bit was flipped, and nothing was stored or repaired since. */
  public boolean isDamaged() {
    return undamaged.length > 0;
  }

  /** Puts back what there was before a bit was flipped. */
  public void repair() {
    record = undamaged;
    undamaged = new byte[0];
  }

  /** Lets the next {@link #save} fail and keeps the content as it is. */
  public void failNextSave() {
    failsNextSave = true;
  }

  /** Full, every {@link #save} fails and the content stays as it is. */
  public void setFull(boolean full) {
    isFull = full;
  }

  /** How often a record was stored. */
  public int saveCount() {
    return saveCount;
  }
}
