package io.understudy.demos.faults;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.understudy.demos.faults.DecisionRuns.Run;
import java.util.List;
import org.junit.jupiter.api.Test;

class DecisionRunsTest {
  private static final long MS = 1_000_000;

  private final DecisionRuns runs = new DecisionRuns();

  @Test
  void trueAnswersCloseToEachOtherAreOneRun() {
    runs.note(10, true, 11);
    runs.note(MS / 2, true, MS / 2 + 1);
    assertEquals(List.of(new Run(10, MS / 2 + 1)), runs.runs());
  }

  @Test
  void aFalseAnswerEndsTheRunAndIsALapse() {
    runs.note(10, true, 11);
    runs.note(20, false, 21);
    runs.note(30, true, 31);
    assertEquals(List.of(new Run(10, 11), new Run(30, 31)), runs.runs());
    assertEquals(1, runs.lapses());
  }

  @Test
  void aStoppedProcessBetweenTwoAnswersDoesNotDecideMeanwhile() {
    runs.note(10, true, 11);
    runs.note(2_000 * MS, true, 2_000 * MS + 1);
    assertEquals(List.of(new Run(10, 11), new Run(2_000 * MS, 2_000 * MS + 1)), runs.runs());
    assertEquals(0, runs.lapses());
  }

  @Test
  void anAnswerThatTookLongerThanABatchIsAskedAgain() {
    runs.note(10, true, 10 + 6 * MS);
    assertEquals(List.of(), runs.runs());
    assertEquals(1, runs.overlong());
  }

  @Test
  void runsThatShareAnInstantAreTwoDeciders() {
    assertEquals(
        List.of(new Run(20, 30)),
        TwoDeciders.of(List.of(new Run(10, 30)), List.of(new Run(20, 40), new Run(50, 60))));
    assertEquals(List.of(), TwoDeciders.of(List.of(new Run(10, 19)), List.of(new Run(20, 40))));
  }
}
