package io.understudy.benchmarks.run;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class FigureTest {
  private final Figure figure = new Figure("key", "name", "unit");

  @Test
  void medianOfOddRoundsIsTheMiddleOne() {
    figure.add(5);
    figure.add(1);
    figure.add(2);

    assertEquals(2, figure.median());
    assertEquals(1, figure.min());
    assertEquals(5, figure.max());
    assertEquals(2, figure.last());
  }

  @Test
  void medianOfEvenRoundsIsBetweenTheMiddleTwo() {
    figure.add(4);
    figure.add(1);

    assertEquals(2.5, figure.median());
  }
}
