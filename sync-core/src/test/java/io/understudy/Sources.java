package io.understudy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The sources of this module, for tests that keep rules about them. */
final class Sources {
  private static final Pattern COMMENTS_AND_TEXT =
      Pattern.compile(
          "\"\"\".*?\"\"\"|\"(?:\\\\.|[^\"\\\\\n])*\"|/\\*.*?\\*/|//[^\n]*", Pattern.DOTALL);

  private static final Map<String, String> CODE = read();

  private Sources() {}

  /** From the path below the project's root package ("table/Row.java") to the code, without comments and texts. */
  static Map<String, String> code() {
    return CODE;
  }

  private static Map<String, String> read() {
    Path root = Path.of(System.getProperty("basedir", "."), "src/main/java/io/understudy");
    Map<String, String> code = new TreeMap<>();
    try (Stream<Path> files = Files.walk(root)) {
      for (Path file : files.filter(path -> path.toString().endsWith(".java")).toList()) {
        String name = root.relativize(file).toString().replace('\\', '/');
        code.put(name, strip(Files.readString(file)));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return code;
  }

  static String strip(String source) {
    Matcher matcher = COMMENTS_AND_TEXT.matcher(source);
    return matcher.replaceAll(match -> match.group().startsWith("\"") ? "\"\"" : " ");
  }

  /** The package of a source, below the project's root package; "" is the root itself. */
  static String packageOf(String name) {
    int end = name.lastIndexOf('/');
    return end < 0 ? "" : name.substring(0, end).replace('/', '.');
  }
}
