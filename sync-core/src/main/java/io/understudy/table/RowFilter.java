package io.understudy.table;

/** Judges a consistent copy of a row that a secondary look-up found. */
@FunctionalInterface
public interface RowFilter {
  boolean accepts(long[] row);
}
