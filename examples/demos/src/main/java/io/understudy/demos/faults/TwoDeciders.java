package io.understudy.demos.faults;

import io.understudy.demos.faults.DecisionRuns.Run;
import java.util.ArrayList;
import java.util.List;

/** Finds when two members might decide at once: runs of true answers that overlap. */
final class TwoDeciders {
  private TwoDeciders() {}

  /** What overlaps, as from and to. */
  static List<Run> of(List<Run> one, List<Run> other) {
    List<Run> both = new ArrayList<>();
    for (Run a : one) {
      for (Run b : other) {
        if (a.overlaps(b)) {
          both.add(new Run(Math.max(a.fromNs(), b.fromNs()), Math.min(a.toNs(), b.toNs())));
        }
      }
    }
    return both;
  }
}
