package io.understudy.ha;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Walks the right to decide through the other small worlds: how a life ends and begins, and a reload of D. {@link RightWalkTest} has the pair. */
class RightWorldsTest {
  private static final int LIMIT = 2_000_000;

  private static void check(boolean isRule, StateWalk.Model model) {
    StateWalk walk = new StateWalk(model, LIMIT);
    String found = walk.run();

    if (isRule) {
      assertEquals("", found);
      assertTrue(walk.isComplete(), "more than " + LIMIT + " states");
    } else {
      assertNotEquals("", found, "this wording holds");
    }
  }

  @ParameterizedTest
  @EnumSource
  void aLifeEndsWithoutASecondWhoDecides(EndsWording wording) {
    check(wording == EndsWording.RULE, new EndsModel(wording));
  }

  @ParameterizedTest
  @EnumSource
  void aReloadOfTheClaimTimeLeavesOneWhoDecides(ReloadWording wording) {
    check(wording == ReloadWording.RULE, new ReloadModel(wording));
  }

  @ParameterizedTest
  @CsvSource({"8, 8", "8, 4"})
  void whoBootsBesideAHolderAloneClaimsNothing(long holders, long own) {
    check(true, new StartModel(StartModel.Wording.RULE, holders, own));
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "RULE")
  void everyOtherWordingOfAStartFalls(StartModel.Wording wording) {
    check(false, new StartModel(wording, 8, 4));
  }
}
