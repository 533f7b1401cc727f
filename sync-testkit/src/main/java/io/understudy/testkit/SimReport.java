package io.understudy.testkit;

import java.util.List;

/**
 * What one simulation came to.
 *
 * @param seed repeats it
 * @param settings the cluster
 * @param faults what went wrong, in order
 * @param overlapping faults planned to begin while an earlier one lasts
 * @param excuses why two that decided were let pass
 * @param steps events run
 * @param endNs simulated time when it ended
 * @param publishes changes asked of the tables
 * @param failure empty, or the first broken promise with step and time
 */
public record SimReport(
    long seed,
    SimSettings settings,
    List<String> faults,
    int overlapping,
    Excuses excuses,
    long steps,
    long endNs,
    long publishes,
    String failure) {
  public SimReport {
    faults = List.copyOf(faults);
  }

  /**
   * How often two decided for one group and were let pass, and what was drawn that excuses it.
   *
   * @param splits no path had delivered a heartbeat of the holder in time for the claimant's whole D
   * @param resets a third party had reset the heartbeat connections of every path
   * @param isResetDrawn the plan has such resets
   * @param isSlowDrawn a path is slower than half of the margin for a time
   */
  public record Excuses(int splits, int resets, boolean isResetDrawn, boolean isSlowDrawn) {}

  public boolean isFailed() {
    return !failure.isEmpty();
  }

  @Override
  public String toString() {
    StringBuilder text =
        new StringBuilder()
            .append("seed ")
            .append(seed)
            .append(": ")
            .append(settings)
            .append(", ")
            .append(publishes)
            .append(" changes, ")
            .append(steps)
            .append(" steps, ")
            .append(endNs / 1_000_000)
            .append(" ms\n");
    faults.forEach(fault -> text.append("  ").append(fault).append('\n'));
    if (isFailed()) {
      text.append(failure).append('\n');
      text.append("replay with: simulate --seeds ").append(seed).append("..").append(seed);
    }
    return text.toString();
  }
}
