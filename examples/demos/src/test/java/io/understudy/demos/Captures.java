package io.understudy.demos;

import static org.junit.jupiter.api.Assumptions.abort;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;

/**
 * The capture files, which lie outside of the project: where the system property {@code understudy.captures} points, else {@code
 * shared/captures} beside the checkout or one of the folders around it.
 */
public final class Captures {
  private static final String PROPERTY = "understudy.captures";
  private static final String INDEX = "expected.tsv";
  private static final String MISSING =
      "No captures: neither does -D"
          + PROPERTY
          + " name their folder, nor is shared/captures beside the checkout.";

  private Captures() {}

  /** What a test of one capture does. */
  @FunctionalInterface
  public interface Check {
    /** @param file its name in the table */
    void check(String file) throws IOException;
  }

  /** The folder; without one the calling test is skipped. */
  public static Path folder() {
    return find().orElseGet(() -> abort(MISSING));
  }

  /**
   * A test for each file of the table. Without captures it is one test that is skipped: a factory that gives up by itself counts as no
   * test at all, and its reason is in no report.
   */
  public static Stream<DynamicTest> eachFile(Check check) throws IOException {
    if (find().isEmpty()) {
      return Stream.of(dynamicTest("no captures", () -> abort(MISSING)));
    }
    return expected().keySet().stream()
        .sorted()
        .map(file -> dynamicTest(file, () -> check.check(file)));
  }

  private static Optional<Path> find() {
    String named = System.getProperty(PROPERTY);
    if (named != null) {
      if (!Files.isRegularFile(Path.of(named, INDEX))) {
        throw new IllegalStateException(
            "-D" + PROPERTY + "=" + named + " names a folder without " + INDEX);
      }
      return Optional.of(Path.of(named));
    }
    return shared("captures", INDEX);
  }

  /** A folder of {@code shared} beside the checkout or one of the folders around it, by a file in it. */
  public static Optional<Path> shared(String name, String index) {
    return Stream.iterate(
            Path.of(System.getProperty("user.dir")).toAbsolutePath(),
            path -> path != null,
            Path::getParent)
        .map(around -> around.resolve("shared").resolve(name))
        .filter(folder -> Files.isRegularFile(folder.resolve(index)))
        .findFirst();
  }

  /** The expected counts by file and column. */
  public static Map<String, Map<String, Long>> expected() throws IOException {
    List<String> lines = Files.readAllLines(folder().resolve(INDEX));
    String[] columns = lines.get(0).split("\t");
    Map<String, Map<String, Long>> expected = new HashMap<>();
    for (String line : lines.subList(1, lines.size())) {
      String[] cells = line.split("\t");
      Map<String, Long> row = new HashMap<>();
      for (int i = 1; i < cells.length; i++) {
        row.put(columns[i], Long.parseLong(cells[i]));
      }
      expected.put(cells[0], row);
    }
    return expected;
  }

  /** The captures of some folders, by their names in the table. */
  public static List<String> in(String... folders) throws IOException {
    List<String> files = new ArrayList<>(expected().keySet());
    files.removeIf(file -> !List.of(folders).contains(file.substring(0, file.indexOf('/'))));
    files.sort(null);
    return files;
  }
}
