package io.understudy.table;

/** Numbers of the tables on the wire; they never change their meaning. */
public final class TableId {
  public static final int SESSION4 = 1;
  public static final int SESSION6 = 2;

  private TableId() {}
}
