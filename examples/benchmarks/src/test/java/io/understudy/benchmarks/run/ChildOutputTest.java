package io.understudy.benchmarks.run;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class ChildOutputTest {
  private final StringWriter printed = new StringWriter();
  private final ChildOutput output = new ChildOutput("active", new PrintWriter(printed));

  @Test
  void firstLinesArePassedOnAsTheyCome() {
    output.add("one");
    output.add("  two  ");

    assertEquals(List.of("active: one", "active:   two"), lines());
  }

  @Test
  void ofManyLinesTheFirstAndTheLastAreShown() {
    IntStream.rangeClosed(1, 100).forEach(i -> output.add("line " + i));
    output.finish();

    List<String> expected =
        Stream.of(
                IntStream.rangeClosed(1, 20).mapToObj(i -> "active: line " + i),
                Stream.of("active: (60 lines left out)"),
                IntStream.rangeClosed(81, 100).mapToObj(i -> "active: line " + i))
            .flatMap(lines -> lines)
            .toList();
    assertEquals(expected, lines());
  }

  @Test
  void nothingIsSaidOfLinesLeftOutWhenThereAreNone() {
    IntStream.rangeClosed(1, 40).forEach(i -> output.add("line " + i));
    output.finish();
    output.finish();

    assertEquals(40, lines().size());
  }

  @Test
  void longLineIsCut() {
    output.add("x".repeat(10_000));

    assertEquals(List.of("active: " + "x".repeat(ChildOutput.LINE_CHARS) + " ..."), lines());
  }

  private List<String> lines() {
    return printed.toString().lines().toList();
  }
}
