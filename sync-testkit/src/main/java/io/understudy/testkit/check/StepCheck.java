package io.understudy.testkit.check;

import io.understudy.testkit.SimCluster;

/** A promise that is looked at while a simulation runs. */
public interface StepCheck {
  /** Throws a {@link io.understudy.testkit.SimFailure} if the promise is broken now. */
  void afterStep(SimCluster sim);
}
