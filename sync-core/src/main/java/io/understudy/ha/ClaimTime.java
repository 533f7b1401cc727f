package io.understudy.ha;

/**
 * This member's own claim time D, which a reload may change while it holds groups.
 *
 * <p>A lower one is used at once and then told; a higher one is told, and used when every peer that is up has echoed the number of that
 * reload: the value proves nothing, since an echo may be old and two reloads may set the same.
 *
 * <p>Thread: the duty cycle.
 */
public class ClaimTime {
  private long usedNs;
  private long toldNs;
  private long reload;

  ClaimTime(long detectionNs) {
    usedNs = detectionNs;
    toldNs = detectionNs;
  }

  /** The own right is counted by this one. */
  final long usedNs() {
    return usedNs;
  }

  /** Heartbeats carry this one. */
  public final long toldNs() {
    return toldNs;
  }

  public final long reload() {
    return reload;
  }

  /** Whoever must not be surprised by either waits for the longer. */
  final long longerNs() {
    return Math.max(usedNs, toldNs);
  }

  /** A reload. Answers true if every right that stands must be shortened before anything is told. */
  boolean change(long detectionNs) {
    boolean lower = detectionNs < usedNs;
    reload++;
    toldNs = detectionNs;
    if (lower) {
      usedNs = detectionNs;
    }
    return lower;
  }

  /** Every peer that is up echoed at least this reload. */
  void echoed(long leastReload) {
    if (leastReload == reload) {
      usedNs = toldNs;
    }
  }

  /** All of the state, for tests that walk it. */
  final void fields(RightFields fields) {
    usedNs = fields.length("usedNs", usedNs);
    toldNs = fields.length("toldNs", toldNs);
    reload = fields.number("reload", reload);
  }
}
