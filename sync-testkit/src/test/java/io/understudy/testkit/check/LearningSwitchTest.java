package io.understudy.testkit.check;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.understudy.testkit.SimCluster;
import io.understudy.testkit.SimFailure;
import io.understudy.testkit.SimSettings;
import org.junit.jupiter.api.Test;

class LearningSwitchTest {
  private static final long MS = 1_000_000;

  private final SimCluster sim = new SimCluster(1, SimSettings.of(2, 1, 1, 1_024));
  private final LearningSwitch learning = new LearningSwitch(sim);

  /** Member 1 held the group; in a split member 2 takes it, and both send frames, member 1 until its right ends. */
  @Test
  void holderAnnouncesItselfAfterASplitThoughTheOtherOneSentLast() {
    CheckedSteps.start(sim);
    learning.frames(sim.node(1));
    sim.network().faults().cutAll(1, 2);
    assertTrue(sim.clock().runUntil(() -> sim.node(2).mayDecide(1), 2_000 * MS));
    learning.frames(sim.node(2));
    learning.frame(sim.node(1), 1); // of a batch that began before
    sim.network().faults().healAll();
    sim.runFor(2_000 * MS);

    learning.check(sim);
  }

  @Test
  void switchThatLearntAnotherMemberThanTheHolderLastIsFound() {
    CheckedSteps.start(sim);
    learning.check(sim);
    learning.frame(sim.node(2), 1);

    SimFailure failure = assertThrows(SimFailure.class, () -> learning.check(sim));

    assertEquals("LearningSwitch", failure.promise());
  }
}
