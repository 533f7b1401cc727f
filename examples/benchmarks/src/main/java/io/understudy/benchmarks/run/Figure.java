package io.understudy.benchmarks.run;

import java.util.ArrayList;
import java.util.List;

/** One measured quantity over all rounds: its median and its range. */
final class Figure {
  private final String key;
  private final String name;
  private final String unit;
  private final List<Double> values = new ArrayList<>();

  Figure(String key, String name, String unit) {
    this.key = key;
    this.name = name;
    this.unit = unit;
  }

  String key() {
    return key;
  }

  String name() {
    return name;
  }

  String unit() {
    return unit;
  }

  void add(double value) {
    values.add(value);
  }

  boolean isEmpty() {
    return values.isEmpty();
  }

  double last() {
    return values.get(values.size() - 1);
  }

  double median() {
    List<Double> sorted = values.stream().sorted().toList();
    int middle = sorted.size() / 2;
    return sorted.size() % 2 == 1
        ? sorted.get(middle)
        : (sorted.get(middle - 1) + sorted.get(middle)) / 2;
  }

  double min() {
    return values.stream().mapToDouble(Double::doubleValue).min().orElse(Double.NaN);
  }

  double max() {
    return values.stream().mapToDouble(Double::doubleValue).max().orElse(Double.NaN);
  }

  int rounds() {
    return values.size();
  }
}
