package io.understudy.testkit.packet;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The folder with the capture files, which lie outside of the project: where the system property {@code
 * understudy.captures} points, else {@code shared/captures} beside the checkout or one of the folders around it.
 */
public final class CaptureFolder {
  private static final String PROPERTY = "understudy.captures";
  private static final String INDEX = "expected.tsv";

  private CaptureFolder() {}

  /** The folder; without one the calling test is skipped. */
  public static Path require() {
    Optional<Path> folder = find();
    assumeTrue(
        folder.isPresent(),
        "No captures: neither does -D"
            + PROPERTY
            + " name their folder, nor is shared/captures beside the checkout.");
    return folder.get();
  }

  /** The folder, if there is one. */
  static Optional<Path> find() {
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
