package io.understudy.benchmarks.run;

import java.io.PrintWriter;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/** The figures of a run, as a table for a person or as JSON. */
final class Report {
  private final Map<String, Figure> figures = new LinkedHashMap<>();
  private final Map<String, String> conditions = new LinkedHashMap<>();

  /** Something that a reader of the figures must know. */
  void condition(String key, String value) {
    conditions.put(key, value);
  }

  /** Adds a round's value to a figure. */
  void add(String key, String name, String unit, double value) {
    figures.computeIfAbsent(key, k -> new Figure(k, name, unit)).add(value);
  }

  double last(String key) {
    return figures.get(key).last();
  }

  void print(PrintWriter out) {
    conditions.forEach((key, value) -> out.printf("%-14s %s%n", key, value));
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
    conditions.forEach((key, value) -> field(json, key).append(quoted(value)));
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
    return '"' + text.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
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
}
