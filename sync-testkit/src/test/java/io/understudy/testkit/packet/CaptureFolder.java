package io.understudy.testkit.packet;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assumptions.abort;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;

/**
 * The folder with the capture files, which lie outside of the project: where the system property {@code
 * understudy.captures} points, else {@code shared/captures} beside the checkout or one of the folders around it.
 */
public final class CaptureFolder {
  private static final String PROPERTY = "understudy.captures";
  private static final String INDEX = "expected.tsv";
  private static final String MISSING =
      "No captures: neither does -D"
          + PROPERTY
          + " name their folder, nor is shared/captures beside the checkout.";

  private CaptureFolder() {}

  /** What a test of one capture does. */
  @FunctionalInterface
  public interface Check {
    /** @param expected the numbers of this file, by column */
    void check(Path file, Map<String, Long> expected) throws IOException;
  }

  /**
   * A test for each file of the table. Without captures it is one test that is skipped: a factory that gives up by itself counts as no
   * test at all, and its reason is in no report.
   */
  public static Stream<DynamicTest> eachFile(Check check) throws IOException {
    Optional<Path> folder = find();
    if (folder.isEmpty()) {
      return Stream.of(dynamicTest("no captures", () -> abort(MISSING)));
    }
    List<String> lines = Files.readAllLines(folder.get().resolve(INDEX));
    String[] columns = lines.get(0).split("\t");
    List<String> rows = lines.subList(1, lines.size());
    assertFalse(rows.isEmpty());
    return rows.stream()
        .map(row -> row.split("\t"))
        .map(
            row ->
                dynamicTest(
                    row[0],
                    () -> check.check(folder.get().resolve(row[0]), numbers(columns, row))));
  }

  private static Map<String, Long> numbers(String[] columns, String[] row) {
    Map<String, Long> numbers = new HashMap<>();
    for (int i = 1; i < row.length; i++) {
      numbers.put(columns[i], Long.parseLong(row[i]));
    }
    return numbers;
  }

  /** The folder, if there is one. */
  private static Optional<Path> find() {
    String named = System.getProperty(PROPERTY);
    if (named != null) {
      if (!Files.isRegularFile(Path.of(named, INDEX))) {
        throw new IllegalStateException(
            "-D" + PROPERTY + "=" + named + " names a folder without " + INDEX);
      }
      return Optional.of(Path.of(named));
    }
    return Stream.iterate(
            Path.of(System.getProperty("user.dir")).toAbsolutePath(),
            p -> p != null,
            Path::getParent)
        .map(around -> around.resolve("shared").resolve("captures"))
        .filter(folder -> Files.isRegularFile(folder.resolve(INDEX)))
        .findFirst();
  }
}
