package io.understudy.demos;

import io.understudy.testkit.MemberSettings;
import io.understudy.testkit.SimReport;
import java.time.Duration;
import java.util.Locale;

/** What the lives of a range of seeds were: how large the clusters, how many faults and events. */
final class SimulateDraw {
  private static final int MOST = 8;

  private final long[] members = new long[MOST];
  private final long[] groups = new long[MOST];
  private long lives;
  private long faults;
  private long overlapping;
  private long overlappedLives;
  private long steps;
  private long changes;
  private long simulatedNs;
  private long splits;
  private long splitLives;
  private long resets;
  private long resetLives;
  private long resetDrawnLives;
  private long slowDrawnLives;
  private long longIntervalLives;

  void add(SimReport report) {
    lives++;
    members[report.settings().members()]++;
    groups[report.settings().groups()]++;
    faults += report.faults().size();
    overlapping += report.overlapping();
    overlappedLives += report.overlapping() > 0 ? 1 : 0;
    steps += report.steps();
    changes += report.publishes();
    simulatedNs += report.endNs();
    SimReport.Excuses excuses = report.excuses();
    splits += excuses.splits();
    splitLives += excuses.splits() > 0 ? 1 : 0;
    resets += excuses.resets();
    resetLives += excuses.resets() > 0 ? 1 : 0;
    resetDrawnLives += excuses.isResetDrawn() ? 1 : 0;
    slowDrawnLives += excuses.isSlowDrawn() ? 1 : 0;
    longIntervalLives += report.settings().own().stream().anyMatch(SimulateDraw::isSlow) ? 1 : 0;
  }

  private static boolean isSlow(MemberSettings own) {
    return own.heartbeat().interval().compareTo(Duration.ofSeconds(1)) > 0;
  }

  /** Two lines for people. */
  @Override
  public String toString() {
    return "drawn: members "
        + shares(members)
        + "; groups "
        + shares(groups)
        + "; a life has "
        + mean(faults)
        + " faults, "
        + mean(overlapping)
        + " of them beginning while another lasts (in "
        + percent(overlappedLives)
        + " of the lives), "
        + steps / lives
        + " events, "
        + changes / lives
        + " changes, "
        + mean(simulatedNs / 1_000_000_000.0)
        + " s; heartbeats more than a second apart in "
        + percent(longIntervalLives)
        + "\n"
        + excuses();
  }

  private String excuses() {
    return "two that decide were excused: (a) nothing delivered in time "
        + splits
        + " times in "
        + percent(splitLives)
        + " of the lives; (b) every path reset by a third party "
        + resets
        + " times in "
        + percent(resetLives)
        + "; such resets were drawn in "
        + percent(resetDrawnLives)
        + ", paths slower than M/2 in "
        + percent(slowDrawnLives);
  }

  /** Members of a JSON object. */
  String json() {
    return "\"threeMembers\": "
        + ratio(members[3])
        + ", \"twoGroups\": "
        + ratio(groups[2])
        + ", \"faults\": "
        + mean(faults)
        + ", \"overlapping\": "
        + mean(overlapping)
        + ", \"events\": "
        + steps / lives
        + ", \"changes\": "
        + changes / lives
        + ", \"excusedBySilence\": "
        + splits
        + ", \"excusedByResets\": "
        + resets
        + ", \"resetsDrawn\": "
        + ratio(resetDrawnLives)
        + ", \"slowPathsDrawn\": "
        + ratio(slowDrawnLives)
        + ", \"longIntervalsDrawn\": "
        + ratio(longIntervalLives);
  }

  private String shares(long[] counts) {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < counts.length; i++) {
      if (counts[i] > 0) {
        text.append(text.isEmpty() ? "" : ", ").append(i).append(": ").append(percent(counts[i]));
      }
    }
    return text.toString();
  }

  private String percent(long count) {
    return String.format(Locale.ROOT, "%.1f %%", 100.0 * count / lives);
  }

  private String ratio(long count) {
    return String.format(Locale.ROOT, "%.3f", (double) count / lives);
  }

  private String mean(double sum) {
    return String.format(Locale.ROOT, "%.2f", sum / lives);
  }
}
