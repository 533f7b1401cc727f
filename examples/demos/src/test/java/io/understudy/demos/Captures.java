package io.understudy.demos;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The capture files, which lie outside of the project: where the system property {@code understudy.captures} points, else {@code
 * shared/captures} beside the checkout or one of the folders around it.
 */
public final class Captures {
  private static final String PROPERTY = "understudy.captures";
  private static final String INDEX = "expected.tsv";

  private Captures() {}

  /** The folder; without one the calling test is skipped. */
  public static Path folder() {
    Optional<Path> folder = find();
    assumeTrue(
        folder.isPresent(),
        "No captures: neither does -D"
            + PROPERTY
            + " name their folder, nor is shared/captures beside the checkout.");
    return folder.get();
  }

  private static Optional<Path> find() {
    String named = System.getProperty(PROPERTY);
    Stream<Path> candidates =
        named != null
            ? Stream.of(Path.of(named))
            : Stream.iterate(
                    Path.of(System.getProperty("user.dir")).toAbsolutePath(),
                    path -> path != null,
                    Path::getParent)
                .map(around -> around.resolve("shared").resolve("captures"));
    return candidates.filter(folder -> Files.isRegularFile(folder.resolve(INDEX))).findFirst();
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
