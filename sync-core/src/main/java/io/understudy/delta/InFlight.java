package io.understudy.delta;

import io.understudy.table.SlotReference;

/**
 * What lies in the frames sent on one data connection and not yet acknowledged.
 *
 * <p>Shape: a ring of ints, for each batch three words (table, group and kind, count) and its records' {@link SlotReference}s; a mark has
 * its partition instead of a count; beside it, for each frame, where it begins and its bytes. Frame numbers count from 1 and belong to the connection.
 *
 * <p>Units: {@link #bytes} and the window are bytes of frames.
 *
 * <p>Thread: the duty cycle. Allocates nothing.
 *
 * <p>Errors: {@link #hasRoom} answers false when the window or a ring is full, and the drain pauses (protocol, rule 14).
 */
public final class InFlight {
  /** A kind beside those of batches: the end of a partition's walk. */
  public static final int MARK = 7;

  private static final int MAX_FRAMES = 1 << 12;
  private static final int HEADER = 3;

  private final int windowBytes;
  private final int[] log;
  private final int[] frameStart = new int[MAX_FRAMES];
  private final int[] frameBytes = new int[MAX_FRAMES];
  private long first = 1;
  private long next = 1;

  /** Serial of the frame before the first one on this connection. */
  private long base;

  private int written;
  private int bytes;
  private long records;

  /**
   * For one peer.
   *
   * @param windowBytes frames in flight hold at most so many bytes
   */
  public InFlight(int windowBytes) {
    this.windowBytes = windowBytes;
    log = new int[Integer.highestOneBit(Math.max(1 << 14, windowBytes / 2 - 1)) << 1];
  }

  /** What a batch or a mark in an acknowledged or lost frame was. */
  public interface Visitor {
    /**
     * One batch, or one mark with no records.
     *
     * @param batch its number in the frame; marks are not counted
     * @param from where its records begin, for {@link InFlight#slot} and {@link InFlight#partition}; of a mark its partition
     */
    void visit(long frame, int batch, int table, int group, int kind, int from, int count);
  }

  /** A frame of {@code maxBytes} with so many records fits. */
  public boolean hasRoom(int maxBytes, int maxRecords) {
    return bytes + maxBytes <= windowBytes
        && next - first < MAX_FRAMES
        && free() > maxRecords + 64 * HEADER;
  }

  public boolean isEmpty() {
    return first == next;
  }

  public int bytes() {
    return bytes;
  }

  public int windowBytes() {
    return windowBytes;
  }

  /** Records in flight; one that was sent again counts for each frame. */
  public long records() {
    return records;
  }

  /** The number of the frame that is being filled or will be next. */
  public long nextFrame() {
    return next - base;
  }

  /** The number of the first frame that is not acknowledged; {@link #nextFrame}: all are. */
  public long firstFrame() {
    return first - base;
  }

  /** The serial of a frame on this connection: unlike numbers, serials go on with the next connection. */
  public long serial(long frame) {
    return base + frame;
  }

  int free() {
    return isEmpty() ? log.length : log.length - (written - frameStart[index(first)]);
  }

  void beginFrame() {
    frameStart[index(next)] = written;
  }

  /** One batch of the frame. */
  void add(int table, int group, int kind, int[] references, int count) {
    put(table);
    put(group << 3 | kind);
    put(count);
    for (int i = 0; i < count; i++) {
      put(references[i]);
    }
    records += count;
  }

  /** The end of a partition's walk. */
  void addMark(int table, int partition, int group) {
    put(table);
    put(group << 3 | MARK);
    put(partition);
  }

  void endFrame(int length) {
    frameBytes[index(next)] = length;
    bytes += length;
    next++;
  }

  /** Slot of a record in flight. */
  public int slot(int position) {
    return SlotReference.slot(word(position));
  }

  /** Its partition. */
  public int partition(int position) {
    return SlotReference.partition(word(position));
  }

  private int word(int position) {
    return log[position & log.length - 1];
  }

  /** Visits and forgets every frame up to this one. Answers how many frames that were. */
  public int settle(long frame, Visitor visitor) {
    int settled = 0;
    while (first - base <= frame && first < next) {
      int end = first + 1 < next ? frameStart[index(first + 1)] : written;
      int batch = 0;
      for (int at = frameStart[index(first)]; at != end; ) {
        int table = word(at);
        int kind = word(at + 1) & 7;
        int group = word(at + 1) >>> 3;
        if (kind == MARK) {
          visitor.visit(first - base, batch, table, group, kind, word(at + 2), 0);
          at += HEADER;
        } else {
          int count = word(at + 2);
          // within the ring: words written are counted without end, so from + count would overflow
          int from = at + HEADER & log.length - 1;
          visitor.visit(first - base, batch, table, group, kind, from, count);
          batch++;
          records -= count;
          at += HEADER + count;
        }
      }
      bytes -= frameBytes[index(first)];
      first++;
      settled++;
    }
    return settled;
  }

  /** The connection is gone and with it everything in flight: visits all, and numbers begin again at 1. */
  public void reset(Visitor visitor) {
    settle(nextFrame(), visitor);
    base = next - 1;
    written = 0;
  }

  /** This frame was sent on this connection. */
  public boolean isPlausible(long frame) {
    return frame < nextFrame();
  }

  private void put(int value) {
    log[written++ & log.length - 1] = value;
  }

  private static int index(long frame) {
    return (int) frame & MAX_FRAMES - 1;
  }
}
