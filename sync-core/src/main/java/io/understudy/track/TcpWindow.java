package io.understudy.track;

import io.understudy.model.Direction;

/**
 * The sequence windows of one TCP session, for dataplanes that check the numbers of data.
 *
 * <p>They belong to one member: they are no facts, are not merged and not sent. What travels are
 * the sequence hints of usage records, and after a takeover {@link #relearn} begins from them.
 *
 * <p><b>Check.</b> For a segment of direction d, whose other end is o:
 *
 * <ol>
 *   <li>it begins at or before the limit of d, the highest number that o has allowed
 *       (acknowledgement + window);
 *   <li>it ends within o's largest window of what d has sent so far;
 *   <li>it acknowledges nothing beyond what o has sent;
 *   <li>nor anything more than d's largest window, or 64 KiB and a little, behind that.
 * </ol>
 *
 * What is not known of a direction is not compared: a member on an asymmetric path sees one of them
 * only.
 *
 * <p><b>Re-learning.</b> After a takeover the first segment of a direction may lie anywhere between
 * a window before the hint and as far behind it as the rate allows for the hint's age; from then on
 * the direction is checked as ever.
 *
 * <p>Shape: mutable and reused, {@link #WORDS} longs in an array of the dataplane's own.
 * <p>Thread: one at a time.
 * <p>Source: G. van Rooij, "Real Stateful TCP Packet Filtering in IP Filter", 2001; RFC 7323 for
 * scaling.
 */
public final class TcpWindow {
  /** Longs of a stored window. */
  public static final int WORDS = 4;

  /**
   * Re-learning gives no more room than this: beyond half of the sequence space "before" and
   * "after" lose their sense.
   */
  private static final int MAX_ROOM = 1 << 30;

  private static final int MIN_ACK_ROOM = 66_000;
  private static final int MAX_SCALE = 14;
  private static final long NS_PER_SECOND = 1_000_000_000L;

  private static final int KNOWN = 1;
  private static final int LIMITED = 2;
  private static final int LEARNING = 4;

  /** By direction: the number after the last sent. While learning: the hint. */
  private final int[] end = new int[2];

  /**
   * By direction: the highest number the other end has allowed. While learning: the room behind the
   * hint.
   */
  private final int[] limit = new int[2];

  /** By direction: the largest window it has offered. */
  private final int[] largestWindow = new int[2];

  private final int[] flags = new int[2];

  public void clear() {
    for (int d = 0; d < 2; d++) {
      end[d] = 0;
      limit[d] = 0;
      largestWindow[d] = 0;
      flags[d] = 0;
    }
  }

  /** Takes the window at {@code words[at]}. */
  public void load(long[] words, int at) {
    for (int d = 0; d < 2; d++) {
      end[d] = (int) (words[at + d] >>> 32);
      limit[d] = (int) words[at + d];
      largestWindow[d] = (int) (words[at + 2] >>> 32 * d);
      flags[d] = (int) (words[at + 3] >>> 32 * d);
    }
  }

  /** Writes the window to {@code words[at]}. */
  public void store(long[] words, int at) {
    for (int d = 0; d < 2; d++) {
      words[at + d] = (long) end[d] << 32 | limit[d] & 0xFFFFFFFFL;
    }
    words[at + 2] = (long) largestWindow[1] << 32 | largestWindow[0] & 0xFFFFFFFFL;
    words[at + 3] = (long) flags[1] << 32 | flags[0];
  }

  /**
   * The number after the last that the direction has sent: the hint for the peers; 0 while it was
   * not seen.
   */
  public int hint(Direction direction) {
    return end[direction.ordinal()];
  }

  /**
   * Begins anew from hints, at a takeover.
   *
   * @param hintAgeNs how old they are
   * @param bytesPerSecond the most that one direction of the session can have sent since, usually
   *     the line's rate
   */
  public void relearn(int forwardHint, int reverseHint, long hintAgeNs, long bytesPerSecond) {
    clear();
    double bytes = (double) Math.max(0, hintAgeNs) / NS_PER_SECOND * bytesPerSecond;
    int room = (int) Math.min(MAX_ROOM, bytes);
    learn(0, forwardHint, room);
    learn(1, reverseHint, room);
  }

