package io.understudy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** Who may use whom in this module. A new arrow is a new line here. */
class PackageArrowsTest {
  /** From top to bottom: a package uses only rows below its own; packages of one row do not use each other. */
  private static final List<Set<String>> ROWS =
      List.of(
          Set.of(""),
          Set.of("tables.session"),
          Set.of("replication", "bulk", "verify", "ha"),
          Set.of("config"),
          Set.of("delta"),
          Set.of("backup"),
          Set.of("track"),
          Set.of("table"),
          Set.of("transport"),
          Set.of("model"),
          Set.of("runtime"),
          Set.of("metrics"));

  /** What packages use of the wire, of generated messages and of libraries; Java's own is free to all. */
  private static final Map<String, Set<String>> OUTSIDE =
      Map.of(
          "io.understudy.wire",
          Set.of(
              "", "tables.session", "replication", "bulk", "verify", "delta", "table", "metrics"),
          "io.understudy.proto.v1",
          Set.of("", "replication", "bulk", "verify", "ha", "delta"),
          "com.google.protobuf",
          Set.of("", "replication", "bulk", "verify", "ha"),
          "org.slf4j",
          Set.of("", "replication", "bulk", "verify", "ha", "runtime", "metrics"));

  private static final Pattern REFERENCE = Pattern.compile("\\b((?:[a-z][a-z0-9]*\\.)+)[A-Z*]\\w*");

  @Test
  void packagesUseOnlyRowsBelowTheirOwn() {
    TreeSet<String> wrong = new TreeSet<>();
    uses()
        .forEach(
            (user, used) -> {
              for (String name : used) {
                if (name.startsWith("io.understudy") && !OUTSIDE.containsKey(name)) {
                  String below = name.equals("io.understudy") ? "" : name.substring(14);
                  if (!user.equals(below) && row(below) <= row(user)) {
                    wrong.add(user + " -> " + below);
                  }
                }
              }
            });

    assertEquals(Set.of(), wrong);
  }

  @Test
  void theOutsideIsUsedWhereItIsAllowed() {
    TreeSet<String> wrong = new TreeSet<>();
    uses()
        .forEach(
            (user, used) -> {
              for (String name : used) {
                boolean own = name.startsWith("io.understudy") && !OUTSIDE.containsKey(name);
                boolean allowed = OUTSIDE.getOrDefault(name, Set.of()).contains(user);
                if (!own && !name.startsWith("java.") && !allowed) {
                  wrong.add(user + " -> " + name);
                }
              }
            });

    assertEquals(Set.of(), wrong);
  }

  @Test
  void nothingInTheLibraryUsesTheReadyMadeTables() {
    uses()
        .forEach(
            (user, used) ->
                assertFalse(
                    used.stream().anyMatch(name -> name.startsWith("io.understudy.tables")),
                    user + " uses a ready-made table; the embedder picks them"));
  }

  @Test
  void arrowsAreSeenInImportsAndInFullNames() {
    assertTrue(uses().get("table").contains("io.understudy.metrics"));
    assertTrue(uses().get("").contains("io.understudy.ha"));
    assertEquals(
        List.of("io.understudy.table", "java.util.concurrent", "org.slf4j"),
        references(
            "import io.understudy.table.Row; Object o = new java.util.concurrent.Phaser();"
                + " import static org.slf4j.Logger.X; a.b.C d;"));
  }

  @Test
  void everyPackageHasARowAndAPageOfItsOwn() {
    for (String name : Sources.code().keySet()) {
      assertTrue(row(Sources.packageOf(name)) >= 0, name);
    }
    for (String user : uses().keySet()) {
      String page = (user.isEmpty() ? "" : user.replace('.', '/') + "/") + "package-info.java";
      assertTrue(Sources.code().containsKey(page), page + " is missing");
    }
  }

  /** The other packages that each package names, in imports or in full. */
  private static Map<String, Set<String>> uses() {
    Map<String, Set<String>> uses = new TreeMap<>();
    Sources.code()
        .forEach(
            (name, code) -> {
              if (name.endsWith("-info.java")) {
                return;
              }
              String user = Sources.packageOf(name);
              Set<String> used = uses.computeIfAbsent(user, key -> new TreeSet<>());
              for (String reference : references(code)) {
                if (!reference.equals(user.isEmpty() ? "io.understudy" : "io.understudy." + user)) {
                  used.add(reference);
                }
              }
            });
    return uses;
  }

  private static List<String> references(String code) {
    List<String> references = new ArrayList<>();
    Matcher matcher = REFERENCE.matcher(code);
    while (matcher.find()) {
      String name = matcher.group(1).substring(0, matcher.group(1).length() - 1);
      if (name.matches("(io|com|org|java|javax|jdk|sun)\\..*")) {
        references.add(name);
      }
    }
    return references;
  }

  private static int row(String name) {
    for (int i = 0; i < ROWS.size(); i++) {
      if (ROWS.get(i).contains(name)) {
        return i;
      }
    }
    return -1;
  }
}
