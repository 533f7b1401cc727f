package io.understudy.testkit.check;

import io.understudy.testkit.SimCluster;

/** A promise about rows, which {@link RowWatch} looks at: told what changed, and asked after each look. */
public interface RowCheck {
  /** A row is another than at the last look. */
  default void onRow(RowChange change) {}

  /** Every change was told. Throws a {@link io.understudy.testkit.SimFailure} if the promise is broken now. */
  default void afterLook(SimCluster sim, RowWatch rows) {}
}
