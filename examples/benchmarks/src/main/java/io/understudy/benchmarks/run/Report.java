package io.understudy.benchmarks.run;

import java.io.PrintWriter;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/** The figures of a run, as a table for a person or as JSON. */
final class Report {
  private final Map<String, Figure> figures = new LinkedHashMap<>();
  private final Map<String, Condition> conditions = new LinkedHashMap<>();

  /** Something that a reader of the figures must know. */
  void condition(String key, String value) {
    conditions.put(key, new Condition(value, quoted(value)));
  }

  /** The same for a number; in JSON it is one, and without its unit. */
  void condition(String key, long value, String unit) {
    conditions.put(key, new Condition((value + " " + unit).strip(), Long.toString(value)));
  }

  /** Adds a round's value to a figure. */
  void add(String key, String name, String unit, double value) {
    figures.computeIfAbsent(key, k -> new Figure(k, name, unit)).add(value);
  }

  double last(String key) {
    return figures.get(key).last();
  }

  /** The last round's values in one line, so that a run that is broken off has told something. */
  String lastRound() {
    StringBuilder line = new StringBuilder();
    for (Figure figure : figures.values()) {
      line.append(line.isEmpty() ? "  " : ", ").append(figure.key()).append(' ');
      line.append(number(figure.last()));
    }
    return line.toString();
  }

  void print(PrintWriter out) {
    conditions.forEach((key, value) -> out.printf("%-14s %s%n", key, value.text()));
    out.println();
    out.printf("%-58s %14s   %s%n", "", "median", "range (rounds)");
    for (Figure figure : figures.values()) {
      out.printf(
          "%-58s %14s   %s to %s (%d)%n",
          figure.name() + ", " + figure.unit(),
          number(figure.median()),
          number(figure.min()),
          number(figure.max()),
          figure.rounds());
    }
    out.flush();
  }

  void printJson(PrintWriter out) {
    StringBuilder json = new StringBuilder("{");
    conditions.forEach((key, value) -> field(json, key).append(value.json()));
    for (Figure figure : figures.values()) {
      field(json, figure.key())
          .append(
              String.format(
                  Locale.ROOT,
                  "{\"median\": %s, \"min\": %s, \"max\": %s, \"rounds\": %d, \"unit\": %s}",
                  plain(figure.median()),
                  plain(figure.min()),
                  plain(figure.max()),
                  figure.rounds(),
                  quoted(figure.unit())));
    }
    out.println(json.append("}"));
    out.flush();
  }

  private static StringBuilder field(StringBuilder json, String key) {
    return json.append(json.length() == 1 ? "" : ", ").append(quoted(key)).append(": ");
  }

  private static String quoted(String text) {
    StringBuilder quoted = new StringBuilder("\"");
    for (char c : text.toCharArray()) {
      if (c < ' ') {
        quoted.append(String.format(Locale.ROOT, "\\u%04x", (int) c));
      } else {
        quoted.append(c == '"' || c == '\\' ? "\\" : "").append(c);
      }
    }
    return quoted.append('"').toString();
  }

  private static String plain(double value) {
    return String.format(Locale.ROOT, "%.4f", value);
  }

  private static String number(double value) {
    if (value >= 1_000_000) {
      return String.format(Locale.ROOT, "%.2f M", value / 1_000_000);
    }
    return String.format(Locale.ROOT, value >= 100 ? "%.0f" : "%.2f", value);
  }

  /** A condition as a person and as a program read it. */
  private record Condition(String text, String json) {}
}
