package io.understudy.backup;

/**
 * Whether one scope (a group, a zone pair, whatever the embedder counts by) has switched itself to
 * quick mode.
 *
 * <p><b>States.</b> Off, until a window holds {@code quickAt} signs, then on at once. On, until
 * every window for {@code calmFor} held fewer than {@code calmBelow}. In quick mode replies find
 * their sessions, so the signs that keep it on are the touches.
 *
 * <p>Units: nanoseconds of the node's clock.
 * <p>Thread: the duty cycle; {@link #isQuick} from any.
 */
public final class AdaptiveMode {
  private final AdaptiveConfig config;
  private final long windowNs;
  private final long calmForNs;

  private volatile boolean quick;
  private boolean started;
  private long windowEndNs;
  private long calmSinceNs;
  private long signs;

  public AdaptiveMode(AdaptiveConfig config) {
    this.config = config;
    windowNs = config.window().toNanos();
    calmForNs = config.calmFor().toNanos();
  }

  public boolean isQuick() {
    return quick;
  }

  /** Counts signs. Answers whether the mode has changed; then what is kept back is worth a scan. */
  public boolean onSigns(long count, long nowNs) {
    if (!config.enabled()) {
      return false;
    }
    boolean changed = run(nowNs);
    signs += count;
    if (signs < config.quickAt() || quick) {
      return changed;
    }
    quick = true;
    return true;
  }

  /** Lets time pass, at any interval. Answers whether the mode has changed. */
  public boolean run(long nowNs) {
    if (!started) {
      started = true;
      begin(nowNs);
      return false;
    }
    if (!config.enabled() || nowNs - windowEndNs < 0) {
      return false;
    }
    if (signs >= config.calmBelow()) {
      calmSinceNs = windowEndNs; // the windows that passed since were empty
    }
    signs = 0;
    windowEndNs += (nowNs - windowEndNs) / windowNs * windowNs + windowNs;
    if (!quick || windowEndNs - windowNs - calmSinceNs < calmForNs) {
      return false;
    }
    quick = false;
    return true;
  }

  private void begin(long nowNs) {
    windowEndNs = nowNs + windowNs;
    calmSinceNs = nowNs;
  }
}