  /**
   * Checks a segment that the tracker accepted, and moves the windows if it is good; if it is not,
   * what the tracker added to the facts is to be thrown away. A new generation begins with {@link
   * #clear}.
   *
   * @param facts for the window scales that both ends agreed on
   */
  public WindowCheck check(PacketView packet, Direction direction, SessionFacts facts) {
    int d = direction.ordinal();
    int o = 1 - d;
    boolean syn = packet.hasTcpFlag(PacketView.SYN);
    boolean ack = packet.hasTcpFlag(PacketView.ACK);
    int first = packet.sequence();
    int next = first + packet.payloadLength() + (syn ? 1 : 0) + finLength(packet);
    WindowCheck check = checkData(d, first, next);
    if (check.isGood() && ack) {
      WindowCheck ackCheck = checkAck(d, packet.acknowledgement());
      check = ackCheck.isGood() ? check : ackCheck;
    }
    if (check.isGood()) {
      advance(d, next);
      int window = packet.window() << (syn ? 0 : scale(direction, facts));
      largestWindow[d] = Math.max(largestWindow[d], window);
      if (ack) {
        allow(
            o,
            packet.acknowledgement() + Math.max(1, window)); // one byte may probe a closed window
      }
    }
    return check;
  }

  private WindowCheck checkData(int d, int first, int next) {
    if (is(d, LEARNING)) {
      boolean near = next - end[d] >= -room(1 - d) && first - end[d] <= limit[d] + room(1 - d);
      if (near) {
        return WindowCheck.LEARNT;
      }
      return first - end[d] > 0 ? WindowCheck.DATA_BEYOND : WindowCheck.DATA_BEFORE;
    }
    if (is(d, LIMITED) && first - limit[d] > 0) {
      return WindowCheck.DATA_BEYOND;
    }
    boolean old = is(d, KNOWN) && next - end[d] < -room(1 - d);
    return old ? WindowCheck.DATA_BEFORE : WindowCheck.INSIDE;
  }

  /** What direction d acknowledges has to fit what the other has sent. */
  private WindowCheck checkAck(int d, int acknowledgement) {
    int o = 1 - d;
    if (!is(o, KNOWN)) {
      return WindowCheck.INSIDE;
    }
    int ahead = acknowledgement - end[o];
    if (ahead > (is(o, LEARNING) ? limit[o] + room(d) : 0)) {
      return WindowCheck.ACK_BEYOND;
    }
    return ahead < -room(d) ? WindowCheck.ACK_BEFORE : WindowCheck.INSIDE;
  }

  /**
   * How far behind a direction's numbers may be looked at that the holder of the window has to
   * accept.
   */
  private int room(int holder) {
    return Math.min(MAX_ROOM / 2, Math.max(MIN_ACK_ROOM, largestWindow[holder]));
  }

  private void advance(int d, int next) {
    if (is(d, LEARNING)) {
      limit[d] = 0; // was the room; what the other end allows is learnt from the other end
      flags[d] = 0;
    }
    if (!is(d, KNOWN) || next - end[d] > 0) {
      end[d] = next;
      flags[d] |= KNOWN;
    }
  }

  private void allow(int d, int allowed) {
    if (is(d, LEARNING)) {
      return; // its hint stands until it is seen itself
    }
    if (!is(d, LIMITED) || allowed - limit[d] > 0) {
      limit[d] = allowed;
      flags[d] |= LIMITED;
    }
  }

  private void learn(int d, int hint, int room) {
    end[d] = hint;
    limit[d] = room;
    flags[d] = KNOWN | LEARNING;
  }

  private boolean is(int d, int flag) {
    return (flags[d] & flag) != 0;
  }

  private static int finLength(PacketView packet) {
    return packet.hasTcpFlag(PacketView.FIN) ? 1 : 0;
  }

  /**
   * Scales count only when both ends offered one; where a SYN was not seen here, nothing is too
   * large.
   */
  private static int scale(Direction direction, SessionFacts facts) {
    int own = facts.options(direction);
    int others = facts.options(direction.opposite());
    if (own == 0 || others == 0) {
      return MAX_SCALE;
    }
    boolean agreed =
        FactWords.windowScale(own) <= MAX_SCALE && FactWords.windowScale(others) <= MAX_SCALE;
    return agreed ? FactWords.windowScale(own) : 0;
  }
}
