package io.understudy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The tables of the project's reference pages, for tests that compare them with the code. */
public final class Pages {
  private Pages() {}

  /** The cells of every row of the tables on a page, head and separator left out. */
  public static List<List<String>> rows(String page) {
    List<List<String>> rows = new ArrayList<>();
    List<String> lines = lines(page);
    for (int i = 0; i < lines.size(); i++) {
      boolean head = i + 1 < lines.size() && lines.get(i + 1).startsWith("|-");
      if (lines.get(i).startsWith("| ") && !head) {
        rows.add(cells(lines.get(i)));
      }
    }
    return rows;
  }

  private static List<String> cells(String line) {
    List<String> cells = new ArrayList<>();
    for (String cell : line.substring(1, line.length() - 1).split("\\|")) {
      cells.add(cell.strip().replace("`", ""));
    }
    return cells;
  }

  private static List<String> lines(String page) {
    Path directory = Path.of(System.getProperty("basedir", ".")).toAbsolutePath().normalize();
    while (directory != null) {
      Path file = directory.resolve("docs").resolve(page);
      if (Files.exists(file)) {
        try {
          return Files.readAllLines(file);
        } catch (IOException e) {
          throw new UncheckedIOException(e);
        }
      }
      directory = directory.getParent();
    }
    throw new IllegalStateException("docs/" + page + " is in no directory above this module");
  }
}
