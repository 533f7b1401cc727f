package io.understudy.testkit.gen;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.function.Predicate;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** What is drawn, over many lives and without running them. */
class LifeTest {
  private static final int LIVES = 5_000;

  private final List<Life> lives = LongStream.range(0, LIVES).mapToObj(Life::of).toList();

  @Test
  void resetsOfEveryPathAreDrawnInAtMostOneLifeOfFifty() {
    double share = share(life -> FaultLimits.resetsEveryPath(life.settings(), life.faults()));

    assertTrue(share > 0 && share <= 1.0 / 50, () -> "in a share of " + share);
  }

  @Test
  void pathsAreSlowerThanHalfOfTheMarginInAtMostOneLifeOfTen() {
    double share = share(life -> FaultLimits.isSlow(life.settings(), life.faults()));

    assertTrue(share > 0 && share <= 1.0 / 10, () -> "in a share of " + share);
  }

  @Test
  void lifeIsAFunctionOfItsSeed() {
    assertEquals(lives.get(7).faults().toString(), Life.of(7).faults().toString());
    assertEquals(lives.get(7).settings(), Life.of(7).settings());
  }

  private double share(Predicate<Life> what) {
    return (double) lives.stream().filter(what).count() / LIVES;
  }
}
