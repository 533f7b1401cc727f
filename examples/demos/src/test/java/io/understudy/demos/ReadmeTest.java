package io.understudy.demos;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The example on the front page is cut from the demo that a test runs. */
class ReadmeTest {
  private static final String SOURCE =
      "examples/demos/src/main/java/io/understudy/demos/QuickStart.java";

  @Test
  void exampleIsTheTaggedRegionOfTheDemo() throws IOException {
    Path root = root();

    List<String> page = block(Files.readAllLines(root.resolve("README.md")));
    List<String> source = region(Files.readAllLines(root.resolve(SOURCE)));

    assertEquals(String.join("\n", source), String.join("\n", page));
    assertTrue(page.size() >= 35 && page.size() <= 55, "about 40 lines, not " + page.size());
  }

  private static Path root() {
    Path folder = Path.of(System.getProperty("basedir", ".")).toAbsolutePath().normalize();
    while (!Files.exists(folder.resolve("README.md"))) {
      folder = folder.getParent();
    }
    return folder;
  }

  private static List<String> block(List<String> page) {
    int begin = page.indexOf("<!-- QuickStart -->") + 2;
    int end = begin + page.subList(begin, page.size()).indexOf("```");
    return page.subList(begin, end);
  }

  /** Without the two spaces by which it is indented in the class. */
  private static List<String> region(List<String> source) {
    int begin = source.indexOf("  // tag::embed[]") + 1;
    int end = source.indexOf("  // end::embed[]");
    List<String> lines = source.subList(begin, end);
    while (lines.get(lines.size() - 1).isEmpty()) {
      lines = lines.subList(0, lines.size() - 1);
    }
    return lines.stream().map(line -> line.startsWith("  ") ? line.substring(2) : line).toList();
  }
}
