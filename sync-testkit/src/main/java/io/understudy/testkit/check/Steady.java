package io.understudy.testkit.check;

import io.understudy.testkit.SimCluster;
import io.understudy.testkit.SimFailure;
import io.understudy.testkit.SimNode;

/** While a cluster rests, whoever decides for a group goes on deciding. Looked at after every step, from a moment on when somebody decides for each group. */
public final class Steady implements StepCheck {
  private final SimNode[] holders;

  /** From now on. */
  public Steady(SimCluster sim) {
    holders = new SimNode[sim.settings().groups() + 1];
    for (int group = 1; group < holders.length; group++) {
      holders[group] = sim.holder(group);
    }
  }

  @Override
  public void afterStep(SimCluster sim) {
    for (int group = 1; group < holders.length; group++) {
      SimNode holder = holders[group];
      if (holder == null || !holder.mayDecide(group)) {
        throw new SimFailure(
            "Steady",
            "nothing happens, and "
                + (holder == null ? "nobody" : "node " + holder.id())
                + (holder == null ? " decides" : " decides no longer")
                + " for group "
                + group);
      }
    }
  }
}
