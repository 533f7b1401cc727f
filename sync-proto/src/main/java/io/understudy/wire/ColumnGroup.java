package io.understudy.wire;

/**
 * The groups of columns a record may carry; the bits of {@code Batch.present}, and of what is dirty
 * towards a peer.
 *
 * <p>A column holds values only for the records that have its group's bit. The frequent ones are
 * the low bits: a state change costs one byte for its bits.
 */
public final class ColumnGroup {
  /** The bits of the facts of both directions. */
  public static final int FACTS = 1;

  /** What the forward direction opened with: sequence number or tag, options. */
  public static final int OPEN_FORWARD = 1 << 1;

  /** What the reverse direction opened with. */
  public static final int OPEN_REVERSE = 1 << 2;

  /** The sequence number of the forward FIN. */
  public static final int FIN_FORWARD = 1 << 3;

  /** The sequence number of the reverse FIN. */
  public static final int FIN_REVERSE = 1 << 4;

  /** The holder's values and their version. */
  public static final int HOLDER = 1 << 5;

  /** The writer's own counters and its hints. */
  public static final int USAGE = 1 << 6;

  /** Key, generation and creator: an introduction, or a name where there is no handle. */
  public static final int KEY = 1 << 7;

  /** The NAT binding. */
  public static final int NAT = 1 << 8;

  /** The sequence offsets of an ALG. */
  public static final int OFFSETS = 1 << 9;

  /** The receiver's counters as the writer knows them. */
  public static final int YOUR_USAGE = 1 << 10;

  /** The record names an entry by its key only: of its slot only the partition means something to the receiver. */
  public static final int NO_HANDLE = 1 << 11;

  /** In a candidate: the entry saw traffic while the paths were silent. */
  public static final int SAW_TRAFFIC = 1 << 12;

  /**
   * The session itself does not depend on usage or echoes: everything that a live record is made
   * of.
   */
  public static final int WHOLE =
      FACTS | OPEN_FORWARD | OPEN_REVERSE | FIN_FORWARD | FIN_REVERSE | HOLDER | NAT | OFFSETS;

  private ColumnGroup() {}
}
