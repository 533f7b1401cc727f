package io.understudy.demos;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.abort;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import picocli.CommandLine;

/** The cases from the field: how each is replayed and what must come out is in the table beside them. */
class CasesTest {
  private static final String MISSING =
      "No cases: the folder shared/cases is not beside the checkout.";

  @TestFactory
  Stream<DynamicTest> everyCaseComesOutRight() throws IOException {
    Optional<Path> folder = Captures.shared("cases", "expected.tsv");
    if (folder.isEmpty()) {
      return Stream.of(dynamicTest("no cases", () -> abort(MISSING)));
    }
    List<String> rows = Files.readAllLines(folder.get().resolve("expected.tsv"));
    assertTrue(rows.size() > 1, "the table is empty");
    return rows.stream()
        .skip(1)
        .map(row -> row.split("\t"))
        .map(
            row ->
                dynamicTest(
                    row[0] + " " + row[1],
                    () -> check(folder.get().resolve(row[0]), row[1], row[2])));
  }

  private static void check(Path file, String options, String expected) {
    List<String> lines = replay(file, options);
    List<String> packets = lines.stream().filter(line -> line.contains("\"disposition\"")).toList();
    String whole = lines.get(lines.size() - 1);
    for (String pair : expected.split(" ")) {
      String[] wanted = pair.split("=");
      switch (wanted[0]) {
        case "all" -> {
          assertFalse(packets.isEmpty());
          packets.forEach(line -> assertEquals(wanted[1], value(line, "disposition"), line));
        }
        case "state" -> assertEquals(wanted[1], value(packets.get(packets.size() - 1), "state"));
        default -> assertEquals(wanted[1], value(whole, wanted[0]), pair + ": " + whole);
      }
    }
  }

  private static List<String> replay(Path file, String options) {
    StringWriter out = new StringWriter();
    CommandLine command = Demos.commandLine();
    command.setOut(new PrintWriter(out, true));
    List<String> arguments = new ArrayList<>(List.of("replay", "--json"));
    arguments.addAll(List.of(options.split(" ")));
    arguments.add(file.toString());
    assertEquals(0, command.execute(arguments.toArray(new String[0])));
    return out.toString().lines().toList();
  }

  /** The value of a field, of one inside an object as {@code object.field}, without quotes. */
  private static String value(String json, String path) {
    int dot = path.indexOf('.');
    String inside = dot < 0 ? json : object(json, path.substring(0, dot));
    Matcher found =
        Pattern.compile("\"" + path.substring(dot + 1) + "\": \"?([^,}\"]*)").matcher(inside);
    assertTrue(found.find(), () -> path + " is not in " + json);
    return found.group(1);
  }

  private static String object(String json, String name) {
    int from = json.indexOf("\"" + name + "\": {");
    assertTrue(from >= 0, () -> name + " is not in " + json);
    return json.substring(from);
  }
}
